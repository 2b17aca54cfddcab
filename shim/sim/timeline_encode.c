/* SPDX-License-Identifier: 0BSD */
/* The events of a time line as its page has them: timeline.h tells the format. */
#include "timeline.h"

#include <stdlib.h>

/* The time between two events is at most so long, so that a double has it to the nanosecond. */
#define LONGEST (INT64_C(1) << 50)

/* ---- what is used, in the order of its first use ---- */

static bool order_begin(struct sim_line_order *order, size_t room)
{
	order->count = 0;
	order->index = malloc((room + 1) * sizeof *order->index);
	order->number = malloc((room + 1) * sizeof *order->number);
	if (order->index == NULL || order->number == NULL)
		return false;
	for (size_t i = 0; i < room; i++)
		order->index[i] = SIM_INTERN_NONE;
	return true;
}

static void order_end(struct sim_line_order *order)
{
	free(order->index);
	free(order->number);
}

static uint32_t order_of(struct sim_line_order *order, uint32_t number)
{
	if (order->index[number] == SIM_INTERN_NONE) {
		order->index[number] = order->count;
		order->number[order->count++] = number;
	}
	return order->index[number];
}

/* ---- numbers ---- */

static void put_number(struct sim_line_code *code, uint64_t value)
{
	while (value >= 128) {
		code->put(code->context, (uint8_t)(value | 128));
		value >>= 7;
	}
	code->put(code->context, (uint8_t)value);
}

/* The difference of two, which wraps. */
static void put_signed(struct sim_line_code *code, uint64_t value)
{
	put_number(code, value >> 63 != 0 ? ~value << 1 | 1 : value << 1);
}

static void put_signed32(struct sim_line_code *code, uint32_t value)
{
	put_signed(code, value >> 31 != 0 ? value | ~(uint64_t)UINT32_MAX : value);
}

/* 0: none. */
static void put_host(struct sim_line_code *code, uint32_t number)
{
	put_number(code, number == 0 ? 0 : order_of(&code->hosts, number) + UINT64_C(1));
}

static void put_text(struct sim_line_code *code, uint32_t number)
{
	put_number(code, order_of(&code->texts, number));
}

/* ---- flows ---- */

static uint32_t load(const unsigned char *at, size_t size)
{
	uint32_t value = 0;
	for (size_t i = 0; i < size; i++)
		value |= (uint32_t)at[i] << 8 * i;
	return value;
}

static struct sim_line_flow *put_flow(struct sim_line_code *code,
				      const struct sim_line_event *event)
{
	struct sim_line_flow *flow = &code->flow[event->subject];
	const unsigned char *at;
	size_t size;
	if (flow->index != SIM_INTERN_NONE) {
		put_number(code, flow->index);
		return flow;
	}
	*flow = (struct sim_line_flow){ .index = code->flows };
	put_number(code, code->flows++);
	at = vetsim_interned(&code->timeline->flows, event->subject, &size);
	put_host(code, load(at, 2));
	put_host(code, load(at + 2, 2));
	put_number(code, at[4]);
	put_number(code, order_of(&code->ips, load(at + 5, 4)));
	put_number(code, load(at + 9, 2));
	put_number(code, order_of(&code->ips, load(at + 11, 4)));
	put_number(code, load(at + 15, 2));
	return flow;
}

static bool is_tcp(const struct sim_line_code *code, const struct sim_line_event *event)
{
	size_t size;
	return vetsim_interned(&code->timeline->flows, event->subject, &size)[4] == VET_SIM_TCP;
}

/* ---- events ---- */

static void put_tcp(struct sim_line_code *code, const struct sim_line_event *event,
		    struct sim_line_flow *flow)
{
	put_signed32(code, event->sequence - flow->sequence);
	put_signed32(code, event->acknowledgement - flow->acknowledgement);
	put_signed32(code, event->window - flow->window);
	flow->sequence =
		event->sequence + event->size + ((event->flags & (VET_SIM_SYN | VET_SIM_FIN)) != 0);
	flow->acknowledgement = event->acknowledgement;
	flow->window = event->window;
}

static void put_sent(struct sim_line_code *code, const struct sim_line_event *event)
{
	struct sim_line_flow *flow;
	put_signed(code, (uint64_t)event->number - (uint64_t)code->number);
	code->number = event->number;
	flow = put_flow(code, event);
	code->put(code->context,
		  (uint8_t)(event->flags | (event->attempt > 0 ? SIM_LINE_HAS_ATTEMPT : 0)));
	if (event->attempt > 0)
		put_number(code, event->attempt);
	put_number(code, event->size);
	if (is_tcp(code, event))
		put_tcp(code, event, flow);
}

static void put_arrived(struct sim_line_code *code, const struct sim_line_event *event)
{
	put_signed(code, (uint64_t)event->number - (uint64_t)code->arrived);
	code->arrived = event->number;
	(void)put_flow(code, event);
}

