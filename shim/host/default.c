/* SPDX-License-Identifier: 0BSD */
/* Sockets on the table of this system: here, so that src knows of no particular table. */
#include <vetsock/host.h>
#include <vetsock/socket.h>

int vet_socket_stream(struct vet_socket *s, int family)
{
	return vet_socket_stream_on(s, vet_sys_host(), family);
}

int vet_socket_datagram(struct vet_socket *s, int family)
{
	return vet_socket_datagram_on(s, vet_sys_host(), family);
}

int vet_socket_raw(struct vet_socket *s, int family, int64_t protocol)
{
	return vet_socket_raw_on(s, vet_sys_host(), family, protocol);
}
