/* SPDX-License-Identifier: 0BSD */
#define _GNU_SOURCE

#include "cases.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

#include "raw.h"

enum {
	MESSAGE = 64,      /* bytes of a round trip */
	SMALL = 16,        /* bytes of a small write */
	SMALL_WRITES = 8,  /* before the other end reads: fewer than the first congestion window */
	CHUNK = 64 * 1024, /* bytes of a bulk write, and the unit of a file */
	CHUNKS_IN_FILE = FILE_SIZE / CHUNK,
};

static char data[CHUNK];

/* What is no error but not the whole either: none of the cases allows for it. */
static int whole(ssize_t got, ssize_t wanted)
{
	return got == wanted ? 0 : got < 0 ? (int)got : VET_EOF;
}

/* ---- one end measured, the other served by plain calls ---- */

static int take(int fd, size_t size)
{
	return whole(recv(fd, data, size, MSG_WAITALL), (ssize_t)size);
}

static int far_descriptor(struct fixture *f)
{
	return f->far >= 0 ? f->far : vet_socket_fd(&f->far_socket);
}

static int send_vetsock(struct fixture *f, long count)
{
	int error = 0, far = far_descriptor(f);
	while (count-- > 0 && error == 0) {
		error = vet_socket_write(&f->near_socket, data, MESSAGE, NULL);
		if (error == 0)
			error = take(far, MESSAGE);
	}
	return error;
}

static int send_raw(struct fixture *f, long count)
{
	int error = 0, far = far_descriptor(f);
	while (count-- > 0 && error == 0) {
		error = raw_write(f->near, data, MESSAGE, NULL);
		if (error == 0)
			error = take(far, MESSAGE);
	}
	return error;
}

static int receive_vetsock(struct fixture *f, long count)
{
	int error = 0, far = far_descriptor(f);
	while (count-- > 0 && error == 0) {
		error = whole(send(far, data, MESSAGE, MSG_NOSIGNAL), MESSAGE);
		if (error == 0)
			error = whole(vet_socket_read(&f->near_socket, data, MESSAGE), MESSAGE);
	}
	return error;
}

static int receive_raw(struct fixture *f, long count)
{
	int error = 0, far = far_descriptor(f);
	while (count-- > 0 && error == 0) {
		error = whole(send(far, data, MESSAGE, MSG_NOSIGNAL), MESSAGE);
		if (error == 0)
			error = whole(raw_read(f->near, data, MESSAGE), MESSAGE);
	}
	return error;
}

static int small_vetsock(struct fixture *f, long count)
{
	int error = 0, far = far_descriptor(f);
	for (; count > 0 && error == 0; count -= SMALL_WRITES) {
		for (int i = 0; i < SMALL_WRITES && error == 0; i++)
			error = vet_socket_write(&f->near_socket, data, SMALL, NULL);
		if (error == 0)
			error = take(far, SMALL * SMALL_WRITES);
	}
	return error;
}

static int small_raw(struct fixture *f, long count)
{
	int error = 0, far = far_descriptor(f);
	for (; count > 0 && error == 0; count -= SMALL_WRITES) {
		for (int i = 0; i < SMALL_WRITES && error == 0; i++)
			error = raw_write(f->near, data, SMALL, NULL);
		if (error == 0)
			error = take(far, SMALL * SMALL_WRITES);
	}
	return error;
}

/* ---- both ends measured, in one thread: nothing ever waits ---- */

static int ready_vetsock(struct fixture *f, long count)
{
	int error = 0;
	while (count-- > 0 && error == 0) {
		error = vet_socket_write(&f->near_socket, data, MESSAGE, NULL);
		if (error == 0)
			error = whole(vet_socket_read(&f->far_socket, data, MESSAGE), MESSAGE);
		if (error == 0)
			error = vet_socket_write(&f->far_socket, data, MESSAGE, NULL);
		if (error == 0)
			error = whole(vet_socket_read(&f->near_socket, data, MESSAGE), MESSAGE);
	}
	return error;
}

