/* SPDX-License-Identifier: 0BSD */
#include "loopback.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include <vetsock/error.h>

/* ---- results ---- */

void check(int line, const char *what, long result, long want)
{
	long got = result < 0 ? -errno : result;
	if (got == want)
		return;
	fail_msg("line %d: %s: %ld %s, not %ld %s", line, what, got, vet_error_name((int)got), want,
		 vet_error_name((int)want));
}

short bits(int fd)
{
	struct pollfd p = { .fd = fd, .events = ASKED };
	assert_true(poll(&p, 1, 0) >= 0);
	return p.revents;
}

void until(int fd, short wanted)
{
	struct pollfd p = { .fd = fd, .events = wanted };
	for (int turn = 0; turn < 100; turn++) {
		assert_int_equal(poll(&p, 1, LIMIT), 1);
		if ((p.revents & wanted) == wanted)
			return;
	}
	fail_msg("poll shows 0x%x, and never all of 0x%x", (unsigned)p.revents, (unsigned)wanted);
}

/* ---- calls ---- */

struct sockaddr_in address_of(int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
	return address;
}

int bound(int type)
{
	struct sockaddr_in address = { .sin_family = AF_INET };
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	return fd;
}

int made(int type)
{
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	return fd;
}

int listener(int backlog)
{
	int fd = bound(SOCK_STREAM);
	assert_int_equal(listen(fd, backlog), 0);
	return fd;
}

int connect_to(int fd, const struct sockaddr_in *to)
{
	return connect(fd, (const struct sockaddr *)to, sizeof *to);
}

struct nowhere nowhere(int type)
{
	struct nowhere n = { .fd = bound(type) };
	n.address = address_of(n.fd);
	if (type == SOCK_DGRAM) { /* a bound one would take it */
		close(n.fd);
		n.fd = -1;
	}
	return n;
}

int peer_of(int fd)
{
	struct sockaddr_in address;
	socklen_t length = sizeof address;
	return getpeername(fd, (struct sockaddr *)&address, &length);
}

static long take(int fd, int flags)
{
	char data[16];
	return (long)recv(fd, data, sizeof data, flags);
}

long receive(int fd)
{
	return take(fd, 0);
}

long peek(int fd)
{
	return take(fd, MSG_PEEK);
}

long give(int fd)
{
	return (long)send(fd, "x", 1, MSG_NOSIGNAL);
}

long give_file(int fd)
{
	off_t offset = 0;
	int file = memfd_create("file", MFD_CLOEXEC);
	assert_int_equal(write(file, "x", 1), 1);
	long n = (long)sendfile(fd, file, &offset, 1);
	int error = errno;
	close(file);
	errno = error;
	return n;
}

long ask_error(int fd)
{
	int error = 0;
	socklen_t length = sizeof error;
	assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length), 0);
	errno = error;
	return error != 0 ? -1 : 0;
}

/* A call that tells a pending error, and what it gives once that is told. */

/* ---- connections ---- */

void make_pair(int *here, int *there)
{
	int l = listener(1);
	struct sockaddr_in to = address_of(l);
	*here = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(connect_to(*here, &to), 0);
	*there = accept4(l, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	assert_true(*there >= 0);
	assert_int_equal(fcntl(*here, F_SETFL, O_NONBLOCK), 0);
	close(l);
}

void reset(int fd)
{
	struct linger now = { 1, 0 };
	assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_LINGER, &now, sizeof now), 0);
	close(fd);
}

int connection_unsaid(const struct sockaddr_in *to)
{
	int fd = made(SOCK_STREAM);
	is(connect_to(fd, to), -EINPROGRESS);
	until(fd, POLLOUT);
	is(bits(fd), POLLOUT);
	is(peer_of(fd), 0);
	return fd;
}
