/* SPDX-License-Identifier: 0BSD */
/* Writes runs as files, for capture_test.py and timeline_test.py: capture_write DIRECTORY
 * [large], which is to write large runs too. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/layer.h>
#include <vetsock/vetsock.h>

#include "capture_log.h"

enum { CLIENT_PORT = 40001, SERVER_PORT = 47001, BYTES_MOST = 70000 };

static const char *directory;
static struct vet_sim *sim;
static unsigned char pattern[BYTES_MOST];

/* ---- events made by hand ---- */

struct scene {
	struct recording recording;
	struct vet_sim_host *client, *server;
	struct vet_address at_client, at_server;
	uint32_t next[2]; /* sequence numbers: the client's, the server's */
	uint64_t number, step;
	int64_t time;
};

static void begin(struct scene *scene, const char *name, int family, enum vet_sim_vantage vantage)
{
	struct recorded recorded = {
		.directory = directory, .name = name, .title = name, .vantage = vantage, .sim = sim
	};
	memset(scene, 0, sizeof *scene);
	if (vet_sim_start(sim, &(struct vet_sim_options){ .seed = 1 }) < 0)
		exit(1);
	scene->client = vet_sim_add_host(sim, "client");
	scene->server = vet_sim_add_host(sim, "server");
	scene->at_client = vet_address_of(vet_sim_host_ip(scene->client, family), CLIENT_PORT);
	scene->at_server = vet_address_of(vet_sim_host_ip(scene->server, family), SERVER_PORT);
	scene->next[0] = 0xfffff000U; /* soon they wrap */
	scene->next[1] = 5000;
	recording_begin(&scene->recording, &recorded);
}

static void tell(struct scene *scene, struct vet_sim_event *event)
{
	event->time = scene->time;
	event->step = ++scene->step;
	event->actor_name = event->actor_name == NULL ? "main" : event->actor_name;
	scene->recording.observer->event(scene->recording.observer->context, event);
}

static void tell_packet(struct scene *scene, const struct vet_sim_packet *packet)
{
	tell(scene, &(struct vet_sim_event){ .kind = VET_SIM_PACKET,
					     .host = packet->from,
					     .other = packet->to,
					     .packet = packet });
}

/* A packet that goes from the client (0) or the server (1), with `size` bytes in two pieces. */
static struct vet_sim_packet packet_of(struct scene *scene, unsigned from, size_t size)
{
	return (struct vet_sim_packet){
		.number = ++scene->number,
		.from = from == 0 ? scene->client : scene->server,
		.to = from == 0 ? scene->server : scene->client,
		.source = from == 0 ? scene->at_client : scene->at_server,
		.destination = from == 0 ? scene->at_server : scene->at_client,
		.part = { { pattern, size / 3 }, { pattern + size / 3, size - size / 3 } },
	};
}

/* What befalls it: each letter is an event. */
static void go(struct scene *scene, struct vet_sim_packet *packet, const char *fates)
{
	for (; *fates != '\0'; fates++) {
		scene->time += 20000000;
		switch (*fates) {
		case 'l':
			packet->fate = VET_SIM_LOST;
			break;
		case 's':
			packet->fate = VET_SIM_SENT;
			break;
		case 'd':
			packet->fate = VET_SIM_DOUBLED;
			break;
		case 'a':
			packet->fate = VET_SIM_ARRIVED;
			break;
		default:
			packet->fate = VET_SIM_DROPPED;
			break;
		}
		tell_packet(scene, packet);
		if (*fates == 'l' && packet->protocol == VET_SIM_TCP) {
			packet->attempt++;
			scene->time += 200000000;
		}
	}
}

static void segment(struct scene *scene, unsigned from, uint32_t flags, size_t size,
		    uint32_t window, const char *fates)
{
	struct vet_sim_packet packet = packet_of(scene, from, size);
	packet.protocol = VET_SIM_TCP;
	packet.flags = flags;
	packet.sequence = scene->next[from];
	packet.acknowledgement = flags & VET_SIM_ACK ? scene->next[!from] : 0;
	packet.window = window;
	scene->next[from] += (uint32_t)size + ((flags & (VET_SIM_SYN | VET_SIM_FIN)) != 0);
	go(scene, &packet, fates);
}

/* One that was not there before the sequence number: what it asks is whether somebody answers. */
static void probe(struct scene *scene, unsigned from, uint32_t window)
{
	struct vet_sim_packet packet = packet_of(scene, from, 0);
	packet.protocol = VET_SIM_TCP;
	packet.flags = VET_SIM_ACK;
	packet.sequence = scene->next[from] - 1;
	packet.acknowledgement = scene->next[!from];
	packet.window = window;
	packet.is_keepalive = true;
	go(scene, &packet, "sa");
}

