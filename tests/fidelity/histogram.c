/* SPDX-License-Identifier: 0BSD */
/* What the kernel answered, how often; and the catalogue of lawful faults beside it. */
#include "follow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/catalogue.h>
#include <vetsock/error.h>

enum { CELLS = 16384 }; /* a power of 2, far above what there is */

/* What a cell counts: a call, on a kind of socket, in a state of it, with that result. */
struct cell {
	uint64_t count;
	int64_t result; /* minus an errno; 0; 1; of poll its bits; of SO_ERROR the errno */
	uint8_t entry, kind, state;
	uint8_t is_part; /* fewer than were asked for */
};

struct histogram {
	struct cell cell[CELLS];
	unsigned used;
};

struct histogram *histogram_make(void)
{
	return calloc(1, sizeof(struct histogram));
}

void histogram_free(struct histogram *histogram)
{
	free(histogram);
}

static bool is_same(const struct cell *a, const struct cell *b)
{
	return a->entry == b->entry && a->kind == b->kind && a->state == b->state &&
	       a->result == b->result && a->is_part == b->is_part;
}

static void count(struct histogram *histogram, const struct cell *wanted)
{
	uint64_t at = (uint64_t)wanted->result * 31 + wanted->entry * 1009U + wanted->state * 101U +
		      wanted->kind * 7U + wanted->is_part;
	if (histogram->used > CELLS / 2)
		return;
	for (at %= CELLS; histogram->cell[at].count > 0; at = (at + 1) % CELLS) {
		if (is_same(&histogram->cell[at], wanted)) {
			histogram->cell[at].count++;
			return;
		}
	}
	histogram->cell[at] = *wanted;
	histogram->cell[at].count = 1;
	histogram->used++;
}

static bool is_so_error(const struct step *step)
{
	return step->entry == VET_CALL_getsockopt &&
	       option_rows[step->option].level == SOL_SOCKET &&
	       option_rows[step->option].option == SO_ERROR;
}

void histogram_add(struct histogram *histogram, const struct program *program,
		   const struct record *record)
{
	for (uint32_t i = 0; i < program->count; i++) {
		const struct step *step = &program->step[i];
		const struct answer *answer = &record->answer[i];
		struct cell cell = { .entry = step->entry,
				     .kind = answer->kind,
				     .state = answer->state };
		int32_t value;
		cell.result = answer->result > 0 ? 1 : answer->result;
		cell.is_part = strcmp(answer_class(step, answer), "part") == 0;
		memcpy(&value, answer->value, sizeof(value));
		if (is_so_error(step) && answer->result == 0 && answer->length == 4)
			cell.result = -(int64_t)value;
		if (step->entry == VET_CALL_poll && step->count == 1 && answer->result >= 0)
			cell.result = answer->revents[0];
		count(histogram, &cell);
	}
}

/* ---- printing ---- */

static int order(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;
	const int64_t keys[][2] = {
		{ x->entry, y->entry },   { x->kind, y->kind },       { x->state, y->state },
		{ x->result, y->result }, { x->is_part, y->is_part },
	};
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (keys[i][0] != keys[i][1])
			return keys[i][0] < keys[i][1] ? -1 : 1;
	return 0;
}

static void cell_print(const struct cell *cell)
{
	struct answer answer = { .kind = cell->kind, .state = cell->state };
	char result[32];
	if (cell->entry == VET_CALL_poll && cell->result >= 0)
		(void)snprintf(result, sizeof(result), "%#llx", (unsigned long long)cell->result);
	else if (cell->result < 0)
		(void)snprintf(result, sizeof(result), "%s", vet_error_name((int)cell->result));
	else
		(void)snprintf(result, sizeof(result), "%s",
			       cell->result == 0 ? "0"
			       : cell->is_part   ? "part"
						 : "n");
	printf("%-16s %-12s %-20s %10llu\n", vet_entry_name(cell->entry), state_name(&answer),
	       result, (unsigned long long)cell->count);
}

/* Whether a row of the catalogue was seen: the call, the kind of socket and the result. */
static uint64_t seen(const struct histogram *histogram, const struct vet_lawful *row)
{
	uint64_t sum = 0;
	for (unsigned i = 0; i < CELLS; i++) {
		const struct cell *cell = &histogram->cell[i];
		uint8_t kind = cell->kind == OPTION_STREAM     ? VET_KIND_STREAM
			       : cell->kind == OPTION_DATAGRAM ? VET_KIND_DATAGRAM
							       : VET_KIND_SOCKET | VET_KIND_OTHER;
		bool is_it = false;
		if (cell->count == 0 || cell->entry != row->entry || !(row->kinds & kind))
			continue;
		switch (row->action) {
		case VET_ACTION_ERROR:
			is_it = cell->result == row->argument;
			break;
		case VET_ACTION_VALUE:
		case VET_ACTION_VALUE_OF:
			is_it = cell->result == row->argument;
			break;
		case VET_ACTION_ZERO:
		case VET_ACTION_TIMEOUT:
			is_it = cell->result == 0 && !cell->is_part;
			break;
		case VET_ACTION_SHORT:
			is_it = cell->is_part;
			break;
		case VET_ACTION_EVENTS:
			is_it = (cell->result & row->argument) == row->argument;
			break;
		default:
			break;
		}
		if (is_it)
			sum += cell->count;
	}
	return sum;
}

/* What no program of one thread, which never waits, on loopback, with memory enough, can meet: the
 * first that fits counts. */
