/* SPDX-License-Identifier: 0BSD */
#include "fault_check.h"

#include <string.h>

#include <vetsock/peer.h>

#include "caller.h"

enum { PATTERN = 50000, SENDS = 8 };

int (*fault_caught)(void);

static struct vet_peer the_peer;
static struct vet_fault the_fault;
static unsigned char pattern[PATTERN];

static struct vet_world worlds[] = {
	[ECHO] = { .manner = VET_PEER_ECHO },
	[LATE] = { .manner = VET_PEER_ECHO, .latency = VET_MILLISECONDS(10) },
	[SOURCE] = { .manner = VET_PEER_SOURCE },
	[TALKER] = { .manner = VET_PEER_TALKER, .datagrams = 2 },
};

const struct vet_plan *fault_plan(const char *text)
{
	static struct vet_plan plan;
	struct vet_text_error error;
	if (vet_plan_parse(text, strlen(text), &plan, &error) != 0)
		fail_msg("plan '%s' at %zu: %s", text, error.offset, error.reason);
	return &plan;
}

struct vet_sys *fault_peer(enum fault_world world, struct vet_peer **peer)
{
	struct vet_world *w = &worlds[world];
	for (size_t i = 0; i < PATTERN; i++)
		pattern[i] = vet_peer_byte(i);
	w->sends = w->expects = pattern;
	w->sends_size = SENDS;
	w->expects_size = PATTERN;
	w->connections = 3;
	w->file_size = 100;
	*peer = &the_peer;
	return vet_peer_start(&the_peer, w);
}

static bool do_other(struct caller *caller, const char *word, const char *rest)
{
	(void)rest;
	if (strcmp(word, "took") == 0) {
		caller_say_number(caller, (int64_t)vet_peer_taken(&the_peer));
		if (vet_peer_finding(&the_peer, NULL) != NULL)
			caller_say(caller, " wrong");
	} else if (strcmp(word, "clock") == 0) {
		caller_say_time(caller, vet_peer_now(&the_peer) - caller->began);
	} else if (strcmp(word, "blocked") == 0) {
		caller_say(caller, vet_peer_is_blocked(&the_peer) ? "yes" : "no");
	} else if (strcmp(word, "caught") == 0 && fault_caught != NULL) {
		caller_say_number(caller, fault_caught());
	} else if (strcmp(word, "calm") == 0) {
		vet_fault_calm(&the_fault);
	} else {
		return false;
	}
	return true;
}

static void tell(const struct fault_row *row)
{
	print_error("%s\n\tplan   %s\n\tgiven  %s\n\tscript %s\n", row->name, row->plan, row->given,
		    row->script);
	for (size_t i = 0; vet_fault_act_at(&the_fault, i) != NULL; i++) {
		char text[512];
		if (vet_fault_act_format(&the_fault, vet_fault_act_at(&the_fault, i), text,
					 sizeof text) >= 0)
			print_error("\tact    %s\n", text);
	}
}

static int check_row(const struct fault_row *row)
{
	static struct caller caller;
	const char *got;
	size_t unfired;
	struct vet_peer *peer;
	struct vet_sys *below = fault_peer(row->world, &peer);
	struct vet_sys *sys = vet_fault_start(&the_fault, below, fault_plan(row->plan), row->flags);
	if (sys == NULL) {
		print_error("%s\n\tplan   %s\n\tis lawful nowhere\n", row->name, row->plan);
		return 1;
	}
	caller_begin(&caller, sys);
	caller.other = do_other;
	caller_prepare(&caller, row->given);
	caller.began = vet_peer_now(peer);
	got = caller_make(&caller, row->script);
	unfired = vet_fault_unfired(&the_fault, NULL);
	if (strcmp(got, row->want) == 0 && unfired == row->unfired) {
		caller_end(&caller);
		return 0;
	}
	tell(row);
	print_error("\tgot    %s\n\twant   %s\n", got, row->want);
	if (unfired != row->unfired)
		print_error("\t%zu rules have not fired, and should be %zu\n", unfired,
			    row->unfired);
	return 1;
}

void fault_check_rows(const struct fault_row *rows, size_t count)
{
	int failed = 0;
	for (size_t i = 0; i < count; i++)
		failed += check_row(&rows[i]);
	vet_peer_finish(&the_peer);
	if (failed > 0)
		fail_msg("%d of %zu rows", failed, count);
}