static void handshake(struct scene *scene)
{
	segment(scene, 0, VET_SIM_SYN, 0, 0, "lsa");
	segment(scene, 1, VET_SIM_SYN | VET_SIM_ACK, 0, 65536, "sa");
	segment(scene, 0, VET_SIM_ACK, 0, 16777216, "sa");
}

static void goodbye(struct scene *scene)
{
	segment(scene, 0, VET_SIM_FIN | VET_SIM_ACK, 0, 65536, "lsa");
	segment(scene, 1, VET_SIM_FIN | VET_SIM_ACK, 0, 65536, "sa");
	segment(scene, 0, VET_SIM_ACK, 0, 65536, "sa");
}

/* ---- what is made by hand ---- */

static void write_tcp(const char *name, int family, enum vet_sim_vantage vantage)
{
	struct scene scene;
	uint32_t data = VET_SIM_PSH | VET_SIM_ACK;
	begin(&scene, name, family, vantage);
	handshake(&scene);
	segment(&scene, 0, data, 1000, 65536, "sa");
	segment(&scene, 1, VET_SIM_ACK, 0, 64536, "sa");
	tell(&scene,
	     &(struct vet_sim_event){ .kind = VET_SIM_MARK, .name = "a <mark> & \"more\"" });
	segment(&scene, 0, data, 1428, 65536, "llsa"); /* its numbers go on, from 0xfffff3e9 */
	segment(&scene, 0, VET_SIM_ACK, 1428, 65536, "sa");
	segment(&scene, 0, data, 77, 65536, "sa");
	segment(&scene, 1, VET_SIM_ACK, 0, 100, "sa");
	segment(&scene, 0, data, 100, 65536, "sa");  /* fills the window that is left */
	segment(&scene, 1, VET_SIM_ACK, 0, 0, "sa"); /* which is closed now */
	probe(&scene, 0, 65536);
	segment(&scene, 1, VET_SIM_ACK, 0, 0, "sa");
	segment(&scene, 1, VET_SIM_ACK, 0, 16777216, "sa");
	probe(&scene, 0, 65536);
	segment(&scene, 1, VET_SIM_ACK, 0, 16777216, "sa");
	for (int i = 0; i < 20; i++)
		segment(&scene, 0, VET_SIM_ACK, 1428, 65536, "sa");
	segment(&scene, 1, VET_SIM_ACK, 0, 1000000, "sa");
	segment(&scene, 1, data, 500, 65536, "lsa");
	segment(&scene, 0, VET_SIM_ACK, 0, 65536, "sa");
	goodbye(&scene);
	recording_end(&scene.recording);
}

/* The same ports again; a refusal; a reset. */
static void write_reset(void)
{
	struct scene scene;
	begin(&scene, "reset", 4, VET_SIM_AT_SENDER);
	segment(&scene, 0, VET_SIM_SYN, 0, 0, "sa");
	scene.next[1] = 0;
	segment(&scene, 1, VET_SIM_RST | VET_SIM_ACK, 0, 0, "sa");
	scene.next[0] = 1000000;
	scene.next[1] = 2000000;
	segment(&scene, 0, VET_SIM_SYN, 0, 0, "sa");
	segment(&scene, 1, VET_SIM_SYN | VET_SIM_ACK, 0, 65536, "sa");
	segment(&scene, 0, VET_SIM_ACK, 0, 65536, "sa");
	segment(&scene, 0, VET_SIM_PSH | VET_SIM_ACK, 10, 65536, "sa");
	segment(&scene, 1, VET_SIM_RST | VET_SIM_ACK, 0, 0, "sa");
	tell(&scene, &(struct vet_sim_event){ .kind = VET_SIM_HOST_CRASHES, .host = scene.server });
	tell(&scene,
	     &(struct vet_sim_event){ .kind = VET_SIM_FAILURE, .name = "line 7: it failed" });
	recording_end(&scene.recording);
}

static void datagram(struct scene *scene, unsigned from, size_t size, const char *fates)
{
	struct vet_sim_packet packet = packet_of(scene, from, size);
	packet.protocol = VET_SIM_UDP;
	go(scene, &packet, fates);
}

/* Nobody has the port: the answer is about the last datagram. */
static void unreachable(struct scene *scene)
{
	struct vet_sim_packet packet = packet_of(scene, 1, 0);
	packet.protocol = VET_SIM_ICMP;
	go(scene, &packet, "sa");
}

