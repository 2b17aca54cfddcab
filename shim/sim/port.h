/* SPDX-License-Identifier: 0BSD */
/* Who has which port of a host: bind(2) and connect(2) as Linux decides them, and lookups. */
#ifndef VETSOCK_SIM_PORT_H
#define VETSOCK_SIM_PORT_H

#include "socket.h"

/* The ports of one protocol of one host: all zero is none. */
struct sim_ports {
	struct sim_port **bucket;       /* by port number */
	struct sim_socket **connection; /* by local and remote name */
	uint32_t buckets, connections;  /* room: powers of 2 */
	uint32_t ports, connected;      /* in use */
	uint32_t next[2]; /* where bind and connect look for the next free port (port_choose.c) */
};

/* bind(2), all of it: 0 or minus the errno.  Port 0: one is chosen. */
int vetsim_bind(struct sim_socket *socket, const struct sockaddr *address, socklen_t length);
/* A port for a socket that has none: listen, and a datagram socket that sends.  0 or -EADDRINUSE
 * (listen), -EAGAIN (datagrams). */
int vetsim_port_autobind(struct sim_socket *socket);
/* listen(2), bound or not: whether others leave it the port.  From then on it hears: its caller
 * makes it LISTEN at once, or undoes that with _disconnect.  0, -EADDRINUSE, -ENOMEM. */
int vetsim_port_listen(struct sim_socket *socket);
/* A stream gets its place among the connections, as local and remote say; one that is bound to
 * no port gets one.  A connection in TIME_WAIT may have to make room: it is released at once,
 * and freed when its own timer is due.  0; -EADDRNOTAVAIL: no port is free, or there is this
 * very connection; -ENOMEM. */
int vetsim_port_connect(struct sim_socket *socket);
/* A child of a listener gets its place, in the listener's port; or what is left in TIME_WAIT
 * that of its stream.  0 or -ENOMEM. */
int vetsim_port_inherit(struct sim_socket *child, struct sim_socket *listener);
/* connect gave a datagram socket that was bound to any address one of its own, or the
 * dissolution of that took it back, where bind had given the port: it is in no group
 * (SO_REUSEPORT) any more; and of equals it is now the first to hear, if it has another address.
 * Not to be called where bind gave the address: then Linux leaves it where it is. */
void vetsim_port_moved(struct sim_socket *socket);
/* It is no connection any more, or no listener (it stays bound). */
void vetsim_port_disconnect(struct sim_socket *socket);
/* It gives up its place and port; local.port stays, for getsockname (Linux). */
void vetsim_port_release(struct sim_socket *socket);
void vetsim_ports_free(struct sim_ports *ports);
/* As at first, but for its memory; whatever was bound has been released. */
void vetsim_ports_clear(struct sim_ports *ports);

/* The stream that has this connection (its TIME_WAIT too); the listener that a SYN is for; NULL. */
struct sim_socket *vetsim_port_connection(struct vet_sim_host *host, const struct sim_name *local,
					  const struct sim_name *remote);
struct sim_socket *vetsim_port_listener(struct vet_sim_host *host, const struct sim_name *local,
					const struct sim_name *remote);
/* The datagram socket that a datagram to `local` from `remote` is for; NULL. */
struct sim_socket *vetsim_port_datagram(struct vet_sim_host *host, const struct sim_name *local,
					const struct sim_name *remote);

#endif