static const struct {
	uint8_t entry; /* enum vet_entry, VET_CALL_ANY */
	int error;
	const char *why;
} beyond_reach[] = {
	{ VET_CALL_ANY, EINTR, "no signal comes" },
	{ VET_CALL_ANY, ENOMEM, "there is memory enough" },
	{ VET_CALL_ANY, ENOBUFS, "there is memory enough" },
	{ VET_CALL_ANY, EIO, "no device fails" },
	{ VET_CALL_ANY, EMFILE, "few descriptors are open" },
	{ VET_CALL_ANY, ENFILE, "few descriptors are open" },
	{ VET_CALL_ANY, ETIMEDOUT, "a slow timer" },
	{ VET_CALL_ANY, EPERM, "no firewall, and root" },
	{ VET_CALL_ANY, EACCES, "no firewall, and root" },
	{ VET_CALL_ANY, ENETDOWN, "loopback is up" },
	{ VET_CALL_ANY, EHOSTDOWN, "loopback is up" },
	{ VET_CALL_ANY, ENONET, "loopback is up" },
	{ VET_CALL_ANY, EHOSTUNREACH, "no router says so" },
	{ VET_CALL_ANY, ENETUNREACH, "no router says so" },
	{ VET_CALL_ANY, EPROTO, "no router says so" },
	{ VET_CALL_ANY, ENOPROTOOPT, "no router says so" },
	{ VET_CALL_recv, EMSGSIZE, "no router has a smaller MTU" },
	{ VET_CALL_recvfrom, EMSGSIZE, "no router has a smaller MTU" },
	{ VET_CALL_getsockopt, EMSGSIZE, "no router has a smaller MTU" },
	{ VET_CALL_ANY, ECONNABORTED, "nobody destroys sockets (ss -K)" },
	{ VET_CALL_ANY, EADDRINUSE, "ports do not run out" },
	{ VET_CALL_ANY, EADDRNOTAVAIL, "ports do not run out" },
	{ VET_CALL_connect, EAGAIN, "ports do not run out" },
	{ VET_CALL_send, EAGAIN, "loopback takes every datagram at once" },
	{ VET_CALL_sendto, EAGAIN, "loopback takes every datagram at once" },
	{ VET_CALL_sendv, EAGAIN, "loopback takes every datagram at once" },
	{ VET_CALL_ANY, EOVERFLOW, "no number is that large" },
	{ VET_CALL_bind, ENODEV, "no address has a scope" },
	{ VET_CALL_sendfile, EINVAL, "the file is one that can be sent" },
	{ VET_CALL_poll, EINVAL, "few descriptors are asked for" },
	{ VET_CALL_ANY, EPROTOTYPE, "Linux: of AF_UNIX alone" },
	{ VET_CALL_ANY, EAGAIN, "not Linux, of sockets" },
	{ VET_CALL_ANY, EINVAL, "not Linux" },
	{ VET_CALL_ANY, EISCONN, "not Linux" },
	{ VET_CALL_ANY, EINPROGRESS, "not Linux" },
	{ VET_CALL_ANY, EDESTADDRREQ, "not Linux" },
	{ VET_CALL_ANY, ENXIO, "not Linux, of sockets" },
	{ VET_CALL_ANY, ENOSYS, "not Linux since 2.2" },
	{ VET_CALL_accept, EOPNOTSUPP, "Linux: of datagram sockets alone" },
	{ VET_CALL_accept, ENOSR, "not Linux" },
	{ VET_CALL_accept, ESOCKTNOSUPPORT, "not Linux" },
	{ VET_CALL_accept, EPROTONOSUPPORT, "not Linux" },
};

static const char *out_of_reach(const struct vet_lawful *row)
{
	if (row->action == VET_ACTION_SPURIOUS)
		return "not to be told from a true answer";
	if (row->action == VET_ACTION_DELAY || row->action == VET_ACTION_JUMP)
		return "the clock";
	if (row->action != VET_ACTION_ERROR && row->action != VET_ACTION_VALUE_OF)
		return NULL;
	for (size_t i = 0; i < sizeof(beyond_reach) / sizeof(beyond_reach[0]); i++)
		if (row->argument == -beyond_reach[i].error &&
		    (beyond_reach[i].entry == VET_CALL_ANY || beyond_reach[i].entry == row->entry))
			return beyond_reach[i].why;
	return NULL;
}

static void catalogue_print(const struct histogram *histogram)
{
	const struct vet_lawful *row;
	unsigned met = 0, beyond = 0, open = 0;
	printf("\nRows of the catalogue (vetsock catalogue):\n");
	for (size_t i = 0; (row = vet_lawful_at(i)) != NULL; i++) {
		uint64_t times = seen(histogram, row);
		const char *why = out_of_reach(row);
		met += times > 0;
		beyond += times == 0 && why != NULL;
		open += times == 0 && why == NULL;
		if (times == 0)
			printf("not seen: %-12s action %2u argument %6lld: %s (%s)\n",
			       vet_entry_name(row->entry), row->action, (long long)row->argument,
			       why == NULL ? "?" : why, row->clause);
	}
	printf("%u rows seen, %u out of reach, %u not seen\n", met, beyond, open);
}

void histogram_print(const struct histogram *histogram)
{
	static struct cell cell[CELLS];
	size_t used = 0;
	for (unsigned i = 0; i < CELLS; i++)
		if (histogram->cell[i].count > 0)
			cell[used++] = histogram->cell[i];
	qsort(cell, used, sizeof(cell[0]), order); /* no two are equal: each key is there once */
	for (size_t i = 0; i < used; i++)
		cell_print(&cell[i]);
	catalogue_print(histogram);
}
