/* SPDX-License-Identifier: 0BSD */
/* Sending on streams: short counts, and what is done with those that are none. */
#include "client.h"
#include "specimens.h"

static const char text[] = TEXT;

/* ---- what send took is not looked at ---- */

static void short_write_ignored(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	ssize_t r = client_dial(&c);
	size_t done = 0;
	while (r == 0 && done < TEXT_SIZE) {
		ssize_t n = client_send_some(&c, text + done, TEXT_SIZE - done);
		r = n < 0 ? n : 0;
		done += c.fixed && n > 0 ? (size_t)n : TEXT_SIZE;
	}
	if (r == 0)
		vet_trial_sent_all(trial);
	client_end(&c, r);
}

/* ---- EAGAIN puts the whole message back into the queue ---- */

static void prefix_sent_twice(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_dial(&c);
	size_t done = 0;
	while (r == 0 && done < TEXT_SIZE) {
		ssize_t n = (c.sys->calls->send)(c.sys, c.fd, text + done, TEXT_SIZE - done, 0);
		if (n > 0) {
			client_progress(&c);
			done += (size_t)n;
			continue;
		}
		r = n < 0 ? client_again(&c, n, POLLOUT) : -EIO;
		if (n == -EAGAIN && !c.fixed)
			done = 0;
	}
	if (r == 0)
		vet_trial_sent_all(trial);
	client_end(&c, r);
}

/* ---- a gather write that was cut ---- */

enum { PARTS = 3 };

static void parts_of_text(struct iovec *parts)
{
	static char bytes[] = TEXT;
	parts[0] = (struct iovec){ .iov_base = bytes, .iov_len = 2 };
	parts[1] = (struct iovec){ .iov_base = bytes + 2, .iov_len = 4 };
	parts[2] = (struct iovec){ .iov_base = bytes + 6, .iov_len = 6 };
}

/* Takes `taken` bytes from the front; *first is the first part that is left. */
static void take_from_parts(struct iovec *parts, int *first, size_t taken)
{
	while (*first < PARTS && taken >= parts[*first].iov_len)
		taken -= parts[(*first)++].iov_len;
	if (*first < PARTS) {
		parts[*first].iov_base = (char *)parts[*first].iov_base + taken;
		parts[*first].iov_len -= taken;
	}
}

/* Takes a part that was begun for one that was sent. */
static void skip_parts(const struct iovec *parts, int *first, size_t taken)
{
	while (*first < PARTS && taken > 0) {
		size_t size = parts[(*first)++].iov_len;
		taken -= taken < size ? taken : size;
	}
}

/* Knows that the first part can be cut, and takes whatever goes beyond it for all. */
static void take_from_first_part(struct iovec *parts, int *first, size_t taken)
{
	if (taken < parts[*first].iov_len) {
		parts[*first].iov_base = (char *)parts[*first].iov_base + taken;
		parts[*first].iov_len -= taken;
		return;
	}
	*first = taken == parts[*first].iov_len ? *first + 1 : PARTS;
}

static int send_parts(struct client *c, bool knows_the_first)
{
	struct iovec parts[PARTS];
	int first = 0;
	parts_of_text(parts);
	while (first < PARTS) {
		ssize_t n = (c->sys->calls->sendv)(c->sys, c->fd, parts + first, PARTS - first, 0);
		int r = n < 0 ? client_again(c, n, POLLOUT) : n == 0 ? -EIO : 0;
		if (r < 0)
			return r;
		if (n <= 0)
			continue;
		client_progress(c);
		if (c->fixed)
			take_from_parts(parts, &first, (size_t)n);
		else if (knows_the_first)
			take_from_first_part(parts, &first, (size_t)n);
		else
			skip_parts(parts, &first, (size_t)n);
	}
	return 0;
}

static void gather(struct vet_trial *trial, bool knows_the_first)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	if (r == 0)
		r = send_parts(&c, knows_the_first);
	if (r == 0)
		vet_trial_sent_all(trial);
	client_end(&c, r);
}

static void gather_resumed_at_next_part(struct vet_trial *trial)
{
	gather(trial, false);
}

static void gather_cut_behind_first_part(struct vet_trial *trial)
{
	gather(trial, true);
}

