/* SPDX-License-Identifier: 0BSD */
/*
 * Sends lines, and prints the lines of the answer until the server ends it, all within so many
 * milliseconds, which a server that sends a byte now and then does not stretch:
 *	line_client 127.0.0.1:7777 2000 "HELO me" QUIT
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/vetsock.h>

enum { LONGEST_LINE = 65536 };

static int parse(const char *text, struct vet_address *address)
{
	struct vet_text_error error;
	int result = vet_address_parse_explain(text, strlen(text), address, &error);
	if (result < 0)
		fprintf(stderr, "%s\n%*s^ %s\n", text, (int)error.offset, "", error.reason);
	return result;
}

/* Prints the whole lines that there are; what is left is the start of the next. */
static void print_lines(struct vet_buffer *buffer)
{
	size_t printed = 0;
	unsigned char *end;
	while ((end = memchr(buffer->data + printed, '\n', buffer->size - printed)) != NULL) {
		size_t size = (size_t)(end - buffer->data) + 1 - printed;
		fwrite(buffer->data + printed, 1, size, stdout);
		printed += size;
	}
	buffer->size -= printed;
	memmove(buffer->data, buffer->data + printed, buffer->size);
}

static int receive(struct vet_socket *s, struct vet_buffer *buffer)
{
	ssize_t size;
	while ((size = vet_socket_read_into(s, buffer, 4096)) > 0) {
		print_lines(buffer);
		if (buffer->size >= LONGEST_LINE)
			return -EMSGSIZE;
	}
	/* An end in the middle of a line is no good end. */
	return size == 0 && buffer->size > 0 ? VET_EOF : (int)size;
}

int main(int argc, char **argv)
{
	struct vet_address address;
	struct vet_socket s = { 0 };
	struct vet_buffer buffer = { 0 };
	char *end;
	long long milliseconds = argc < 3 ? 0 : strtoll(argv[2], &end, 10);
	if (argc < 3 || end == argv[2] || *end != '\0' || parse(argv[1], &address) < 0)
		return fputs("usage: line_client ADDRESS:PORT MILLISECONDS [LINE...]\n", stderr), 2;
	int error = vet_socket_stream(&s, address.ip.family);
	if (error == 0) {
		vet_socket_timeout_after(&s, VET_MILLISECONDS(milliseconds));
		error = vet_socket_connect(&s, &address);
	}
	for (int i = 3; i < argc && error == 0; i++)
		error = vet_socket_print(&s, argv[i], strlen(argv[i]), NULL);
	if (error == 0)
		error = vet_socket_shutdown_write(&s);
	if (error == 0)
		error = receive(&s, &buffer);
	vet_buffer_free(&buffer);
	vet_socket_close(&s);
	if (error < 0)
		fprintf(stderr, "%s: %s (%s)\n", argv[1], vet_error_message(error),
			vet_error_name(error));
	if (fflush(stdout) != 0 || ferror(stdout))
		return fputs("standard output could not be written\n", stderr), 1;
	return error < 0;
}
