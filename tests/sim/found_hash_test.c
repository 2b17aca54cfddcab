/* SPDX-License-Identifier: 0BSD */
/* The hash of a run tells two runs apart that differ in one argument, or in one answer, alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <netinet/tcp.h>

#include "found_world.h"

/* What the one call that differs is made on. */
struct fixture {
	int file, datagram, stream;
};

/* Each makes a call in one of two ways. */

static void socket_of_a_type(const struct fixture *f, int way)
{
	(void)f;
	(void)near_call(socket, AF_INET, way ? SOCK_DGRAM : SOCK_STREAM, 0);
}

static void socket_of_a_domain(const struct fixture *f, int way)
{
	(void)f;
	(void)near_call(socket, way ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
}

static void listen_with_a_backlog(const struct fixture *f, int way)
{
	(void)near_call(listen, f->stream, 1 + way);
}

static void shutdown_of_a_half(const struct fixture *f, int way)
{
	(void)near_call(shutdown, f->datagram, way ? SHUT_WR : SHUT_RD);
}

static void setsockopt_to_a_value(const struct fixture *f, int way)
{
	set_number(sys[0], f->stream, IPPROTO_TCP, TCP_KEEPIDLE, 7 + way);
}

static void getsockopt_of_an_option(const struct fixture *f, int way)
{
	int value = 0; /* both are 0 */
	socklen_t length = sizeof value;
	(void)near_call(getsockopt, f->stream, SOL_SOCKET, way ? SO_KEEPALIVE : SO_BROADCAST,
			&value, &length);
}

static void pread_from_an_offset(const struct fixture *f, int way)
{
	char data[3]; /* the same bytes at both */
	(void)near_call(pread, f->file, data, sizeof data, 3 * way);
}

static void poll_for_an_event(const struct fixture *f, int way)
{
	struct pollfd one = { .fd = f->stream, .events = way ? POLLIN : POLLPRI };
	(void)near_call(poll, &one, 1, 0);
}

static void poll_of_a_second_descriptor(const struct fixture *f, int way)
{
	struct pollfd both[] = { { .fd = f->stream, .events = 0 },
				 { .fd = way ? f->stream : f->datagram, .events = 0 } };
	(void)near_call(poll, both, 2, 0);
}

static void poll_with_a_limit(const struct fixture *f, int way)
{
	struct pollfd one = { .fd = f->datagram, .events = POLLOUT }; /* ready at once */
	(void)near_call(poll, &one, 1, way);
}

static void sendto_to_a_port(const struct fixture *f, int way)
{
	struct vet_ip ip = vet_ipv4(192, 168, 1, 1); /* there is no route, to either */
	union name to;
	socklen_t length = name_of(&ip, (uint16_t)(PORT + way), &to);
	(void)near_call(sendto, f->datagram, "abc", 3, 0, &to.any, length);
}

static void recv_of_a_size(const struct fixture *f, int way)
{
	char data[11];
	(void)near_call(recv, f->datagram, data, (size_t)(10 + way), 0);
}

static void recv_with_a_flag(const struct fixture *f, int way)
{
	char data[10];
	(void)near_call(recv, f->datagram, data, sizeof data, way ? MSG_PEEK : 0);
}

static void realloc_to_a_size(const struct fixture *f, int way)
{
	void *memory = NULL;
	(void)f;
	(void)near_call(realloc, &memory, (size_t)(10 + way));
	(void)near_call(realloc, &memory, 0);
}

static void interface_of_a_name(const struct fixture *f, int way)
{
	(void)f;
	(void)near_call(interface_index, way ? "foo" : "bar"); /* neither is there */
}

static void clock_that_has_jumped(const struct fixture *f, int way)
{
	int64_t now;
	(void)f;
	vet_sim_jump(near, VET_SECONDS(5 + way));
	(void)near_call(now, &now);
}

static const struct {
	const char *name;
	void (*make)(const struct fixture *f, int way);
} rows[] = {
	{ "type of socket", socket_of_a_type },
	{ "domain of socket", socket_of_a_domain },
	{ "backlog of listen", listen_with_a_backlog },
	{ "how of shutdown", shutdown_of_a_half },
	{ "value of setsockopt", setsockopt_to_a_value },
	{ "name of getsockopt", getsockopt_of_an_option },
	{ "offset of pread", pread_from_an_offset },
	{ "events of poll", poll_for_an_event },
	{ "second descriptor of poll", poll_of_a_second_descriptor },
	{ "limit of poll", poll_with_a_limit },
	{ "port of sendto", sendto_to_a_port },
	{ "size of recv", recv_of_a_size },
	{ "flags of recv", recv_with_a_flag },
	{ "size of realloc", realloc_to_a_size },
	{ "name of interface_index", interface_of_a_name },
	{ "answer of now", clock_that_has_jumped },
};

/* Of a run with that call in it, made so. */
static uint64_t hash_of(unsigned row, int way)
{
	struct vet_sim_report report;
	struct fixture f;
	begin(1);
	f.file = vet_sim_file(near, "abcabc", 6);
	assert_true(f.file >= 0);
	f.datagram = open_on(sys[0], 4, SOCK_DGRAM, 0);
	f.stream = open_on(sys[0], 4, SOCK_STREAM, 0);
	rows[row].make(&f, way);
	vet_sim_conclude(sim, &report);
	return report.hash;
}

static void each_argument_and_answer_is_in_the_hash(void **state)
{
	(void)state;
	for (unsigned i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (hash_of(i, 0) == hash_of(i, 1))
			fail_msg("%s: the hash is the same", rows[i].name);
		if (hash_of(i, 1) != hash_of(i, 1))
			fail_msg("%s: the same calls have two hashes", rows[i].name);
	}
}

/* ---- bytes ---- */

static uint64_t hash_of_file(const char *bytes)
{
	struct vet_sim_report report;
	char data[6];
	int file;
	begin(1);
	file = vet_sim_file(near, bytes, 6);
	assert_int_equal(near_call(pread, file, data, sizeof data, 0), 6);
	vet_sim_conclude(sim, &report);
	return report.hash;
}

static void bytes_of_pread_are_in_the_hash(void **state)
{
	(void)state;
	assert_true(hash_of_file("abcdef") != hash_of_file("abcdeg"));
	assert_true(hash_of_file("abcdef") == hash_of_file("abcdef"));
}

/* The largest segment differs with the link, and nothing else that happens does. */
static uint64_t hash_of_mtu(uint32_t mtu, bool is_asked)
{
	const struct vet_sim_link link = { .latency = VET_MILLISECONDS(1), .mtu = mtu };
	struct vet_sim_report report;
	int fd[2], value;
	socklen_t length = sizeof value;
	begin(1);
	assert_int_equal(vet_sim_set_link(sim, NULL, NULL, &link), 0);
	connected_pair(fd);
	if (is_asked)
		assert_int_equal(
			near_call(getsockopt, fd[0], IPPROTO_TCP, TCP_MAXSEG, &value, &length), 0);
	vet_sim_conclude(sim, &report);
	return report.hash;
}

static void value_of_getsockopt_is_in_the_hash(void **state)
{
	(void)state;
	assert_true(hash_of_mtu(1400, false) == hash_of_mtu(1500, false));
	assert_true(hash_of_mtu(1400, true) != hash_of_mtu(1500, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_argument_and_answer_is_in_the_hash),
		cmocka_unit_test(bytes_of_pread_are_in_the_hash),
		cmocka_unit_test(value_of_getsockopt_is_in_the_hash),
	};
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
