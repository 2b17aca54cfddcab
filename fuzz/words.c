/* SPDX-License-Identifier: 0BSD */
/* The words of each language, from the tables that its parser reads by. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include <vetsock/error.h>
#include <vetsock/layer.h>
#include <vetsock/option.h>

#include "../shim/fault/plan_text.h"
#include "../shim/sim/mischief.h"
#include "../shim/trace/text.h"
#include "fuzz.h"

struct words {
	const char **at;
	size_t count;
};

static void add(struct words *words, const char *word)
{
	size_t i = 0;

	while (i < words->count && strcmp(words->at[i], word) != 0)
		i++;
	must(i < VET_FUZZ_WORDS);
	words->at[i] = word;
	words->count += i == words->count;
}

static void add_all(struct words *words, const char *const *list)
{
	while (*list != NULL)
		add(words, *list++);
}

/* Words that are made, and not in any table, stay here. */
static char kept[8192];
static size_t filled;

static const char *keep(const char *text, size_t size)
{
	char *word = kept + filled;

	must(size < sizeof(kept) - filled);
	memcpy(word, text, size);
	word[size] = '\0';
	filled += size + 1;
	return word;
}

/* ---- what several languages have ---- */

static void add_entries(struct words *words)
{
	for (unsigned i = 0; i < VET_CALL_COUNT; i++)
		add(words, vet_entry_name(i));
}

static void add_errors(struct words *words)
{
	enum { BEYOND_ALL = 5100 }; /* those of the system, and vetsock's own */

	for (int error = 1; error < BEYOND_ALL; error++) {
		const char *name = vet_error_name(-error);

		if (strcmp(name, "UNKNOWN") != 0)
			add(words, name);
	}
}

static void add_numbers(struct words *words)
{
	static const char *const numbers[] = { "0",
					       "1",
					       "2",
					       "64",
					       "100",
					       "101",
					       "127",
					       "128",
					       "255",
					       "256",
					       "32767",
					       "32768",
					       "65535",
					       "65536",
					       "2147483647",
					       "2147483648",
					       "4294967295",
					       "4294967296",
					       "9223372036854775807",
					       "9223372036854775808",
					       "18446744073709551615",
					       "18446744073709551616",
					       NULL };

	add_all(words, numbers);
}

/* Each unit; and how much of it just fits, and what does not. */
static void add_units(struct words *words, const struct vet_measure *measure)
{
	for (const struct vet_unit *unit = measure->units; unit->name != NULL; unit++) {
		uint64_t most = INT64_MAX / unit->factor;

		add(words, unit->name);
		for (uint64_t amount = most; amount <= most + 1; amount++) {
			char text[32];
			int size =
				snprintf(text, sizeof(text), "%" PRIu64 "%s", amount, unit->name);

			add(words, keep(text, (size_t)size));
		}
	}
}

/* ---- addresses ---- */

static void add_ip(struct words *words)
{
	static const char *const pieces[] = {
		"::",   ":",       ".",       "0",   "00", "255",     "256",
		"ffff", "::ffff:", "1.2.3.4", "/64", "%",  "fe80::1", "2001:db8:1:2:3:4:5:6",
		NULL
	};

	add_all(words, pieces);
}

static void add_address(struct words *words)
{
	static const char *const pieces[] = { "[",         "]",          "]:",  "[::1]:80",
					      "%2",        "%eth0",      ":80", "%abcdefghijklmno",
					      "localhost", "1.2.3.4:80", NULL };

	add_ip(words);
	add_all(words, pieces);
	add_numbers(words);
}

/* ---- plans ---- */

static void add_names(struct words *words, const struct vet_plan_name *names)
{
	for (; names->name != NULL; names++)
		add(words, names->name);
}

static void add_plan(struct words *words)
{
	static const char *const pieces[] = { "seed:", "byte:",  "@", "#",   "=",
					      ":",     ";",      "|", "%",   "+",
					      "-",     " after", "*", "SIG", "send@1=short:1; ",
					      NULL };

	add_all(words, pieces);
	add_entries(words);
	for (unsigned i = 0; i < VET_ACTION_COUNT; i++)
		if (vet_plan_actions[i].name != NULL)
			add(words, vet_plan_actions[i].name);
	add_names(words, vet_plan_events);
	add_names(words, vet_plan_signals);
	add_units(words, &vet_duration_measure);
	add_errors(words);
	add_numbers(words);
}

/* ---- traces ---- */

/* Numbers that have a name there are written by what writes them. */
struct spelling {
	struct vet_line line;
	char text[64];
	size_t size;
};

static int spell(void *context, const char *text, size_t size)
{
	struct spelling *spelling = context;

	must(size < sizeof(spelling->text) - spelling->size);
	memcpy(spelling->text + spelling->size, text, size);
	spelling->size += size;
	return 0;
}

static struct vet_line *begin(struct spelling *spelling)
{
	vet_line_write(&spelling->line, NULL, NULL);
	spelling->line.sink = spell;
	spelling->line.context = spelling;
	spelling->size = 0;
	return &spelling->line;
}

static void end(struct words *words, struct spelling *spelling)
{
	vet_line_flush(&spelling->line);
	add(words, keep(spelling->text, spelling->size));
}

