/* SPDX-License-Identifier: 0BSD */
/* A run, as lines of text: what each actor waits for, and the state of every socket. */
#include "pipe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <vetsock/error.h>

static const char *const states[] = {
	[SIM_CLOSED] = "closed",           [SIM_LISTEN] = "listening",
	[SIM_SYN_SENT] = "SYN sent",       [SIM_SYN_RECEIVED] = "SYN received",
	[SIM_ESTABLISHED] = "established", [SIM_FIN_WAIT_1] = "FIN wait 1",
	[SIM_FIN_WAIT_2] = "FIN wait 2",   [SIM_CLOSE_WAIT] = "close wait",
	[SIM_CLOSING] = "closing",         [SIM_LAST_ACK] = "last ACK",
	[SIM_TIME_WAIT] = "time wait",
};

struct text {
	char line[512];
	size_t size;
};

static void add(struct text *text, const char *more)
{
	size_t size = strlen(more);
	if (size > sizeof text->line - text->size)
		size = sizeof text->line - text->size;
	memcpy(text->line + text->size, more, size);
	text->size += size;
}

static void add_number(struct text *text, uint64_t number)
{
	char digits[24];
	(void)snprintf(digits, sizeof digits, "%" PRIu64, number);
	add(text, digits);
}

/* Seconds, with as many digits as there are. */
static void add_time(struct text *text, int64_t nanoseconds)
{
	char digits[40];
	(void)snprintf(digits, sizeof digits, "%" PRId64 ".%09" PRId64, nanoseconds / 1000000000,
		       nanoseconds % 1000000000);
	for (size_t end = strlen(digits); digits[end - 1] == '0' || digits[end - 1] == '.'; end--) {
		bool is_point = digits[end - 1] == '.';
		digits[end - 1] = '\0';
		if (is_point)
			break;
	}
	add(text, digits);
	add(text, "s");
}

static void add_name(struct text *text, const struct sim_name *name)
{
	struct vet_address address = vetsim_name_outside(name);
	char words[VET_ADDRESS_TEXT_SIZE];
	add(text, vet_address_format(&address, words, sizeof words) < 0 ? "?" : words);
}

static void add_events(struct text *text, short events)
{
	if (events & POLLIN)
		add(text, " to be read");
	if ((events & POLLIN) && (events & POLLOUT))
		add(text, " or");
	if (events & POLLOUT)
		add(text, " to be written");
	if (!(events & (POLLIN | POLLOUT)))
		add(text, " to break");
}

static void describe_wait(struct text *text, const struct vet_sim *sim,
			  const struct sim_actor *actor)
{
	if (actor == sim->awaited) {
		add(text, " waits for the others");
	} else if (actor->waits_for == SIM_WAITS_TO_CLOSE) {
		add(text, " lingers in close");
	} else if (actor->waits_for < 0) {
		add(text, " sleeps");
	} else {
		add(text, " waits for descriptor ");
		add_number(text, (uint64_t)actor->waits_for);
		add_events(text, actor->waits_events);
		if (actor->waiters > 1) {
			add(text, ", or another of ");
			add_number(text, actor->waiters);
		}
	}
	if (actor->since >= 0) {
		add(text, ", since ");
		add_time(text, actor->since);
	}
}

static void describe_actor(const struct vet_sim *sim, const struct sim_actor *actor,
			   vet_sim_sink sink, void *context)
{
	struct text text = { .size = 0 };
	add(&text, "actor ");
	add(&text, actor->name);
	if (actor->host != NULL) {
		add(&text, " of ");
		add(&text, actor->host->name);
	}
	if (actor->has_ended)
		add(&text, " has ended");
	else if (!actor->is_waiting || actor->is_runnable)
		add(&text, actor == sim->running ? " runs" : " can go on");
	else
		describe_wait(&text, sim, actor);
	add(&text, "\n");
	(void)sink(context, text.line, text.size);
}

static void describe_stream(struct text *text, const struct sim_socket *s)
{
	const struct sim_pipe *in = s->u.stream.in, *out = s->u.stream.out;
	add(text, " ");
	add(text, states[s->state]);
	if (in != NULL && in->arrived > in->read) {
		add(text, ", unread ");
		add_number(text, in->arrived - in->read);
	}
	if (out != NULL && out->written > out->acknowledged) {
		add(text, ", not acknowledged ");
		add_number(text, out->written - out->acknowledged);
	}
	if (s->state == SIM_LISTEN) {
		add(text, ", queued ");
		add_number(text, s->u.stream.queued);
	}
}

static void describe_socket(const struct sim_socket *s, vet_sim_sink sink, void *context)
{
	struct text text = { .size = 0 };
	add(&text, s->node.kind == SIM_STREAM ? "stream " : "datagram socket ");
	add_number(&text, s->serial);
	add(&text, " of ");
	add(&text, s->host->name);
	add(&text, ": ");
	add_name(&text, &s->local);
	if (s->remote.port != 0) {
		add(&text, " to ");
		add_name(&text, &s->remote);
	}
	if (s->node.kind == SIM_STREAM)
		describe_stream(&text, s);
	if (s->error != 0) {
		add(&text, ", error ");
		add(&text, vet_error_name(-s->error));
	}
	if (s->is_orphan)
		add(&text, ", without a descriptor");
	add(&text, "\n");
	(void)sink(context, text.line, text.size);
}

static int keep(void *context, const char *text, size_t size)
{
	struct vet_sim *sim = context;
	char *moved = realloc(sim->last_words, sim->last_words_size + size);
	if (moved == NULL)
		return -1;
	memcpy(moved + sim->last_words_size, text, size);
	sim->last_words = moved;
	sim->last_words_size += size;
	return 0;
}

void vetsim_keep_words(struct vet_sim *sim)
{
	sim->last_words_size = 0;
	for (uint32_t i = 0; i < sim->actors; i++)
		describe_actor(sim, sim->actor[i], keep, sim);
}

static void tell_words(const struct vet_sim *sim, vet_sim_sink sink, void *context)
{
	const char *at = sim->last_words, *end = at + sim->last_words_size;
	while (at < end) {
		const char *line = memchr(at, '\n', (size_t)(end - at));
		(void)sink(context, at, (size_t)(line + 1 - at));
		at = line + 1;
	}
}

void vet_sim_describe(const struct vet_sim *sim, vet_sim_sink sink, void *context)
{
	if (sim->last_words_size > 0)
		tell_words(sim, sink, context);
	for (uint32_t i = 0; i < sim->actors && sim->last_words_size == 0; i++)
		describe_actor(sim, sim->actor[i], sink, context);
	for (uint32_t i = 0; i < sim->hosts; i++)
		for (const struct sim_socket *s = sim->host[i]->sockets; s != NULL;
		     s = s->next_of_host)
			describe_socket(s, sink, context);
}
