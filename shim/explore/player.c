/* SPDX-License-Identifier: 0BSD */
/* Runs whose faults are read from a tape. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "../call/call.h"
#include "../peer/peer.h"
#include "trial.h"

enum {
	GAP_GOES_ON = 255, /* calls go by undisturbed, and the next byte says how many more */
	COUNTS = 0x10000,  /* what a call is cut to is below this: two bytes of the tape */
};

struct vet_player {
	struct vet_trial trial;
	struct coverage coverage;     /* of it, the operations */
	struct vet_scenario scenario; /* what is played, and begins with begin_to_play() */
	void (*program)(struct vet_trial *trial);
	struct vet_plan plan;
	struct vet_tape *faults; /* NULL: none are read */
	uint64_t runs, calls;
	unsigned char room[VET_PEER_BLOCKS * VET_PEER_BLOCK];
};

int vet_player_make(struct vet_player **player)
{
	*player = calloc(1, sizeof **player);
	if (*player == NULL)
		return -ENOMEM;
	vet_coverage_begin(&(*player)->coverage);
	(*player)->trial.is_played = true;
	(*player)->trial.peer.room = (*player)->room;
	return 0;
}

void vet_player_free(struct vet_player *player)
{
	if (player == NULL)
		return;
	vet_peer_finish(&player->trial.peer);
	vet_coverage_end(&player->coverage);
	free(player);
}

/* ---- what a call may meet ---- */

/* A row as a rule for one call, or from that on. */
struct candidate {
	const struct vet_lawful *row;
	bool for_ever;
};

/* What is passed on and lasts ends a program, and so does what breaks its connection. */
static unsigned finality(const struct candidate *c)
{
	if (c->row->action != VET_ACTION_ERROR || c->row->handling != VET_HANDLING_PASSES_ON ||
	    c->row->effect == VET_EFFECT_TAKEN) /* only where there is a connection to lose */
		return 0;
	return c->for_ever ? 2 : c->row->latch != VET_LATCH_NONE ? 1 : 0;
}

/* Of a situation: how many there are, and which of them is the most final. */
struct candidates {
	const struct vet_situation *at;
	uint32_t count;
	uint32_t most_final;
	struct candidate found; /* that of the index which was looked for */
};

static void look_at(struct candidates *all, const struct candidate *c, uint32_t wanted,
		    unsigned *most)
{
	if (finality(c) > *most) {
		*most = finality(c);
		all->most_final = all->count;
	}
	if (all->count++ == wanted)
		all->found = *c;
}

static void go_through(struct candidates *all, uint32_t wanted)
{
	size_t first, count = vet_lawful_of(all->at->entry, &first);
	unsigned most = 0;
	all->count = all->most_final = 0;
	for (size_t i = first; i < first + count; i++) {
		struct candidate c = { vet_lawful_at(i), false };
		if (!vet_lawful_applies(c.row, all->at))
			continue;
		if (c.row->lasts & VET_LASTS_ONCE)
			look_at(all, &c, wanted, &most);
		c.for_ever = true;
		if (c.row->lasts & VET_LASTS_FOR_EVER)
			look_at(all, &c, wanted, &most);
	}
}

/* One of those that apply; false: none does.  The most final one comes first. */
static bool choose_candidate(struct vet_tape *tape, const struct vet_situation *at,
			     struct candidate *chosen)
{
	struct candidates all = { .at = at };
	uint32_t index;
	go_through(&all, UINT32_MAX);
	if (all.count == 0)
		return false;
	index = vet_tape_choose(tape, VET_TAPE_FAULTS, all.count);
	if (index == 0)
		index = all.most_final;
	else if (index <= all.most_final)
		index--;
	go_through(&all, index);
	*chosen = all.found;
	return true;
}

/* ---- the next fault ---- */

static void read_gap(struct vet_player *player, uint64_t calls)
{
	struct vet_tape *tape = player->faults;
	uint32_t gap;
	player->trial.fault.asks_at = UINT64_MAX;
	do {
		if (tape->front == tape->back)
			return;
		gap = vet_tape_choose(tape, VET_TAPE_FAULTS, 256);
		calls += gap;
	} while (gap == GAP_GOES_ON);
	player->trial.fault.asks_at = calls + 1;
}

