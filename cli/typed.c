/* SPDX-License-Identifier: 0BSD */
#include "typed.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "text.h"

int cli_refuse_typed(const char *command, const char *option, const char *text,
		     const struct vet_text_error *error)
{
	size_t size = strlen(text);

	fprintf(stderr, "%s: %s is wrong:\n", command, option);
	cli_put_text(stderr, text, size);
	(void)fputc('\n', stderr);
	cli_put_carets(stderr, text, size, error);
	return CLI_USAGE;
}

int cli_read_typed(const char *command, const char *option, const char *text,
		   bool (*read)(struct vet_scan *s, void *value), void *value)
{
	struct vet_scan s = { .text = text, .size = text == NULL ? 0 : strlen(text) };

	if (text == NULL)
		return 0;
	if (read(&s, value) &&
	    (vet_scan_at_end(&s) || vet_scan_misfit(&s, NULL, "nothing more is expected here")))
		return 0;
	return cli_refuse_typed(command, option, text, &s.error);
}

struct limited {
	const struct vet_bounds *bounds;
	uint64_t *number;
};

static bool read_limited(struct vet_scan *s, void *value)
{
	const struct limited *limited = value;

	return vet_scan_within(s, limited->bounds, limited->number);
}

int cli_read_number(const char *command, const char *option, const char *text,
		    const struct vet_bounds *bounds, uint64_t *number)
{
	struct limited limited = { bounds, number };

	return cli_read_typed(command, option, text, read_limited, &limited);
}

struct part {
	uint64_t shard, shards;
};

static bool read_part(struct vet_scan *s, void *value)
{
	static const struct vet_bounds bounds = { 1, 1000000, "parts are counted from 1",
						  "there are at most 1000000 parts" };
	static const char form[] = "the Ith of N parts is written I/N, as '1/3'";
	struct part *part = value;

	if (!vet_scan_within(s, &bounds, &part->shard))
		return false;
	if (!vet_scan_take(s, '/'))
		return vet_scan_misfit(s, form, form);
	if (!vet_scan_within(s, &bounds, &part->shards))
		return false;
	return part->shard <= part->shards ||
	       vet_scan_fail(s, 0, s->at, "there are not so many parts");
}

int cli_read_shard(const char *command, const char *text, unsigned *shard, unsigned *shards)
{
	struct part part = { 0, 0 };
	int status = cli_read_typed(command, "--shard", text, read_part, &part);

	if (status == 0 && text != NULL) {
		*shard = (unsigned)part.shard;
		*shards = (unsigned)part.shards;
	}
	return status;
}