static void put_call(struct sim_line_code *code, const struct sim_line_event *event)
{
	code->put(code->context, event->entry);
	put_signed32(code, event->subject);
	put_number(code, event->number < 0 ? 0 : (uint64_t)event->number + 1);
	if (event->number < 0)
		put_text(code, event->size);
}

static void put_details(struct sim_line_code *code, const struct sim_line_event *event)
{
	switch (event->kind) {
	case SIM_LINE_SENT:
	case SIM_LINE_LOST:
	case SIM_LINE_DOUBLED:
		put_sent(code, event);
		break;
	case SIM_LINE_ARRIVED:
	case SIM_LINE_DROPPED:
		put_arrived(code, event);
		break;
	case SIM_LINE_CALL:
		put_call(code, event);
		break;
	case SIM_LINE_CRASHES:
	case SIM_LINE_RESTARTS:
		put_host(code, event->host);
		break;
	case SIM_LINE_LINK:
		put_host(code, event->host);
		put_host(code, event->other);
		put_text(code, event->subject);
		break;
	case SIM_LINE_JUMP:
		put_host(code, event->host);
		put_signed(code, (uint64_t)event->number);
		break;
	case SIM_LINE_MARK:
	case SIM_LINE_FAILURE:
		put_text(code, event->subject);
		break;
	default:
		break;
	}
}

/* From 1; 0: none. */
static uint32_t index_of_actor(struct sim_line_code *code, uint32_t actor)
{
	if (actor == SIM_INTERN_NONE)
		return 0;
	if (code->timeline->actor[actor].host != 0)
		(void)order_of(&code->hosts, code->timeline->actor[actor].host);
	(void)order_of(&code->texts, code->timeline->actor[actor].name);
	return order_of(&code->actors, actor) + 1;
}

static void put_event(struct sim_line_code *code, const struct sim_line_event *event)
{
	uint32_t actor = index_of_actor(code, event->actor);
	int64_t time = event->time - code->time;
	unsigned head = event->kind;
	if (time > LONGEST) {
		code->put(code->context, SIM_LINE_PAUSE);
		put_number(code, (uint64_t)(time / 1000000000));
		time %= 1000000000;
	}
	head |= actor == code->actor ? SIM_LINE_SAME_ACTOR : 0;
	head |= event->step == code->step ? SIM_LINE_SAME_STEP : 0;
	head |= time == 0 ? SIM_LINE_SAME_TIME : 0;
	code->put(code->context, (uint8_t)head);
	if (time != 0)
		put_number(code, (uint64_t)time);
	if (event->step != code->step)
		put_number(code, event->step - code->step);
	if (actor != code->actor)
		put_number(code, actor);
	put_details(code, event);
	code->actor = actor;
	code->time = event->time;
	code->step = event->step;
}

/* ---- all of them ---- */

/* Who is there before the first event is in the tables before those who come. */
static void order_who_is_there(struct sim_line_code *code)
{
	const struct vet_sim_timeline *timeline = code->timeline;
	for (uint32_t i = 0; i < timeline->actors.count; i++)
		if (timeline->actor[i].state != SIM_LINE_ABSENT)
			(void)index_of_actor(code, i);
}

bool vetsim_line_code_begin(struct sim_line_code *code, const struct vet_sim_timeline *timeline,
			    uint32_t first)
{
	bool is_made;
	memset(code, 0, sizeof *code);
	code->timeline = timeline;
	code->first = first;
	is_made = order_begin(&code->hosts, VET_SIM_HOSTS + 1);
	is_made = order_begin(&code->actors, timeline->actors.count) && is_made;
	is_made = order_begin(&code->ips, timeline->ips.count) && is_made;
	is_made = order_begin(&code->texts, timeline->texts.count) && is_made;
	code->flow = malloc((timeline->flows.count + (size_t)1) * sizeof *code->flow);
	return is_made && code->flow != NULL;
}

void vetsim_line_code(struct sim_line_code *code, void (*put)(void *context, uint8_t byte),
		      void *context)
{
	const struct vet_sim_timeline *timeline = code->timeline;
	code->put = put;
	code->context = context;
	code->flows = 0;
	for (uint32_t i = 0; i < timeline->flows.count; i++)
		code->flow[i].index = SIM_INTERN_NONE;
	code->actor = 0;
	code->number = code->arrived = 0;
	if (code->first == timeline->count)
		return;
	order_who_is_there(code);
	code->time = sim_line_at(timeline, code->first)->time;
	code->step = sim_line_at(timeline, code->first)->step;
	for (uint32_t i = code->first; i < timeline->count; i++)
		put_event(code, sim_line_at(timeline, i));
}

void vetsim_line_code_end(struct sim_line_code *code)
{
	order_end(&code->hosts);
	order_end(&code->actors);
	order_end(&code->ips);
	order_end(&code->texts);
	free(code->flow);
}
