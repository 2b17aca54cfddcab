/* SPDX-License-Identifier: 0BSD */
/* Datagrams: whole or not at all, and not all for ever. */
#include "client.h"
#include "specimens.h"

#include <netinet/in.h>

static ssize_t send_datagram(struct client *c)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(7),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	return (c->sys->calls->sendto)(c->sys, c->fd, TEXT, TEXT_SIZE, 0, (struct sockaddr *)&to,
				       sizeof to);
}

static ssize_t receive_datagram(struct client *c, void *data, size_t size, int *truncated)
{
	for (;;) {
		ssize_t n = (c->sys->calls->recvfrom)(c->sys, c->fd, data, size, 0, NULL, NULL,
						      truncated);
		if (n >= 0)
			return n;
		int r = client_again(c, n, POLLIN);
		if (r < 0)
			return r;
	}
}

/* ---- what did not fit the buffer is gone, and the rest taken for the message ---- */

static void truncation_ignored(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	char small[4];
	void *large = NULL;
	int truncated = 0;
	ssize_t n = client_open(&c, SOCK_DGRAM);
	if (n == 0) {
		/* Without memory for a large buffer the small one has to do. */
		bool is_large = (c.sys->calls->realloc)(c.sys, &large, 512) == 0;
		n = receive_datagram(&c, is_large ? large : small, is_large ? 512 : sizeof small,
				     &truncated);
		if (truncated && c.fixed)
			n = -EMSGSIZE;
		vet_trial_check(trial, n < 0 || n == TEXT_SIZE);
	}
	if (large != NULL)
		(void)(c.sys->calls->realloc)(c.sys, &large, 0);
	client_end(&c, n);
}

/* ---- the queue of the interface is full, and nothing tells when it is no more ---- */

static void enobufs_retried_without_limit(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	ssize_t n = client_open(&c, SOCK_DGRAM);
	while (n == 0) {
		n = send_datagram(&c);
		if (n == -ENOBUFS && c.fixed)
			n = client_sleep(&c, VET_MILLISECONDS(100));
		else if (n == -ENOBUFS)
			n = client_look_at_clock(&c);
		else if (n < 0)
			n = client_again(&c, n, POLLOUT);
	}
	client_end(&c, n);
}

/* ---- a datagram that could not be sent now is counted with those that were ---- */

static void eagain_counted_as_sent(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	ssize_t n = client_open(&c, SOCK_DGRAM);
	while (n == 0) {
		n = send_datagram(&c);
		if (n == -EAGAIN && !c.fixed)
			n = TEXT_SIZE;
		if (n < 0)
			n = client_again(&c, n, POLLOUT);
	}
	if (n > 0)
		vet_trial_sent_all(trial);
	client_end(&c, n);
}

#define SENDS_DATAGRAM SENDS_TEXT, .datagrams = 1

/* clang-format off */
const struct specimen specimens_datagram[] = {
	{ "truncation-ignored", "a datagram that did not fit its buffer is taken for whole",
	  truncation_ignored, { SENDS_DATAGRAM, LATE },
	  VET_SECONDS(10), VET_CHECK_OWN, 1, "realloc@1=ENOMEM" },
	{ "enobufs-retried-without-limit", "ENOBUFS is answered by the same call at once",
	  enobufs_retried_without_limit, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_SPIN, 1, "sendto@1+=ENOBUFS" },
	{ "eagain-counted-as-sent", "a datagram that could not be sent now is counted as sent",
	  eagain_counted_as_sent, { TAKES_TEXT },
	  VET_SECONDS(10), VET_CHECK_BYTES, 1, "sendto@1=EAGAIN" },
	{ 0 },
};
