/* SPDX-License-Identifier: 0BSD */
/* Many bytes through a stream, by every way of sending them; each byte is checked.  The argument is
 * how many MiB. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "pattern.h"
#include "worker.h"

enum {
	MIB = 1024 * 1024,
	/* More than the buffers hold, and odd: gather writes are cut at any byte. */
	LONG_LINE = 3 * MIB + 17,
	AN_OFFSET = 4099, /* no multiple of a page */
	WATCHED = 64 * 1024,
};

static uint64_t bulk; /* bytes */
static int bulk_file; /* that hold the pattern */

/* A sender: what it sends through the near end, as a thread. */
struct transfer {
	const struct transfer_row *row;
	struct pair pair;
	int file;
	uint64_t sent;
};

struct transfer_row {
	void (*send)(struct transfer *transfer);
	uint64_t line;   /* of the pattern */
	uint64_t begins; /* the pattern's position at which the stream begins */
};

static void send_in_pieces(struct transfer *transfer, size_t piece)
{
	unsigned char *data = malloc(piece);
	CHECK(data != NULL);
	while (transfer->sent < bulk) {
		size_t done = 0;
		size_t part =
			bulk - transfer->sent < piece ? (size_t)(bulk - transfer->sent) : piece;
		pattern_fill(data, part, transfer->sent, 0);
		MUST(vet_socket_write(&transfer->pair.near, data, part, &done));
		SAME((int64_t)done, (int64_t)part);
		transfer->sent += done;
	}
	free(data);
}

static void send_by_write(struct transfer *transfer)
{
	send_in_pieces(transfer, LONG_LINE);
}

/* Whole lines, so the last may end beyond bulk. */
static void send_by_print(struct transfer *transfer)
{
	uint64_t line = transfer->row->line;
	unsigned char *data = malloc(line);
	CHECK(data != NULL);
	while (transfer->sent < bulk) {
		size_t done = 0;
		pattern_fill(data, line, transfer->sent, line);
		MUST(vet_socket_print(&transfer->pair.near, data, line - 1, &done));
		SAME((int64_t)done, (int64_t)line);
		transfer->sent += done;
	}
	free(data);
}

static void send_whole_file(struct transfer *transfer)
{
	MUST(vet_socket_send_file(&transfer->pair.near, transfer->file, &transfer->sent));
}

static void send_rest_of_file(struct transfer *transfer)
{
	MUST(vet_socket_send_file_range(&transfer->pair.near, transfer->file, AN_OFFSET, INT64_MAX,
					&transfer->sent));
}

static void transfer_run(void *data)
{
	struct transfer *transfer = data;
	transfer->row->send(transfer);
	MUST(vet_socket_shutdown_write(&transfer->pair.near));
}

/* How many bytes arrived; each is right, and done said the same. */
static uint64_t transfer_all(const struct world *world, const struct transfer_row *row)
{
	struct transfer transfer = { .row = row, .file = bulk_file };
	struct worker sender;
	pair_open(world, &transfer.pair);
	worker_start(&sender, transfer_run, &transfer);
	uint64_t received = pattern_receive(&transfer.pair.far, row->begins, row->line);
	worker_join(&sender);
	SAME((int64_t)transfer.sent, (int64_t)received);
	SAME(lseek(bulk_file, 0, SEEK_CUR), 0); /* the file's offset is never moved */
	pair_close(&transfer.pair);
	return received;
}

static void write_moves_every_byte_once_and_in_order(const struct world *world)
{
	static const struct transfer_row row = { .send = send_by_write };
	SAME((int64_t)transfer_all(world, &row), (int64_t)bulk);
}

static void print_ends_every_line_wherever_its_gather_write_is_cut(const struct world *world)
{
	static const struct transfer_row row = { .send = send_by_print, .line = LONG_LINE };
	CHECK(transfer_all(world, &row) >= bulk);
}

static void send_file_sends_the_whole_file(const struct world *world)
{
	static const struct transfer_row row = { .send = send_whole_file };
	SAME((int64_t)transfer_all(world, &row), (int64_t)bulk);
}

