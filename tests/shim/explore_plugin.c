/* SPDX-License-Identifier: 0BSD */
/* A plug-in for the test of `vetsock explore`: what it brings is chosen by an environment variable. */
#define _POSIX_C_SOURCE 200809L

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <vetsock/explore.h>
#include <vetsock/sys.h>

VET_API const struct vet_scenario *vetsock_scenarios(uint32_t version, size_t *count);

static int64_t read_clock(struct vet_trial *trial)
{
	struct vet_sys *sys = vet_trial_sys(trial);
	int64_t now = 0;

	return sys->calls->now(sys, &now) < 0 ? -1 : now;
}

static void holds(struct vet_trial *trial)
{
	(void)read_clock(trial);
}

/* The clock goes wrong, by a fault: only then. */
static void crashes(struct vet_trial *trial)
{
	int64_t before = read_clock(trial);

	if (read_clock(trial) - before > VET_SECONDS(1))
		abort();
}

static void leaves(struct vet_trial *trial)
{
	(void)read_clock(trial);
	_exit(3);
}

static void fails_at_once(struct vet_trial *trial)
{
	vet_trial_fail(trial, "as it always does");
}

/* Says which process it is, so that the test can see it end. */
static void say_process(void)
{
	static bool said;

	if (!said)
		printf("process %ld\n", (long)getpid());
	said = true;
	(void)fflush(stdout);
}

/* Only SIGKILL ends it: the watchdog's signal is held off, too. */
static void waits(struct vet_trial *trial)
{
	sigset_t all;

	(void)trial;
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_SETMASK, &all, NULL);
	say_process();
	for (;;)
		(void)pause();
}

/* More plans of four faults than anyone has time for. */
static void is_long(struct vet_trial *trial)
{
	struct vet_sys *sys = vet_trial_sys(trial);

	say_process();
	for (int i = 0; i < 200; i++)
		(void)sys->calls->poll(sys, NULL, 0, VET_MILLISECONDS(1));
}

static void is_another(struct vet_trial *trial)
{
	vet_trial_fail(trial, "the plug-in's own");
}

#define QUOTED "it's \"quoted\"; * $HOME & \\"

static const struct vet_scenario well[] = {
	{ .name = "holds", .run = holds },
	{ .name = QUOTED, .run = fails_at_once },
	{ .name = "h*", .run = holds },
};
static const struct vet_scenario crashing[] = {
	{ .name = "first", .run = holds },   { .name = "crashes", .run = crashes },
	{ .name = "between", .run = holds }, { .name = "leaves", .run = leaves },
	{ .name = "last", .run = holds },
};
static const struct vet_scenario twice[] = {
	{ .name = "holds", .run = holds },
	{ .name = "holds", .run = holds },
};
static const struct vet_scenario nameless[] = { { .run = holds } };
static const struct vet_scenario own_name[] = { { .name = "shut down", .run = is_another } };
static const struct vet_scenario waiting[] = { { .name = "waits", .run = waits } };
static const struct vet_scenario endless[] = { { .name = "is long", .run = is_long } };

#define SET(name) \
	{ \
#name, name, sizeof(name) / sizeof((name)[0]) \
	}
static const struct {
	const char *name;
	const struct vet_scenario *scenarios;
	size_t count;
} sets[] = {
	SET(well),     SET(crashing), SET(twice),   SET(nameless),
	SET(own_name), SET(waiting),  SET(endless),
};

const struct vet_scenario *vetsock_scenarios(uint32_t version, size_t *count)
{
	const char *wanted = getenv("VETSOCK_TEST_PLUGIN");

	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		if (wanted == NULL || version != VET_SYS_VERSION ||
		    strcmp(wanted, sets[i].name) != 0)
			continue;
		*count = sets[i].count;
		return sets[i].scenarios;
	}
	*count = 0;
	return NULL;
}
