/* SPDX-License-Identifier: 0BSD */
/*
 * Copies what comes from any endpoint to standard output, or standard input to it:
 *	endpoint_copy "tcp-listen://127.0.0.1:7777?reuse-address" receive >FILE
 *	endpoint_copy "tcp://127.0.0.1:7777?no-delay" send <FILE
 * Of one that listens it takes one connection; datagrams end with an empty one.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <vetsock/vetsock.h>

enum { PIECE = 1200 }; /* a datagram of so many bytes arrives in one packet (RFC 9000 14) */

/* What others connect to, or send to: the system may have chosen the port. */
static void tell_address(struct vet_socket *s)
{
	char text[VET_ADDRESS_TEXT_SIZE];
	struct vet_address address;
	if (vet_socket_local_address(s, &address) == 0 &&
	    vet_address_format(&address, text, sizeof text) > 0)
		fprintf(stderr, "at %s\n", text);
}

static int receive(struct vet_socket *s)
{
	char data[65536];
	ssize_t size;
	while ((size = vet_socket_read(s, data, sizeof data)) > 0)
		if (fwrite(data, 1, (size_t)size, stdout) != (size_t)size)
			return 0; /* main() sees it */
	return (int)size;
}

static int send_all(struct vet_socket *s)
{
	char data[PIECE];
	ssize_t size;
	int error = 0;
	while (error == 0 && (size = read(STDIN_FILENO, data, sizeof data)) != 0)
		error = size < 0 ? -errno : vet_socket_write(s, data, (size_t)size, NULL);
	if (error < 0)
		return error;
	return vet_socket_kind(s) == VET_STREAM ? vet_socket_shutdown_write(s)
						: vet_socket_write(s, "", 0, NULL);
}

int main(int argc, char **argv)
{
	struct vet_text_error wrong;
	struct vet_endpoint endpoint;
	struct vet_endpoint_failure failure;
	struct vet_socket s = { 0 }, peer = { 0 };
	bool sends = argc == 3 && strcmp(argv[2], "send") == 0;
	if (argc != 3 || (!sends && strcmp(argv[2], "receive") != 0))
		return fputs("usage: endpoint_copy ENDPOINT send|receive\n", stderr), 2;
	if (vet_endpoint_parse(argv[1], strlen(argv[1]), &endpoint, &wrong) < 0)
		return fprintf(stderr, "%s\n%*s^ %s\n", argv[1], (int)wrong.offset, "",
			       wrong.reason),
		       2;
	int error = vet_endpoint_open(&endpoint, vet_sys_host(), VET_SECONDS(10), &s, &failure);
	if (error == 0 && endpoint.role != VET_ROLE_CONNECT)
		tell_address(&s);
	if (error == 0 && endpoint.role == VET_ROLE_LISTEN)
		error = vet_socket_accept(&s, &peer, NULL);
	struct vet_socket *use = endpoint.role == VET_ROLE_LISTEN ? &peer : &s;
	if (error == 0)
		error = sends ? send_all(use) : receive(use);
	vet_socket_close(&peer);
	vet_socket_close(&s);
	if (error < 0)
		fprintf(stderr, "%s: at the step '%s': %s (%s)\n", argv[1],
			vet_step_name(failure.step), vet_error_message(error),
			vet_error_name(error));
	if (fflush(stdout) != 0 || ferror(stdout))
		return fputs("standard output could not be written\n", stderr), 1;
	return error < 0;
}
