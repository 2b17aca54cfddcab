/* SPDX-License-Identifier: 0BSD */
/* Sockets whose errors and deadlines are looked after. */
#include "play.h"

/* ---- what may happen ---- */

enum operation {
	MAKING,
	BINDING,
	LISTENING,
	CONNECTING,
	ACCEPTING,
	READING,
	WRITING,
	READING_DATAGRAMS,
	WRITING_DATAGRAMS,
	ENDING,
};

enum { ERRORS = 16 };

/* What mischief can bring about in each; whatever a dying host answers comes on top. */
static const struct promise {
	const char *name;
	int errors[ERRORS];
} promises[] = {
	[MAKING] = { "makes a socket", { -EMFILE, -ENOMEM, -ENOBUFS } },
	[BINDING] = { "binds", { -EADDRINUSE, -ENOMEM, -ENOBUFS } },
	[LISTENING] = { "listens", { -EADDRINUSE, -EMFILE, -ENOMEM, -ENOBUFS } },
	/* ETIMEDOUT: SYN after SYN is lost; EHOSTUNREACH, ENETUNREACH: nobody has the address;
	 * ECONNRESET: an embryo is reset; EADDRNOTAVAIL: no port is free; EPIPE: what was
	 * connected already was ended, and then reset, before he who waits could look. */
	[CONNECTING] = { "connects",
			 { -ECONNREFUSED, -ECONNRESET, -EPIPE, -ETIMEDOUT, -EHOSTUNREACH,
			   -ENETUNREACH, -EADDRNOTAVAIL, -ENOMEM, -ENOBUFS, VET_EDEADLINE } },
	[ACCEPTING] = { "accepts", { -EMFILE, -ENOMEM, -ENOBUFS, VET_EDEADLINE } },
	[READING] = { "reads",
		      { -ECONNRESET, -ETIMEDOUT, -EHOSTUNREACH, -ENOMEM, -ENOBUFS, VET_EOF,
			VET_EDEADLINE } },
	[WRITING] = { "writes",
		      { -EPIPE, -ECONNRESET, -ETIMEDOUT, -EHOSTUNREACH, -ENOMEM, -ENOBUFS,
			VET_EDEADLINE } },
	/* ECONNREFUSED: an earlier datagram met no socket. */
	[READING_DATAGRAMS] = { "receives a datagram",
				{ -ECONNREFUSED, -EHOSTUNREACH, -EMSGSIZE, -ENOMEM, -ENOBUFS,
				  VET_EDEADLINE } },
	[WRITING_DATAGRAMS] = { "sends a datagram",
				{ -ECONNREFUSED, -EHOSTUNREACH, -ENETUNREACH, -EMSGSIZE, -ENOMEM,
				  -ENOBUFS, -EAGAIN, VET_EDEADLINE } },
	[ENDING] = { "ends its half", { -ENOTCONN } },
};

static bool allows(const struct promise *promise, int error)
{
	for (size_t i = 0; i < ERRORS && promise->errors[i] != 0; i++)
		if (promise->errors[i] == error)
			return true;
	return false;
}

/* ---- deadlines ---- */

/* When an operation begins. */
struct moment {
	int64_t world;
	int64_t left;  /* until its deadline */
	int64_t ahead; /* the host's clock, of the world's */
};

/* What is left is what the host's clock says; where nobody looks at it, it is thought of as it was
 * when the deadline was set. */
static struct moment moment_of(struct wire *wire)
{
	struct moment moment = { .world = vet_sim_now(wire->play->sim) };
	struct vet_instant now, deadline = vet_socket_deadline(&wire->s);
	if (wire->due == INT64_MAX)
		return moment;
	moment.left = wire->due - moment.world;
	moment.ahead = vet_instant_difference(deadline, (struct vet_instant){ wire->due });
	if (wire->play->is_exact && vet_socket_now(&wire->s, &now) == 0) {
		moment.left = vet_instant_difference(deadline, now);
		moment.ahead = now.nanoseconds - moment.world;
	}
	return moment;
}

