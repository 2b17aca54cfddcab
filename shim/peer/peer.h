/* SPDX-License-Identifier: 0BSD */
/* What the files of the peer share. */
#ifndef VETSOCK_PEER_PRIVATE_H
#define VETSOCK_PEER_PRIVATE_H

#include <vetsock/peer.h>

#include <string.h>

enum { FRESH, CONNECTING, CONNECTED, LISTENING };

/* Something happened: the tick is a small one again. */
void vet_peer_happened(struct vet_peer *peer);
/* NULL: not open. */
struct vet_peer_end *vet_peer_end_of(struct vet_peer *peer, int fd);
/* A new descriptor of it, or -EMFILE. */
int vet_peer_hand_out(struct vet_peer *peer, struct vet_peer_end *end);

/* peer_connection.c */
int64_t vet_peer_connection_call(struct vet_peer *peer, struct vet_call *call);
/* The socket that was made elsewhere: made when it is first asked for. */
void vet_peer_make_foreign(struct vet_peer *peer);
/* Whether an address of this length can be the socket's: 0 or a negative errno. */
int vet_peer_check_address(const struct vet_peer_end *end, const struct sockaddr *address,
			   socklen_t length);
/* A stream whose time has come is connected. */
void vet_peer_settle(struct vet_peer *peer, struct vet_peer_end *end);
unsigned vet_peer_connections(const struct vet_peer *peer, const struct vet_peer_end *end);

/* peer_bytes.c */
int64_t vet_peer_send(struct vet_peer *peer, struct vet_call *call);
int64_t vet_peer_receive(struct vet_peer *peer, struct vet_call *call);
short vet_peer_readiness(struct vet_peer *peer, struct vet_peer_end *end, short events);
int64_t vet_peer_next_event(struct vet_peer *peer, struct vet_peer_end *end);
/* Both halves are closed, and nothing is left of the connection. */
bool vet_peer_is_over(const struct vet_peer *peer, const struct vet_peer_end *end);
/* The program has closed its writing half. */
void vet_peer_half_closed(struct vet_peer *peer, struct vet_peer_end *end);
/* Who is at the other end, or behind a datagram. */
void vet_peer_put_address(const unsigned char *from, struct sockaddr *address, socklen_t *length);

/* peer_option.c */
int64_t vet_peer_get_option(struct vet_peer_end *end, const struct vet_call *call);
int64_t vet_peer_set_option(struct vet_peer_end *end, const struct vet_call *call);

#endif
