/* SPDX-License-Identifier: 0BSD */
/* Receiving on streams: what an answer of recv means. */
#include "client.h"
#include "specimens.h"

/* ---- a message is what one recv gives ---- */

static void short_read_taken_for_whole(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	ssize_t r = client_dial(&c);
	char data[TEXT_SIZE] = { 0 };
	if (r == 0 && c.fixed) {
		r = client_receive(&c, data, sizeof data);
	} else if (r == 0) {
		r = client_receive_some(&c, data, sizeof data);
		r = r == 0 ? VET_EOF : r;
	}
	vet_trial_check(trial, r < 0 || memcmp(data, TEXT, TEXT_SIZE) == 0);
	client_end(&c, r);
}

/* ---- 0 is taken for nothing yet ---- */

/* Of those that wait for what is there all the time. */
static int poll_for_more(struct client *c)
{
	struct pollfd p = { .fd = c->fd, .events = POLLIN };
	int r = client_look_at_clock(c);
	if (r == 0)
		r = (c->sys->calls->poll)(c->sys, &p, 1, c->left);
	return r < 0 && r != -EINTR ? r : 0;
}

static void eof_taken_for_eagain(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	char data[TEXT_SIZE];
	size_t done = 0;
	while (r == 0 && done < TEXT_SIZE) {
		ssize_t n = (c.sys->calls->recv)(c.sys, c.fd, data + done, TEXT_SIZE - done, 0);
		if (n > 0) {
			client_progress(&c);
			done += (size_t)n;
		} else if (n == 0 && !c.fixed) {
			r = poll_for_more(&c);
		} else {
			r = n == 0 ? VET_EOF : client_again(&c, n, POLLIN);
		}
	}
	client_end(&c, r);
}

/* ---- nothing yet is taken for the end ---- */

static void eagain_taken_for_eof(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	ssize_t n = client_dial(&c);
	char data[TEXT_SIZE];
	if (n == 0) {
		do {
			n = (c.sys->calls->recv)(c.sys, c.fd, data, sizeof data, 0);
			c.ended = n == 0;
			if (n > 0)
				client_progress(&c);
			if (n == -EAGAIN && !c.fixed)
				n = 0;
			if (n < 0)
				n = client_go_on(&c, n, POLLIN);
		} while (n > 0);
		vet_trial_check(trial, n < 0 || c.ended);
	}
	client_end(&c, n);
}

/* ---- the message is peeked at until it is there: what is there already ends every wait ---- */

static int peek_until_whole(struct client *c, void *data, size_t size)
{
	for (;;) {
		ssize_t n = (c->sys->calls->recv)(c->sys, c->fd, data, size, MSG_PEEK);
		if (n == (ssize_t)size)
			return client_receive(c, data, size);
		if (n == 0)
			return VET_EOF;
		int r = n > 0 ? poll_for_more(c) : client_again(c, n, POLLIN);
		if (r < 0)
			return r;
	}
}

static void peek_until_whole_spins(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	char data[TEXT_SIZE];
	if (r == 0 && c.fixed)
		r = client_receive(&c, data, sizeof data);
	else if (r == 0)
		r = peek_until_whole(&c, data, sizeof data);
	client_end(&c, r);
}

/* ---- realloc fails, and what it was to make longer is forgotten ---- */

static int collect(struct client *c, void **memory)
{
	size_t size = 0, capacity = 0;
	for (;;) {
		if (size == capacity) {
			capacity += 8;
			int r = (c->sys->calls->realloc)(c->sys, memory, capacity);
			if (r < 0 && !c->fixed)
				*memory = NULL; /* p = realloc(p, ...) */
			if (r < 0)
				return r;
		}
		ssize_t n = client_receive_some(c, (char *)*memory + size, capacity - size);
		if (n <= 0)
			return (int)n;
		size += (size_t)n;
	}
}

static void buffer_lost_when_realloc_fails(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	void *memory = NULL;
	int r = client_dial(&c);
	if (r == 0)
		r = collect(&c, &memory);
	if (memory != NULL)
		(void)(c.sys->calls->realloc)(c.sys, &memory, 0);
	client_end(&c, r);
}

/* ---- of the errors that end a connection only the best known is thought of ---- */

static void one_errno_of_a_class(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	ssize_t n = client_dial(&c);
	char data[TEXT_SIZE];
	bool broke = false;
	if (n == 0) {
		do {
			n = (c.sys->calls->recv)(c.sys, c.fd, data, sizeof data, 0);
			broke = broke || (n < 0 && n != -EINTR && n != -EAGAIN);
			if (n > 0)
				client_progress(&c);
			if (n == -EINTR || n == -EAGAIN)
				n = client_go_on(&c, n, POLLIN);
			else if (n < 0 && n != -ECONNRESET && !c.fixed)
				n = client_go_on(&c, -EAGAIN, POLLIN);
		} while (n > 0);
		vet_trial_check(trial, n < 0 || !broke);
	}
	client_end(&c, n);
}

