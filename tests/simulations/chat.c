/* SPDX-License-Identifier: 0BSD */
/*
 * A chat: one loop around poll serves all who are there.  Each word is numbered by the server and
 * goes to everybody; who hears it hears the numbers without a gap, as long as he stays.  Guests
 * come and go; one who reads too slowly is put out.
 */
#include "chat.h"

enum {
	WORDS = 5,    /* of a guest */
	PATIENCE = 3, /* seconds */
	PAUSE = 300,  /* milliseconds */
	STAY = 2,     /* one in so many leaves after a word */
};

/* ---- a guest ---- */

/* What is heard is the next of all that is said, and nobody's but what its number foretells. */
static int hear(struct chat_guest *guest, struct wire *wire, uint64_t *last, struct request *word)
{
	struct play *play = &guest->chat->play;
	int result = request_receive(wire, word);
	if (result < 0)
		return result;
	if (word->value == 0)
		return 0; /* his own, said again */
	if (*last != 0 && word->value != *last + 1)
		play_fail(play, "a word was left out, or came twice", (int64_t)word->value);
	*last = word->value;
	return 0;
}

/* Says a word until it is heard: so everybody has it who is there. */
static int say(struct chat_guest *guest, struct wire *wire, uint64_t *last)
{
	struct play *play = &guest->chat->play;
	const struct request said = {
		.number = (uint64_t)guest->number << 32 | guest->heard,
		.size = 1 + play_choose(play, CHAT_WORD),
	};
	struct request word;
	int result;
	wire_limit(wire, VET_SECONDS(PATIENCE));
	result = request_send(wire, &said);
	while (result == 0) {
		result = hear(guest, wire, last, &word);
		if (result == 0 && word.number == said.number) {
			guest->heard++;
			return 0;
		}
	}
	return result;
}

static int visit(struct chat_guest *guest, struct vet_sys *sys)
{
	struct play *play = &guest->chat->play;
	struct vet_address to = vet_address_of(vet_sim_host_ip(guest->chat->host, 4), CHAT_PORT);
	struct wire wire;
	uint64_t last = 0;
	int result = wire_dial(&wire, play, sys, &to, VET_SECONDS(PATIENCE));
	if (result < 0)
		return result;
	do {
		result = say(guest, &wire, &last);
		if (!play_nap(play, sys, PAUSE))
			result = -EIO;
	} while (result == 0 && guest->heard < WORDS && play_choose(play, STAY) == 0);
	wire_close(&wire);
	return result;
}

static void run_guest(struct vet_sys *sys, void *context)
{
	struct chat_guest *guest = context;
	struct play *play = &guest->chat->play;
	struct again again = { play, sys, 0 };
	while (guest->heard < WORDS) {
		int result = visit(guest, sys);
		if (play_is_over(result) || (result < 0 && !again_later(&again)))
			return;
	}
	play_done(play, &guest->is_done);
}

/* ---- the stage ---- */

static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
{
	struct chat *chat = state;
	struct play *play = &chat->play;
	int result;
	play->sim = sim;
	chat->host = play_host(play, "server");
	chat->guests = play->left = play_share(hosts, 1, CHAT_GUESTS);
	result = play_actor(chat->host, "server", chat_serve, chat);
	for (uint32_t i = 0; i < chat->guests && result == 0; i++) {
		struct chat_guest *guest = &chat->guest[i];
		guest->chat = chat;
		guest->number = i;
		result = play_actor(play_name(play, "client", i), "guest", run_guest, guest);
	}
	return result;
}

static void finish(struct vet_sim *sim, void *state)
{
	const struct chat *chat = state;
	vet_sim_check(sim, chat->words == (uint64_t)chat->guests * WORDS);
	for (uint32_t i = 0; i < chat->guests; i++) {
		vet_sim_check(sim, chat->guest[i].heard == WORDS);
		vet_sim_check(sim, chat->guest[i].spoken == WORDS);
	}
}

const struct vet_simulation simulation_chat = {
	.name = "chat",
	.what = "one loop around poll serves a chat; each word reaches all who are there, numbered "
		"without a gap",
	.mischief =
		"latency=1ms..30ms; loss=1%; swarm; short-counts; random=3 within 5s; calm=15s; "
		"bound=60s",
	.hosts = 6,
	.prepare = prepare,
	.finish = finish,
	.state = sizeof(struct chat),
};
