/* SPDX-License-Identifier: 0BSD */
#define _POSIX_C_SOURCE 200809L

#include "progress.h"

#include <stdio.h>
#include <unistd.h>

#include "process.h"

enum { WIDTH = 30 };

void progress_begin(struct progress *progress, size_t count)
{
	progress->possible = isatty(STDERR_FILENO) == 1;
	progress->drawn = false;
	progress->start = process_seconds();
	progress->count = count;
}

void progress_show(struct progress *progress, size_t done, const char *name)
{
	static const char full[] = "##############################";
	int filled = (int)(done * WIDTH / (progress->count + (progress->count == 0)));

	if (!progress->possible || process_seconds() - progress->start < 1.0)
		return;
	(void)fflush(stdout);
	fprintf(stderr, "\r[%-*.*s] %zu/%zu %-40.40s", WIDTH, filled, full, done, progress->count,
		name);
	progress->drawn = true;
}

void progress_clear(struct progress *progress)
{
	if (progress->drawn)
		fprintf(stderr, "\r%*s\r", WIDTH + 64, "");
	progress->drawn = false;
}
