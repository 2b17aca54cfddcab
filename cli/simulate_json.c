/* SPDX-License-Identifier: 0BSD */
/* What became of the runs, as one JSON object: the same each time, but for "seconds". */
#define _POSIX_C_SOURCE 200809L

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "simulate.h"
#include "text.h"

static void set(json_t *object, const char *key, json_t *value)
{
	(void)json_object_set_new(object, key, value);
}

static void set_number(json_t *object, const char *key, uint64_t number)
{
	set(object, key, json_integer((json_int_t)number));
}

/* JSON's numbers are for many readers doubles. */
static void set_hash(json_t *object, const char *key, uint64_t hash)
{
	char text[17];

	(void)snprintf(text, sizeof(text), "%016" PRIx64, hash);
	set(object, key, json_string(text));
}

static json_t *again_text(const struct simulating *simulating, const struct broken *broken,
			  const struct vet_sim_choice *tape)
{
	char *again = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&again, &size);
	json_t *text = NULL;

	if (out == NULL)
		return NULL;
	simulate_put_again(out, simulating, broken->simulation, broken->seed, tape,
			   broken->choices);
	if (fclose(out) == 0)
		text = cli_json_text(again, size);
	free(again);
	return text;
}

static json_t *broken_object(const struct simulating *simulating, const struct broken *broken)
{
	json_t *object = json_object();

	set(object, "scenario",
	    cli_json_text(broken->simulation->name, strlen(broken->simulation->name)));
	set_number(object, "seed", broken->seed);
	set(object, "end", json_string(simulate_end_name(broken->report.end)));
	set(object, "why", cli_json_text(broken->report.why, strlen(broken->report.why)));
	set(object, "said",
	    broken->said == NULL ? json_null() : cli_json_text(broken->said, broken->said_size));
	set(object, "again", again_text(simulating, broken, NULL));
	set(object, "shrunk",
	    broken->tape == NULL ? json_null() : again_text(simulating, broken, broken->tape));
	return object;
}

static json_t *marks_object(const struct simulating *simulating)
{
	json_t *object = json_object();
	const char *name;

	for (unsigned i = 0; (name = vet_sim_mark_name(i)) != NULL; i++)
		set_number(object, name, vet_sim_mark_count(simulating->sim, i));
	return object;
}

bool simulate_list_json(const struct simulating *simulating)
{
	json_t *root = json_array();

	for (size_t i = 0; i < simulating->count; i++) {
		const struct vet_simulation *one = simulating->chosen[i];
		json_t *object = json_object();

		set(object, "scenario", cli_json_text(one->name, strlen(one->name)));
		set(object, "what",
		    one->what == NULL ? json_null() : cli_json_text(one->what, strlen(one->what)));
		set(object, "mischief",
		    one->mischief == NULL ? json_null()
					  : cli_json_text(one->mischief, strlen(one->mischief)));
		(void)json_array_append_new(root, object);
	}
	return cli_json_print(root);
}

bool simulate_tell_json(const struct simulating *simulating)
{
	json_t *root = json_object(), *broken = json_array();

	for (const struct broken *one = simulating->broken; one != NULL; one = one->next)
		(void)json_array_append_new(broken, broken_object(simulating, one));
	set_number(root, "runs", simulating->made);
	set_number(root, "seed", simulating->seed);
	set_number(root, "calls", simulating->calls);
	set_hash(root, "hash", simulating->hash);
	if (simulating->made == 1) {
		set(root, "end", json_string(simulate_end_name(simulating->last.end)));
		set_number(root, "switches", simulating->last.switches);
		set_number(root, "packets", simulating->last.packets);
		set_number(root, "time", (uint64_t)simulating->last.time);
		set_hash(root, "states", simulating->last.states);
	}
	set(root, "broken", broken);
	if (simulating->request->marks)
		set(root, "marks", marks_object(simulating));
	set(root, "seconds", json_real(simulating->seconds));
	return cli_json_print(root);
}
