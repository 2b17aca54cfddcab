/* SPDX-License-Identifier: 0BSD */
/* Servers: what may come between a listener and a connection. */
#include "client.h"
#include "specimens.h"

#include "../../src/os.h"

enum { CONNECTIONS = 3 };

static const struct vet_operation serving = {
	.name = "serving",
	.calls = 1U << VET_CALL_accept | 1U << VET_CALL_poll | 1U << VET_CALL_now,
	.errors = "VET_EDEADLINE",
};

/* Of one connection the others are not to suffer: accept(2) gives errors that are only its own. */
static bool is_of_connection(int error)
{
	static const int errors[] = { -ECONNABORTED, -EPROTO,       -ENETDOWN,    -ENETUNREACH,
				      -EHOSTDOWN,    -EHOSTUNREACH, -ENOPROTOOPT, -ENONET };
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (error == errors[i])
			return true;
	return false;
}

/* One connection, or an error. */
static int accept_one(struct client *c)
{
	for (;;) {
		int fd = (c->sys->calls->accept)(c->sys, c->fd, NULL, NULL);
		if (fd >= 0) {
			client_progress(c);
			return fd;
		}
		int r = client_again(c, is_of_connection(fd) ? -EINTR : fd, POLLIN);
		if (r < 0)
			return r;
	}
}

/* ---- the server ends with the client that did not wait ---- */

static int64_t serve(struct client *c)
{
	for (int served = 0; served < CONNECTIONS;) {
		int fd = c->fixed ? accept_one(c)
				  : (c->sys->calls->accept)(c->sys, c->fd, NULL, NULL);
		if (fd >= 0) {
			client_progress(c);
			(void)(c->sys->calls->close)(c->sys, fd);
			served++;
			continue;
		}
		int r = client_again(c, fd, POLLIN);
		if (r < 0)
			return r;
	}
	return 0;
}

static void econnaborted_ends_the_server(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t r = client_listen(&c);
	if (r == 0) {
		vet_trial_begin(trial, &serving);
		r = vet_trial_end(trial, serve(&c));
	}
	client_end(&c, r);
}

/* ---- no descriptors are left: the connection stays, and so does poll's report of it ---- */

static void emfile_spun_on(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_listen(&c);
	for (int served = 0; r == 0 && served < CONNECTIONS;) {
		int fd = (c.sys->calls->accept)(c.sys, c.fd, NULL, NULL);
		if (fd >= 0) {
			client_progress(&c);
			(void)(c.sys->calls->close)(c.sys, fd);
			served++;
		} else if ((fd == -EMFILE || fd == -ENFILE) && c.fixed) {
			r = client_sleep(&c, VET_MILLISECONDS(100));
		} else if (fd == -EMFILE || fd == -ENFILE) {
			struct pollfd p = { .fd = c.fd, .events = POLLIN };
			r = client_look_at_clock(&c);
			if (r == 0)
				r = (c.sys->calls->poll)(c.sys, &p, 1, c.left);
			r = r > 0 || r == -EINTR ? 0 : r;
		} else {
			r = client_again(&c, is_of_connection(fd) ? -EINTR : fd, POLLIN);
		}
	}
	client_end(&c, r);
}

/* ---- poll has reported a connection, which has gone away before accept ---- */

static void accept_after_readiness_cannot_fail(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_listen(&c);
	for (int served = 0; r == 0 && served < CONNECTIONS;) {
		r = client_wait(&c, POLLIN);
		if (r < 0)
			break;
		int fd = (c.sys->calls->accept)(c.sys, c.fd, NULL, NULL);
		if (fd >= 0) {
			client_progress(&c);
			(void)(c.sys->calls->close)(c.sys, fd);
			served++;
		} else if (fd == -EAGAIN && !c.fixed) {
			r = VET_EOF; /* poll said that there was one: the listener is over */
		} else if (fd != -EAGAIN && fd != -EINTR && !is_of_connection(fd)) {
			r = fd;
		}
	}
	vet_trial_check(trial, r != VET_EOF);
	client_end(&c, r);
}

/* ---- what the server needs for a connection is not to be had, and the connection is forgotten ---- */

static void accepted_leaked_when_memory_fails(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_listen(&c);
	int fd = r == 0 ? accept_one(&c) : r;
	if (fd >= 0) {
		void *state = NULL;
		r = (c.sys->calls->realloc)(c.sys, &state, 64);
		if (r == 0)
			(void)(c.sys->calls->realloc)(c.sys, &state, 0);
		if (r == 0 || c.fixed)
			(void)(c.sys->calls->close)(c.sys, fd);
	}
	client_end(&c, fd < 0 ? fd : r);
}

/* ---- a client that has gone already has no address: it stays that of nobody, who is let in ---- */

static void getpeername_failure_ignored(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_listen(&c);
	int fd = r == 0 ? accept_one(&c) : r;
	if (fd >= 0) {
		struct sockaddr_storage peer = { 0 };
		socklen_t length = sizeof peer;
		r = (c.sys->calls->getpeername)(c.sys, fd, (struct sockaddr *)&peer, &length);
		bool is_let_in = r == 0 || !c.fixed;
		vet_trial_check(trial, !is_let_in || peer.ss_family == AF_INET);
		(void)(c.sys->calls->close)(c.sys, fd);
	}
	client_end(&c, fd < 0 ? fd : r);
}

#define THREE .connections = CONNECTIONS, LATE

/* clang-format off */
const struct specimen specimens_accept[] = {
	{ "econnaborted-ends-the-server", "one client that did not wait makes accept fail, and the server give up",
	  econnaborted_ends_the_server, { THREE },
	  VET_SECONDS(10), VET_CHECK_ERROR, 1, "accept@2=ECONNABORTED" },
	{ "emfile-spun-on", "without a descriptor for it the connection stays in the queue, and poll reports it at once",
	  emfile_spun_on, { THREE },
	  VET_SECONDS(10), VET_CHECK_SPIN, 1, "accept@2+=EMFILE" },
	{ "accept-after-readiness-cannot-fail", "accept that finds nothing after poll ends the server",
	  accept_after_readiness_cannot_fail, { THREE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "poll@1=spurious" },
	{ "accepted-leaked-when-memory-fails", "a connection for which there is no memory is not closed",
	  accepted_leaked_when_memory_fails, { THREE },
	  VET_SECONDS(10), VET_CHECK_LEAK, 1, "realloc@1=ENOMEM" },
	{ "getpeername-failure-ignored", "who has no address is let in, as if his were one to be trusted",
	  getpeername_failure_ignored, { THREE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "getpeername@1=ENOTCONN" },
	{ 0 },
};
