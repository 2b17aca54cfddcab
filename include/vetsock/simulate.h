/* SPDX-License-Identifier: 0BSD */
/*
 * Simulations: programs on a network in memory (sim.h), run from many seeds, under mischief
 * (mischief.h), each run checked, and what broke made small.
 *
 *	static int prepare(struct vet_sim *sim, unsigned hosts, void *state)
 *	{
 *		... hosts and actors: vet_sim_add_host(), vet_sim_actor() ...
 *		return 0;
 *	}
 *	static const struct vet_simulation mine = {
 *		.name = "my server", .mischief = "loss=2%; calm=10s", .hosts = 3, .prepare = prepare,
 *	};
 *	for (options.seed = 1; options.seed <= 1000; options.seed++)
 *		if (vet_simulate(sim, &mine, &options, &report) < 0)
 *			... report.why; vet_simulate_shrink() makes it small ...
 *
 * After each run it is checked, whatever it is, that every actor has returned; that no descriptor was
 * left open and none used after it was closed; that no memory of a table's realloc is left; that
 * after all mischief has stopped ("calm=") all was done within the bound ("bound=").
 *
 * libvetsock-shim.  One thread for each struct vet_sim.
 */
#ifndef VETSOCK_SIMULATE_H
#define VETSOCK_SIMULATE_H

#include <vetsock/explore.h>
#include <vetsock/mischief.h>
#include <vetsock/sim.h>

VET_BEGIN_DECLS

struct vet_simulation {
	const char *name;     /* "echo under loss" */
	const char *what;     /* what happens and what must hold, in a sentence; NULL */
	const char *mischief; /* that is there if the caller says nothing; NULL: none */
	unsigned hosts;       /* likewise; 0: it does not care */
	/* Makes hosts and actors.  Not 0: the run cannot begin, and that is what vet_simulate()
	 * returns. */
	int (*prepare)(struct vet_sim *sim, unsigned hosts, void *state);
	/* After all actors have returned, whatever became of the run: what must hold then, by
	 * vet_sim_check(); what prepare or actors left is given back.  NULL: nothing. */
	void (*finish)(struct vet_sim *sim, void *state);
	size_t state;      /* bytes for the run's own state, all zero at first: given to both */
	uint64_t calls;    /* of a run, at most; 0: 100,000 */
	vet_duration time; /* likewise, virtual; 0: a day */
};

struct vet_simulate_options {
	uint64_t seed;
	unsigned hosts;                      /* 0: the simulation's */
	const struct vet_mischief *mischief; /* NULL: the simulation's */
	enum vet_sim_schedule schedule;
	enum vet_sim_coroutines coroutines;
	const struct vet_sim_choice *tape; /* in place of what the seed draws */
	size_t tape_size;
	bool record;
	bool once; /* else each run is made twice, and both must be the same */
	const struct vet_sim_observer *observer;
	/* Called after prepare of the first of the two runs, before any actor runs: for layers over the
	 * hosts' tables (vet_sim_set_sys()).  Not 0: as of prepare.  NULL: nothing. */
	int (*prepared)(struct vet_sim *sim, void *context);
	void *context;
};

/* One run.  0: all held; -EINVAL: not, and report->why says what; another negative error: it could
 * not be run at all (why says it too). */
VET_API VET_CHECKED int vet_simulate(struct vet_sim *sim, const struct vet_simulation *simulation,
				     const struct vet_simulate_options *options,
				     struct vet_sim_report *report);

/*
 * Makes a run that breaks small: choices are taken out of its tape, and made less, as long as the run
 * still ends in the same way (the same end, and the same reason but for its numbers).  *tape is what
 * is left, in memory of malloc() that the caller frees; at most `runs` runs are made.  0; -EINVAL: the
 * run that the options say does not break; -ENOMEM.
 */
VET_API VET_CHECKED int vet_simulate_shrink(struct vet_sim *sim,
					    const struct vet_simulation *simulation,
					    const struct vet_simulate_options *options,
					    unsigned runs, struct vet_sim_report *report,
					    struct vet_sim_choice **tape, size_t *count);

/* A tape as one line of text, "latency:3=512 loss:7=1", and back. */
VET_API VET_CHECKED ssize_t vet_sim_tape_format(const struct vet_sim_choice *tape, size_t count,
						char *text, size_t size);
VET_API VET_CHECKED int vet_sim_tape_parse(const char *text, size_t size,
					   struct vet_sim_choice *tape, size_t room, size_t *count,
					   struct vet_text_error *error);

/* For a scenario of the explorer (explore.h) whose program is to run on a simulated host: its `begin`
 * starts a world, makes hosts and the actors beside the program, and ends with this.  The program
 * itself is "main". */
VET_API VET_CHECKED int vet_sim_view(struct vet_sim_host *host, struct vet_world_view *view);

/* What a plug-in (a shared object that brings simulations, for `vetsock sim --load`) exports under the
 * name "vetsock_simulations": it is given the caller's VET_SYS_VERSION and returns its simulations,
 * good until the program ends, with their number in *count; or NULL if it has none for that
 * version. */
typedef const struct vet_simulation *(*vet_simulations_plugin)(uint32_t version, size_t *count);

VET_END_DECLS

#endif