/* The most that an operation may take: what was left.  A clock that goes back while it waits hides
 * what it has waited: then all of it again, for one such step; where nobody looked, anything. */
static int64_t most_of(const struct play *play, const struct moment *begun, int64_t ahead)
{
	int64_t left = begun->left > 0 ? begun->left : 0;
	if (ahead - begun->ahead <= PLAY_LATE && begun->ahead - ahead <= PLAY_LATE)
		return left;
	return play->is_exact ? 2 * left : INT64_MAX - PLAY_LATE;
}

/* By the host's clock, or by the world's: a clock that jumps excuses the one, never both. */
static void look_at_deadline(struct wire *wire, const struct moment *begun)
{
	struct play *play = wire->play;
	int64_t world = vet_sim_now(play->sim), took = world - begun->world, most;
	struct vet_instant now, deadline = vet_socket_deadline(&wire->s);
	if (vet_socket_now(&wire->s, &now) < 0)
		return; /* crashed in this very moment */
	if (now.nanoseconds < deadline.nanoseconds && took < begun->left)
		play_fail(play, "a deadline came early, in nanoseconds", begun->left - took);
	most = most_of(play, begun, now.nanoseconds - world);
	if (took > most + PLAY_LATE)
		play_fail(play, "a deadline came late, in nanoseconds", took - most);
}

static int64_t look_at(struct wire *wire, enum operation operation, const struct moment *begun,
		       int64_t result)
{
	const struct promise *promise = &promises[operation];
	if (result >= 0 || play_is_over(result))
		return result;
	if (!allows(promise, (int)result))
		play_fail(wire->play, promise->name, result);
	else if (result == VET_EDEADLINE)
		look_at_deadline(wire, begun);
	return result;
}

bool wire_is_steady(struct wire *wire)
{
	struct vet_instant now, deadline = vet_socket_deadline(&wire->s);
	int64_t world = vet_sim_now(wire->play->sim), gone;
	if (vet_socket_now(&wire->s, &now) < 0)
		return false;
	gone = (now.nanoseconds - world) - (deadline.nanoseconds - wire->due);
	return gone <= PLAY_LATE && gone >= -PLAY_LATE;
}

void wire_limit(struct wire *wire, vet_duration within)
{
	vet_socket_timeout_after(&wire->s, within);
	wire->due = vet_sim_now(wire->play->sim) + within;
}

void wire_no_limit(struct wire *wire)
{
	vet_socket_reset_deadline(&wire->s);
	wire->due = INT64_MAX;
}

/* ---- making ---- */

static void begin(struct wire *wire, struct play *play)
{
	memset(wire, 0, sizeof *wire);
	wire->play = play;
	wire->due = INT64_MAX;
}

int wire_stream(struct wire *wire, struct play *play, struct vet_sys *sys, int family)
{
	begin(wire, play);
	return (int)look_at(wire, MAKING, NULL, vet_socket_stream_on(&wire->s, sys, family));
}

int wire_datagram(struct wire *wire, struct play *play, struct vet_sys *sys, int family)
{
	begin(wire, play);
	return (int)look_at(wire, MAKING, NULL, vet_socket_datagram_on(&wire->s, sys, family));
}

int wire_dial(struct wire *wire, struct play *play, struct vet_sys *sys,
	      const struct vet_address *to, vet_duration within)
{
	int result = wire_stream(wire, play, sys, to->ip.family);
	if (result < 0)
		return result;
	wire_limit(wire, within);
	result = wire_connect(wire, to);
	if (result < 0)
		wire_close(wire);
	return result;
}

static int listen_once(struct wire *wire, struct play *play, struct vet_sys *sys, uint16_t port,
		       int64_t backlog)
{
	struct vet_address any = { .ip.family = 6, .port = port };
	int result = wire_stream(wire, play, sys, 6);
	if (result < 0)
		return result;
	result = vet_socket_set_reuse_address(&wire->s, true);
	result = result < 0 ? result : vet_socket_set_only_ipv6(&wire->s, false);
	result = result < 0 ? result : vet_socket_bind(&wire->s, &any);
	result = result < 0 ? result : vet_socket_listen_backlog(&wire->s, backlog);
	(void)look_at(wire, LISTENING, NULL, result);
	if (result < 0)
		wire_close(wire);
	return result;
}

