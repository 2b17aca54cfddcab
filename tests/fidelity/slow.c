/* SPDX-License-Identifier: 0BSD */
/* Programs that wait for the kernel's slow timers: each in a process of its own, all at once, and
 * then, in no time, on the simulator. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "slow.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { TWICE = 2, ROUNDS = 3, GRACE = 30 /* seconds beyond what programs say that they wait */ };

/* What a process leaves behind. */
struct left {
	struct record record;
	struct tally tally;
	bool is_whole;
};

/* ---- reading ---- */

static int refuse(uint64_t line, const char *text, size_t offset, const char *reason)
{
	fprintf(stderr, "line %llu: %s\n%*s^ %s\n", (unsigned long long)line, text,
		(int)offset + 7 + (int)(line > 9) + (int)(line > 99), "", reason);
	return -EINVAL;
}

static int take_line(struct slow *slow, uint64_t number, const char *line)
{
	struct vet_text_error error;
	struct program *program = &slow->program[slow->count];
	if (slow->count == SLOW_PROGRAMS)
		return refuse(number, line, 0, "too many programs");
	if (program_parse(program, line, &error) < 0)
		return refuse(number, line, error.offset, error.reason);
	if (program_waits(program) > LONGEST)
		return refuse(number, line, 0, "it waits for more than 90 s in all");
	if (program_waits(program) > slow->longest)
		slow->longest = program_waits(program);
	slow->line[slow->count++] = (uint32_t)number;
	return 0;
}

int slow_read(struct slow *slow, FILE *in)
{
	static char line[PROGRAM_TEXT];
	int result = 0;
	slow->count = 0;
	slow->longest = 0;
	for (uint64_t i = 1; result == 0 && fgets(line, sizeof(line), in) != NULL; i++) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] != '#' && line[0] != '\0')
			result = take_line(slow, i, line);
	}
	return result;
}

/* ---- on the kernel ---- */

static pid_t start(struct place_to_run *kernel, const struct program *program, struct left *left)
{
	struct ground ground;
	struct run run;
	pid_t pid;
	/* Here, so that each run has its own. */
	int result = kernel->begin(kernel, &ground);
	if (result < 0)
		return result;
	pid = fork();
	if (pid != 0)
		return pid < 0 ? -errno : pid;
	left->record.ground = ground;
	run_begin(&run, &kernel->side, program, &ground);
	for (uint32_t i = 0; i < program->count; i++)
		run_step(&run, i, NULL, &left->record.answer[i]);
	left->tally.calls = program->count;
	left->is_whole = !run.is_coincidence;
	_exit(0);
}

/* A process that is still there so long after all should be is ended. */
static bool wait_for_all(const struct slow *slow, pid_t pid[], uint32_t count, bool shows_progress)
{
	int64_t seconds = slow->longest / 1000 + GRACE;
	uint32_t left = count;
	for (int64_t tenths = 0; left > 0 && tenths < 10 * seconds; tenths++) {
		struct timespec tenth = { .tv_nsec = 100000000 };
		for (uint32_t i = 0; i < count; i++) {
			if (pid[i] > 0 && waitpid(pid[i], NULL, WNOHANG) == pid[i]) {
				pid[i] = 0;
				left--;
			}
		}
		if (shows_progress && tenths % 10 == 0)
			fprintf(stderr, "\r%u programs still run, at most %lld s ", left,
				(long long)(slow->longest / 1000 - tenths / 10));
		if (left > 0)
			(void)nanosleep(&tenth, NULL);
	}
	if (shows_progress)
		fprintf(stderr, "\r%40s\r", "");
	for (uint32_t i = 0; i < count; i++) {
		if (pid[i] > 0) {
			(void)kill(pid[i], SIGKILL);
			(void)waitpid(pid[i], NULL, 0);
		}
	}
	return left == 0;
}

static int run_all(struct place_to_run *kernel, const struct slow *slow, const bool is_done[],
		   struct left *left, bool shows_progress)
{
	static pid_t pid[TWICE * SLOW_PROGRAMS];
	uint32_t count = 0;
	int result = 0;
	fflush(NULL);
	for (uint32_t i = 0; i < TWICE * slow->count && result == 0; i++) {
		if (is_done[i / TWICE])
			continue;
		left[i].is_whole = false;
		pid[count] = start(kernel, &slow->program[i / TWICE], &left[i]);
		if (pid[count] < 0)
			result = (int)pid[count];
		else
			count++;
	}
	return wait_for_all(slow, pid, count, shows_progress) ? result : -ETIMEDOUT;
}

/* ---- beside the simulator ---- */

static void print(const struct slow *slow, uint32_t index, const struct verdict *verdict)
{
	char text[PROGRAM_TEXT];
	char kernel[200], other[200];
	const struct program *program = &slow->program[index];
	const struct step *step = &program->step[verdict->step];
	program_print(program, text, sizeof(text));
	answer_print(step, &verdict->kernel, kernel, sizeof(kernel));
	answer_print(step, &verdict->other, other, sizeof(other));
	printf("line %u, step %u: %s\n\t%s: %s\n\t%s: %s\n\tfidelity --program '%s'\n",
	       slow->line[index], verdict->step + 1, verdict->kind,
	       verdict->outcome == UNSTABLE ? "once" : "kernel", kernel,
	       verdict->outcome == UNSTABLE ? "then" : "simulator", other, text);
}

/* One round of those that are not done.  The last one's verdicts are counted, and printed. */
static int judge_all(struct place_to_run *simulator, const struct slow *slow,
		     const struct left *left, bool is_done[], bool is_last, struct tally *tally)
{
	uint32_t not_done = 0;
	for (uint32_t i = 0; i < slow->count; i++) {
		const struct left *first = &left[TWICE * i], *second = first + 1;
		struct tally round = { 0 };
		struct verdict verdict;
		if (is_done[i])
			continue;
		not_done++;
		tally->calls += first->tally.calls + second->tally.calls;
		if (!first->is_whole || !second->is_whole) {
			tally->coincidences++;
			continue;
		}
		judge(simulator, &slow->program[i], &first->record, &second->record, &verdict,
		      &round);
		if (verdict.outcome == BROKEN)
			return verdict.error;
		is_done[i] = verdict.outcome == FOLLOWED || verdict.outcome == EXPLAINED;
		not_done -= is_done[i];
		if (!is_done[i] && is_last)
			print(slow, i, &verdict);
		if (is_done[i] || is_last)
			tally_add(tally, &round);
	}
	return (int)not_done;
}

int slow_run(struct place_to_run *kernel, struct place_to_run *simulator, const struct slow *slow,
	     struct tally *tally, bool shows_progress)
{
	static bool is_done[SLOW_PROGRAMS];
	size_t size = sizeof(struct left) * TWICE * slow->count;
	struct left *left =
		mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int result = 1;
	if (left == MAP_FAILED)
		return -errno;
	/* A busy machine makes timers late: what differs then is run again. */
	for (int round = 1; result > 0 && round <= ROUNDS; round++) {
		result = run_all(kernel, slow, is_done, left, shows_progress);
		if (result == 0)
			result = judge_all(simulator, slow, left, is_done, round == ROUNDS, tally);
		if (result > 0)
			printf("round %d: %d of %u programs differ%s\n", round, result, slow->count,
			       round == ROUNDS ? "" : ": again");
	}
	(void)munmap(left, size);
	return result < 0 ? result : 0;
}