/* ---- poll has said that there is something: recv cannot fail to find it ---- */

static void readiness_believed(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_dial(&c);
	char data[TEXT_SIZE];
	if (r == 0) {
		do {
			r = client_wait(&c, POLLIN);
			if (r < 0)
				break;
			r = (c.sys->calls->recv)(c.sys, c.fd, data, sizeof data, 0);
			if (r == -EAGAIN && !c.fixed)
				r = VET_EOF; /* nothing though there was something: it has gone */
			c.ended = r == 0;
		} while (r == -EAGAIN || r == -EINTR);
		r = r == 0 ? VET_EOF : r;
		vet_trial_check(trial, r != VET_EOF || c.ended);
	}
	client_end(&c, r);
}

/* ---- after its half is ended the client takes what has come, and not what is on its way ---- */

static int take_what_has_come(struct client *c, char *data, size_t *size)
{
	ssize_t n;
	do {
		n = (c->sys->calls->recv)(c->sys, c->fd, data + *size, TEXT_SIZE - *size, 0);
		*size += n > 0 ? (size_t)n : 0;
	} while (n > 0 && *size < TEXT_SIZE);
	return n == -EAGAIN || n == -EINTR ? 0 : (int)(n < 0 ? n : 0);
}

static void half_close_reads_no_more(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	char data[TEXT_SIZE] = { 0 };
	size_t size = 0;
	if (r == 0)
		r = client_send(&c, TEXT, TEXT_SIZE);
	if (r == 0)
		r = (c.sys->calls->shutdown)(c.sys, c.fd, SHUT_WR);
	if (r == 0 && c.fixed)
		r = client_receive(&c, data, sizeof data);
	else if (r == 0)
		r = take_what_has_come(&c, data, &size);
	vet_trial_check(trial, r < 0 || memcmp(data, TEXT, TEXT_SIZE) == 0);
	client_end(&c, r);
}

/* ---- a loop that waits for what only its own thread could bring ---- */

static void spin_without_a_call(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_dial(&c);
	volatile bool is_ready = false;
	char byte;
	while (r == 0 && !is_ready) {
		r = (c.sys->calls->recv)(c.sys, c.fd, &byte, 1, 0);
		is_ready = r > 0;
		if (r == -EINTR && !c.fixed)
			while (!is_ready)
				;
		if (r < 0)
			r = client_again(&c, r, POLLIN);
		else if (r == 0)
			r = VET_EOF;
	}
	client_end(&c, r);
}

/* clang-format off */
const struct specimen specimens_receive[] = {
	{ "short-read-taken-for-whole", "what one recv gave is taken for the whole message",
	  short_read_taken_for_whole, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "recv@2=short:1" },
	{ "eof-taken-for-eagain", "the end of the stream is taken for nothing yet, and polled for",
	  eof_taken_for_eagain, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_SPIN, 1, "recv@2=zero" },
	{ "eagain-taken-for-eof", "nothing yet is taken for the end of the stream, and half a file for a whole one",
	  eagain_taken_for_eof, { SENDS_TEXT },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "recv@2=EAGAIN" },
	{ "peek-until-whole-spins", "polls for the rest of a message whose beginning, only peeked at, is always readable",
	  peek_until_whole_spins, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_SPIN, 1, "recv@2+=short:1" },
	{ "buffer-lost-when-realloc-fails", "the buffer that could not grow is not given back",
	  buffer_lost_when_realloc_fails, { SENDS_TEXT },
	  VET_SECONDS(10), VET_CHECK_MEMORY, 1, "realloc@2=ENOMEM" },
	{ "one-errno-of-a-class", "ECONNRESET ends the transfer; after ETIMEDOUT the end that follows is taken for the file's",
	  one_errno_of_a_class, { SENDS_TEXT },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "recv@2=ETIMEDOUT" },
	{ "readiness-believed", "recv that finds nothing after poll is taken for a connection that is gone",
	  readiness_believed, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "poll@2=spurious" },
	{ "half-close-reads-no-more", "after shutdown only what has come already is read",
	  half_close_reads_no_more, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "recv@1=EAGAIN" },
	{ "spin-without-a-call", "waits in a loop for a flag that nobody sets",
	  spin_without_a_call, { SENDS_TEXT },
	  VET_SECONDS(10), VET_CHECK_SILENT, 1, "recv@1=EINTR" },
	{ 0 },
};
