/* SPDX-License-Identifier: 0BSD */
/*
 * A TCP echo server: sends back what a client sends, one client after the other.
 *
 *	echo_server 127.0.0.1:7777        port 0: any free one
 *
 * Prints the address that it listens on, and runs until a signal ends it.
 */
#include <stdio.h>
#include <string.h>

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

/* On return *address is where the system really put it, with the port that it chose. */
static int listen_at(struct vet_socket *s, struct vet_address *address)
{
	int error = vet_socket_stream(s, address->ip.family);
	if (error == 0)
		error = vet_socket_set_reuse_address(s, true);
	if (error == 0)
		error = vet_socket_bind(s, address);
	if (error == 0)
		error = vet_socket_listen(s);
	return error == 0 ? vet_socket_local_address(s, address) : error;
}

/* Until the client ends its half; one that neither sends nor takes for ten seconds is dropped. */
static int serve(struct vet_socket *client)
{
	char data[16384];
	for (;;) {
		vet_socket_timeout_after(client, VET_SECONDS(10));
		ssize_t size = vet_socket_read(client, data, sizeof(data));
		if (size <= 0)
			return (int)size;
		int error = vet_socket_write(client, data, (size_t)size, NULL);
		if (error < 0)
			return error;
	}
}

int main(int argc, char **argv)
{
	struct vet_address address;
	char text[VET_ADDRESS_TEXT_SIZE];
	struct vet_socket listener = { 0 }, client = { 0 };
	if (argc != 2 || parse(argv[1], &address) < 0)
		return fputs("usage: echo_server ADDRESS:PORT\n", stderr), 2;
	int error = listen_at(&listener, &address);
	if (error == 0)
		error = vet_address_format(&address, text, sizeof(text));
	if (error > 0) /* the size of the text */
		error = printf("listening on %s\n", text) < 0 || fflush(stdout) != 0;
	if (error > 0)
		fputs("standard output could not be written\n", stderr);
	while (error == 0 && (error = vet_socket_accept(&listener, &client, NULL)) == 0) {
		int failure = serve(&client);
		if (failure < 0)
			complain("client", failure);
		vet_socket_close(&client);
	}
	vet_socket_close(&listener);
	return error < 0 ? complain(argv[1], error) : error;
}