static void set_mtu(const struct scene *scene, uint32_t mtu)
{
	const struct vet_sim_link link = { .latency = 100000, .mtu = mtu };
	if (vet_sim_set_link(sim, scene->client, scene->server, &link) < 0)
		exit(1);
}

static void write_udp(const char *name, int family, enum vet_sim_vantage vantage)
{
	struct scene scene;
	static const size_t sizes[] = { 0, 1, 2, 511, 1452, 1453, 1472, 1473, 3000, 9001, 65487 };
	begin(&scene, name, family, vantage);
	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
		datagram(&scene, i & 1, sizes[i], i & 1 ? "sa" : "sdaa");
	datagram(&scene, 0, 100, "l");
	datagram(&scene, 0, 5000, "l");
	datagram(&scene, 0, 300, "sn");
	unreachable(&scene);
	datagram(&scene, 0, 4000, "sn");
	unreachable(&scene);
	set_mtu(&scene, 1280);
	datagram(&scene, 0, 5001, "sa");
	set_mtu(&scene, 577);
	if (family == 4)
		datagram(&scene, 0, 5001, "sa");
	recording_end(&scene.recording);
}

/* Each host with itself: one packet, however large. */
static void write_loopback(const char *name, int family)
{
	struct scene scene;
	begin(&scene, name, family, VET_SIM_AT_SENDER);
	scene.server = scene.client;
	scene.at_server.ip = scene.at_client.ip;
	handshake(&scene);
	segment(&scene, 0, VET_SIM_PSH | VET_SIM_ACK, family == 4 ? 65483 : 65463, 65536, "sa");
	segment(&scene, 1, VET_SIM_ACK, 0, 65536, "sa");
	goodbye(&scene);
	datagram(&scene, 0, family == 4 ? 65507 : 65488, "sa");
	if (family == 6)
		datagram(&scene, 0, 65527, "sa");
	recording_end(&scene.recording);
}

/* ---- runs of the simulator ---- */

struct run {
	struct vet_address at;
	unsigned rounds;
	size_t size;
};

static void echo(struct vet_sys *sys, void *context)
{
	const struct run *run = context;
	struct vet_socket listener = { 0 }, peer = { 0 };
	struct vet_address any = run->at;
	unsigned char data[4096];
	ssize_t n;
	vet_sim_check(sim, vet_socket_stream_on(&listener, sys, any.ip.family) == 0);
	vet_sim_check(sim, vet_socket_bind(&listener, &any) == 0);
	vet_sim_check(sim, vet_socket_listen(&listener) == 0);
	vet_sim_check(sim, vet_socket_accept(&listener, &peer, NULL) == 0);
	while ((n = vet_socket_read(&peer, data, sizeof data)) > 0)
		vet_sim_check(sim, vet_socket_write(&peer, data, (size_t)n, NULL) == 0);
	(void)vet_socket_close(&peer);
	(void)vet_socket_close(&listener);
}

static void ask(struct vet_sys *sys, void *context)
{
	static unsigned char data[BYTES_MOST];
	const struct run *run = context;
	struct vet_socket s = { 0 };
	int result;
	vet_sim_check(sim, vet_socket_stream_on(&s, sys, run->at.ip.family) == 0);
	while ((result = vet_socket_connect(&s, &run->at)) == -ECONNREFUSED)
		(void)(sys->calls->poll)(sys, NULL, 0, VET_MILLISECONDS(10));
	vet_sim_check(sim, result == 0);
	for (unsigned i = 0; i < run->rounds; i++) {
		vet_sim_check(sim, vet_socket_write(&s, pattern, run->size, NULL) == 0);
		vet_sim_check(sim, vet_socket_read_exact(&s, data, run->size, NULL) == 0);
		vet_sim_check(sim, memcmp(data, pattern, run->size) == 0);
	}
	(void)vet_socket_close(&s);
}

/* Datagrams that go to and fro, one that nobody takes, and what is said of it. */
static void answer(struct vet_sys *sys, void *context)
{
	const struct run *run = context;
	struct vet_socket s = { 0 };
	struct vet_address from;
	unsigned char data[8192];
	ssize_t n;
	vet_sim_check(sim, vet_socket_datagram_on(&s, sys, run->at.ip.family) == 0);
	vet_sim_check(sim, vet_socket_bind(&s, &run->at) == 0);
	vet_socket_timeout_after(&s, VET_SECONDS(20));
	while ((n = vet_socket_receive_from(&s, data, sizeof data, &from, NULL)) >= 0)
		vet_sim_check(sim, vet_socket_send_to(&s, data, (size_t)n, &from) == n);
	(void)vet_socket_close(&s);
}

