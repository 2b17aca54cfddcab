/* SPDX-License-Identifier: 0BSD */
/* Runs with more of everything than the others, and with texts that would break out of a page. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/layer.h>

#include "capture_log.h"

enum { HOSTS = 8, ACTORS = 5 /* of a host */, UNDER_WAY = 64, CRASHES = 2 };

/* What is under way. */
struct letter {
	struct vet_sim_packet packet;
	int64_t at;
};

struct busy {
	struct recording recording;
	struct vet_sim *sim;
	struct vet_sim_host *host[HOSTS];
	uint64_t random, number, step;
	int64_t time;
	bool is_waiting[HOSTS * ACTORS];
	char name[HOSTS * ACTORS][32];
	struct letter letter[UNDER_WAY];
	unsigned letters;
	uint32_t sequence[HOSTS][HOSTS];
	bool is_crashed[HOSTS];
	bool are_strangers; /* every packet has ports of its own, and numbers that nothing tells */
};

static uint32_t one_of(struct busy *busy, uint32_t n)
{
	busy->random = busy->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((busy->random >> 33) % n);
}

static void tell(struct busy *busy, unsigned actor, struct vet_sim_event *event)
{
	event->time = busy->time;
	event->step = busy->step += one_of(busy, 3);
	event->actor = actor + 1;
	event->actor_name = busy->name[actor];
	busy->recording.observer->event(busy->recording.observer->context, event);
}

static void tell_packet(struct busy *busy, unsigned actor, struct vet_sim_packet *packet,
			enum vet_sim_fate fate)
{
	packet->fate = fate;
	tell(busy, actor,
	     &(struct vet_sim_event){ .kind = VET_SIM_PACKET,
				      .host = packet->from,
				      .other = packet->to,
				      .packet = packet });
}

/* ---- what happens ---- */

static void deliver(struct busy *busy, unsigned index)
{
	struct letter *letter = &busy->letter[index];
	struct vet_sim_packet packet = letter->packet;
	unsigned actor = one_of(busy, HOSTS * ACTORS);
	bool is_dropped = one_of(busy, 50) == 0;
	busy->time = letter->at > busy->time ? letter->at : busy->time;
	*letter = busy->letter[--busy->letters];
	packet.part[0].iov_len = packet.part[1].iov_len = 0;
	tell_packet(busy, actor, &packet, is_dropped ? VET_SIM_DROPPED : VET_SIM_ARRIVED);
}

static void number_of_stranger(struct busy *busy, struct vet_sim_packet *packet)
{
	packet->number = (uint64_t)one_of(busy, 1U << 31) << 10;
	packet->source.port = one_of(busy, 65536);
	packet->destination.port = one_of(busy, 65536);
	packet->sequence = one_of(busy, 1U << 31) * 2;
	packet->acknowledgement = one_of(busy, 1U << 31) * 2;
	packet->window = one_of(busy, 1U << 24);
}

static void post(struct busy *busy)
{
	static unsigned char bytes[1400];
	unsigned actor = one_of(busy, HOSTS * ACTORS), from = actor / ACTORS,
		 to = one_of(busy, HOSTS);
	bool is_stream = one_of(busy, 4) > 0;
	size_t size = one_of(busy, 3) == 0 ? 0 : one_of(busy, sizeof bytes) + 1;
	struct vet_sim_packet packet = {
		.number = ++busy->number,
		.protocol = is_stream ? VET_SIM_TCP : VET_SIM_UDP,
		.from = busy->host[from],
		.to = busy->host[to],
		.source = vet_address_of(vet_sim_host_ip(busy->host[from], 4), 30000 + to),
		.destination = vet_address_of(vet_sim_host_ip(busy->host[to], 4), 80),
		.part = { { bytes, size }, { NULL, 0 } },
	};
	if (is_stream) {
		packet.flags = VET_SIM_ACK;
		packet.flags |= one_of(busy, 40) == 0 ? VET_SIM_SYN : 0;
		packet.flags |= one_of(busy, 90) == 0 ? VET_SIM_RST : 0;
		packet.sequence = busy->sequence[from][to];
		packet.acknowledgement = busy->sequence[to][from];
		packet.window = 65535 - one_of(busy, 3) * 1400;
		packet.attempt = one_of(busy, 25) == 0;
		busy->sequence[from][to] += (uint32_t)size;
	}
	if (busy->are_strangers)
		number_of_stranger(busy, &packet);
	if (one_of(busy, 20) == 0) {
		tell_packet(busy, actor, &packet, VET_SIM_LOST);
		return;
	}
	tell_packet(busy, actor, &packet, VET_SIM_SENT);
	busy->letter[busy->letters++] =
		(struct letter){ packet, busy->time + 100000 + one_of(busy, 900000) };
}

static void live(struct busy *busy)
{
	unsigned actor = one_of(busy, HOSTS * ACTORS);
	busy->is_waiting[actor] = !busy->is_waiting[actor];
	tell(busy, actor,
	     &(struct vet_sim_event){
		     .kind = busy->is_waiting[actor] ? VET_SIM_ACTOR_WAITS : VET_SIM_ACTOR_GOES_ON,
		     .host = busy->host[actor / ACTORS],
	     });
}

static void call(struct busy *busy)
{
	unsigned actor = one_of(busy, HOSTS * ACTORS);
	int64_t result = one_of(busy, 4) == 0 ? -EAGAIN : (int64_t)one_of(busy, 1400);
	struct vet_call made = { .entry = one_of(busy, VET_CALL_COUNT) };
	made.fd = (int)one_of(busy, 12) - 1;
	tell(busy, actor,
	     &(struct vet_sim_event){
		     .kind = VET_SIM_CALL,
		     .host = busy->host[actor / ACTORS],
		     .call = &made,
		     .result = result,
	     });
}

