/* SPDX-License-Identifier: 0BSD */
#include "play.h"

#include <inttypes.h>
#include <stdio.h>

enum { FIRST_PAUSE = 20, MOST_PAUSE = 1000 }; /* milliseconds */

struct vet_sim_host *play_host(struct play *play, const char *name)
{
	struct vet_sim_host *host;
	for (uint32_t i = 0; (host = vet_sim_host_at(play->sim, i)) != NULL; i++)
		if (strcmp(vet_sim_host_name(host), name) == 0)
			return host;
	return vet_sim_add_host(play->sim, name);
}

struct vet_sim_host *play_name(struct play *play, const char *name, uint32_t number)
{
	char text[32];
	(void)snprintf(text, sizeof text, "%s-%" PRIu32, name, number + 1);
	return play_host(play, text);
}

int play_actor(struct vet_sim_host *host, const char *name, vet_sim_run_function run, void *context)
{
	return host == NULL ? -ENOMEM : vet_sim_actor(host, name, run, context);
}

uint32_t play_share(unsigned hosts, unsigned others, uint32_t most)
{
	uint32_t share = hosts > others ? hosts - others : 1;
	return share < most ? share : most;
}

uint32_t play_choose(struct play *play, uint32_t n)
{
	return vet_sim_choose(play->sim, n);
}

uint32_t play_between(struct play *play, uint32_t least, uint32_t most)
{
	return least + vet_sim_choose(play->sim, most - least + 1);
}

void play_fail(struct play *play, const char *what, int64_t number)
{
	char why[200];
	const char *name = number < 0 ? vet_error_name((int)number) : "";
	if (*name != '\0')
		(void)snprintf(why, sizeof why, "%s: %s: %s", vet_sim_actor_name(play->sim), what,
			       name);
	else
		(void)snprintf(why, sizeof why, "%s: %s: %" PRId64, vet_sim_actor_name(play->sim),
			       what, number);
	vet_sim_fail(play->sim, why);
}

vet_duration play_span(struct play *play, uint32_t least, uint32_t most)
{
	return (vet_duration)play_between(play, least, most) * VET_MILLISECONDS(1);
}

bool play_nap(struct play *play, struct vet_sys *sys, uint32_t most)
{
	return play_pause(sys, play_span(play, 0, most));
}

bool play_pause(struct vet_sys *sys, vet_duration duration)
{
	return (sys->calls->poll)(sys, NULL, 0, duration) == 0;
}

void play_done(struct play *play, bool *is_done)
{
	if (*is_done)
		return;
	play_check(play, play->left > 0);
	play->left--;
	*is_done = true;
}

/* ---- bytes ---- */

static uint64_t word_of(uint64_t key, uint64_t word)
{
	uint64_t z = (key + 1) * UINT64_C(0x9e3779b97f4a7c15) + word * UINT64_C(0xd1342543de82ef95);
	z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
	return z ^ z >> 31;
}

unsigned char play_byte(uint64_t key, uint64_t place)
{
	return (unsigned char)(word_of(key, place / 8) >> place % 8 * 8);
}

void play_fill(void *data, size_t size, uint64_t key, uint64_t place)
{
	unsigned char *byte = data;
	uint64_t word = word_of(key, place / 8);
	for (size_t i = 0; i < size; i++, place++) {
		if (place % 8 == 0)
			word = word_of(key, place / 8);
		byte[i] = (unsigned char)(word >> place % 8 * 8);
	}
}

bool play_is_filled(const void *data, size_t size, uint64_t key, uint64_t place)
{
	const unsigned char *byte = data;
	uint64_t word = word_of(key, place / 8);
	for (size_t i = 0; i < size; i++, place++) {
		if (place % 8 == 0)
			word = word_of(key, place / 8);
		if (byte[i] != (unsigned char)(word >> place % 8 * 8))
			return false;
	}
	return true;
}

/* ---- trying again ---- */

bool again_later(struct again *again)
{
	uint32_t pause = FIRST_PAUSE;
	for (uint32_t i = 0; i < again->tries && pause < MOST_PAUSE; i++)
		pause *= 2;
	again->tries++;
	return play_pause(again->sys, play_span(again->play, pause, 2 * pause));
}