static void post(struct vet_sys *sys, void *context)
{
	const struct run *run = context;
	struct vet_address nobody = run->at;
	struct vet_socket s = { 0 };
	nobody.port++;
	vet_sim_check(sim, vet_socket_datagram_on(&s, sys, run->at.ip.family) == 0);
	for (unsigned i = 0; i < run->rounds; i++) {
		size_t size = i * run->size % 8000;
		(void)(sys->calls->poll)(sys, NULL, 0, VET_MILLISECONDS(3));
		vet_sim_check(sim,
			      vet_socket_send_to(&s, pattern, size, &run->at) == (ssize_t)size);
	}
	vet_sim_check(sim, vet_socket_send_to(&s, pattern, 4000, &nobody) == 4000);
	(void)(sys->calls->poll)(sys, NULL, 0, VET_SECONDS(1));
	(void)vet_socket_close(&s);
}

struct program {
	const char *title;
	vet_sim_run_function serve, ask;
	struct vet_sim_link link;
};

static const struct program streams = {
	.title = "echo under loss, seed 7",
	.serve = echo,
	.ask = ask,
	.link = { .latency = VET_MILLISECONDS(20), .loss = 50000 },
};
static const struct program datagrams = {
	.title = "datagrams, seed 7",
	.serve = answer,
	.ask = post,
	.link = { .latency = VET_MILLISECONDS(20),
		  .jitter = VET_MILLISECONDS(5),
		  .loss = 50000,
		  .duplication = 200000,
		  .reordering = 200000 },
};

static void write_run(const struct program *program, const char *name, int family,
		      enum vet_sim_vantage vantage, size_t size)
{
	struct recorded recorded = { .directory = directory,
				     .name = name,
				     .title = program->title,
				     .vantage = vantage,
				     .sim = sim };
	struct run run = { .rounds = program == &streams ? 12 : 40, .size = size };
	struct vet_sim_report report;
	struct recording recording;
	struct vet_sim_host *server;
	recording_begin(&recording, &recorded);
	if (vet_sim_start(sim, &(struct vet_sim_options){ .seed = 7,
							  .observer = recording.observer }) < 0)
		exit(1);
	server = vet_sim_add_host(sim, "server");
	run.at = vet_address_of(vet_sim_host_ip(server, family), SERVER_PORT);
	if (vet_sim_set_link(sim, NULL, NULL, &program->link) < 0 ||
	    vet_sim_actor(server, "server", program->serve, &run) < 0 ||
	    vet_sim_actor(vet_sim_add_host(sim, "client"), "client", program->ask, &run) < 0)
		exit(1);
	if (vet_sim_run(sim, &report) < 0) {
		fprintf(stderr, "%s: %s\n", name, report.why);
		exit(1);
	}
	recording_end(&recording);
}

int main(int argc, char **argv)
{
	if (argc < 2 || argc > 3 || vet_sim_make(&sim) < 0)
		return 2;
	directory = argv[1];
	for (size_t i = 0; i < BYTES_MOST; i++)
		pattern[i] = (unsigned char)(i * 7 + i / 251);
	write_tcp("tcp4", 4, VET_SIM_AT_SENDER);
	write_tcp("tcp6", 6, VET_SIM_AT_SENDER);
	write_tcp("tcp4_arrived", 4, VET_SIM_AT_RECEIVER);
	write_reset();
	write_udp("udp4", 4, VET_SIM_AT_SENDER);
	write_udp("udp6", 6, VET_SIM_AT_SENDER);
	write_udp("udp4_arrived", 4, VET_SIM_AT_RECEIVER);
	write_loopback("loopback4", 4);
	write_loopback("loopback6", 6);
	write_run(&streams, "echo4", 4, VET_SIM_AT_SENDER, 5000);
	write_run(&streams, "echo6", 6, VET_SIM_AT_SENDER, 60000);
	write_run(&streams, "echo4_arrived", 4, VET_SIM_AT_RECEIVER, 20000);
	write_run(&datagrams, "datagrams4", 4, VET_SIM_AT_SENDER, 997);
	write_run(&datagrams, "datagrams6", 6, VET_SIM_AT_SENDER, 997);
	write_run(&datagrams, "datagrams4_arrived", 4, VET_SIM_AT_RECEIVER, 997);
	write_busy(sim, directory, argc == 3);
	vet_sim_free(sim);
	return 0;
}
