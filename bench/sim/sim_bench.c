/* SPDX-License-Identifier: 0BSD */
/*
 * How fast the simulator is, on one processor, with all checks on.
 *	vetsock-bench-sim [NAME...]     one line for each figure, or for those named
 */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

#include <vetsock/sim.h>
#include <vetsock/vetsock.h>

static struct vet_sim *sim;

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static long kibibytes(void)
{
	struct rusage usage;
	getrusage(RUSAGE_SELF, &usage);
	return usage.ru_maxrss;
}

static void need(int result, const char *what)
{
	if (result >= 0)
		return;
	fprintf(stderr, "%s: %s\n", what, vet_error_name(result));
	exit(1);
}

/* ---- raw calls of a table, as a program without vetsock would make them ---- */

static struct sockaddr_in address(struct vet_sim_host *host, unsigned port)
{
	struct vet_ip ip = vet_sim_host_ip(host, 4);
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	memcpy(&at.sin_addr, ip.bytes, 4);
	return at;
}

static void wait_for(struct vet_sys *sys, int fd, short events)
{
	struct pollfd one = { .fd = fd, .events = events };
	(void)(sys->calls->poll)(sys, &one, 1, -1);
}

static int listen_at(struct vet_sys *sys, unsigned port)
{
	struct sockaddr_in any = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int fd = (sys->calls->socket)(sys, AF_INET, SOCK_STREAM, 0);
	need(fd, "socket");
	need((sys->calls->bind)(sys, fd, (struct sockaddr *)&any, sizeof any), "bind");
	need((sys->calls->listen)(sys, fd, 4096), "listen");
	return fd;
}

static int accept_one(struct vet_sys *sys, int listener)
{
	int fd;
	while ((fd = (sys->calls->accept)(sys, listener, NULL, NULL)) == -EAGAIN)
		wait_for(sys, listener, POLLIN);
	return fd;
}

static int connect_to(struct vet_sys *sys, const struct sockaddr_in *to)
{
	int fd = (sys->calls->socket)(sys, AF_INET, SOCK_STREAM, 0);
	int error = (sys->calls->connect)(sys, fd, (const struct sockaddr *)to, sizeof *to);
	if (error != -EINPROGRESS)
		need(error, "connect");
	wait_for(sys, fd, POLLOUT);
	return fd;
}

static ssize_t receive(struct vet_sys *sys, int fd, void *data, size_t size)
{
	ssize_t n;
	while ((n = (sys->calls->recv)(sys, fd, data, size, 0)) == -EAGAIN)
		wait_for(sys, fd, POLLIN);
	return n;
}

/* ---- figures ---- */

static struct plan {
	struct sockaddr_in to;
	unsigned rounds, port;
} plan;

static void serve_one(struct vet_sys *sys, void *context)
{
	char data[64];
	ssize_t n;
	int listener = listen_at(sys, *(unsigned *)context), fd = accept_one(sys, listener);
	while ((n = receive(sys, fd, data, sizeof data)) > 0)
		(void)(sys->calls->send)(sys, fd, data, (size_t)n, 0);
	(sys->calls->close)(sys, fd);
	(sys->calls->close)(sys, listener);
}

static void ask_often(struct vet_sys *sys, void *context)
{
	const struct plan *own = context;
	char data[64] = "hello";
	int fd = connect_to(sys, &own->to);
	for (unsigned i = 0; i < own->rounds; i++) {
		(void)(sys->calls->send)(sys, fd, data, 5, 0);
		(void)receive(sys, fd, data, sizeof data);
	}
	(sys->calls->close)(sys, fd);
}

static void begin(const struct vet_sim_options *options)
{
	need(vet_sim_start(sim, options), "start");
}

static struct vet_sim_report run(void)
{
	struct vet_sim_report report;
	int result = vet_sim_run(sim, &report);
	if (result < 0)
		fprintf(stderr, "%s\n", report.why);
	need(result, "run");
	return report;
}

static void tell(const char *name, const char *unit, double count, double took)
{
	printf("%-16s %12.0f %s a second  (%.0f in %.3f s)\n", name, count / took, unit, count,
	       took);
}

/* A pair of actors talks; `pairs` of them. */
static void measure_calls(const char *name, unsigned pairs, unsigned rounds)
{
	static struct plan plans[64];
	static unsigned ports[64];
	struct vet_sim_host *server, *client;
	struct vet_sim_report report;
	double start;
	begin(&(struct vet_sim_options){ .seed = 1 });
	server = vet_sim_add_host(sim, "server");
	client = vet_sim_add_host(sim, "client");
	for (unsigned i = 0; i < pairs; i++) {
		ports[i] = 1000 + i;
		plans[i] = (struct plan){ .to = address(server, ports[i]), .rounds = rounds };
		need(vet_sim_actor(server, "server", serve_one, &ports[i]), "actor");
		need(vet_sim_actor(client, "client", ask_often, &plans[i]), "actor");
	}
	start = seconds();
	report = run();
	tell(name, "calls", (double)report.calls, seconds() - start);
}

