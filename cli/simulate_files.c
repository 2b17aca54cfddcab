/* SPDX-License-Identifier: 0BSD */
#define _POSIX_C_SOURCE 200809L

#include "simulate_files.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/capture.h>
#include <vetsock/error.h>

#include "cli.h"

/* One that is written. */
struct written {
	const char *name; /* NULL: none was asked for */
	FILE *file;
	int error; /* errno of the first that went wrong */
};

struct simulate_files {
	struct written pcap, page;
	struct vet_sim_capture *capture;
	struct vet_sim_timeline *timeline;
};

static int write_to(void *context, const void *bytes, size_t size)
{
	struct written *written = context;

	if (fwrite(bytes, 1, size, written->file) == size)
		return 0;
	written->error = errno != 0 ? errno : EIO;
	return -written->error;
}

static bool opened(struct written *written, const char *name)
{
	if (name == NULL)
		return true;
	written->name = name;
	written->file = fopen(name, "wb");
	if (written->file == NULL)
		fprintf(stderr, "%s: %s: %s\n", simulate_command, name, strerror(errno));
	return written->file != NULL;
}

static bool closed(struct written *written)
{
	if (written->file == NULL)
		return true;
	errno = 0;
	if (fclose(written->file) != 0 && written->error == 0)
		written->error = errno != 0 ? errno : EIO;
	if (written->error != 0)
		fprintf(stderr, "%s: %s could not be written: %s\n", simulate_command,
			written->name, strerror(written->error));
	return written->error == 0;
}

/* What says of the files which run they show: the line that makes it again. */
static char *title_of(const struct simulating *simulating)
{
	char *title = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&title, &size);

	if (out == NULL)
		return NULL;
	simulate_put_again(out, simulating, simulating->chosen[0], simulating->seed, NULL, 0);
	if (fclose(out) == 0)
		return title;
	free(title);
	return NULL;
}

static int begin_observers(struct simulating *simulating, struct simulate_files *files,
			   const char *title)
{
	const struct vet_sim_capture_options capture = { .title = title,
							 .next = simulating->options.observer };
	struct vet_sim_timeline_options timeline = { .title = title,
						     .sim = simulating->sim,
						     .calls = true,
						     .next = simulating->options.observer };
	int result = 0;

	if (files->pcap.file != NULL) {
		result = vet_sim_capture_make(&files->capture, write_to, &files->pcap, &capture);
		if (result < 0)
			return result;
		timeline.next = simulating->options.observer =
			vet_sim_capture_observer(files->capture);
	}
	if (files->page.file != NULL) {
		result = vet_sim_timeline_make(&files->timeline, &timeline);
		if (result == 0)
			simulating->options.observer =
				vet_sim_timeline_observer(files->timeline);
	}
	return result;
}

int simulate_files_begin(struct simulating *simulating, struct simulate_files **begun)
{
	const struct simulate_request *request = simulating->request;
	struct simulate_files *files = calloc(1, sizeof(*files));
	char *title = title_of(simulating);
	int result = files == NULL || title == NULL ? -ENOMEM : 0;

	*begun = files;
	if (result == 0 &&
	    (!opened(&files->pcap, request->pcap) || !opened(&files->page, request->timeline))) {
		free(title);
		return CLI_USAGE;
	}
	if (result == 0)
		result = begin_observers(simulating, files, title);
	free(title);
	if (result == 0)
		return 0;
	fprintf(stderr, "%s: the files cannot be begun: %s\n", simulate_command,
		vet_error_name(result));
	return CLI_BROKE;
}

bool simulate_files_end(struct simulate_files *files)
{
	bool is_whole = true;
	int result = 0;

	if (files == NULL)
		return true;
	if (files->capture != NULL)
		result = vet_sim_capture_finish(files->capture);
	if (files->timeline != NULL && result == 0)
		result = vet_sim_timeline_write(files->timeline, write_to, &files->page);
	if (result == -ENOMEM)
		fprintf(stderr, "%s: there is no memory\n", simulate_command);
	is_whole = result == 0;
	vet_sim_timeline_free(files->timeline);
	is_whole = closed(&files->pcap) && is_whole;
	is_whole = closed(&files->page) && is_whole;
	free(files);
	return is_whole;
}
