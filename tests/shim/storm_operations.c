/* SPDX-License-Identifier: 0BSD */
#include "storm_operations.h"

#include <string.h>

#include <vetsock/peer.h>

unsigned char pattern[SIZE + 1];

void pattern_fill(void)
{
	for (int i = 0; i < SIZE; i++)
		pattern[i] = vet_peer_byte((uint64_t)i);
	pattern[SIZE] = '\n';
}

struct vet_address somewhere(void)
{
	return (struct vet_address){ .ip = vet_ipv4(127, 0, 0, 1), .port = 80 };
}

static int64_t all_of(int64_t n, const void *data)
{
	if (n >= 0) {
		assert_int_equal(n, SIZE);
		assert_memory_equal(data, pattern, SIZE);
	}
	return n < 0 ? n : 0;
}

static int64_t none_but_at_success(int64_t result, uint64_t done, uint64_t all)
{
	assert_int_equal(done, result == 0 ? all : 0);
	return result;
}

static int64_t do_read(struct vet_socket *s)
{
	unsigned char data[SIZE];
	return all_of(vet_socket_read(s, data, SIZE), data);
}

static int64_t do_read_into(struct vet_socket *s)
{
	struct vet_buffer buffer = { 0 };
	int64_t result = vet_socket_read_into(s, &buffer, SIZE);
	result = all_of(result, buffer.data);
	vet_buffer_free(&buffer);
	return result;
}

static int64_t do_read_exact(struct vet_socket *s)
{
	unsigned char data[SIZE];
	size_t done;
	int64_t result = vet_socket_read_exact(s, data, SIZE, &done);
	if (result == 0)
		assert_memory_equal(data, pattern, SIZE);
	return none_but_at_success(result, done, SIZE);
}

static int64_t do_read_all(struct vet_socket *s)
{
	struct vet_buffer buffer = { 0 };
	int64_t result = vet_socket_read_all(s, &buffer, 100);
	result = none_but_at_success(result, buffer.size, SIZE);
	vet_buffer_free(&buffer);
	return result;
}

static int64_t do_receive_from(struct vet_socket *s)
{
	unsigned char data[SIZE];
	struct vet_address from;
	bool truncated;
	return all_of(vet_socket_receive_from(s, data, SIZE, &from, &truncated), data);
}

static int64_t do_write(struct vet_socket *s)
{
	size_t done;
	int64_t result = vet_socket_write(s, pattern, SIZE, &done);
	return none_but_at_success(result, done, SIZE);
}

static int64_t do_write_some(struct vet_socket *s)
{
	return all_of(vet_socket_write_some(s, pattern, SIZE), pattern);
}

static int64_t do_print(struct vet_socket *s)
{
	size_t done;
	int64_t result = vet_socket_print(s, pattern, SIZE, &done);
	return none_but_at_success(result, done, SIZE + 1);
}

static int64_t do_send_to(struct vet_socket *s)
{
	struct vet_address to = somewhere();
	return all_of(vet_socket_send_to(s, pattern, SIZE, &to), pattern);
}

static int64_t do_send_file(struct vet_socket *s)
{
	uint64_t done;
	int64_t result = vet_socket_send_file(s, VET_PEER_FILE, &done);
	return none_but_at_success(result, done, SIZE);
}

static int64_t do_accept(struct vet_socket *s)
{
	struct vet_socket accepted = { 0 };
	struct vet_address from;
	int64_t result = vet_socket_accept(s, &accepted, &from);
	assert_int_equal(result == 0, vet_socket_fd(&accepted) >= 0);
	(void)vet_socket_close(&accepted);
	return result;
}

static int64_t do_connect(struct vet_socket *s)
{
	struct vet_address to = somewhere();
	return vet_socket_connect(s, &to);
}

/* clang-format off */
const struct operation operations[] = {
	{ .name = "read", .kind = STREAM, .run = do_read, .call = "recv", .waits = "" },
	{ .name = "read_into", .kind = STREAM, .run = do_read_into, .call = "recv", .waits = "", .spends = 1 },
	{ .name = "read_exact", .kind = STREAM, .run = do_read_exact, .call = "recv", .waits = "" },
	{ .name = "read_all", .kind = STREAM, .run = do_read_all, .call = "recv", .waits = "", .spends = 1, .is_read_all = true },
	{ .name = "receive_from", .kind = STREAM, .run = do_receive_from, .call = "recvfrom", .waits = "" },
	{ .name = "write", .kind = STREAM, .run = do_write, .call = "send", .waits = "send@%s=EAGAIN; ", .is_out = true },
	{ .name = "write_some", .kind = STREAM, .run = do_write_some, .call = "send", .waits = "send@%s=EAGAIN; ", .is_out = true },
	{ .name = "print", .kind = STREAM, .run = do_print, .call = "sendv", .waits = "sendv@%s=EAGAIN; ", .is_out = true, .is_print = true },
	{ .name = "send_to", .kind = STREAM, .run = do_send_to, .call = "sendto", .waits = "sendto@%s=EAGAIN; ", .is_out = true },
	{ .name = "send_file", .kind = STREAM, .run = do_send_file, .call = "sendfile", .waits = "sendfile@%s=EAGAIN; ", .is_out = true },
	{ .name = "send_file, reading", .kind = STREAM, .run = do_send_file, .call = "pread", .is_out = true, .lacks_sendfile = true },
	{ .name = "send_file, sending", .kind = STREAM, .run = do_send_file, .call = "send", .waits = "send@%s=EAGAIN; ", .spends = 1, .is_out = true, .lacks_sendfile = true },
	{ .name = "read, datagram", .kind = DATAGRAM, .run = do_read, .call = "recvfrom", .waits = "" },
	{ .name = "read_into, datagram", .kind = DATAGRAM, .run = do_read_into, .call = "recvfrom", .waits = "", .spends = 1 },
	{ .name = "receive_from, datagram", .kind = DATAGRAM, .run = do_receive_from, .call = "recvfrom", .waits = "" },
	{ .name = "write, datagram", .kind = DATAGRAM, .run = do_write, .call = "send", .waits = "send@%s=EAGAIN; ", .is_out = true },
	{ .name = "write_some, datagram", .kind = DATAGRAM, .run = do_write_some, .call = "send", .waits = "send@%s=EAGAIN; ", .is_out = true },
	{ .name = "print, datagram", .kind = DATAGRAM, .run = do_print, .call = "sendv", .waits = "sendv@%s=EAGAIN; ", .is_out = true, .is_print = true },
	{ .name = "send_to, datagram", .kind = DATAGRAM, .run = do_send_to, .call = "sendto", .waits = "sendto@%s=EAGAIN; ", .is_out = true },
	{ .name = "send_file, datagram, reading", .kind = DATAGRAM, .run = do_send_file, .call = "pread", .is_out = true },
	{ .name = "send_file, datagram, sending", .kind = DATAGRAM, .run = do_send_file, .call = "send", .waits = "send@%s=EAGAIN; ", .spends = 1, .is_out = true },
	{ .name = "accept", .kind = LISTENER, .run = do_accept, .call = "accept", .waits = "" },
	{ .name = "connect", .kind = FRESH, .run = do_connect, .waits = "" },
};
/* clang-format on */

const size_t operation_count = sizeof operations / sizeof operations[0];