static void send_file_range_begins_at_its_offset(const struct world *world)
{
	static const struct transfer_row row = { .send = send_rest_of_file, .begins = AN_OFFSET };
	SAME((int64_t)transfer_all(world, &row), (int64_t)(bulk - AN_OFFSET));
}

/* ---- files that change while they are sent: the sender is held up by small buffers ---- */

/* The file has `size` bytes, and becomes `later` bytes long when the receiver has seen the first. */
static uint64_t transfer_changing(const struct world *world, const struct transfer_row *row,
				  uint64_t size, uint64_t later)
{
	struct transfer transfer = { .row = row, .file = pattern_file(size) };
	struct worker sender;
	pair_open_small(world, &transfer.pair);
	worker_start(&sender, transfer_run, &transfer);
	pattern_receive_exactly(&transfer.pair.far, row->begins, WATCHED);
	if (later < size) {
		CHECK(ftruncate(transfer.file, (off_t)later) == 0);
	} else {
		pattern_file_grow(transfer.file, size, later);
	}
	uint64_t rest = pattern_receive(&transfer.pair.far, row->begins + WATCHED, row->line);
	worker_join(&sender);
	SAME((int64_t)transfer.sent, (int64_t)(WATCHED + rest));
	CHECK(close(transfer.file) == 0);
	pair_close(&transfer.pair);
	return transfer.sent;
}

static void send_file_ends_cleanly_where_a_shrinking_file_ends(const struct world *world)
{
	static const struct transfer_row row = { .send = send_whole_file };
	uint64_t later = 2 * MIB + 123;
	SAME((int64_t)transfer_changing(world, &row, 4 * MIB, later), (int64_t)later);
}

static void send_file_goes_on_to_the_end_of_a_growing_file(const struct world *world)
{
	static const struct transfer_row row = { .send = send_whole_file };
	uint64_t later = 4 * MIB + 123;
	SAME((int64_t)transfer_changing(world, &row, 2 * MIB, later), (int64_t)later);
}

static void send_two_mib(struct transfer *transfer)
{
	MUST(vet_socket_send_file_range(&transfer->pair.near, transfer->file, 1, 2 * MIB,
					&transfer->sent));
}

static void send_file_range_ends_with_its_count_though_the_file_grows(const struct world *world)
{
	static const struct transfer_row row = { .send = send_two_mib, .begins = 1 };
	SAME((int64_t)transfer_changing(world, &row, 2 * MIB, 4 * MIB), 2 * MIB);
}

static void send_file_range_ends_short_where_the_file_shrinks(const struct world *world)
{
	static const struct transfer_row row = { .send = send_two_mib, .begins = 1 };
	SAME((int64_t)transfer_changing(world, &row, 4 * MIB, MIB), MIB - 1);
}

static const struct kernel_test tests[] = {
	KERNEL_TEST(write_moves_every_byte_once_and_in_order, EVERY_WORLD),
	KERNEL_TEST(print_ends_every_line_wherever_its_gather_write_is_cut, EVERY_WORLD),
	KERNEL_TEST(send_file_sends_the_whole_file, EVERY_WORLD),
	KERNEL_TEST(send_file_range_begins_at_its_offset, EVERY_WORLD),
	KERNEL_TEST(send_file_ends_cleanly_where_a_shrinking_file_ends, EVERY_WORLD),
	KERNEL_TEST(send_file_goes_on_to_the_end_of_a_growing_file, EVERY_WORLD),
	KERNEL_TEST(send_file_range_ends_with_its_count_though_the_file_grows, EVERY_WORLD),
	KERNEL_TEST(send_file_range_ends_short_where_the_file_shrinks, EVERY_WORLD),
};

int main(int argc, char **argv)
{
	long mib = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	if (mib < 1 || mib > 4096) {
		(void)fprintf(stderr, "usage: %s MIB\n", argv[0]);
		return 2;
	}
	bulk = (uint64_t)(slow_run() ? 1 : mib) * MIB;
	bulk_file = pattern_file(bulk);
	return kernel_run("bulk", tests, sizeof(tests) / sizeof(tests[0]));
}