/* ---- a send that takes nothing ---- */

static void zero_sent_for_ever(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_dial(&c);
	size_t done = 0;
	unsigned zeroes = 0;
	while (r == 0 && done < TEXT_SIZE) {
		ssize_t n = (c.sys->calls->send)(c.sys, c.fd, text + done, TEXT_SIZE - done, 0);
		if (n < 0)
			r = client_again(&c, n, POLLOUT);
		else if (n == 0 && c.fixed)
			r = ++zeroes < 3 ? 0 : -EIO;
		else
			done += (size_t)n;
		if (n > 0)
			client_progress(&c);
	}
	client_end(&c, r);
}

/* ---- what a call gave is added up before anyone has asked whether it is a count ---- */

static const struct vet_operation sending = { .name = "sending" };

static void done_counts_errors(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_dial(&c);
	if (r == 0) {
		size_t done = 0, at = 0;
		vet_trial_begin(trial, &sending);
		while (r == 0 && at < TEXT_SIZE) {
			ssize_t n = (c.sys->calls->send)(c.sys, c.fd, text + at, TEXT_SIZE - at, 0);
			if (n > 0 || !c.fixed)
				done += (size_t)n;
			if (n > 0)
				client_progress(&c);
			at += n > 0 ? (size_t)n : 0;
			r = n < 0 ? client_again(&c, n, POLLOUT) : n == 0 ? -EIO : 0;
		}
		vet_trial_done(trial, done);
		r = vet_trial_end(trial, r);
	}
	client_end(&c, r);
}

/* ---- the cleaning up of a failure hides it ---- */

static void error_overwritten_by_close(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	if (r == 0) {
		r = client_send(&c, TEXT, TEXT_SIZE);
		int closed = (c.sys->calls->close)(c.sys, c.fd);
		c.fd = -1;
		if (r == 0 || !c.fixed)
			r = closed;
		if (r == 0)
			vet_trial_sent_all(trial);
	}
	client_end(&c, r);
}

/* ---- the other end's window is full: what waits is thrown away ---- */

static void unsent_dropped_at_close(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_dial(&c);
	size_t done = 0;
	while (r == 0 && done < TEXT_SIZE) {
		ssize_t n = (c.sys->calls->send)(c.sys, c.fd, text + done, TEXT_SIZE - done, 0);
		if (n == -EAGAIN && !c.fixed)
			break;
		if (n > 0)
			client_progress(&c);
		done += n > 0 ? (size_t)n : 0;
		r = n < 0 ? client_again(&c, n, POLLOUT) : n == 0 ? -EIO : 0;
	}
	if (r == 0)
		vet_trial_sent_all(trial);
	client_end(&c, r);
}

/* clang-format off */
const struct specimen specimens_send[] = {
	{ "short-write-ignored", "one send is taken to have sent everything",
	  short_write_ignored, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_BYTES, 1, "send@1=short:1" },
	{ "prefix-sent-twice", "after EAGAIN the message is sent from its beginning, though some of it is gone",
	  prefix_sent_twice, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_BYTES, 2, "send@1=short:1; send@2=EAGAIN" },
	{ "gather-resumed-at-next-part", "a part of a gather write that was cut is taken for sent",
	  gather_resumed_at_next_part, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_BYTES, 1, "sendv@1=short:1" },
	{ "gather-cut-behind-first-part", "a gather write can be cut in its first part, but not in a later one",
	  gather_cut_behind_first_part, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_BYTES, 1, "sendv@1=short:11" },
	{ "zero-sent-for-ever", "send is made again and again though it takes nothing",
	  zero_sent_for_ever, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_SPIN, 1, "send@1+=zero" },
	{ "done-counts-errors", "a negative result is added to the count of bytes",
	  done_counts_errors, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_DONE, 1, "send@1=EAGAIN" },
	{ "error-overwritten-by-close", "the result of close replaces the error of send",
	  error_overwritten_by_close, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_BYTES, 1, "send@1=ECONNRESET" },
	{ "unsent-dropped-at-close", "what EAGAIN left unsent is forgotten",
	  unsent_dropped_at_close, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_BYTES, 1, "send@1=EAGAIN" },
	{ 0 },
};
