/* SPDX-License-Identifier: 0BSD */
#include "steps.h"

const struct terms on_ipv6 = { .family = 6 };
const struct terms within_10_ms = { .deadline = VET_MILLISECONDS(10) };
const struct terms on_raw = { .raw = true };
const struct terms on_raw_of_ipv6 = { .family = 6, .raw = true };
const struct terms raw_within_10_ms = { .deadline = VET_MILLISECONDS(10), .raw = true };

enum { EXPERIMENTAL = 253 }; /* the protocol of raw sockets: RFC 3692 2.1 */

unsigned char pattern[PATTERN];

/* ---- sockets ---- */

static struct terms terms_of(const struct vet_trial *t)
{
	const struct terms *said = vet_trial_context(t);
	struct terms terms = said != NULL ? *said : (struct terms){ 0 };
	if (terms.family == 0)
		terms.family = 4;
	return terms;
}

/* Addresses for documentation (RFC 5737, RFC 3849). */
static struct vet_address address_of(const struct vet_trial *t, unsigned char host, uint32_t port)
{
	if (terms_of(t).family == 4)
		return vet_address_of(vet_ipv4(192, 0, 2, host), port);
	return vet_address_of(vet_ipv6(0x2001, 0xdb8, 0, 0, 0, 0, 0, host), port);
}

struct vet_address step_server(const struct vet_trial *t)
{
	return address_of(t, 1, 7);
}

struct vet_address step_own(const struct vet_trial *t)
{
	return address_of(t, 9, 4000);
}

static bool is_closed(const struct vet_socket *s)
{
	static const struct vet_socket closed;
	return memcmp(s, &closed, sizeof closed) == 0;
}

/* Made, or closed. */
static bool begin(struct vet_trial *t, struct vet_socket *s, int64_t made)
{
	vet_duration deadline = terms_of(t).deadline;
	expect(t, made == 0);
	vet_trial_check(t, made == 0 ? vet_socket_fd(s) >= 0 : is_closed(s));
	if (made == 0 && deadline != 0)
		step_deadline(t, s, deadline);
	return made == 0;
}

bool step_stream(struct vet_trial *t, struct vet_socket *s)
{
	return begin(t, s, STEP(t, stream_on, s, vet_trial_sys(t), terms_of(t).family));
}

bool step_datagram(struct vet_trial *t, struct vet_socket *s)
{
	if (terms_of(t).raw)
		return begin(
			t, s,
			STEP(t, raw_on, s, vet_trial_sys(t), terms_of(t).family, EXPERIMENTAL));
	return begin(t, s, STEP(t, datagram_on, s, vet_trial_sys(t), terms_of(t).family));
}

bool step_connected(struct vet_trial *t, struct vet_socket *s)
{
	struct vet_address server = step_server(t);
	if (!step_stream(t, s))
		return false;
	int64_t r = STEP(t, connect, s, &server);
	expect(t, r == 0);
	return r == 0;
}

bool step_pending(struct vet_trial *t, struct vet_socket *s)
{
	struct vet_address server = step_server(t);
	if (!step_stream(t, s))
		return false;
	STEP_VOID(t, timeout_after, s, 0);
	expect(t, STEP(t, connect, s, &server) == VET_EDEADLINE);
	STEP_VOID(t, reset_deadline, s);
	return true;
}

bool step_connect_after_all(struct vet_trial *t, struct vet_socket *s)
{
	struct vet_address server = step_server(t);
	if (!step_calm(t, s))
		return false;
	int64_t r = STEP(t, connect, s, &server);
	vet_trial_check(t, r == 0 || r == -EISCONN);
	return true;
}

static bool bind_it(struct vet_trial *t, struct vet_socket *s)
{
	struct vet_address own = step_own(t);
	int64_t r = STEP(t, bind, s, &own);
	expect(t, r == 0);
	return r == 0;
}

bool step_bound(struct vet_trial *t, struct vet_socket *s)
{
	return step_datagram(t, s) && bind_it(t, s);
}

bool step_listening(struct vet_trial *t, struct vet_socket *s)
{
	if (!step_stream(t, s) || !bind_it(t, s))
		return false;
	int64_t r = STEP(t, listen, s);
	expect(t, r == 0);
	return r == 0;
}

