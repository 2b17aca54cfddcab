/* SPDX-License-Identifier: 0BSD */
/* A session: many programs, or one, and what is said about them. */
#include "command.h"
#include "slow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A kind of difference that was met. */
struct found {
	char kind[KIND_TEXT];
	uint64_t count, index;   /* programs that had it; the first of them */
	char text[PROGRAM_TEXT]; /* made small */
};

struct session {
	const struct command *command;
	struct place_to_run kernel, simulator, *other;
	struct histogram *histogram;
	struct tally tally;
	struct found *found[KINDS];
	uint64_t founds;
	bool shows_progress;
};

/* ---- differences ---- */

static struct found *known(struct session *session, const char *kind)
{
	for (uint64_t i = 0; i < session->founds; i++)
		if (strcmp(session->found[i]->kind, kind) == 0)
			return session->found[i];
	return NULL;
}

/* Counts it; one of a new kind is made small and printed. */
static int report(struct session *session, uint64_t index, const struct program *program,
		  const struct verdict *verdict)
{
	struct found *found = known(session, verdict->kind);
	struct program small = *program;
	struct verdict last = *verdict;
	if (found != NULL) {
		found->count++;
		return 0;
	}
	found = calloc(1, sizeof(*found));
	if (found == NULL)
		return -ENOMEM;
	memcpy(found->kind, verdict->kind, sizeof(found->kind));
	found->count = 1;
	found->index = index;
	shrink(&session->kernel, session->other, &small, &last);
	program_print(&small, found->text, sizeof(found->text));
	session->found[session->founds++] = found;
	printf("%s%s\n\tfidelity --program '%s'\n", session->shows_progress ? "\r" : "",
	       found->kind, found->text);
	(void)fflush(stdout);
	return 0;
}

static void unstable_print(const struct session *session, uint64_t index,
			   const struct program *program, const struct verdict *verdict)
{
	char text[PROGRAM_TEXT];
	if (!session->command->verbose)
		return;
	program_print(program, text, sizeof(text));
	printf("unstable: program %llu, step %u: %s\n\tfidelity --program '%s'\n",
	       (unsigned long long)index, verdict->step + 1, verdict->kind, text);
}

/* ---- programs ---- */

static int one(struct session *session, uint64_t index, const struct program *program)
{
	static struct record record;
	struct verdict verdict;
	follow(&session->kernel, session->other, program, &verdict, &record, &session->tally);
	if (verdict.outcome == BROKEN)
		return verdict.error;
	if (session->histogram != NULL)
		histogram_add(session->histogram, program, &record);
	if (verdict.outcome == DIFFERENT)
		return report(session, index, program, &verdict);
	if (verdict.outcome == UNSTABLE)
		unstable_print(session, index, program, &verdict);
	return 0;
}

static void progress(const struct session *session, uint64_t index)
{
	if (!session->shows_progress || index % 4096 != 0)
		return;
	fprintf(stderr, "\r%llu of %llu, %llu different ", (unsigned long long)index,
		(unsigned long long)session->command->programs,
		(unsigned long long)session->tally.different);
}

static int random_programs(struct session *session)
{
	const struct command *command = session->command;
	for (uint64_t i = command->shard - 1; i < command->programs; i += command->shards) {
		struct program program;
		int result;
		program_generate(&program, command->seed, i, (uint32_t)command->steps);
		result = one(session, i, &program);
		if (result < 0)
			return result;
		if (session->founds >= command->stop_after)
			break;
		progress(session, i);
	}
	return 0;
}

static int wrong_text(const char *text, const struct vet_text_error *error)
{
	fprintf(stderr, "%s\n%*s^ %s\n", text, (int)error->offset, "", error->reason);
	return -EINVAL;
}

/* Programs of a file, one a line; empty lines and those that begin with # are none. */
static int programs_read(struct session *session, FILE *in)
{
	static char line[PROGRAM_TEXT];
	for (uint64_t i = 0; fgets(line, sizeof(line), in) != NULL; i++) {
		struct program program;
		struct vet_text_error error;
		int result;
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' || line[0] == '\0')
			continue;
		if (program_parse(&program, line, &error) < 0)
			return wrong_text(line, &error);
		result = one(session, i, &program);
		if (result < 0)
			return result;
	}
	return 0;
}