static void add_kinds(struct words *words)
{
	static const struct {
		void (*write)(struct vet_line *line, int *number);
		int number;
	} kinds[] = {
		{ vet_line_family, AF_UNSPEC },    { vet_line_family, AF_UNIX },
		{ vet_line_family, AF_INET },      { vet_line_family, AF_INET6 },
		{ vet_line_family, 250 },          { vet_line_type, SOCK_STREAM },
		{ vet_line_type, SOCK_DGRAM },     { vet_line_type, SOCK_RAW },
		{ vet_line_type, SOCK_SEQPACKET }, { vet_line_type, 77 },
		{ vet_line_how, SHUT_RD },         { vet_line_how, SHUT_WR },
		{ vet_line_how, SHUT_RDWR },       { vet_line_how, 9 },
		{ vet_line_flags, MSG_PEEK },      { vet_line_flags, 5 },
	};
	struct spelling spelling;

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		int number = kinds[i].number;

		kinds[i].write(begin(&spelling), &number);
		end(words, &spelling);
	}
}

static void add_trace_option(struct words *words, struct vet_option_number number)
{
	struct spelling spelling;

	if (number.name == -1)
		return;
	(void)vet_line_option(begin(&spelling), &number.level, &number.name);
	end(words, &spelling);
}

static void add_trace_options(struct words *words)
{
	const struct vet_option *option;

	for (size_t i = 0; (option = vet_option_at(i)) != NULL; i++) {
		add_trace_option(words, option->ipv4);
		add_trace_option(words, option->ipv6);
	}
}

static void add_trace(struct words *words)
{
	static const char *const pieces[] = { "vetsock trace 1\n",
					      " = ",
					      " = 0\n",
					      "\n",
					      " none",
					      " foreign",
					      "#1",
					      "#2",
					      "#0",
					      " file 1",
					      " file 0",
					      " moved",
					      "other:none/",
					      "other:",
					      "+flow:7",
					      "/28",
					      "\"\"",
					      "\"hello\" 5",
					      "\\x00",
					      "\\n",
					      "linger 1 5",
					      "group 2 ",
					      "IP.MCAST_JOIN_GROUP",
					      "level:77 name:5",
					      "error:532",
					      "bits:2048",
					      "IN",
					      "PRI",
					      "OUT",
					      "ERR",
					      "HUP",
					      "NVAL",
					      "RDHUP",
					      "|",
					      ":-",
					      "forever",
					      "10ms",
					      "0s",
					      "1ns",
					      "2s",
					      "5us",
					      "block",
					      "tell",
					      "truncated",
					      "whole",
					      "1.2.3.4:80",
					      "[::1%2]:80",
					      "socket INET STREAM 0 = #1\n",
					      "poll #1:IN 10ms = 1 #1:IN\n",
					      "now = 0s\n",
					      "recv #1 5 0 = 2 \"he\"\n",
					      "send #1 \"hello\" 5 0 = 3\n",
					      "close #1 = 0\n",
					      NULL };

	add_all(words, pieces);
	add_entries(words);
	add_kinds(words);
	add_trace_options(words);
	add_errors(words);
	add_numbers(words);
}

/* ---- option strings and endpoints ---- */

static void add_options(struct words *words)
{
	static const char *const pieces[] = { ",",   "=",     "no-",  "on", "off",
					      "30s", "64KiB", "none", NULL };
	const struct vet_option *option;

	add_all(words, pieces);
	add_units(words, &vet_duration_measure);
	add_units(words, &vet_size_measure);
	for (size_t i = 0; (option = vet_option_at(i)) != NULL; i++) {
		char *name = kept + filled;

		(void)keep(option->name, strlen(option->name));
		for (; *name != '\0'; name++)
			*name = *name == '_' ? '-' : *name;
		add(words, name - strlen(option->name));
	}
	add_numbers(words);
}

static void add_endpoint(struct words *words)
{
	static const char *const pieces[] = { "://",         "tcp://",     "udp://", "raw+icmp://",
					      "raw+",        "-listen",    "?",      "&",
					      "backlog=128", "?no-delay&", NULL };

	add_all(words, pieces);
	add_address(words);
	add_options(words);
}

/* ---- the simulator's ---- */

static void add_mischief(struct words *words)
{
	static const char *const pieces[] = {
		"@2s=",   "; ",   "->",          "<->",     " | ",       " for 1s",     "with resets",
		"random=3", "within 10s", "swarm", "short-counts", "calm=10s", "bound=30s", "*",
		"server", "client, server", "server: ", "=2%", "=0.5%", "=20ms..80ms", "=1MiB",  NULL
	};

	add_all(words, pieces);
	for (size_t i = 0; i < VET_MISCHIEF_KINDS; i++)
		add(words, vetsim_mischief_kinds[i].name);
	add_units(words, &vet_duration_measure);
	add_units(words, &vet_size_measure);
	add_numbers(words);
}

static void add_tape(struct words *words)
{
	static const char *const pieces[] = { "schedule:0=1", "latency:3=512", "loss:7=1", "counts:",
					      "ports:",       "faults:",       "program:", " ",
					      ":",            "=",             NULL };

	add_all(words, pieces);
	add_numbers(words);
}

/* ---- which target has which ---- */

static const struct {
	const char *target;
	void (*add)(struct words *words);
} languages[] = {
	{ "ip", add_ip },
	{ "address", add_address },
	{ "plan", add_plan },
	{ "trace", add_trace },
	{ "replay", add_trace },
	{ "options", add_options },
	{ "endpoint", add_endpoint },
	{ "mischief", add_mischief },
	{ "tape", add_tape },
};

size_t vet_fuzz_words(const char *target, const char *words[VET_FUZZ_WORDS])
{
	struct words all = { words, 0 };

	filled = 0;
	for (size_t i = 0; i < sizeof(languages) / sizeof(languages[0]); i++)
		if (strcmp(languages[i].target, target) == 0)
			languages[i].add(&all);
	return all.count;
}
