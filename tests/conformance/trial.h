/* SPDX-License-Identifier: 0BSD */
/*
 * What a case is written with.
 *
 * A case is a straight line of steps.  The first expectation that is not met decides it; from then
 * on the ledger lets no call through, so that the steps after it run into errors, wait for nothing
 * and report nothing.  A case needs no clean-up: sockets and files that come from here are given
 * back, and then nothing may be left.
 */
#ifndef TRIAL_H
#define TRIAL_H

#include "conformance.h"
#include "ledger.h"

/* As the lists of cases write them. */
#define MUST CONFORMANCE_MUST
#define MAY  CONFORMANCE_MAY
#define ONCE CONFORMANCE_ONCE
#define BOTH CONFORMANCE_BOTH
#define DUAL CONFORMANCE_DUAL

enum { TRIAL_SOCKETS = 24, TRIAL_FILES = 4 };

struct trial {
	struct conformance_environment *environment;
	struct conformance_result *result;
	struct ledger ledger;
	struct vet_sys *sys; /* the ledger's: what cases use */
	const void *row;
	int family;
	bool decided;
	struct vet_socket sockets[TRIAL_SOCKETS];
	size_t socket_count;
	int files[TRIAL_FILES];
	size_t file_count;
};

struct pair {
	struct vet_socket *client, *server;
};

/* ---- verdicts (trial.c) ---- */

/* A result: a count, or a negative error that is printed by its name. */
bool expect(struct trial *t, const char *what, int64_t got, int64_t want);
bool expect_either(struct trial *t, const char *what, int64_t got, int64_t one, int64_t other);
bool expect_true(struct trial *t, const char *what, bool holds);
bool expect_bytes(struct trial *t, const char *what, const void *got, const void *want,
		  size_t size);
bool expect_address(struct trial *t, const char *what, const struct vet_address *got,
		    const struct vet_address *want);
/* How many calls have been made since `before`, of one entry or in all. */
bool expect_calls(struct trial *t, const char *what, unsigned long before, unsigned long calls);
unsigned long calls_of(const struct trial *t, enum ledger_entry entry);
unsigned long calls_made(const struct trial *t);
void skip(struct trial *t, const char *reason);
/* The same for an error that says that the thing is missing here. */
void skip_error(struct trial *t, const char *what, int error);

void trial_fail(struct trial *t, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- sockets (network.c): each call expects success ---- */

struct vet_socket *closed_socket(struct trial *t); /* memory for one more socket */
struct vet_socket *open_stream(struct trial *t);
struct vet_socket *open_datagram(struct trial *t);
struct vet_socket *open_family(struct trial *t, enum vet_type type, int family);
int descriptor(struct trial *t, struct vet_socket *s);
struct vet_address local_address(struct trial *t, struct vet_socket *s);

struct vet_address loopback(const struct trial *t, uint32_t port);
struct vet_address other_loopback(const struct trial *t, uint32_t port); /* the other family's */
struct vet_address unspecified(const struct trial *t, uint32_t port);
socklen_t socket_address(const struct vet_address *address, struct sockaddr_storage *out);

/* Binds to a port of the loopback that the system chooses, and says which. */
struct vet_address bind_loopback(struct trial *t, struct vet_socket *s);
struct vet_socket *open_listener(struct trial *t, struct vet_address *at);
struct vet_socket *connect_to(struct trial *t, const struct vet_address *to);
struct vet_socket *accept_from(struct trial *t, struct vet_socket *listener);
struct pair stream_pair(struct trial *t);
/* The same with the smallest buffers that the system gives. */
struct pair narrow_pair(struct trial *t);
/* Two datagram sockets, each the other's only peer. */
struct pair datagram_pair(struct trial *t);
/* An address at which nobody listens, and nobody will while the case runs: bound, not listening. */
struct vet_address refused_address(struct trial *t);
/* Ends the connection of s by a reset, and waits until the other end has heard of it. */
void reset_by(struct trial *t, struct vet_socket *s, struct vet_socket *other);
void close_socket(struct trial *t, struct vet_socket *s);

/* ---- bytes (network.c) ---- */

void fill_pattern(void *data, size_t size, uint64_t position);
void expect_pattern(struct trial *t, const char *what, const void *data, size_t size,
		    uint64_t position);
void write_text(struct trial *t, struct vet_socket *s, const char *text);
void expect_text(struct trial *t, struct vet_socket *s, const char *text);
void expect_end(struct trial *t, struct vet_socket *s);
/* Reads `size` bytes of the pattern from `position` on. */
void expect_stream(struct trial *t, struct vet_socket *s, size_t size, uint64_t position);
/* Writes the pattern until the system takes no more: how many bytes that were. */
uint64_t fill_stream(struct trial *t, struct vet_socket *s);
/* Waits until poll reports one of the events, or something is wrong: what it reported. */
short wait_for(struct trial *t, int fd, short events);
/* A file of `size` bytes of the pattern. */
int make_file(struct trial *t, size_t size);

/* ---- the cases, one list a subject ---- */

struct conformance_group {
	const struct conformance_case *cases;
	size_t count;
};

extern const struct conformance_group conformance_table, conformance_table_bytes,
	conformance_socket, conformance_lifetime, conformance_bind, conformance_accept,
	conformance_connect, conformance_read, conformance_read_all, conformance_write,
	conformance_datagram, conformance_file, conformance_shutdown, conformance_deadline,
	conformance_address, conformance_option, conformance_option_value;

#define CONFORMANCE_GROUP(cases) \
	{ \
		cases, sizeof(cases) / sizeof((cases)[0]) \
	}

#endif
