/* SPDX-License-Identifier: 0BSD */
#define _GNU_SOURCE

#include "deadline.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>

static const int64_t limit = DEADLINE_MILLISECONDS * INT64_C(1000000);

static int late_vetsock(double *late)
{
	struct fixture f;
	char byte;
	int error = fixture_open(&f, PAIR, VETSOCK, 0);
	if (error < 0)
		return error;
	int64_t start = clock_nanoseconds();
	vet_socket_timeout_after(&f.near_socket, limit);
	ssize_t result = vet_socket_read(&f.near_socket, &byte, 1);
	*late = (double)(clock_nanoseconds() - start - limit);
	fixture_close(&f);
	return result == VET_EDEADLINE ? 0 : -EPROTO;
}

/* Until the limit has passed: ppoll with what is left. */
static int late_raw(double *late)
{
	struct fixture f;
	char byte;
	int error = fixture_open(&f, PAIR, RAW, 0);
	if (error < 0)
		return error;
	struct pollfd p = { .fd = f.near, .events = POLLIN };
	int64_t left, start = clock_nanoseconds();
	int ready = 0;
	ssize_t result = recv(f.near, &byte, 1, 0);
	while ((left = start + limit - clock_nanoseconds()) > 0 && ready == 0) {
		struct timespec time = { left / 1000000000, left % 1000000000 };
		ready = ppoll(&p, 1, &time, NULL);
	}
	*late = (double)(clock_nanoseconds() - start - limit);
	fixture_close(&f);
	return result < 0 && ready == 0 ? 0 : -EPROTO;
}

static void summarise(double *late, int rounds, struct lateness *result)
{
	result->late = spread_of(late, rounds);
	result->least = late[0];
	result->most = late[rounds - 1];
}

int measure_lateness(int rounds, struct lateness *vetsock, struct lateness *raw)
{
	static double late[2][MOST_ROUNDS];
	int error = 0;
	for (int round = 0; round < rounds && error == 0; round++) {
		error = late_vetsock(&late[0][round]);
		if (error == 0)
			error = late_raw(&late[1][round]);
	}
	if (error < 0)
		return error;
	summarise(late[0], rounds, vetsock);
	summarise(late[1], rounds, raw);
	return 0;
}

static int trickle_vetsock(struct trickle *result)
{
	struct fixture f;
	char data[TRICKLE_BYTES];
	int error = fixture_open(&f, TRICKLE, VETSOCK, 0);
	if (error < 0)
		return error;
	int64_t start = clock_nanoseconds();
	vet_socket_timeout_after(&f.near_socket, VET_MILLISECONDS(TRICKLE_LIMIT_MILLISECONDS));
	error = vet_socket_read_exact(&f.near_socket, data, sizeof(data), &result->arrived);
	result->milliseconds = (double)(clock_nanoseconds() - start) / 1e6;
	fixture_close(&f);
	return error == VET_EDEADLINE ? 0 : -EPROTO;
}

/* The limit of the system itself bounds each call, and each byte starts another. */
static int trickle_rcvtimeo(struct trickle *result)
{
	struct fixture f;
	char data[TRICKLE_BYTES];
	struct timeval time = { 0, TRICKLE_LIMIT_MILLISECONDS * 1000 };
	int error = fixture_open(&f, TRICKLE, BLOCKING, 0);
	if (error < 0)
		return error;
	if (setsockopt(f.near, SOL_SOCKET, SO_RCVTIMEO, &time, sizeof(time)) < 0)
		error = -errno;
	int64_t start = clock_nanoseconds();
	ssize_t size = 1;
	for (result->arrived = 0; result->arrived < sizeof(data) && size > 0 && error == 0;) {
		size = recv(f.near, data + result->arrived, sizeof(data) - result->arrived, 0);
		if (size > 0)
			result->arrived += (size_t)size;
	}
	result->milliseconds = (double)(clock_nanoseconds() - start) / 1e6;
	fixture_close(&f);
	return error;
}

int measure_trickle(struct trickle *vetsock, struct trickle *rcvtimeo)
{
	int error = trickle_vetsock(vetsock);
	return error < 0 ? error : trickle_rcvtimeo(rcvtimeo);
}
