/* SPDX-License-Identifier: 0BSD */
/* Addresses as the system tells them: local, peer, both families on one socket, zones. */
#include "trial.h"

#include <errno.h>
#include <string.h>

enum { ATTEMPTS = 5 };

static struct vet_address mapped_loopback(uint32_t port)
{
	struct vet_ip ip = vet_ipv4(127, 0, 0, 1);

	return vet_address_of(vet_ip_to_ipv6_mapped(&ip), port);
}

static struct vet_address ipv4_loopback(uint32_t port)
{
	return vet_address_of(vet_ipv4(127, 0, 0, 1), port);
}

/* A socket on every address of both families, or of IPv6 alone. */
static struct vet_socket *bind_any(struct trial *t, enum vet_type type, bool only_ipv6,
				   uint32_t *port)
{
	struct vet_socket *s = open_family(t, type, 6);
	struct vet_address any = unspecified(t, 0);

	expect(t, "only_ipv6", vet_socket_set_only_ipv6(s, only_ipv6), 0);
	expect(t, "bind to any address", vet_socket_bind(s, &any), 0);
	if (type == VET_STREAM)
		expect(t, "listen", vet_socket_listen(s), 0);
	*port = local_address(t, s).port;
	return s;
}

static void unbound(struct trial *t)
{
	struct vet_address want = unspecified(t, 0);
	struct vet_address got = local_address(t, open_stream(t));

	expect_address(t, "the local address of a fresh stream", &got, &want);
}

static void no_peer(struct trial *t)
{
	struct vet_address address = loopback(t, 7);

	expect(t, "peer_address of a fresh stream",
	       vet_socket_peer_address(open_stream(t), &address), -ENOTCONN);
	expect(t, "the family of the address", address.ip.family, 0);
	expect(t, "its port", address.port, 0);
	expect(t, "peer_address of a datagram socket",
	       vet_socket_peer_address(open_datagram(t), &address), -ENOTCONN);
}

static void datagram_peers(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	struct vet_address want = local_address(t, pair.server);
	struct vet_address got = { 0 };

	expect(t, "peer_address", vet_socket_peer_address(pair.client, &got), 0);
	expect_address(t, "the peer", &got, &want);
}

static void peer_after_its_end(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_address want = local_address(t, pair.server);
	struct vet_address got = { 0 };

	expect(t, "shutdown_write", vet_socket_shutdown_write(pair.server), 0);
	expect_end(t, pair.client);
	expect(t, "peer_address", vet_socket_peer_address(pair.client, &got), 0);
	expect_address(t, "the peer, half closed", &got, &want);
}

static void local_address_of_a_connection(struct trial *t)
{
	struct vet_socket *listener = open_stream(t);
	struct vet_address any = unspecified(t, 0);
	struct vet_address to, want, got;
	struct vet_socket *server;

	expect(t, "bind to any address", vet_socket_bind(listener, &any), 0);
	expect(t, "listen", vet_socket_listen(listener), 0);
	to = loopback(t, local_address(t, listener).port);
	(void)connect_to(t, &to);
	server = accept_from(t, listener);
	want = to;
	got = local_address(t, server);
	expect_address(t, "the address that was connected to", &got, &want);
}

static void ipv4_client_of_ipv6_listener(struct trial *t)
{
	uint32_t port;
	struct vet_socket *listener = bind_any(t, VET_STREAM, false, &port);
	struct vet_address to = ipv4_loopback(port);
	struct vet_socket *client = connect_to(t, &to);
	struct vet_socket *server = closed_socket(t);
	struct vet_address from = { 0 };
	struct vet_address want = mapped_loopback(local_address(t, client).port);

	expect(t, "accept", vet_socket_accept(listener, server, &from), 0);
	expect_address(t, "who connected", &from, &want);
	write_text(t, client, "mapped");
	expect_text(t, server, "mapped");
}

static void ipv6_socket_to_ipv4_listener(struct trial *t)
{
	struct vet_socket *listener = open_family(t, VET_STREAM, 4);
	struct vet_address any = ipv4_loopback(0);
	struct vet_address at, to, from = { 0 };
	struct vet_address peer = { 0 };
	struct vet_socket *client;

	expect(t, "bind", vet_socket_bind(listener, &any), 0);
	expect(t, "listen", vet_socket_listen(listener), 0);
	at = local_address(t, listener);
	to = mapped_loopback(at.port);
	client = connect_to(t, &to);
	expect(t, "accept", vet_socket_accept(listener, closed_socket(t), &from), 0);
	expect(t, "the family that the listener sees", from.ip.family, 4);
	expect(t, "peer_address", vet_socket_peer_address(client, &peer), 0);
	expect_address(t, "the peer that the IPv6 socket sees", &peer, &to);
}

/* The same port of IPv4 is held, without listening, so that no other program can answer there. */
static void only_ipv6_refuses_ipv4(struct trial *t)
{
	struct vet_address to = ipv4_loopback(0);
	int result = -EADDRINUSE;

	for (int i = 0; i < ATTEMPTS && result == -EADDRINUSE && !t->decided; i++) {
		(void)bind_any(t, VET_STREAM, true, &to.port);
		result = vet_socket_bind(open_family(t, VET_STREAM, 4), &to);
	}
	expect(t, "bind to the same port of IPv4", result, 0);
	expect(t, "connect over IPv4", vet_socket_connect(open_family(t, VET_STREAM, 4), &to),
	       -ECONNREFUSED);
}