static FILE *opened(const char *name)
{
	FILE *in = fopen(name, "r");
	if (in == NULL)
		fprintf(stderr, "fidelity: %s: %s\n", name, strerror(errno));
	return in;
}

static int programs_of_file(struct session *session)
{
	FILE *in = opened(session->command->file);
	int result = in == NULL ? -ENOENT : programs_read(session, in);
	if (in != NULL)
		fclose(in);
	return result;
}

static int slow_programs(struct session *session)
{
	static struct slow slow;
	FILE *in = opened(session->command->slow);
	int result;
	if (in == NULL)
		return -ENOENT;
	result = slow_read(&slow, in);
	fclose(in);
	if (result < 0)
		return result;
	return slow_run(&session->kernel, session->other, &slow, &session->tally,
			session->shows_progress);
}

static int one_program(struct session *session)
{
	struct program program;
	struct vet_text_error error;
	if (program_parse(&program, session->command->text, &error) < 0)
		return wrong_text(session->command->text, &error);
	return table_print(&session->kernel, session->other, &program);
}

/* ---- the session ---- */

static void summary(const struct session *session)
{
	const struct tally *tally = &session->tally;
	for (uint64_t i = 0; i < session->founds; i++)
		printf("%8llu  %s\n\t  fidelity --program '%s'\n",
		       (unsigned long long)session->found[i]->count, session->found[i]->kind,
		       session->found[i]->text);
	for (unsigned i = 0; i < explained_count; i++)
		if (explained_met[i] > 0)
			printf("%8llu  explained: %s\n", (unsigned long long)explained_met[i],
			       explained_rows[i].id);
	printf("seed %llu: %llu programs, %llu kernel calls; the kernel differed from itself in "
	       "%llu (ports met by chance, run again: %llu)\n",
	       (unsigned long long)session->command->seed, (unsigned long long)tally->programs,
	       (unsigned long long)tally->calls, (unsigned long long)tally->unstable,
	       (unsigned long long)tally->coincidences);
	if (session->other != NULL)
		printf("%llu followed to the end, %llu up to an explained difference, "
		       "%llu up to a doubt; %llu different in %llu kinds\n",
		       (unsigned long long)tally->followed,
		       (unsigned long long)tally->ended_explained,
		       (unsigned long long)tally->doubted, (unsigned long long)tally->different,
		       (unsigned long long)session->founds);
}

static int session_begin(struct session *session, const struct command *command)
{
	const char *why_not;
	int result = kernel_open(&session->kernel, &why_not);
	session->command = command;
	session->shows_progress = isatty(STDERR_FILENO) == 1 && command->text == NULL;
	if (result < 0)
		return result;
	if (why_not != NULL && command->slow != NULL) {
		fprintf(stderr, "skipped: no network of its own (%s)\n", why_not);
		exit(77);
	}
	if (why_not != NULL)
		fprintf(stderr, "fidelity: no network of its own (%s): settings are as they are\n",
			why_not);
	if (!command->kernel_only) {
		result = simulator_open(&session->simulator);
		session->other = &session->simulator;
	}
	if (result == 0 && command->histogram) {
		session->kernel.side.watches = true;
		session->histogram = histogram_make();
		result = session->histogram == NULL ? -ENOMEM : 0;
	}
	return result;
}

static void session_end(struct session *session)
{
	for (uint64_t i = 0; i < session->founds; i++)
		free(session->found[i]);
	histogram_free(session->histogram);
	if (session->other != NULL)
		simulator_close(session->other);
	kernel_close(&session->kernel);
}

int command_run(const struct command *command)
{
	static struct session session;
	int result = session_begin(&session, command);
	if (result == 0 && command->text != NULL && strcmp(command->text, "-") != 0) {
		result = one_program(&session);
		session_end(&session);
		return result;
	}
	if (result == 0)
		result = command->slow != NULL   ? slow_programs(&session)
			 : command->file != NULL ? programs_of_file(&session)
			 : command->text != NULL ? programs_read(&session, stdin)
						 : random_programs(&session);
	if (result == 0) {
		if (session.histogram != NULL)
			histogram_print(session.histogram);
		summary(&session);
		result = session.tally.different > 0 ||
			 (command->slow != NULL && session.tally.unstable > 0);
	}
	session_end(&session);
	return result;
}