static int ready_raw(struct fixture *f, long count)
{
	int error = 0;
	while (count-- > 0 && error == 0) {
		error = raw_write(f->near, data, MESSAGE, NULL);
		if (error == 0)
			error = whole(raw_read(f->far, data, MESSAGE), MESSAGE);
		if (error == 0)
			error = raw_write(f->far, data, MESSAGE, NULL);
		if (error == 0)
			error = whole(raw_read(f->near, data, MESSAGE), MESSAGE);
	}
	return error;
}

static int hop_vetsock(struct vet_socket *from, struct vet_socket *to, const struct vet_address *at)
{
	struct vet_address sender;
	bool truncated;
	int error = whole(vet_socket_send_to(from, data, MESSAGE, at), MESSAGE);
	if (error == 0)
		error = whole(vet_socket_receive_from(to, data, MESSAGE, &sender, &truncated),
			      MESSAGE);
	return error;
}

static int datagram_vetsock(struct fixture *f, long count)
{
	int error = 0;
	while (count-- > 0 && error == 0) {
		error = hop_vetsock(&f->near_socket, &f->far_socket, &f->far_vet_address);
		if (error == 0)
			error = hop_vetsock(&f->far_socket, &f->near_socket, &f->near_vet_address);
	}
	return error;
}

static int hop_raw(int from, int to, const struct sockaddr_in *at)
{
	struct sockaddr_storage sender;
	socklen_t length = sizeof(sender);
	bool truncated;
	int error =
		whole(raw_send_to(from, data, MESSAGE, (const struct sockaddr *)at, sizeof(*at)),
		      MESSAGE);
	if (error == 0)
		error = whole(raw_receive_from(to, data, MESSAGE, (struct sockaddr *)&sender,
					       &length, &truncated),
			      MESSAGE);
	return error;
}

static int datagram_raw(struct fixture *f, long count)
{
	int error = 0;
	while (count-- > 0 && error == 0) {
		error = hop_raw(f->near, f->far, &f->far_address);
		if (error == 0)
			error = hop_raw(f->far, f->near, &f->near_address);
	}
	return error;
}

/* ---- a process at the other end ---- */

static int waiting_vetsock(struct fixture *f, long count)
{
	int error = 0;
	while (count-- > 0 && error == 0) {
		error = vet_socket_write(&f->near_socket, data, MESSAGE, NULL);
		if (error == 0)
			error = whole(vet_socket_read(&f->near_socket, data, MESSAGE), MESSAGE);
	}
	return error;
}

static int waiting_raw(struct fixture *f, long count)
{
	int error = 0;
	while (count-- > 0 && error == 0) {
		error = raw_write(f->near, data, MESSAGE, NULL);
		if (error == 0)
			error = whole(raw_read(f->near, data, MESSAGE), MESSAGE);
	}
	return error;
}

/* Until the sink says that it has taken as many bytes as a file has: no slice begins with room or
 * without it because of the one before. */
static int await_sink(int fd)
{
	char byte;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	return whole(poll(&p, 1, -1) == 1 ? recv(fd, &byte, 1, 0) : -EIO, 1);
}

static int bulk_vetsock(struct fixture *f, long count)
{
	int error = 0;
	for (; count > 0 && error == 0; count -= CHUNKS_IN_FILE) {
		for (int i = 0; i < CHUNKS_IN_FILE && error == 0; i++)
			error = vet_socket_write(&f->near_socket, data, CHUNK, NULL);
		if (error == 0)
			error = await_sink(vet_socket_fd(&f->near_socket));
	}
	return error;
}

static int bulk_raw(struct fixture *f, long count)
{
	int error = 0;
	for (; count > 0 && error == 0; count -= CHUNKS_IN_FILE) {
		for (int i = 0; i < CHUNKS_IN_FILE && error == 0; i++)
			error = raw_write(f->near, data, CHUNK, NULL);
		if (error == 0)
			error = await_sink(f->near);
	}
	return error;
}