static void calls_of_2(void)
{
	measure_calls("calls-2", 1, 1000000);
}

static void calls_of_100(void)
{
	measure_calls("calls-100", 50, 20000);
}

/* ---- whole runs of two actors ---- */

static void runs(void)
{
	static unsigned port = 80;
	enum { RUNS = 200000 };
	double start = seconds();
	for (unsigned i = 0; i < RUNS; i++) {
		struct vet_sim_host *server, *client;
		begin(&(struct vet_sim_options){ .seed = i, .schedule = VET_SIM_IN_TURN });
		server = vet_sim_add_host(sim, "server");
		client = vet_sim_add_host(sim, "client");
		plan = (struct plan){ .to = address(server, port), .rounds = 1 };
		need(vet_sim_actor(server, "server", serve_one, &port), "actor");
		need(vet_sim_actor(client, "client", ask_often, &plan), "actor");
		(void)run();
	}
	tell("runs-2", "runs", RUNS, seconds() - start);
}

/* ---- waits that expire ---- */

static void expire(struct vet_sys *sys, void *context)
{
	unsigned times = *(unsigned *)context;
	struct sockaddr_in any = { .sin_family = AF_INET };
	int fd = (sys->calls->socket)(sys, AF_INET, SOCK_DGRAM, 0);
	struct pollfd one = { .fd = fd, .events = POLLIN };
	need((sys->calls->bind)(sys, fd, (struct sockaddr *)&any, sizeof any), "bind");
	for (unsigned i = 0; i < times; i++)
		(void)(sys->calls->poll)(sys, &one, 1, VET_MILLISECONDS(1));
	(sys->calls->close)(sys, fd);
}

static void waits(void)
{
	static unsigned times = 20000;
	struct vet_sim_host *host;
	struct vet_sim_report report;
	double start;
	begin(&(struct vet_sim_options){ .seed = 1 });
	host = vet_sim_add_host(sim, "host");
	for (unsigned i = 0; i < 100; i++)
		need(vet_sim_actor(host, "waiter", expire, &times), "actor");
	start = seconds();
	report = run();
	tell("waits-100", "expired waits", 100.0 * times, seconds() - start);
	printf("%-16s %12llu timers at most\n", "", (unsigned long long)report.timers);
}

/* ---- many connections ---- */

struct many {
	struct sockaddr_in to;
	unsigned count, rounds;
	int *fd;
};

static void serve_many(struct vet_sys *sys, void *context)
{
	struct many *own = context;
	struct pollfd *all = calloc(own->count, sizeof *all);
	int listener = listen_at(sys, 80);
	char data[64];
	ssize_t n;
	if (all == NULL)
		exit(1);
	for (unsigned i = 0; i < own->count; i++)
		all[i] = (struct pollfd){ .fd = accept_one(sys, listener), .events = POLLIN };
	/* Each in turn asks once in a round. */
	for (unsigned i = 0; i < own->rounds * own->count; i++) {
		int fd = all[i % own->count].fd;
		n = receive(sys, fd, data, sizeof data);
		(void)(sys->calls->send)(sys, fd, data, (size_t)n, 0);
	}
	for (unsigned i = 0; i < own->count; i++)
		(sys->calls->close)(sys, all[i].fd);
	(sys->calls->close)(sys, listener);
	free(all);
}

static void ask_many(struct vet_sys *sys, void *context)
{
	struct many *own = context;
	int *fd = calloc(own->count, sizeof *fd);
	char data[64] = "hello";
	if (fd == NULL)
		exit(1);
	for (unsigned i = 0; i < own->count; i++)
		fd[i] = connect_to(sys, &own->to);
	for (unsigned i = 0; i < own->rounds * own->count; i++) {
		(void)(sys->calls->send)(sys, fd[i % own->count], data, 5, 0);
		(void)receive(sys, fd[i % own->count], data, sizeof data);
	}
	for (unsigned i = 0; i < own->count; i++)
		(sys->calls->close)(sys, fd[i]);
	free(fd);
}

