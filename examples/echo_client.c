/* SPDX-License-Identifier: 0BSD */
/*
 * A TCP echo client: sends a text and prints what comes back, which must be the same.
 *
 *	echo_client 127.0.0.1:7777 hello
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

/* 0 when the whole text came back unchanged, 1 when something else did.  Both sides could block
 * each other for good if the text were larger than what all buffers between them hold; the pieces
 * keep it smaller. */
static int echo(struct vet_socket *s, const char *text, size_t size)
{
	char back[4096];
	for (size_t at = 0; at < size;) {
		size_t piece = size - at < sizeof(back) ? size - at : sizeof(back);
		int error = vet_socket_write(s, text + at, piece, NULL);
		if (error == 0)
			error = vet_socket_read_exact(s, back, piece, NULL);
		if (error < 0)
			return error;
		if (memcmp(back, text + at, piece) != 0)
			return 1;
		at += piece;
	}
	return 0;
}

int main(int argc, char **argv)
{
	struct vet_address address;
	struct vet_socket s = { 0 };
	if (argc != 3 || parse(argv[1], &address) < 0)
		return fputs("usage: echo_client ADDRESS:PORT TEXT\n", stderr), 2;
	int result = vet_socket_stream(&s, address.ip.family);
	if (result == 0) {
		/* One deadline over connecting, sending and receiving. */
		vet_socket_timeout_after(&s, VET_SECONDS(5));
		result = vet_socket_connect(&s, &address);
	}
	if (result == 0)
		result = echo(&s, argv[2], strlen(argv[2]));
	vet_socket_close(&s);
	if (result < 0)
		return complain(argv[1], result);
	if (result > 0)
		return fputs("something else came back\n", stderr), 1;
	puts(argv[2]);
	if (fflush(stdout) != 0 || ferror(stdout))
		return fputs("standard output could not be written\n", stderr), 1;
	return 0;
}