static int file_vetsock(struct fixture *f, long count)
{
	int error = 0;
	uint64_t done;
	for (; count > 0 && error == 0; count -= CHUNKS_IN_FILE) {
		error = vet_socket_send_file(&f->near_socket, fileno(f->file), &done);
		if (error == 0)
			error = await_sink(vet_socket_fd(&f->near_socket));
	}
	return error;
}

static int file_raw(struct fixture *f, long count)
{
	int error = 0;
	uint64_t done;
	for (; count > 0 && error == 0; count -= CHUNKS_IN_FILE) {
		error = raw_send_file(f->near, fileno(f->file), &done);
		if (error == 0)
			error = await_sink(f->near);
	}
	return error;
}

/* ---- connections ---- */

static int connect_vetsock(struct fixture *f, long count)
{
	int error = 0;
	while (count-- > 0 && error == 0) {
		struct vet_socket client = { 0 }, server = { 0 };
		error = vet_socket_stream(&client, 4);
		if (error == 0)
			error = vet_socket_connect(&client, &f->near_vet_address);
		if (error == 0)
			error = vet_socket_accept(&f->near_socket, &server, NULL);
		vet_socket_close(&client);
		vet_socket_close(&server);
	}
	return error;
}

static int connect_raw(struct fixture *f, long count)
{
	int flags = f->variant == BLOCKING ? 0 : SOCK_NONBLOCK;
	const struct sockaddr *at = (const struct sockaddr *)&f->near_address;
	for (; count > 0; count--) {
		int client = raw_connect(at, sizeof(f->near_address), flags);
		if (client < 0)
			return client;
		int server = raw_accept(f->near, flags);
		close(client);
		if (server < 0)
			return server;
		close(server);
	}
	return 0;
}

const struct bench_case bench_cases[] = {
	{ "ready-send", "64 bytes sent", PAIR, 300, 1, 1.0, send_vetsock, send_raw },
	{ "ready-receive", "64 bytes received", PAIR, 300, 1, 1.0, receive_vetsock, receive_raw },
	{ "ready-round-trip", "64 bytes there and back, both ends in one thread", PAIR, 200, 1, 0.0,
	  ready_vetsock, ready_raw },
	{ "waiting-round-trip", "64 bytes there and back, another process answers", ECHO, 150, 1,
	  0.0, waiting_vetsock, waiting_raw },
	{ "small-writes", "16 bytes sent", PAIR, 480, SMALL_WRITES, 1.0 / SMALL_WRITES,
	  small_vetsock, small_raw },
	{ "bulk", "64 KiB sent to another process", SINK, CHUNKS_IN_FILE, CHUNKS_IN_FILE,
	  2.0 / CHUNKS_IN_FILE, bulk_vetsock, bulk_raw },
	{ "udp-round-trip", "64 bytes there and back, both ends in one thread", DATAGRAM, 200, 1,
	  0.0, datagram_vetsock, datagram_raw },
	{ "connect", "connect, accept, close, close", LISTENER, 40, 1, 0.0, connect_vetsock,
	  connect_raw },
	{ "send-file", "64 KiB of an 8 MiB file", SINK, CHUNKS_IN_FILE, CHUNKS_IN_FILE,
	  2.0 / CHUNKS_IN_FILE, file_vetsock, file_raw },
	{ NULL, NULL, PAIR, 0, 1, 0.0, NULL, NULL },
};

const struct bench_case *bench_case_find(const char *name)
{
	for (const struct bench_case *c = bench_cases; c->name != NULL; c++)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

int bench_case_run(const struct bench_case *c, struct fixture *f, long count)
{
	return (f->variant == VETSOCK ? c->vetsock : c->raw)(f, count);
}
