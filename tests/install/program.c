/* SPDX-License-Identifier: 0BSD */
/* A program outside the tree: a listener, a client and a line between them, all on loopback. */
#include <stdio.h>
#include <string.h>

#include <vetsock/vetsock.h>

static int open_listener(struct vet_socket *listener, struct vet_address *at)
{
	*at = vet_address_of(vet_ipv4(127, 0, 0, 1), 0);
	int error = vet_socket_stream(listener, 4);
	if (error == 0)
		error = vet_socket_bind(listener, at);
	if (error == 0)
		error = vet_socket_listen(listener);
	if (error == 0)
		error = vet_socket_local_address(listener, at);
	return error;
}

static int exchange(struct vet_socket *client, struct vet_socket *server)
{
	char line[6];
	int error = vet_socket_print(client, "hello", 5, NULL);
	vet_socket_timeout_after(server, VET_SECONDS(10));
	if (error == 0)
		error = vet_socket_read_exact(server, line, sizeof(line), NULL);
	return error == 0 && memcmp(line, "hello\n", sizeof(line)) != 0 ? VET_EOF : error;
}

int main(void)
{
	struct vet_socket listener = { 0 }, client = { 0 }, server = { 0 };
	struct vet_address at;
	int error = open_listener(&listener, &at);
	if (error == 0)
		error = vet_socket_stream(&client, 4);
	if (error == 0)
		error = vet_socket_connect(&client, &at);
	if (error == 0)
		error = vet_socket_accept(&listener, &server, NULL);
	if (error == 0)
		error = exchange(&client, &server);
	vet_socket_close(&server);
	vet_socket_close(&client);
	vet_socket_close(&listener);
	puts(vet_error_name(error));
	return error < 0;
}
