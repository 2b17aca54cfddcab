/* SPDX-License-Identifier: 0BSD */
/* The recorder: a layer that writes each call when it has returned. */
#include <string.h>

#include "text.h"

/* The line is written after the call, and at once: where the table below lets others run meanwhile,
 * their lines do not get in between. */
static int64_t record(struct vet_layer *layer, struct vet_call *call)
{
	struct vet_trace *trace = (struct vet_trace *)layer;
	struct vet_line line;
	struct vet_before before = vet_line_before(call);
	int64_t result = vet_call_make(layer->next, call);
	vet_line_write(&line, &trace->names, call);
	line.before = before;
	line.result = result;
	line.hash = trace->hash;
	line.sink = trace->failed == 0 ? trace->sink : NULL;
	line.context = trace->context;
	vet_line_call(&line);
	vet_line_mark(&line);
	vet_line_answer(&line);
	vet_line_literal(&line, "\n");
	vet_line_flush(&line);
	if (call->entry == VET_CALL_close)
		vet_numbers_close(&trace->names, call->fd);
	trace->hash = line.hash;
	trace->calls++;
	if (trace->failed == 0)
		trace->failed = line.error;
	return result;
}

struct vet_sys *vet_trace_start(struct vet_trace *trace, struct vet_sys *next, vet_trace_sink sink,
				void *context)
{
	trace->sink = sink;
	trace->context = context;
	trace->calls = 0;
	trace->hash = 0;
	trace->failed = 0;
	vet_numbers_start(&trace->names);
	if (sink != NULL)
		trace->failed = sink(context, vet_trace_heading, strlen(vet_trace_heading));
	return vet_layer_over(&trace->layer, next, record);
}

uint64_t vet_trace_hash(const struct vet_trace *trace)
{
	return trace->hash;
}

int vet_trace_error(const struct vet_trace *trace)
{
	return trace->failed;
}