static void connections(void)
{
	static struct many own = { .count = 10000, .rounds = 20 };
	struct vet_sim_host *server, *client;
	struct vet_sim_report report;
	double start;
	begin(&(struct vet_sim_options){ .seed = 1 });
	server = vet_sim_add_host(sim, "server");
	client = vet_sim_add_host(sim, "client");
	own.to = address(server, 80);
	need(vet_sim_actor(server, "server", serve_many, &own), "actor");
	need(vet_sim_actor(client, "client", ask_many, &own), "actor");
	start = seconds();
	report = run();
	tell("connections", "calls", (double)report.calls, seconds() - start);
	printf("%-16s %12u connections, %ld MiB at most\n", "", own.count, kibibytes() / 1024);
}

/* ---- idle connections cost nothing ---- */

static void hold_idle(struct vet_sys *sys, void *context)
{
	struct many *own = context;
	for (unsigned i = 0; i < own->count; i++)
		own->fd[i] = connect_to(sys, &own->to);
}

static void take_idle(struct vet_sys *sys, void *context)
{
	struct many *own = context;
	int listener = listen_at(sys, 81);
	for (unsigned i = 0; i < own->count; i++)
		(void)accept_one(sys, listener);
}

static void idle_of(unsigned count)
{
	static int held[10000];
	struct many own = { .count = count, .fd = held };
	unsigned port = 80;
	struct vet_sim_host *server, *client;
	struct vet_sim_report report;
	uint64_t calls;
	double start;
	char name[32];
	begin(&(struct vet_sim_options){ .seed = 1 });
	server = vet_sim_add_host(sim, "server");
	client = vet_sim_add_host(sim, "client");
	own.to = address(server, 81);
	need(vet_sim_actor(server, "taker", take_idle, &own), "actor");
	need(vet_sim_actor(client, "holder", hold_idle, &own), "actor");
	(void)run();
	plan = (struct plan){ .to = address(server, port), .rounds = 500000 };
	need(vet_sim_actor(server, "server", serve_one, &port), "actor");
	need(vet_sim_actor(client, "client", ask_often, &plan), "actor");
	calls = vet_sim_calls(sim);
	start = seconds();
	report = run();
	(void)snprintf(name, sizeof name, "idle-%u", count);
	tell(name, "calls", (double)(report.calls - calls), seconds() - start);
}

static void idle(void)
{
	idle_of(0);
	idle_of(100);
	idle_of(1000);
	idle_of(10000);
}

/* ---- memory does not grow ---- */

static void ask_with_deadlines(struct vet_sys *sys, void *context)
{
	struct vet_address to = *(struct vet_address *)context;
	struct vet_socket s = { 0 };
	int64_t now = 0;
	char data[8];
	need(vet_socket_stream_on(&s, sys, 4), "socket");
	need(vet_socket_connect(&s, &to), "connect");
	while (now < VET_SECONDS(60)) {
		vet_socket_timeout_after(&s, VET_SECONDS(30));
		need(vet_socket_write(&s, "hello", 5, NULL), "write");
		need(vet_socket_read_exact(&s, data, 5, NULL), "read");
		need((sys->calls->now)(sys, &now), "now");
	}
	(void)vet_socket_close(&s);
}

static void flat(void)
{
	static struct vet_address to;
	unsigned port = 80;
	struct vet_sim_host *server, *client;
	struct vet_sim_report report;
	long before;
	double start = seconds();
	begin(&(struct vet_sim_options){ .seed = 1 });
	server = vet_sim_add_host(sim, "server");
	client = vet_sim_add_host(sim, "client");
	to = vet_address_of(vet_sim_host_ip(server, 4), port);
	need(vet_sim_actor(server, "server", serve_one, &port), "actor");
	need(vet_sim_actor(client, "client", ask_with_deadlines, &to), "actor");
	before = kibibytes();
	report = run();
	tell("busy-60s", "calls", (double)report.calls, seconds() - start);
	printf("%-16s %12ld KiB more at its end, %llu timers at most\n", "", kibibytes() - before,
	       (unsigned long long)report.timers);
}

static const struct {
	const char *name;
	void (*measure)(void);
} figures[] = {
	{ "flat", flat },   { "calls-2", calls_of_2 }, { "calls-100", calls_of_100 },
	{ "runs-2", runs }, { "waits", waits },        { "connections", connections },
	{ "idle", idle },
};

int main(int argc, char **argv)
{
	if (vet_sim_make(&sim) < 0)
		return 1;
	for (size_t i = 0; i < sizeof figures / sizeof figures[0]; i++) {
		bool is_asked = argc == 1;
		for (int j = 1; j < argc; j++)
			is_asked = is_asked || strcmp(argv[j], figures[i].name) == 0;
		if (is_asked)
			figures[i].measure();
		(void)fflush(stdout);
	}
	vet_sim_free(sim);
	return 0;
}