static void only_ipv6_reaches_no_mapped(struct trial *t)
{
	struct vet_socket *s = open_stream(t);
	struct vet_address to = mapped_loopback(9);
	int result;

	expect(t, "only_ipv6", vet_socket_set_only_ipv6(s, true), 0);
	result = vet_socket_connect(s, &to);
	expect_either(t, "connect to a mapped address", result == -EINVAL ? -EHOSTUNREACH : result,
		      -ENETUNREACH, -EHOSTUNREACH);
}

static void datagrams_over_both(struct trial *t)
{
	uint32_t port;
	struct vet_socket *server = bind_any(t, VET_DATAGRAM, false, &port);
	struct vet_socket *client = open_family(t, VET_DATAGRAM, 4);
	struct vet_address to = ipv4_loopback(port);
	struct vet_address any = ipv4_loopback(0);
	struct vet_address from = { 0 };
	struct vet_address want;
	char data[8];

	expect(t, "bind", vet_socket_bind(client, &any), 0);
	want = mapped_loopback(local_address(t, client).port);
	expect(t, "send_to over IPv4", vet_socket_send_to(client, "ping", 4, &to), 4);
	expect(t, "receive_from", vet_socket_receive_from(server, data, sizeof(data), &from, NULL),
	       4);
	expect_address(t, "the sender", &from, &want);
	expect(t, "send_to back", vet_socket_send_to(server, "pong!", 5, &from), 5);
	expect(t, "receive_from", vet_socket_receive_from(client, data, sizeof(data), &from, NULL),
	       5);
	expect_address(t, "who answered", &from, &to);
}

static void unknown_zone(struct trial *t)
{
	struct vet_address at = vet_address_of(vet_ipv6(0xfe80, 0, 0, 0, 0, 0, 0, 1), 0);

	at.scope_id = 0x7ffffffe;
	expect_either(t, "bind in a zone that is not there", vet_socket_bind(open_stream(t), &at),
		      -ENODEV, -EADDRNOTAVAIL);
}

static void zone_is_needed(struct trial *t)
{
	struct vet_address at = vet_address_of(vet_ipv6(0xfe80, 0, 0, 0, 0, 0, 0, 1), 0);

	expect_either(t, "bind to a link-local address without zone",
		      vet_socket_bind(open_stream(t), &at), -EINVAL, -EADDRNOTAVAIL);
}

static void no_zone_on_loopback(struct trial *t)
{
	struct pair pair = stream_pair(t);
	struct vet_address peer = { 0 };

	expect(t, "the zone of ::1", local_address(t, pair.client).scope_id, 0);
	expect(t, "peer_address", vet_socket_peer_address(pair.client, &peer), 0);
	expect(t, "the zone of its peer", peer.scope_id, 0);
}

static const struct conformance_case cases[] = {
	{ "address/unbound", "a fresh stream is bound to nothing", "getsockname(2); ip(7)", MAY,
	  BOTH, unbound, NULL },
	{ "address/no-peer", "without a peer there is none: ENOTCONN, and the address all zero",
	  "POSIX getpeername, ENOTCONN", MUST, BOTH, no_peer, NULL },
	{ "address/datagram-peer", "a connected datagram socket tells its peer",
	  "POSIX getpeername", MUST, BOTH, datagram_peers, NULL },
	{ "address/half-closed", "the peer is told as long as one half is open",
	  "POSIX getpeername", MUST, BOTH, peer_after_its_end, NULL },
	{ "address/connected-local", "a connection through any address tells the one it used",
	  "POSIX getsockname; RFC 1122 4.2.3.7", MUST, BOTH, local_address_of_a_connection, NULL },
	{ "address/dual-accept", "an IPv6 listener sees IPv4 peers as mapped addresses",
	  "RFC 3493 3.7", MUST, DUAL, ipv4_client_of_ipv6_listener, NULL },
	{ "address/dual-connect", "an IPv6 stream reaches an IPv4 listener by a mapped address",
	  "RFC 3493 3.7", MUST, DUAL, ipv6_socket_to_ipv4_listener, NULL },
	{ "address/dual-datagram", "an IPv6 datagram socket talks with IPv4 peers, mapped",
	  "RFC 3493 3.7", MUST, DUAL, datagrams_over_both, NULL },
	{ "address/only-ipv6-listener", "with only_ipv6 a listener is not there for IPv4",
	  "RFC 3493 5.3", MUST, DUAL, only_ipv6_refuses_ipv4, NULL },
	{ "address/only-ipv6-connect", "with only_ipv6 a mapped address cannot be reached",
	  "RFC 3493 5.3", MUST, DUAL, only_ipv6_reaches_no_mapped, NULL },
	{ "address/zone-unknown", "a zone that is not there is ENODEV or EADDRNOTAVAIL",
	  "RFC 4007 6; ipv6(7)", MUST, DUAL, unknown_zone, NULL },
	{ "address/zone-needed", "a link-local address needs its zone", "RFC 4007 6; ipv6(7)", MAY,
	  DUAL, zone_is_needed, NULL },
	{ "address/zone-none", "addresses of loopback have no zone", "RFC 4007 5; RFC 3493 3.3",
	  MUST, DUAL, no_zone_on_loopback, NULL },
};

const struct conformance_group conformance_address = CONFORMANCE_GROUP(cases);
