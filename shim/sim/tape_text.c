/* SPDX-License-Identifier: 0BSD */
/* Tapes of runs as text: "latency:3=512 loss:7=1". */
#include <errno.h>
#include <string.h>

#include <vetsock/simulate.h>

#include "../../src/print.h"
#include "../../src/scan.h"

static const char *const streams[VET_SIM_STREAMS] = {
	[VET_SIM_SCHEDULE] = "schedule", [VET_SIM_LATENCY] = "latency", [VET_SIM_LOSS] = "loss",
	[VET_SIM_COUNTS] = "counts",     [VET_SIM_PORTS] = "ports",     [VET_SIM_FAULTS] = "faults",
	[VET_SIM_PROGRAM] = "program",
};

struct tape {
	const struct vet_sim_choice *choice;
	size_t count;
};

static void put_tape(struct vet_printer *out, const void *value)
{
	const struct tape *tape = value;
	for (size_t i = 0; i < tape->count; i++) {
		if (i > 0)
			vet_put(out, " ");
		vet_put(out, streams[tape->choice[i].stream]);
		vet_put(out, ":");
		vet_put_number(out, tape->choice[i].index);
		vet_put(out, "=");
		vet_put_number(out, tape->choice[i].value);
	}
}

ssize_t vet_sim_tape_format(const struct vet_sim_choice *tape, size_t count, char *text, size_t size)
{
	const struct tape all = { tape, count };
	for (size_t i = 0; i < count; i++)
		if (tape[i].stream >= VET_SIM_STREAMS)
			return vet_print_refuse(text, size, -EINVAL);
	return vet_print(put_tape, &all, text, size);
}

static bool scan_stream(struct vet_scan *s, uint32_t *stream)
{
	struct vet_span span = vet_scan_name(s);
	for (*stream = 0; *stream < VET_SIM_STREAMS; (*stream)++)
		if (vet_span_is(s, span, streams[*stream]))
			return true;
	if (span.length == 0)
		return vet_scan_misfit(s, "the name of a stream is missing",
				       "here a stream's name is to stand");
	return vet_scan_unknown(s, span,
				"there is no such stream: schedule, latency, loss, counts, ports, "
				"faults, program");
}

static bool scan_choice(struct vet_scan *s, struct vet_sim_choice *choice)
{
	static const struct vet_bounds any = { 0, UINT64_MAX, "", "no run makes as many choices" };
	static const struct vet_bounds value = { 1, UINT32_MAX,
						 "0 is what is chosen where nothing is said",
						 "no choice is as great" };
	uint64_t number;
	if (!scan_stream(s, &choice->stream))
		return false;
	if (!vet_scan_take(s, ':'))
		return vet_scan_misfit(s, "':' and the number of the choice are missing",
				       "between a stream and its choice stands ':'");
	if (!vet_scan_within(s, &any, &choice->index))
		return false;
	if (!vet_scan_take(s, '='))
		return vet_scan_misfit(s, "'=' and what was chosen are missing",
				       "between a choice and its value stands '='");
	if (!vet_scan_within(s, &value, &number))
		return false;
	choice->value = (uint32_t)number;
	return true;
}

static bool scan_tape(struct vet_scan *s, struct vet_sim_choice *tape, size_t room, size_t *count)
{
	uint64_t next[VET_SIM_STREAMS] = { 0 };
	vet_scan_skip_blanks(s);
	while (!vet_scan_at_end(s)) {
		size_t at = s->at;
		if (*count == room)
			return vet_scan_fail(s, at, 1, "there are more choices than there is room");
		if (!scan_choice(s, &tape[*count]))
			return false;
		if (tape[*count].index < next[tape[*count].stream])
			return vet_scan_fail(s, at, s->at - at,
					     "choices of a stream stand in their order");
		next[tape[*count].stream] = tape[*count].index + 1;
		++*count;
		vet_scan_skip_blanks(s);
	}
	return true;
}

int vet_sim_tape_parse(const char *text, size_t size, struct vet_sim_choice *tape, size_t room,
		       size_t *count, struct vet_text_error *error)
{
	struct vet_scan s = { .text = text, .size = size };
	bool is_good;
	*count = 0;
	is_good = scan_tape(&s, tape, room, count);
	if (error != NULL)
		*error = s.error;
	if (is_good)
		return 0;
	*count = 0;
	return -EINVAL;
}