/* Whether the fault layer would find that the call does not block, when it looks (act.c): it is said
 * here without a call, which would take time. */
static bool is_ready(struct vet_peer *peer, const struct vet_call *call)
{
	uint32_t bit = UINT32_C(1) << call->entry;
	struct vet_peer_end *end;
	if (!(bit & (VET_CALLS_OUT | VET_CALLS_IN | VET_BIT(accept))))
		return true;
	end = vet_peer_end_of(peer, call->fd);
	return end != NULL && end->state != CONNECTING &&
	       vet_peer_readiness(peer, end, bit & VET_CALLS_OUT ? POLLOUT : POLLIN) != 0;
}

static int64_t choose_argument(struct vet_tape *tape, const struct vet_lawful *row, size_t asked)
{
	if (row->action != VET_ACTION_SHORT)
		return vet_row_argument(row);
	return 1 + (int64_t)vet_tape_choose(tape, VET_TAPE_FAULTS,
					    asked - 1 < COUNTS ? (uint32_t)(asked - 1) : COUNTS);
}

static bool ask(void *context, const struct vet_call *call, struct vet_rule *rule)
{
	struct vet_player *player = context;
	struct vet_fault *fault = &player->trial.fault;
	struct candidate chosen;
	bool is_any = choose_candidate(player->faults, &fault->situation, &chosen);
	if (is_any)
		*rule = vet_row_rule(chosen.row, fault->counts[call->entry], chosen.for_ever,
				     choose_argument(player->faults, chosen.row, fault->asked));
	read_gap(player, fault->calls);
	if (is_any && (rule->argument == -EAGAIN || chosen.row->effect == VET_EFFECT_TAKEN))
		return player->scenario.begin != NULL || is_ready(&player->trial.peer, call);
	return is_any;
}

/* ---- runs ---- */

static void begin_to_play(struct vet_trial *trial)
{
	struct vet_player *player = (struct vet_player *)trial;
	if (player->faults != NULL) {
		trial->fault.growing = &player->plan;
		trial->fault.ask = ask;
		trial->fault.ask_context = player;
		read_gap(player, 0);
	}
	player->program(trial);
}

static unsigned run(struct vet_player *player, const struct vet_scenario *scenario,
		    struct vet_tape *tape, struct vet_violation *violation)
{
	struct vet_trial *trial = &player->trial;
	unsigned check;
	player->scenario = *scenario;
	player->scenario.run = begin_to_play;
	player->program = scenario->run;
	vet_trial_prepare(trial, &player->scenario, &player->coverage);
	trial->calls_of_base = 1; /* it is not known, and no reason for more calls */
	trial->tape = tape;
	check = vet_trial_run(trial, &player->plan, NULL, NULL);
	trial->tape = NULL;
	player->runs++;
	player->calls += trial->calls;
	if (check == VET_CHECK_NONE || violation == NULL)
		return check;
	violation->scenario = scenario;
	violation->check = check;
	violation->plan = player->plan;
	memcpy(violation->message, trial->message, sizeof violation->message);
	return check;
}

unsigned vet_player_play(struct vet_player *player, const struct vet_scenario *scenario,
			 struct vet_tape *tape, struct vet_violation *violation)
{
	player->plan.count = 0;
	player->plan.has_seed = 0;
	player->plan.seed = 0;
	player->faults = tape;
	return run(player, scenario, tape, violation);
}

unsigned vet_player_replay(struct vet_player *player, const struct vet_scenario *scenario,
			   struct vet_tape *tape, const struct vet_plan *plan,
			   struct vet_violation *violation)
{
	player->plan = *plan;
	player->faults = NULL;
	return run(player, scenario, tape, violation);
}

void vet_player_count(const struct vet_player *player, uint64_t *runs, uint64_t *calls)
{
	*runs = player->runs;
	*calls = player->calls;
}

const struct vet_plan *vet_player_plan(const struct vet_player *player)
{
	return &player->plan;
}

uint64_t vet_player_hash(const struct vet_player *player)
{
	return player->trial.hash;
}
