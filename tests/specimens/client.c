/* SPDX-License-Identifier: 0BSD */
#include "client.h"

#include <netinet/in.h>
#include <netinet/tcp.h>

enum {
	PATIENCE = 4,   /* waits in a row that may lead to nothing before the client rests */
	DOUBLINGS = 12, /* of the rest: 1 ms to 4 s */
};

struct client client_begin(struct vet_trial *trial, vet_duration timeout)
{
	struct client c = {
		.trial = trial,
		.sys = vet_trial_sys(trial),
		.fd = -1,
		.fixed = *(const bool *)vet_trial_context(trial),
		.left = timeout,
	};
	c.error = (c.sys->calls->now)(c.sys, &c.clock);
	return c;
}

void client_close(struct client *c)
{
	/* Linux: the descriptor is gone whatever close(2) returns. */
	if (c->fd >= 0)
		(void)(c->sys->calls->close)(c->sys, c->fd);
	c->fd = -1;
}

void client_end(struct client *c, int64_t result)
{
	client_close(c);
	vet_trial_check(c->trial, result >= 0 || vet_trial_is_faulted(c->trial));
}

/* ---- waiting ---- */

int client_look_at_clock(struct client *c)
{
	int64_t now;
	int r = (c->sys->calls->now)(c->sys, &now);
	if (r < 0)
		return r;
	if (now > c->clock)
		c->left -= now - c->clock;
	c->clock = now;
	c->expired = c->expired || c->left <= 0;
	return c->expired ? VET_EDEADLINE : 0;
}

void client_progress(struct client *c)
{
	c->turns = 0;
}

int client_sleep(struct client *c, vet_duration time)
{
	int r = client_look_at_clock(c);
	if (r < 0)
		return r;
	r = (c->sys->calls->poll)(c->sys, NULL, 0, time < c->left ? time : c->left);
	return r < 0 && r != -EINTR ? r : client_look_at_clock(c);
}

int client_rest(struct client *c)
{
	unsigned turn = c->turns++;
	if (turn < PATIENCE)
		return client_look_at_clock(c);
	turn -= PATIENCE;
	return client_sleep(c, VET_MILLISECONDS(1) << (turn < DOUBLINGS ? turn : DOUBLINGS));
}

int client_wait(struct client *c, short events)
{
	struct pollfd p = { .fd = c->fd, .events = events };
	int r = client_rest(c);
	while (r == 0) {
		int n = (c->sys->calls->poll)(c->sys, &p, 1, c->left);
		if (n > 0)
			return p.revents & POLLNVAL ? -EBADF : 0;
		if (n < 0 && n != -EINTR)
			return n;
		r = client_look_at_clock(c);
	}
	return r;
}

int client_again(struct client *c, int64_t error, short events)
{
	if (error == -EINTR)
		return client_look_at_clock(c);
	if (error == -EAGAIN)
		return client_wait(c, events);
	return (int)error;
}

int client_go_on(struct client *c, int64_t error, short events)
{
	int r = client_again(c, error, events);
	return r < 0 ? r : 1;
}

/* ---- connecting ---- */

static struct sockaddr_in port_of_loopback(void)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(7),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

int client_open(struct client *c, int type)
{
	if (c->error < 0)
		return c->error;
	int fd = (c->sys->calls->socket)(c->sys, AF_INET, type, 0);
	if (fd < 0)
		return fd;
	c->fd = fd;
	return 0;
}

int client_connect_once(struct client *c)
{
	struct sockaddr_in to = port_of_loopback();
	return (c->sys->calls->connect)(c->sys, c->fd, (struct sockaddr *)&to, sizeof to);
}

int client_ask_peer(struct client *c)
{
	struct sockaddr_storage peer;
	socklen_t length = sizeof peer;
	return (c->sys->calls->getpeername)(c->sys, c->fd, (struct sockaddr *)&peer, &length);
}

int client_socket_error(struct client *c)
{
	int value = 0;
	socklen_t length = sizeof value;
	int r = (c->sys->calls->getsockopt)(c->sys, c->fd, SOL_SOCKET, SO_ERROR, &value, &length);
	return r < 0 ? r : -value;
}

int client_connect_rest(struct client *c)
{
	for (;;) {
		int r = client_wait(c, POLLOUT);
		if (r < 0)
			return r;
		int peer = client_ask_peer(c);
		if (peer == 0)
			break;
		r = client_socket_error(c);
		if (r < 0)
			return r;
		if (peer != -ENOTCONN)
			return peer;
	}
	client_progress(c);
	return 0;
}

int client_connect(struct client *c)
{
	int r = client_connect_once(c);
	/* connect(2): after EINTR, too, the attempt goes on. */
	return r == -EINPROGRESS || r == -EINTR ? client_connect_rest(c) : r;
}

int client_dial(struct client *c)
{
	int r = client_open(c, SOCK_STREAM);
	return r < 0 ? r : client_connect(c);
}

int client_set_no_delay(struct client *c)
{
	int on = 1;
	return (c->sys->calls->setsockopt)(c->sys, c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int client_listen(struct client *c)
{
	struct sockaddr_in at = port_of_loopback();
	int r = client_open(c, SOCK_STREAM);
	if (r == 0)
		r = (c->sys->calls->bind)(c->sys, c->fd, (struct sockaddr *)&at, sizeof at);
	return r < 0 ? r : (c->sys->calls->listen)(c->sys, c->fd, 16);
}

/* ---- bytes ---- */

ssize_t client_send_some(struct client *c, const void *data, size_t size)
{
	bool took_none = false;
	for (;;) {
		ssize_t n = (c->sys->calls->send)(c->sys, c->fd, data, size, 0);
		if (n > 0) {
			client_progress(c);
			return n;
		}
		if (n == 0 && took_none)
			return -EIO;
		took_none = n == 0;
		int r = n == 0 ? 0 : client_again(c, n, POLLOUT);
		if (r < 0)
			return r;
	}
}

ssize_t client_receive_some(struct client *c, void *data, size_t size)
{
	for (;;) {
		ssize_t n = (c->sys->calls->recv)(c->sys, c->fd, data, size, 0);
		if (n >= 0) {
			client_progress(c);
			c->ended = n == 0;
			return n;
		}
		int r = client_again(c, n, POLLIN);
		if (r < 0)
			return r;
	}
}

int client_send(struct client *c, const void *data, size_t size)
{
	size_t done = 0;
	while (done < size) {
		ssize_t n = client_send_some(c, (const char *)data + done, size - done);
		if (n < 0)
			return (int)n;
		done += (size_t)n;
	}
	return 0;
}

int client_receive(struct client *c, void *data, size_t size)
{
	size_t done = 0;
	while (done < size) {
		ssize_t n = client_receive_some(c, (char *)data + done, size - done);
		if (n <= 0)
			return n == 0 ? VET_EOF : (int)n;
		done += (size_t)n;
	}
	return 0;
}
