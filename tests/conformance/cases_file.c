/* SPDX-License-Identifier: 0BSD */
/* send_file. */
#include "trial.h"

#include <errno.h>

enum { SIZE = 30000, LARGE = 65536, PART = 4096 };

static void whole_file(struct trial *t)
{
	struct pair pair = stream_pair(t);
	uint64_t done = 0;

	expect(t, "send_file", vet_socket_send_file(pair.client, make_file(t, SIZE), &done), 0);
	expect(t, "done", (int64_t)done, SIZE);
	expect_stream(t, pair.server, SIZE, 0);
	close_socket(t, pair.client);
	expect_end(t, pair.server);
}

/* What the table lacks, the library makes up for: the same bytes and the same count. */
static void without_sendfile(struct trial *t)
{
	t->ledger.calls.sendfile = NULL;
	whole_file(t);
}

static void twice_the_same(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int file = make_file(t, 5000);

	expect(t, "send_file", vet_socket_send_file(pair.client, file, NULL), 0);
	expect(t, "send_file again", vet_socket_send_file(pair.client, file, NULL), 0);
	expect_stream(t, pair.server, 5000, 0);
	expect_stream(t, pair.server, 5000, 0);
}

/* A range of a file of 1,000 bytes: what is sent of it. */
struct range {
	const char *name;
	int64_t offset, count, sent;
};

static void ranges(struct trial *t)
{
	static const struct range rows[] = {
		{ "in the middle", 100, 300, 300 },
		{ "up to the end", 900, 100, 100 },
		{ "beyond the end", 990, 100, 10 },
		{ "of no bytes", 100, 0, 0 },
		{ "from the end on", 1000, 5, 0 },
		{ "from behind the end on", 5000, 5, 0 },
		{ "as large as can be", 999, INT64_MAX, 1 },
	};
	struct pair pair = stream_pair(t);
	int file = make_file(t, 1000);

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) && !t->decided; i++) {
		uint64_t done = 99999;

		expect(t, rows[i].name,
		       vet_socket_send_file_range(pair.client, file, rows[i].offset, rows[i].count,
						  &done),
		       0);
		expect(t, rows[i].name, (int64_t)done, rows[i].sent);
		expect_stream(t, pair.server, (size_t)rows[i].sent, (uint64_t)rows[i].offset);
	}
}

static void ranges_without_sendfile(struct trial *t)
{
	t->ledger.calls.sendfile = NULL;
	ranges(t);
}

static void empty_file(struct trial *t)
{
	struct pair pair = stream_pair(t);
	uint64_t done = 1;

	expect(t, "send_file", vet_socket_send_file(pair.client, make_file(t, 0), &done), 0);
	expect(t, "done", (int64_t)done, 0);
	write_text(t, pair.client, "x");
	expect_text(t, pair.server, "x");
}

static void negative_range(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int file = make_file(t, 10);
	unsigned long before = calls_made(t);
	uint64_t done = 1;

	expect(t, "a negative offset", vet_socket_send_file_range(pair.client, file, -1, 5, &done),
	       -EINVAL);
	expect(t, "done", (int64_t)done, 0);
	expect(t, "a negative count", vet_socket_send_file_range(pair.client, file, 5, -1, &done),
	       -EINVAL);
	expect_calls(t, "negative ranges", before, 0);
}

static void offset_is_not_moved(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int file = make_file(t, 1000);

	if (t->environment->file_offset == NULL) {
		skip(t, "the environment cannot tell a file's offset");
		return;
	}
	expect(t, "send_file", vet_socket_send_file(pair.client, file, NULL), 0);
	expect(t, "the file's own offset", t->environment->file_offset(t->environment, file), 0);
	t->ledger.calls.sendfile = NULL;
	expect(t, "send_file, without sendfile", vet_socket_send_file(pair.client, file, NULL), 0);
	expect(t, "the file's own offset", t->environment->file_offset(t->environment, file), 0);
}

static void a_socket_is_no_file(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int socket = descriptor(t, open_stream(t));
	uint64_t done = 1;

	expect(t, "send_file of a socket", vet_socket_send_file(pair.client, socket, &done),
	       -ESPIPE);
	expect(t, "done", (int64_t)done, 0);
}

static void no_file_at_all(struct trial *t)
{
	struct pair pair = stream_pair(t);

	expect(t, "send_file of -1", vet_socket_send_file(pair.client, -1, NULL), -EBADF);
	write_text(t, pair.client, "unharmed");
	expect_text(t, pair.server, "unharmed");
}

/* Goes on from where `done` says whenever the stream is full, and reads in between. */
static void more_than_fits(struct trial *t)
{
	struct pair pair = narrow_pair(t);
	int file = make_file(t, LARGE);
	uint64_t taken = 0, came = 0;

	vet_socket_timeout_after(pair.client, 0);
	while (came < LARGE && !t->decided) {
		unsigned char part[PART];
		uint64_t done = 0;
		ssize_t size;

		if (taken < LARGE)
			expect_either(t, "send_file of more than fits",
				      vet_socket_send_file_range(pair.client, file, (int64_t)taken,
								 LARGE, &done),
				      0, VET_EDEADLINE);
		taken += done;
		size = vet_socket_read(pair.server, part, sizeof(part));
		if (!expect_true(t, "no more comes than was taken",
				 size > 0 && came + (uint64_t)size <= taken))
			return;
		expect_pattern(t, "the bytes that came", part, (size_t)size, came);
		came += (uint64_t)size;
	}
	expect(t, "bytes that were taken", (int64_t)taken, LARGE);
	close_socket(t, pair.client);
	expect_end(t, pair.server);
}

