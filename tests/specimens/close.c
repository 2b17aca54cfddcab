/* SPDX-License-Identifier: 0BSD */
/* The end of a descriptor's life: once, and for each. */
#include "client.h"
#include "specimens.h"

/* ---- the failing step closes, and so does what cleans up after all steps ---- */

static void double_close(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	if (r == 0) {
		r = client_send(&c, TEXT, TEXT_SIZE);
		if (r < 0) {
			(void)(c.sys->calls->close)(c.sys, c.fd);
			if (c.fixed)
				c.fd = -1;
		}
	}
	client_end(&c, r);
}

/* ---- a failure is written down with the name of the peer, whose socket is closed ---- */

static void use_after_close(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	if (r == 0) {
		char data[TEXT_SIZE];
		int fd = c.fd;
		r = client_receive(&c, data, sizeof data);
		if (r < 0) {
			struct sockaddr_storage peer;
			socklen_t length = sizeof peer;
			if (!c.fixed)
				client_close(&c);
			(void)(c.sys->calls->getpeername)(c.sys, fd, (struct sockaddr *)&peer,
							  &length);
		}
	}
	client_end(&c, r);
}

/* ---- if (shutdown(fd) == 0) close(fd) ---- */

static void shutdown_error_skips_close(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	if (r == 0)
		r = client_send(&c, TEXT, TEXT_SIZE);
	if (r == 0) {
		r = (c.sys->calls->shutdown)(c.sys, c.fd, SHUT_RDWR);
		if (r < 0 && !c.fixed)
			c.fd = -1;
	}
	client_end(&c, r);
}

/* ---- one descriptor for reading and one for writing, as two stdio streams want them ---- */

static void leaked_when_dup_fails(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	if (r == 0) {
		int writer = (c.sys->calls->dup)(c.sys, c.fd);
		if (writer >= 0)
			(void)(c.sys->calls->close)(c.sys, writer);
		else if (!c.fixed)
			c.fd = -1;
		r = writer < 0 ? writer : 0;
	}
	client_end(&c, r);
}

/* ---- the timeout's own path forgets the descriptor that the others close ---- */

static void leaked_on_timeout(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int r = client_dial(&c);
	char data[TEXT_SIZE];
	if (r == 0) {
		r = client_receive(&c, data, sizeof data);
		if (r == VET_EDEADLINE && !c.fixed)
			c.fd = -1;
	}
	client_end(&c, r);
}

/* clang-format off */
const struct specimen specimens_close[] = {
	{ "double-close", "the step that failed has closed the socket, and the end closes it again",
	  double_close, { .manner = VET_PEER_ECHO },
	  VET_SECONDS(10), VET_CHECK_CLOSED, 1, "send@1=ECONNRESET" },
	{ "use-after-close", "the peer of a socket is asked for after it was closed",
	  use_after_close, { SENDS_TEXT },
	  VET_SECONDS(10), VET_CHECK_CLOSED, 1, "recv@1=ECONNRESET" },
	{ "shutdown-error-skips-close", "a socket is closed only if shutdown went well",
	  shutdown_error_skips_close, { .manner = VET_PEER_ECHO },
	  VET_SECONDS(10), VET_CHECK_LEAK, 1, "shutdown@1=ENOTCONN" },
	{ "leaked-when-dup-fails", "a socket of which there is no second descriptor is not closed",
	  leaked_when_dup_fails, { .manner = VET_PEER_ECHO },
	  VET_SECONDS(10), VET_CHECK_LEAK, 1, "dup@1=EMFILE" },
	{ "leaked-on-timeout", "a socket whose deadline has passed is not closed",
	  leaked_on_timeout, { SENDS_TEXT, LATE },
	  VET_SECONDS(10), VET_CHECK_LEAK, 1, "recv@1+=EAGAIN" },
	{ 0 },
};
