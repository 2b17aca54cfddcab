/* SPDX-License-Identifier: 0BSD */
/* Acts on sockets themselves: making and ending, addresses and connections, deadlines. */
#include "stage.h"

#include <string.h>

static bool is(const struct stage *stage, int argument, const char *word)
{
	return strcmp(stage->words[argument], word) == 0;
}

/* ---- making and ending ---- */

static void make_stream(struct stage *stage)
{
	stage_say(stage, vet_socket_stream_on(stage->socket, &stage->script.sys,
					      (int)stage_number(stage, 1)));
}

static void make_datagram(struct stage *stage)
{
	stage_say(stage, vet_socket_datagram_on(stage->socket, &stage->script.sys,
						(int)stage_number(stage, 1)));
}

static void make_raw(struct stage *stage)
{
	stage_say(stage, vet_socket_raw_on(stage->socket, &stage->script.sys,
					   (int)stage_number(stage, 1), stage_number(stage, 2)));
}

/* After a failure the descriptor is still the test's, and open. */
static void adopt(struct stage *stage)
{
	int r = vet_socket_adopt(stage->socket, &stage->script.sys, SCRIPT_FOREIGN);
	stage_say(stage, r);
	if (r < 0 && stage->script.handed_out > 0 &&
	    stage->script.descriptors[0].fd == SCRIPT_FOREIGN)
		script_take_back(&stage->script, SCRIPT_FOREIGN);
}

static void say_descriptor(struct stage *stage, int fd)
{
	int number = script_open_number(&stage->script, fd);
	stage_say(stage, number > 0 ? number : fd);
}

static void release(struct stage *stage)
{
	int fd = vet_socket_release(stage->socket);
	say_descriptor(stage, fd);
	if (fd >= 0)
		script_take_back(&stage->script, fd);
}

static void show_fd(struct stage *stage)
{
	say_descriptor(stage, vet_socket_fd(stage->socket));
}

static void family(struct stage *stage)
{
	stage_say(stage, vet_socket_family(stage->socket));
}

static void kind(struct stage *stage)
{
	stage_say(stage, vet_socket_kind(stage->socket));
}

static void try_clone(struct stage *stage)
{
	stage_say(stage, vet_socket_try_clone(stage->socket, stage->other));
}

static void close_socket(struct stage *stage)
{
	stage_say(stage, vet_socket_close(stage->socket));
}

/* What follows is done with the other socket: the clone, or the peer. */
static void turn_to_other(struct stage *stage)
{
	struct vet_socket *s = stage->socket;
	stage->socket = stage->other;
	stage->other = s;
}

/* "open ENDPOINT [TIMEOUT]": the step that failed is said, and its option. */
static void open_endpoint(struct stage *stage)
{
	static const struct vet_socket none;
	struct vet_endpoint_failure failure = { 77, 77 };
	struct vet_endpoint endpoint;
	const char *text = stage->words[1];
	bool was_open = vet_socket_fd(stage->socket) >= 0;
	vet_duration timeout = is(stage, 2, "") ? VET_DURATION_MAX : stage_time(stage, 2);
	int r = vet_endpoint_parse(text, strlen(text), &endpoint, NULL);
	if (r < 0) {
		text_add(&stage->result, "no endpoint");
		return;
	}
	r = vet_endpoint_open(&endpoint, &stage->script.sys, timeout, stage->socket, &failure);
	stage_say(stage, r);
	if (r < 0)
		text_add(&stage->result, " at %s", vet_step_name(failure.step));
	else if (failure.step != VET_STEP_NONE)
		text_add(&stage->result, " but at a step");
	if (failure.option != VET_NO_OPTION)
		text_add(&stage->result, " %s", vet_option_at(failure.option)->name);
	if (r < 0 && !was_open && memcmp(stage->socket, &none, sizeof none) != 0)
		text_add(&stage->result, " but not all zero");
}

/* ---- addresses and connections ---- */

static void bind_socket(struct stage *stage)
{
	struct vet_address address = stage_address(stage, 1);
	stage_say(stage, vet_socket_bind(stage->socket, &address));
}

static void listen_socket(struct stage *stage)
{
	stage_say(stage, is(stage, 1, "") ? vet_socket_listen(stage->socket)
					  : vet_socket_listen_backlog(stage->socket,
								      stage_number(stage, 1)));
}

static void accept_one(struct stage *stage)
{
	struct vet_address from;
	bool blind = is(stage, 1, "blind");
	memset(&from, 0x5a, sizeof from);
	int r = vet_socket_accept(stage->socket, stage->other, blind ? NULL : &from);
	stage_say(stage, r);
	if (!blind)
		stage_say_address(stage, &from);
}

static void connect_socket(struct stage *stage)
{
	struct vet_address address = stage_address(stage, 1);
	stage_say(stage, vet_socket_connect(stage->socket, &address));
}

static void local_address(struct stage *stage)
{
	struct vet_address address;
	memset(&address, 0x5a, sizeof address);
	stage_say(stage, vet_socket_local_address(stage->socket, &address));
	stage_say_address(stage, &address);
}

static void peer_address(struct stage *stage)
{
	struct vet_address address;
	memset(&address, 0x5a, sizeof address);
	stage_say(stage, vet_socket_peer_address(stage->socket, &address));
	stage_say_address(stage, &address);
}

static void shutdown_both(struct stage *stage)
{
	stage_say(stage, vet_socket_shutdown(stage->socket));
}

static void shutdown_read(struct stage *stage)
{
	stage_say(stage, vet_socket_shutdown_read(stage->socket));
}

static void shutdown_write(struct stage *stage)
{
	stage_say(stage, vet_socket_shutdown_write(stage->socket));
}

/* ---- deadlines: the setters say nothing ---- */

static void timeout_after(struct stage *stage)
{
	vet_socket_timeout_after(stage->socket, stage_time(stage, 1));
}

static void deadline_at(struct stage *stage)
{
	vet_socket_deadline_at(stage->socket, (struct vet_instant){ stage_time(stage, 1) });
}

static void reset_deadline(struct stage *stage)
{
	vet_socket_reset_deadline(stage->socket);
}

static void show_deadline(struct stage *stage)
{
	stage_say(stage, 0);
	text_add(&stage->result, " at ");
	add_time(&stage->result, vet_socket_deadline(stage->socket).nanoseconds);
}

static void show_now(struct stage *stage)
{
	struct vet_instant now = { 77 };
	stage_say(stage, vet_socket_now(stage->socket, &now));
	text_add(&stage->result, " at ");
	add_time(&stage->result, now.nanoseconds);
}

const struct act socket_acts[] = {
	{ "stream", make_stream },
	{ "datagram", make_datagram },
	{ "raw", make_raw },
	{ "adopt", adopt },
	{ "release", release },
	{ "fd", show_fd },
	{ "family", family },
	{ "kind", kind },
	{ "try_clone", try_clone },
	{ "close", close_socket },
	{ "other", turn_to_other },
	{ "open", open_endpoint },
	{ "bind", bind_socket },
	{ "listen", listen_socket },
	{ "accept", accept_one },
	{ "connect", connect_socket },
	{ "local_address", local_address },
	{ "peer_address", peer_address },
	{ "shutdown", shutdown_both },
	{ "shutdown_read", shutdown_read },
	{ "shutdown_write", shutdown_write },
	{ "timeout_after", timeout_after },
	{ "deadline_at", deadline_at },
	{ "reset_deadline", reset_deadline },
	{ "deadline", show_deadline },
	{ "now", show_now },
	{ NULL, NULL },
};
