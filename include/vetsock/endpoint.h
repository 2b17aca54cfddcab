/* SPDX-License-Identifier: 0BSD */
/*
 * Endpoints: a kind of socket, what it is to do, an address and options, as one text.
 *
 *	tcp://127.0.0.1:80                                     a stream that connects
 *	tcp-listen://[::]:8080?reuse-address&backlog=128       a stream that listens
 *	udp://[::1%lo]:53?broadcast                            datagrams to and from one peer
 *	udp-bind://0.0.0.0:53                                  datagrams to and from anybody
 *	raw+icmp://127.0.0.1?ttl=64                            a raw socket with a peer
 *	raw-bind+58://[::]                                     and without
 *
 *	endpoint = scheme "://" address [ "?" item { "&" item } ]
 *	scheme   = "tcp" | "tcp-listen" | "udp" | "udp-bind" | ( "raw" | "raw-bind" ) "+" protocol
 *	protocol = "icmp" | "igmp" | "ipip" | "tcp" | "udp" | "gre" | "esp" | "ah" | "icmpv6" | "ospf"
 *	         | "pim" | "sctp" | "udplite" | N        0 to 255, by IANA's numbers of protocols
 *	item     = an item of options (options.h) | "backlog=" N       the latter of tcp-listen alone
 *
 * The address is as in address.h, but that a raw socket has no port: "1.2.3.4", "[::1]".  A zone
 * may be the name of an interface, 1 to 15 bytes that may be any but ']' and NUL, which is kept as
 * a text until the endpoint is opened on a table; a zone of digits alone is a number.  An endpoint
 * looks like a URI (RFC 3986) and is none: nothing is percent-encoded, there is neither user, path
 * nor fragment; but capitals are understood in the scheme (RFC 3986 3.1).  "[::1%25lo]" is how RFC
 * 6874 writes the zone lo: it is refused, with that reason, and so is each name behind "25"; "%25"
 * is the zone 25. Names of hosts are not resolved: that can be neither bounded nor replayed;
 * resolve them first, with getaddrinfo(3).
 *
 * Canonical text: the scheme in small letters, the address as vet_address_format() prints it, the
 * options in the canonical order, backlog last; a protocol by its name if it has one here.
 *
 * Values; no allocation; any thread.
 */
#ifndef VETSOCK_ENDPOINT_H
#define VETSOCK_ENDPOINT_H

#include <vetsock/address.h>
#include <vetsock/options.h>
#include <vetsock/socket.h>

VET_BEGIN_DECLS

enum vet_role {
	VET_ROLE_CONNECT,
	VET_ROLE_BIND,   /* not of streams */
	VET_ROLE_LISTEN, /* of streams */
};

struct vet_endpoint {
	uint8_t kind;        /* VET_STREAM, VET_DATAGRAM or VET_RAW */
	uint8_t role;        /* enum vet_role */
	uint8_t protocol;    /* of VET_RAW, else 0 */
	uint8_t has_backlog; /* 0 or 1 */
	int32_t backlog;     /* 0 to 2^31 - 1 */
	struct vet_address address;
	char zone[16]; /* the name of the zone, NUL behind it to the end; "": none, or scope_id */
	struct vet_options options;
};

/* Reads an endpoint from `size` bytes, all of them.  0, or -EINVAL with *endpoint all zero and *error
 * (may be NULL) saying where and why. */
VET_API VET_CHECKED int vet_endpoint_parse(const char *text, size_t size,
					   struct vet_endpoint *endpoint,
					   struct vet_text_error *error);

/* Room for the longest text, the terminator included. */
#define VET_ENDPOINT_TEXT_SIZE 1152

/* Prints the canonical text, which parses back to the same value, and a NUL.  Returns and errors as
 * vet_options_format(). */
VET_API VET_CHECKED int vet_endpoint_format(const struct vet_endpoint *endpoint, char *text,
					    size_t size);

/* What vet_endpoint_open() does, in this order. */
enum vet_step {
	VET_STEP_NONE,     /* all went well */
	VET_STEP_ENDPOINT, /* the value is none that a text gives, or *s is open: no call is made */
	VET_STEP_ZONE,     /* looks up the name of its zone */
	VET_STEP_SOCKET,   /* makes the socket */
	VET_STEP_OPTION,   /* sets an option */
	VET_STEP_BIND,
	VET_STEP_LISTEN,
	VET_STEP_CONNECT,
	VET_STEP_COUNT
};
VET_API const char *vet_step_name(unsigned step); /* "connect"; NULL from VET_STEP_COUNT on */

struct vet_endpoint_failure {
	unsigned step; /* enum vet_step */
	size_t option; /* of VET_STEP_OPTION: its index (option.h); else VET_NO_OPTION */
};

/*
 * Makes the socket on the table, sets its options, then binds, listens or connects it.  Connecting
 * may take `timeout` from the beginning (as vet_socket_timeout_after(): VET_DURATION_MAX is no
 * limit); nothing else waits.  0, and *s is open, without a deadline; or a negative error with
 * *failure (may be NULL) saying at which step, and *s is closed: no descriptor is left, an attempt
 * that has outlived the timeout (VET_EDEADLINE) is given up.  Errors: those of the functions that
 * the steps name (socket.h, option.h; VET_ETABLE of the socket comes before all); of the zone,
 * -ENODEV (there is no interface of that name), -EINVAL (the table looks up none), or what the
 * table says; of the endpoint, -EINVAL.  *s must be closed: an open one is -EINVAL too, and stays
 * as it is.  `sys` must outlive the socket.
 */
VET_API VET_CHECKED int vet_endpoint_open(const struct vet_endpoint *endpoint, struct vet_sys *sys,
					  vet_duration timeout, struct vet_socket *s,
					  struct vet_endpoint_failure *failure);

VET_END_DECLS

#endif
