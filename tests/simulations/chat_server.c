/* SPDX-License-Identifier: 0BSD */
/* The chat's server: one loop around the table's poll, and operations whose deadline has passed. */
#include <poll.h>

#include "chat.h"

enum {
	IN = REQUEST_HEAD + CHAT_WORD + 1,
	OUT = 1500,         /* bytes that a guest may be behind */
	LOOK_AROUND = 2000, /* milliseconds */
	REST = 50,
};

struct seat {
	struct wire wire;
	bool is_taken;
	size_t in, out; /* bytes of a word that comes, and of words that go */
	unsigned char input[IN], output[OUT];
};

struct room {
	struct chat *chat;
	struct vet_sys *sys;
	struct wire listener;
	bool is_short; /* of descriptors: who waits at the door is not looked at for a moment */
	struct seat seat[CHAT_SEATS];
};

/* ---- what goes out ---- */

static void leave(struct seat *seat)
{
	wire_close(&seat->wire);
	seat->is_taken = false;
}

/* As much as goes at once; the rest when poll says so. */
static void pour(struct seat *seat)
{
	ssize_t n;
	if (seat->out == 0)
		return;
	n = vet_socket_write_some(&seat->wire.s, seat->output, seat->out);
	if (n > 0) {
		seat->out -= (size_t)n;
		memmove(seat->output, seat->output + n, seat->out);
	} else if (n != VET_EDEADLINE) {
		leave(seat);
	}
}

/* Who is too far behind is put out: his place is needed. */
static void tell(struct seat *seat, const unsigned char *word, size_t size)
{
	if (size > OUT - seat->out) {
		leave(seat);
		return;
	}
	memcpy(seat->output + seat->out, word, size);
	seat->out += size;
	pour(seat);
}

/* A word goes to all; one that a guest says again, because he has not heard it, was passed on
 * before, and goes to him alone, without a number. */
static void pass_on(struct room *room, struct seat *from, struct request *word)
{
	struct chat *chat = room->chat;
	uint32_t guest = (uint32_t)(word->number >> 32), k = (uint32_t)word->number;
	unsigned char data[REQUEST_HEAD + CHAT_WORD];
	bool is_new;
	if (guest >= chat->guests || k > chat->guest[guest].spoken || word->size > CHAT_WORD) {
		play_fail(&chat->play, "a word that nobody said", (int64_t)word->number);
		return;
	}
	is_new = k == chat->guest[guest].spoken;
	chat->guest[guest].spoken += is_new;
	chat->words += is_new;
	word->value = is_new ? chat->words : 0;
	request_put(data, word);
	play_fill(data + REQUEST_HEAD, word->size, word->number, 0);
	for (uint32_t i = 0; i < CHAT_SEATS; i++)
		if (room->seat[i].is_taken && (is_new || &room->seat[i] == from))
			tell(&room->seat[i], data, REQUEST_HEAD + word->size);
}

/* ---- what comes in ---- */

/* How long the word is that has begun to come. */
static size_t size_of(const struct seat *seat, struct request *word)
{
	if (seat->in < REQUEST_HEAD)
		return REQUEST_HEAD;
	request_get(seat->input, word);
	return REQUEST_HEAD + (word->size > CHAT_WORD ? 0 : (size_t)word->size);
}

static void listen_to(struct room *room, struct seat *seat)
{
	struct request word;
	size_t size = size_of(seat, &word);
	ssize_t n = vet_socket_read(&seat->wire.s, seat->input + seat->in, size - seat->in);
	if (n <= 0) {
		if (n != VET_EDEADLINE)
			leave(seat);
		return;
	}
	seat->in += (size_t)n;
	if (seat->in < REQUEST_HEAD || seat->in < size_of(seat, &word))
		return;
	if (!play_is_filled(seat->input + REQUEST_HEAD, word.size, word.number, 0))
		play_fail(&room->chat->play, "a word came other than it was said", word.size);
	seat->in = 0;
	pass_on(room, seat, &word);
}

static bool welcome(struct room *room)
{
	struct seat *seat = NULL;
	int result;
	for (uint32_t i = 0; i < CHAT_SEATS && seat == NULL; i++)
		if (!room->seat[i].is_taken)
			seat = &room->seat[i];
	if (seat == NULL)
		return true; /* full: who waits waits on */
	result = wire_accept(&room->listener, &seat->wire);
	if (result == 0) {
		vet_socket_timeout_after(&seat->wire.s, 0); /* no operation waits */
		seat->is_taken = true;
		seat->in = seat->out = 0;
	}
	room->is_short = result < 0 && result != VET_EDEADLINE;
	return !play_is_over(result);
}

/* ---- the loop ---- */

static nfds_t gather(const struct room *room, struct pollfd *polled, uint32_t *seats)
{
	nfds_t count = 1;
	polled[0] = (struct pollfd){ .fd = vet_socket_fd(&room->listener.s), .events = POLLIN };
	if (room->is_short) /* it would be ready all the time */
		polled[0].fd = -1;
	for (uint32_t i = 0; i < CHAT_SEATS; i++) {
		const struct seat *seat = &room->seat[i];
		if (!seat->is_taken)
			continue;
		seats[count] = i;
		polled[count].fd = vet_socket_fd(&seat->wire.s);
		polled[count++].events = (short)(seat->out > 0 ? POLLIN | POLLOUT : POLLIN);
	}
	return count;
}

/* A seat that another's word has emptied meanwhile is passed over. */
static bool turn(struct room *room)
{
	struct pollfd polled[CHAT_SEATS + 1];
	uint32_t seats[CHAT_SEATS + 1];
	nfds_t count = gather(room, polled, seats);
	vet_duration limit =
		room->is_short ? VET_MILLISECONDS(REST) : VET_MILLISECONDS(LOOK_AROUND);
	int result = (room->sys->calls->poll)(room->sys, polled, count, limit);
	room->is_short = false;
	for (nfds_t i = 1; i < count && result > 0; i++) {
		struct seat *seat = &room->seat[seats[i]];
		if ((polled[i].revents & POLLOUT) && seat->is_taken)
			pour(seat);
		if ((polled[i].revents & ~POLLOUT) && seat->is_taken)
			listen_to(room, seat);
	}
	if (result > 0 && polled[0].revents != 0)
		return welcome(room);
	return !play_is_over(result);
}

void chat_serve(struct vet_sys *sys, void *context)
{
	struct room room = { .chat = context, .sys = sys };
	if (wire_listen(&room.listener, &room.chat->play, sys, CHAT_PORT, CHAT_SEATS) < 0)
		return;
	wire_limit(&room.listener, 0);
	while (room.chat->play.left > 0 && turn(&room))
		;
	for (uint32_t i = 0; i < CHAT_SEATS; i++)
		if (room.seat[i].is_taken)
			leave(&room.seat[i]);
	wire_close(&room.listener);
}
