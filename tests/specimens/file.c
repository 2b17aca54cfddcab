/* SPDX-License-Identifier: 0BSD */
/* Files sent by sendfile(2), and by pread(2) and send(2) where that cannot. */
#include "client.h"
#include "specimens.h"

enum { FILE_SIZE = 12 };

static unsigned char file[FILE_SIZE];

/* What the peer expects: the file of its world. */
static void fill_file(void)
{
	for (size_t i = 0; i < FILE_SIZE; i++)
		file[i] = vet_peer_byte(i);
}

/* One sendfile(2) that sent something, or 0: the file has ended. */
static ssize_t send_some(struct client *c, int64_t *offset)
{
	for (;;) {
		ssize_t n = (c->sys->calls->sendfile)(c->sys, c->fd, VET_PEER_FILE, offset,
						      FILE_SIZE - (size_t)*offset);
		if (n >= 0) {
			client_progress(c);
			return n;
		}
		int r = client_again(c, n, POLLOUT);
		if (r < 0)
			return r;
	}
}

/* ---- one sendfile is taken to have sent the file ---- */

static void sendfile_short_count_ignored(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t offset = 0, r = client_dial(&c);
	fill_file();
	while (r == 0 && offset < FILE_SIZE) {
		ssize_t n = send_some(&c, &offset);
		r = n < 0 ? n : n == 0 ? VET_EOF : 0;
		if (n > 0 && !c.fixed)
			offset = FILE_SIZE;
	}
	if (r == 0)
		vet_trial_sent_all(trial);
	client_end(&c, r);
}

/* ---- what sendfile could not send is sent otherwise: all of it, what it sent included ---- */

static int send_by_copying(struct client *c, int64_t offset)
{
	unsigned char data[4];
	while (offset < FILE_SIZE) {
		ssize_t n =
			(c->sys->calls->pread)(c->sys, VET_PEER_FILE, data, sizeof data, offset);
		int r = n == -EINTR ? client_look_at_clock(c)
			: n == 0    ? VET_EOF
			: n < 0     ? (int)n
				    : 0;
		if (r == 0 && n > 0)
			r = client_send(c, data, (size_t)n);
		if (r < 0)
			return r;
		offset += n > 0 ? n : 0;
	}
	return 0;
}

static void sendfile_fallback_restarts(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t offset = 0, r = client_dial(&c);
	fill_file();
	while (r == 0 && offset < FILE_SIZE) {
		ssize_t n = send_some(&c, &offset);
		r = n < 0 ? n : n == 0 ? VET_EOF : 0;
		if (n == -EINVAL || n == -ENOSYS) {
			r = send_by_copying(&c, c.fixed ? offset : 0);
			break;
		}
	}
	if (r == 0)
		vet_trial_sent_all(trial);
	client_end(&c, r);
}

/* ---- the file has become shorter: there is nothing more to send, and something left ---- */

static void sendfile_end_spun_on(struct vet_trial *trial)
{
	struct client c = client_begin(trial, VET_SECONDS(10));
	int64_t offset = 0, r = client_dial(&c);
	fill_file();
	while (r == 0 && offset < FILE_SIZE) {
		ssize_t n = send_some(&c, &offset);
		if (n < 0 || (n == 0 && c.fixed))
			r = n < 0 ? n : VET_EOF;
	}
	client_end(&c, r);
}

#define THE_FILE .file_size = FILE_SIZE, .expects = file, .expects_size = FILE_SIZE

/* clang-format off */
const struct specimen specimens_file[] = {
	{ "sendfile-short-count-ignored", "one sendfile is taken to have sent the whole file",
	  sendfile_short_count_ignored, { THE_FILE },
	  VET_SECONDS(10), VET_CHECK_BYTES, 1, "sendfile@1=short:1" },
	{ "sendfile-fallback-restarts", "where sendfile cannot go on, the file is copied from its beginning",
	  sendfile_fallback_restarts, { THE_FILE },
	  VET_SECONDS(10), VET_CHECK_BYTES, 2, "sendfile@1=short:1; sendfile@2=EINVAL" },
	{ "sendfile-end-spun-on", "a file that has become shorter is sent from beyond its end, without end",
	  sendfile_end_spun_on, { THE_FILE },
	  VET_SECONDS(10), VET_CHECK_SPIN, 1, "sendfile@1+=zero" },
	{ 0 },
};