static void more_than_fits_without_sendfile(struct trial *t)
{
	t->ledger.calls.sendfile = NULL;
	more_than_fits(t);
}

static void full_within_a_deadline(struct trial *t)
{
	struct pair pair = narrow_pair(t);
	uint64_t done = 1;

	(void)fill_stream(t, pair.client);
	vet_socket_timeout_after(pair.client, VET_MILLISECONDS(2));
	expect(t, "send_file into a full stream",
	       vet_socket_send_file(pair.client, make_file(t, 10), &done), VET_EDEADLINE);
	expect(t, "done", (int64_t)done, 0);
}

static void after_shutdown(struct trial *t)
{
	struct pair pair = stream_pair(t);
	int file = make_file(t, 10);
	uint64_t done = 1;

	expect(t, "shutdown_write", vet_socket_shutdown_write(pair.client), 0);
	expect(t, "send_file", vet_socket_send_file(pair.client, file, &done), -EPIPE);
	expect(t, "done", (int64_t)done, 0);
	t->ledger.calls.sendfile = NULL;
	expect(t, "send_file, without sendfile", vet_socket_send_file(pair.client, file, &done),
	       -EPIPE);
}

static void one_datagram(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	unsigned char data[2000];
	uint64_t done = 0;

	expect(t, "send_file", vet_socket_send_file(pair.client, make_file(t, 1500), &done), 0);
	expect(t, "done", (int64_t)done, 1500);
	expect(t, "read", vet_socket_read(pair.server, data, sizeof(data)), 1500);
	expect_pattern(t, "the datagram", data, 1500, 0);
}

static void no_datagram(struct trial *t)
{
	struct pair pair = datagram_pair(t);
	uint64_t done = 1;
	char data[8];

	expect(t, "send_file of an empty file",
	       vet_socket_send_file(pair.client, make_file(t, 0), &done), 0);
	expect(t, "done", (int64_t)done, 0);
	write_text(t, pair.client, "x");
	expect(t, "read of the next datagram", vet_socket_read(pair.server, data, sizeof(data)), 1);
}

static const struct conformance_case cases[] = {
	{ "send-file/whole", "a file is sent from its start to its end",
	  "socket.h vet_socket_send_file", MUST, BOTH, whole_file, NULL },
	{ "send-file/fallback", "a table without sendfile sends the same",
	  "socket.h vet_socket_send_file; POSIX pread", MUST, BOTH, without_sendfile, NULL },
	{ "send-file/again", "sending a file again sends it from its start again",
	  "socket.h vet_socket_send_file", MUST, BOTH, twice_the_same, NULL },
	{ "send-file/ranges", "a range is sent as far as the file has it",
	  "socket.h vet_socket_send_file_range", MUST, ONCE, ranges, NULL },
	{ "send-file/ranges-fallback", "so it is without sendfile",
	  "socket.h vet_socket_send_file_range; POSIX pread", MUST, ONCE, ranges_without_sendfile,
	  NULL },
	{ "send-file/empty", "an empty file is sent as nothing", "socket.h vet_socket_send_file",
	  MUST, ONCE, empty_file, NULL },
	{ "send-file/negative", "a negative offset or count is EINVAL without a call",
	  "socket.h vet_socket_send_file_range", MUST, ONCE, negative_range, NULL },
	{ "send-file/offset-kept", "the file's own offset is not moved", "POSIX pread; sendfile(2)",
	  MUST, ONCE, offset_is_not_moved, NULL },
	{ "send-file/no-file", "a socket is no file: ESPIPE", "POSIX pread, ESPIPE", MUST, ONCE,
	  a_socket_is_no_file, NULL },
	{ "send-file/bad-file", "a descriptor that is none is EBADF", "POSIX pread, EBADF", MUST,
	  ONCE, no_file_at_all, NULL },
	{ "send-file/more-than-fits", "it goes on from done, however often the stream is full",
	  "sendfile(2); socket.h vet_socket_send_file", MUST, BOTH, more_than_fits, NULL },
	{ "send-file/more-fallback", "so it does without sendfile", "POSIX pread, send", MUST, BOTH,
	  more_than_fits_without_sendfile, NULL },
	{ "send-file/deadline", "a full stream is VET_EDEADLINE", "socket.h Waiting", MUST, BOTH,
	  full_within_a_deadline, NULL },
	{ "send-file/after-shutdown", "after shutdown for writing it is EPIPE, without a signal",
	  "POSIX send, EPIPE; sendfile(2)", MUST, BOTH, after_shutdown, NULL },
	{ "send-file/datagram", "on a datagram socket a file is one datagram",
	  "socket.h vet_socket_send_file", MUST, BOTH, one_datagram, NULL },
	{ "send-file/datagram-empty", "an empty file is no datagram",
	  "socket.h vet_socket_send_file", MUST, BOTH, no_datagram, NULL },
};

const struct conformance_group conformance_file = CONFORMANCE_GROUP(cases);
