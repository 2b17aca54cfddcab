/* SPDX-License-Identifier: 0BSD */
#include "scenarios.h"

#include <stdlib.h>

#include "steps.h"

enum { MOST = 512 };

static const struct subject *const subjects[] = {
	&making,  &connecting, &accepting, &reading,  &buffering,  &writing, &datagrams, &files,
	&options, &addresses,  &exchanges, &watching, &attempting, &states,  &adopting,  &opening,
};

static struct vet_scenario all[MOST];

static size_t add(const struct subject *subject, size_t found)
{
	if (subject->count > MOST - found)
		abort(); /* MOST is to be raised */
	memcpy(&all[found], subject->scenarios, subject->count * sizeof all[0]);
	return found + subject->count;
}

const struct vet_scenario *scenarios_all(size_t *count)
{
	*count = 0;
	for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
		*count = add(subjects[i], *count);
	for (size_t i = 0; i < PATTERN; i++)
		pattern[i] = vet_peer_byte(i);
	return all;
}

const struct vet_operation *scenarios_operations(size_t *count)
{
	*count = OPERATION_COUNT;
	return operations;
}