static void cut(struct busy *busy, unsigned host, bool is_down)
{
	struct vet_sim_link link = { .latency = 100000, .jitter = 900000, .loss = 50000 };
	link.is_down = is_down;
	if (vet_sim_set_link(busy->sim, busy->host[host], NULL, &link) < 0)
		exit(1);
	tell(busy, host * ACTORS,
	     &(struct vet_sim_event){ .kind = VET_SIM_LINK_CHANGES, .host = busy->host[host] });
}

static void crash(struct busy *busy, unsigned host)
{
	busy->is_crashed[host] = !busy->is_crashed[host];
	tell(busy, 0,
	     &(struct vet_sim_event){ .kind = busy->is_crashed[host] ? VET_SIM_HOST_CRASHES
								     : VET_SIM_HOST_RESTARTS,
				      .host = busy->host[host] });
}

/* What is rare happens at set places of the run. */
static void rarely(struct busy *busy, unsigned at)
{
	unsigned host = at / 3 % HOSTS;
	if (at % 40 == 7 || at % 40 == 13)
		crash(busy, (at / 40) % CRASHES + 1);
	else if (at % 40 == 20 || at % 40 == 29)
		cut(busy, 3, at % 40 == 20);
	else if (at % 40 == 35)
		tell(busy, host * ACTORS,
		     &(struct vet_sim_event){ .kind = VET_SIM_CLOCK_JUMPS,
					      .host = busy->host[host] });
	else if (at % 5 == 4)
		tell(busy, host * ACTORS,
		     &(struct vet_sim_event){ .kind = VET_SIM_MARK,
					      .name = vet_sim_mark_name(at % 7) });
}

static void live_on(struct busy *busy, unsigned events)
{
	unsigned part = events / 100 + 1;
	for (unsigned i = 0; i < events; i++) {
		busy->time += one_of(busy, 40000);
		if (i % part == part / 2)
			rarely(busy, i / part);
		if (busy->letters > 0 && (busy->letters == UNDER_WAY || one_of(busy, 3) == 0))
			deliver(busy, one_of(busy, busy->letters));
		else if (one_of(busy, 3) > 0)
			post(busy);
		else if (one_of(busy, 2) > 0)
			live(busy);
		else
			call(busy);
	}
	tell(busy, 7,
	     &(struct vet_sim_event){ .kind = VET_SIM_FAILURE,
				      .name = "echo_test.c:77: n == size" });
}

static void begin(struct busy *busy, const char *const names[])
{
	if (vet_sim_start(busy->sim, &(struct vet_sim_options){ .seed = 1 }) < 0)
		exit(1);
	for (unsigned i = 0; i < HOSTS; i++)
		busy->host[i] = vet_sim_add_host(busy->sim, names[i]);
	for (unsigned i = 0; i < HOSTS * ACTORS; i++) {
		(void)snprintf(busy->name[i], sizeof busy->name[i], "%s %u",
			       i % ACTORS == 0 ? "accept" : "worker", i % ACTORS);
		tell(busy, i,
		     &(struct vet_sim_event){ .kind = VET_SIM_ACTOR_BEGINS,
					      .host = busy->host[i / ACTORS] });
	}
}

static void write_run(struct vet_sim *sim, const struct recorded *recorded, unsigned events,
		      bool are_strangers, const char *const names[])
{
	struct busy *busy = calloc(1, sizeof *busy);
	if (busy == NULL)
		exit(1);
	busy->sim = sim;
	busy->random = 1;
	busy->are_strangers = are_strangers;
	recording_begin(&busy->recording, recorded);
	begin(busy, names);
	live_on(busy, events);
	recording_end(&busy->recording);
	free(busy);
}

/* Texts that end scripts, strings and elements, that are no UTF-8, and that turn around what
 * follows. */
static void write_odd(struct vet_sim *sim, const char *directory)
{
	static const char *const names[HOSTS] = {
		"</script><script>alert(1)",
		"\"};alert(2);//",
		"<img src=x onerror=alert(3)>",
		"\\u003c\\\"'`${alert(4)}",
		"\x01\x02\t\n\r\x7f",
		"caf\xc3\xa9 \xff\xfe",
		"\xe2\x80\xa8line\xe2\x80\xa9 \xe2\x80\xae",
		"<!-- @DATA@ @TITLE@ ]]>",
	};
	struct recorded recorded = {
		.directory = directory,
		.name = "odd",
		.sim = sim,
		.title = "</title><script>alert(5)</script> & \"odd\" \xc3\xa9\xff"
	};
	write_run(sim, &recorded, 2000, false, names);
}

void write_busy(struct vet_sim *sim, const char *directory, bool is_large)
{
	static const char *const names[HOSTS] = { "front", "middle", "back",    "store",
						  "cache", "mail",   "clients", "watch" };
	struct recorded recorded = { .directory = directory,
				     .name = "some",
				     .sim = sim,
				     .title = "vetsock sim --seed 7 --hosts 8 everything" };
	write_odd(sim, directory);
	write_run(sim, &recorded, 700, false, names);
	if (!is_large)
		return;
	recorded.is_large = true;
	recorded.name = "long";
	write_run(sim, &recorded, 250000, false, names);
	recorded.name = "strangers";
	write_run(sim, &recorded, 199900, true, names);
}
