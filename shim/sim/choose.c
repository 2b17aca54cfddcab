/* SPDX-License-Identifier: 0BSD */
#include "choose.h"

#include <stdlib.h>
#include <string.h>

/* splitmix64 (Steele, Lea, Flood 2014): a counter, well mixed; each stream has a start of its own. */
static uint64_t mixed(uint64_t x)
{
	x = (x ^ x >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ x >> 27) * UINT64_C(0x94d049bb133111eb);
	return x ^ x >> 31;
}

static uint64_t draw(struct sim_choices *choices, enum vet_sim_stream stream)
{
	choices->state[stream] += UINT64_C(0x9e3779b97f4a7c15);
	return mixed(choices->state[stream]);
}

void vetsim_choices_begin(struct sim_choices *choices, const struct vet_sim_options *options)
{
	for (uint64_t i = 0; i < VET_SIM_STREAMS; i++) {
		choices->state[i] = mixed(mixed(options->seed) + i * UINT64_C(0xd1342543de82ef95));
		choices->index[i] = 0;
		choices->tape_at[i] = 0;
	}
	choices->tape = options->tape;
	choices->tape_size = options->tape_size;
	choices->record = options->record;
	choices->kept_count = 0;
}

/* The tape is ordered within each stream. */
static uint32_t replay(struct sim_choices *choices, enum vet_sim_stream stream, uint32_t n)
{
	size_t at = choices->tape_at[stream];
	uint64_t index = choices->index[stream];
	uint32_t value;
	while (at < choices->tape_size &&
	       (choices->tape[at].stream != (uint32_t)stream || choices->tape[at].index < index))
		at++;
	choices->tape_at[stream] = at;
	if (at == choices->tape_size || choices->tape[at].index != index)
		return 0;
	value = choices->tape[at].value;
	return value < n ? value : n - 1;
}

/* One that cannot be kept for want of memory is not on the tape: the replay then differs, which who
 * shrinks notices. */
static void keep(struct sim_choices *choices, enum vet_sim_stream stream, uint32_t value)
{
	if (choices->kept_count == choices->kept_capacity) {
		size_t capacity = choices->kept_capacity == 0 ? 64 : choices->kept_capacity * 2;
		void *moved = realloc(choices->kept, capacity * sizeof *choices->kept);
		if (moved == NULL)
			return;
		choices->kept = moved;
		choices->kept_capacity = capacity;
	}
	choices->kept[choices->kept_count++] = (struct vet_sim_choice){
		.stream = (uint32_t)stream,
		.value = value,
		.index = choices->index[stream],
	};
}

static uint32_t decided(struct sim_choices *choices, enum vet_sim_stream stream, uint32_t value)
{
	if (choices->record && value != 0)
		keep(choices, stream, value);
	choices->index[stream]++;
	return value;
}

/* The high half of a product: without division, and biased by less than n in 2^32. */
static uint32_t below(uint64_t random, uint32_t n)
{
	return (uint32_t)((random >> 32) * n >> 32);
}

uint32_t vetsim_choose(struct sim_choices *choices, enum vet_sim_stream stream, uint32_t n)
{
	if (n <= 1)
		return 0;
	return decided(choices, stream,
		       choices->tape != NULL ? replay(choices, stream, n)
					     : below(draw(choices, stream), n));
}

bool vetsim_chance(struct sim_choices *choices, enum vet_sim_stream stream, uint32_t of,
		   uint32_t in)
{
	if (of == 0)
		return false;
	return decided(choices, stream,
		       choices->tape != NULL ? replay(choices, stream, 2)
					     : below(draw(choices, stream), in) < of) != 0;
}