int wire_listen(struct wire *wire, struct play *play, struct vet_sys *sys, uint16_t port,
		int64_t backlog)
{
	struct again again = { play, sys, 0 };
	int result;
	while ((result = listen_once(wire, play, sys, port, backlog)) < 0 && !play_is_over(result))
		if (!again_later(&again))
			return -ECANCELED;
	return result;
}

void wire_set(struct wire *wire, int result)
{
	if (result < 0 && !play_is_over(result))
		play_fail(wire->play, "sets an option", result);
}

/* ---- using ---- */

int wire_bind(struct wire *wire, const struct vet_address *address)
{
	return (int)look_at(wire, BINDING, NULL, vet_socket_bind(&wire->s, address));
}

int wire_connect(struct wire *wire, const struct vet_address *to)
{
	struct moment begun = moment_of(wire);
	return (int)look_at(wire, CONNECTING, &begun, vet_socket_connect(&wire->s, to));
}

int wire_accept(struct wire *listener, struct wire *wire)
{
	struct moment begun = moment_of(listener);
	begin(wire, listener->play);
	return (int)look_at(listener, ACCEPTING, &begun,
			    vet_socket_accept(&listener->s, &wire->s, NULL));
}

ssize_t wire_read(struct wire *wire, void *data, size_t size)
{
	struct moment begun = moment_of(wire);
	return (ssize_t)look_at(wire, READING, &begun, vet_socket_read(&wire->s, data, size));
}

int wire_read_exact(struct wire *wire, void *data, size_t size)
{
	struct moment begun = moment_of(wire);
	return (int)look_at(wire, READING, &begun,
			    vet_socket_read_exact(&wire->s, data, size, NULL));
}

int wire_write(struct wire *wire, const void *data, size_t size, size_t *done)
{
	struct moment begun = moment_of(wire);
	return (int)look_at(wire, WRITING, &begun, vet_socket_write(&wire->s, data, size, done));
}

int wire_print(struct wire *wire, const void *data, size_t size)
{
	struct moment begun = moment_of(wire);
	size_t done;
	int result = vet_socket_print(&wire->s, data, size, &done);
	play_check(wire->play, result == 0 ? done == size + 1 : done <= size);
	return (int)look_at(wire, WRITING, &begun, result);
}

int wire_send_file(struct wire *wire, int file, int64_t offset, int64_t count, uint64_t *done)
{
	struct moment begun = moment_of(wire);
	return (int)look_at(wire, WRITING, &begun,
			    vet_socket_send_file_range(&wire->s, file, offset, count, done));
}

ssize_t wire_send_to(struct wire *wire, const void *data, size_t size, const struct vet_address *to)
{
	struct moment begun = moment_of(wire);
	ssize_t result;
	if (to == NULL)
		result = vet_socket_write_some(&wire->s, data, size);
	else
		result = vet_socket_send_to(&wire->s, data, size, to);
	return (ssize_t)look_at(wire, WRITING_DATAGRAMS, &begun, result);
}

ssize_t wire_receive_from(struct wire *wire, void *data, size_t size, struct vet_address *from,
			  bool *truncated)
{
	struct moment begun = moment_of(wire);
	return (ssize_t)look_at(wire, READING_DATAGRAMS, &begun,
				vet_socket_receive_from(&wire->s, data, size, from, truncated));
}

int wire_end(struct wire *wire)
{
	return (int)look_at(wire, ENDING, NULL, vet_socket_shutdown_write(&wire->s));
}

void wire_close(struct wire *wire)
{
	int result = vet_socket_close(&wire->s);
	if (result < 0 && !play_is_over(result))
		play_fail(wire->play, "closes", result);
}
