/* SPDX-License-Identifier: 0BSD */
/* What came of a scenario, sent from a worker to its parent: both are the same program, so that
 * structs go as they are, and only what they point to needs a form. */
#define _POSIX_C_SOURCE 200809L

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "explore.h"

/* How a parcel begins; behind it come the violations, then for each operation the size of its name,
 * its name with a NUL, and its rows. */
struct label {
	size_t size; /* of what comes behind it */
	size_t index;
	size_t violations, operations;
	const char *trouble; /* constant: in both processes at the same place */
	char trouble_message[160];
	struct vet_explore_report report;
	double seconds;
};

/* ---- sending ---- */

static bool write_all(int fd, const void *data, size_t size)
{
	const char *at = data;

	while (size > 0) {
		ssize_t n = write(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

static void pack(FILE *out, const struct outcome *outcome)
{
	if (outcome->violation_count > 0)
		(void)fwrite(outcome->violations, sizeof(*outcome->violations),
			     outcome->violation_count, out);
	for (size_t i = 0; i < outcome->cells.count; i++) {
		const struct cells_of *one = &outcome->cells.of[i];
		size_t size = strlen(one->operation) + 1;

		(void)fwrite(&size, sizeof(size), 1, out);
		(void)fwrite(one->operation, 1, size, out);
		(void)fwrite(one->rows, 1, explore_rows(), out);
	}
}

bool explore_send(int fd, const struct outcome *outcomes, size_t index)
{
	const struct outcome *outcome = &outcomes[index];
	struct label label = {
		.index = index,
		.violations = outcome->violation_count,
		.operations = outcome->cells.count,
		.trouble = outcome->trouble,
		.report = outcome->report,
		.seconds = outcome->seconds,
	};
	char *packed = NULL;
	FILE *out = open_memstream(&packed, &label.size);
	bool is_sent;

	if (out == NULL)
		return false;
	memcpy(label.trouble_message, outcome->trouble_message, sizeof(label.trouble_message));
	pack(out, outcome);
	is_sent = fclose(out) == 0 && write_all(fd, &label, sizeof(label)) &&
		  write_all(fd, packed, label.size);
	free(packed);
	return is_sent;
}

/* ---- receiving ---- */

static bool read_all(int fd, void *data, size_t size)
{
	char *at = data;

	while (size > 0) {
		ssize_t n = read(fd, at, size);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		at += n;
		size -= (size_t)n;
	}
	return true;
}

static bool unpack_cells(const char *at, size_t operations, struct cells *cells)
{
	for (size_t i = 0; i < operations; i++) {
		size_t size;
		const char *name = at + sizeof(size);

		memcpy(&size, at, sizeof(size));
		for (size_t j = 0; j < explore_rows(); j++)
			if (!explore_see_cell(cells, name, j,
					      (enum cell)(unsigned char)name[size + j]))
				return false;
		at = name + size + explore_rows();
	}
	return true;
}

static bool unpack(const char *packed, const struct label *label, struct outcome *outcome)
{
	size_t size = label->violations * sizeof(*outcome->violations);

	outcome->violations = malloc(size > 0 ? size : 1);
	if (outcome->violations == NULL)
		return false;
	memcpy(outcome->violations, packed, size);
	outcome->violation_count = label->violations;
	return unpack_cells(packed + size, label->operations, &outcome->cells);
}

bool explore_receive(int fd, struct outcome *outcomes, size_t count)
{
	struct label label;
	struct outcome *outcome;
	char *packed;
	bool is_whole;

	if (!read_all(fd, &label, sizeof(label)) || label.index >= count)
		return false;
	packed = malloc(label.size > 0 ? label.size : 1);
	if (packed == NULL)
		return false;
	outcome = &outcomes[label.index];
	is_whole = read_all(fd, packed, label.size) && unpack(packed, &label, outcome);
	free(packed);
	outcome->report = label.report;
	outcome->seconds = label.seconds;
	outcome->trouble = label.trouble;
	memcpy(outcome->trouble_message, label.trouble_message, sizeof(label.trouble_message));
	outcome->is_done = is_whole;
	return is_whole;
}