int64_t step_accept(struct vet_trial *t, struct vet_socket *s, struct vet_socket *peer,
		    struct vet_address *from)
{
	int family = terms_of(t).family;
	int64_t r = STEP(t, accept, s, peer, from);
	if (r == 0) {
		vet_trial_check(t, vet_socket_fd(peer) >= 0 && vet_socket_family(peer) == family);
		vet_trial_check(t, vet_socket_kind(peer) == VET_STREAM);
		vet_trial_check(t, from == NULL || from->ip.family == family);
	} else {
		vet_trial_check(t, is_closed(peer));
		vet_trial_check(t, from == NULL || from->ip.family == 0);
	}
	return r;
}

void step_close(struct vet_trial *t, struct vet_socket *s)
{
	if (vet_socket_fd(s) < 0)
		return;
	int64_t r = STEP(t, close, s);
	expect(t, r == 0);
	vet_trial_check(t, is_closed(s));
}

/* ---- time ---- */

void step_deadline(struct vet_trial *t, struct vet_socket *s, vet_duration from_now)
{
	STEP_VOID(t, timeout_after, s, from_now);
	vet_trial_deadline(t, from_now);
}

bool step_calm(struct vet_trial *t, struct vet_socket *s)
{
	vet_trial_calm(t);
	vet_trial_deadline(t, VET_DURATION_MAX);
	STEP_VOID(t, reset_deadline, s);
	return !vet_trial_is_broken(t);
}

/* ---- bytes ---- */

static void check_prefix(struct vet_trial *t, const void *came, size_t size, const void *due,
			 size_t due_size)
{
	vet_trial_check(t, size <= due_size);
	vet_trial_check(t, size == 0 || size > due_size || memcmp(came, due, size) == 0);
}

static void add(struct vet_trial *t, struct inbox *in, size_t size)
{
	vet_trial_done(t, size);
	in->size += size;
	check_prefix(t, in->data, in->size, in->due, in->due_size);
}

int64_t step_read(struct vet_trial *t, struct vet_socket *s, struct inbox *in, size_t size)
{
	int64_t n = STEP(t, read, s, in->data + in->size, size);
	vet_trial_check(t, n <= (int64_t)size);
	add(t, in, n > 0 ? (size_t)n : 0);
	return n;
}

int64_t step_read_exact(struct vet_trial *t, struct vet_socket *s, struct inbox *in, size_t size)
{
	size_t done;
	int64_t r = STEP(t, read_exact, s, in->data + in->size, size, &done);
	vet_trial_check(t, r == 0 ? done == size : done < size);
	add(t, in, done);
	return r;
}

void step_rest(struct vet_trial *t, struct vet_socket *s, struct inbox *in)
{
	int64_t n;
	do
		n = step_read(t, s, in, INBOX - in->size);
	while (n > 0);
	vet_trial_check(t, n == 0 && in->size == in->due_size);
}

int64_t step_read_into(struct vet_trial *t, struct vet_socket *s, struct vet_buffer *buffer,
		       size_t size, const void *due, size_t due_size)
{
	size_t before = buffer->size;
	int64_t n = STEP(t, read_into, s, buffer, size);
	vet_trial_check(t, buffer->size == before + (n > 0 ? (size_t)n : 0));
	vet_trial_done(t, buffer->size - before);
	check_prefix(t, buffer->data, buffer->size, due, due_size);
	return n;
}

int64_t step_read_all(struct vet_trial *t, struct vet_socket *s, struct vet_buffer *buffer,
		      size_t limit, const void *due, size_t due_size)
{
	size_t before = buffer->size;
	int64_t r = STEP(t, read_all, s, buffer, limit);
	vet_trial_check(t, buffer->size >= before && buffer->size - before <= limit);
	vet_trial_check(t, r != -EFBIG || buffer->size - before == limit);
	vet_trial_done(t, buffer->size - before);
	check_prefix(t, buffer->data, buffer->size, due, due_size);
	return r;
}

void step_free(struct vet_trial *t, struct vet_buffer *buffer)
{
	vet_trial_begin(t, &operations[OPERATION_buffer_free]);
	vet_buffer_free(buffer);
	(void)vet_trial_end(t, 0);
	vet_trial_check(t, buffer->data == NULL && buffer->size == 0 && buffer->capacity == 0);
}

int64_t step_write(struct vet_trial *t, struct vet_socket *s, const void *data, size_t size,
		   size_t *done)
{
	size_t now;
	size_t before = *done;
	int64_t r = STEP(t, write, s, (const char *)data + before, size - before, &now);
	*done = before + now;
	vet_trial_check(t, r == 0 ? *done == size : *done < size);
	vet_trial_done(t, now);
	return r;
}

void step_write_rest(struct vet_trial *t, struct vet_socket *s, const void *data, size_t size,
		     size_t done)
{
	vet_trial_check(t, step_write(t, s, data, size, &done) == 0);
}
