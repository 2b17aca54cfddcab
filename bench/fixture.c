/* SPDX-License-Identifier: 0BSD */
#define _GNU_SOURCE

#include "fixture.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "raw.h"

const char *const variant_names[VARIANTS] = { "vetsock", "raw", "blocking" };

/* A bound socket on a free port of loopback, and its address. */
static int bound(int type, struct sockaddr_in *at)
{
	socklen_t length = sizeof(*at);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	*at = (struct sockaddr_in){ .sin_family = AF_INET };
	at->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (bind(fd, (struct sockaddr *)at, length) == 0 &&
	    (type == SOCK_DGRAM || listen(fd, 128) == 0) &&
	    getsockname(fd, (struct sockaddr *)at, &length) == 0)
		return fd;
	int error = -errno;
	close(fd);
	return error;
}

/* Small messages must leave at once, in every variant alike. */
static int no_delay(int fd)
{
	int on = 1;
	return setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) < 0 ? -errno : 0;
}

static int open_pair(struct fixture *f)
{
	int error = 0, listener = bound(SOCK_STREAM, &f->near_address);
	if (listener < 0)
		return listener;
	f->near = raw_connect((struct sockaddr *)&f->near_address, sizeof(f->near_address), 0);
	if (f->near >= 0)
		f->far = raw_accept(listener, 0);
	if (f->near < 0 || f->far < 0)
		error = f->near < 0 ? f->near : f->far;
	close(listener);
	if (error == 0)
		error = no_delay(f->near);
	return error < 0 ? error : no_delay(f->far);
}

static void pause_for(long microseconds)
{
	struct timespec time = { microseconds / 1000000, microseconds % 1000000 * 1000 };
	while (nanosleep(&time, &time) < 0 && errno == EINTR)
		;
}

static int echo(int fd, long delay)
{
	char data[4096];
	for (;;) {
		ssize_t size = raw_read(fd, data, sizeof(data));
		if (size <= 0)
			return size < 0;
		if (delay > 0)
			pause_for(delay);
		if (raw_write(fd, data, (size_t)size, NULL) < 0)
			return 1;
	}
}

/* Says with a byte that it has taken the size of the file once more. */
static int sink(int fd, long delay)
{
	static char data[1 << 18];
	ssize_t size, taken = 0;
	(void)delay;
	while ((size = raw_read(fd, data, sizeof(data))) > 0)
		for (taken += size; taken >= FILE_SIZE; taken -= FILE_SIZE)
			if (raw_write(fd, "x", 1, NULL) < 0)
				return 1;
	return size < 0;
}

static int trickle(int fd, long delay)
{
	(void)delay;
	for (int i = 0; i < TRICKLE_BYTES; i++) {
		pause_for(TRICKLE_MILLISECONDS * 1000L);
		if (raw_write(fd, "x", 1, NULL) < 0)
			return 1;
	}
	return 0;
}

static int (*const peers[])(int fd, long delay) = {
	[ECHO] = echo,
	[SINK] = sink,
	[TRICKLE] = trickle,
};

static int open_peer(struct fixture *f, enum fixture_kind kind, long delay)
{
	int error = open_pair(f);
	if (error < 0)
		return error;
	f->peer = fork();
	if (f->peer < 0)
		return -errno;
	if (f->peer == 0) {
		close(f->near);
		_exit(peers[kind](f->far, delay));
	}
	close(f->far);
	f->far = -1;
	return 0;
}

static int open_file(struct fixture *f)
{
	static char block[1 << 16];
	f->file = tmpfile();
	if (f->file == NULL)
		return -errno;
	for (int i = 0; i < FILE_SIZE / (int)sizeof(block); i++)
		if (fwrite(block, sizeof(block), 1, f->file) != 1)
			return -EIO;
	return fflush(f->file) == 0 ? 0 : -errno;
}

static int open_datagrams(struct fixture *f)
{
	f->near = bound(SOCK_DGRAM, &f->near_address);
	if (f->near < 0)
		return f->near;
	f->far = bound(SOCK_DGRAM, &f->far_address);
	return f->far < 0 ? f->far : 0;
}

static int open_kind(struct fixture *f, enum fixture_kind kind, long delay)
{
	int error;
	switch (kind) {
	case PAIR:
		return open_pair(f);
	case DATAGRAM:
		return open_datagrams(f);
	case LISTENER:
		f->near = bound(SOCK_STREAM, &f->near_address);
		return f->near < 0 ? f->near : 0;
	case SINK:
		error = open_file(f);
		return error < 0 ? error : open_peer(f, kind, delay);
	case ECHO:
	case TRICKLE:
		return open_peer(f, kind, delay);
	}
	return -EINVAL;
}

static struct vet_address to_vet(const struct sockaddr_in *address)
{
	const unsigned char *b = (const unsigned char *)&address->sin_addr;
	return vet_address_of(vet_ipv4(b[0], b[1], b[2], b[3]), ntohs(address->sin_port));
}

/* The descriptor as its variant wants it. */
static int give(int *fd, struct vet_socket *s, enum variant variant)
{
	int error = 0;
	if (*fd < 0 || variant == BLOCKING)
		return 0;
	if (variant == RAW)
		return fcntl(*fd, F_SETFL, O_NONBLOCK) < 0 ? -errno : 0;
	error = vet_socket_adopt(s, vet_sys_host(), *fd);
	if (error == 0)
		*fd = -1;
	return error;
}

int fixture_open(struct fixture *f, enum fixture_kind kind, enum variant variant, long echo_delay)
{
	*f = (struct fixture){ .variant = variant, .near = -1, .far = -1 };
	int error = open_kind(f, kind, echo_delay);
	if (error == 0)
		error = give(&f->near, &f->near_socket, variant);
	if (error == 0)
		error = give(&f->far, &f->far_socket, variant);
	f->near_vet_address = to_vet(&f->near_address);
	f->far_vet_address = to_vet(&f->far_address);
	if (error < 0)
		fixture_close(f);
	return error;
}

void fixture_close(struct fixture *f)
{
	vet_socket_close(&f->near_socket);
	vet_socket_close(&f->far_socket);
	if (f->near >= 0)
		close(f->near);
	if (f->far >= 0)
		close(f->far);
	if (f->file != NULL)
		fclose(f->file);
	if (f->peer > 0)
		waitpid(f->peer, NULL, 0);
}
