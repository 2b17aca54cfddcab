/* SPDX-License-Identifier: 0BSD */
/*
 * Sends a file over TCP, copied by the kernel where it can, and waits until the receiver has
 * closed.
 *
 *	send_file 127.0.0.1:7777 picture.jpg
 */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <vetsock/vetsock.h>

static int complain(const char *what, int error)
{
	fprintf(stderr, "%s: %s (%s)\n", what, vet_error_message(error), vet_error_name(error));
	return 1;
}

static int parse(const char *text, struct vet_address *address)
{
	struct vet_text_error error;
	int result = vet_address_parse_explain(text, strlen(text), address, &error);
	if (result < 0)
		fprintf(stderr, "%s\n%*s^ %s\n", text, (int)error.offset, "", error.reason);
	return result;
}

/* Ends our half, and reads until the receiver ends his: he has the whole file then, and a close
 * that came too early could have cut it off with a reset (RFC 1122, 4.2.2.13). */
static int finish(struct vet_socket *s)
{
	char ignored[512];
	ssize_t size = vet_socket_shutdown_write(s);
	if (size < 0)
		return (int)size;
	do
		size = vet_socket_read(s, ignored, sizeof(ignored));
	while (size > 0);
	return (int)size;
}

int main(int argc, char **argv)
{
	struct vet_address address;
	struct vet_socket s = { 0 };
	uint64_t sent = 0;
	if (argc != 3 || parse(argv[1], &address) < 0)
		return fputs("usage: send_file ADDRESS:PORT FILE\n", stderr), 2;
	int file = open(argv[2], O_RDONLY | O_CLOEXEC);
	if (file < 0)
		return complain(argv[2], -errno);
	int error = vet_socket_stream(&s, address.ip.family);
	if (error == 0) {
		vet_socket_timeout_after(&s, VET_MINUTES(5));
		error = vet_socket_connect(&s, &address);
	}
	if (error == 0)
		error = vet_socket_send_file(&s, file, &sent);
	if (error == 0)
		error = finish(&s);
	vet_socket_close(&s);
	close(file);
	printf("%" PRIu64 " bytes sent\n", sent);
	if (error < 0)
		return complain("send_file", error);
	if (fflush(stdout) != 0 || ferror(stdout))
		return fputs("standard output could not be written\n", stderr), 1;
	return 0;
}
