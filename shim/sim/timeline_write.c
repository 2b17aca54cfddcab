/* SPDX-License-Identifier: 0BSD */
/* The page of a time line: what stands around the events, and that it is not too large. */
#include "timeline.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "utf8.h"

enum { BUFFER = 4096 };

/* What is written; with `write` NULL it is only counted. */
struct page {
	vet_sim_write write;
	void *context;
	int error;
	uint64_t written;
	size_t size;
	uint32_t bits, have; /* of base64: bytes that are not four characters yet */
	char buffer[BUFFER];
};

static void flush(struct page *page)
{
	if (page->size > 0 && page->error == 0 && page->write != NULL)
		page->error = page->write(page->context, page->buffer, page->size);
	page->size = 0;
}

static void put_bytes(struct page *page, const char *bytes, size_t size)
{
	page->written += size;
	if (page->write == NULL)
		return;
	for (size_t i = 0; i < size; i++) {
		if (page->size == BUFFER)
			flush(page);
		page->buffer[page->size++] = bytes[i];
	}
}

static void put(struct page *page, const char *text)
{
	put_bytes(page, text, strlen(text));
}

static void put_integer(struct page *page, int64_t value)
{
	char digits[24];
	(void)snprintf(digits, sizeof digits, "%" PRId64, value);
	put(page, digits);
}

/* ---- texts of users: nothing in them can end the block, or be taken for markup ---- */

static bool is_plain(uint32_t character)
{
	return character >= ' ' && character != 0x7f && strchr("<>&\"'\\", (int)character) == NULL;
}

static void put_string(struct page *page, const char *text)
{
	char escape[16];
	size_t length;
	put(page, "\"");
	for (; *text != '\0'; text += length) {
		uint32_t character = sim_utf8_next(text, &length);
		bool is_ascii = character < 0x80;
		if (is_ascii ? is_plain(character)
			     : character >= 0xa0 && character != SIM_NOT_A_CHARACTER &&
				       character >> 1 != 0x2028 / 2) {
			put_bytes(page, text, length);
			continue;
		}
		(void)snprintf(escape, sizeof escape, "\\u%04" PRIx32, character);
		put(page, escape);
	}
	put(page, "\"");
}

/* As the text of an element. */
static void put_title(struct page *page, const char *text)
{
	char escape[16];
	size_t length;
	for (; *text != '\0'; text += length) {
		uint32_t character = sim_utf8_next(text, &length);
		if (character < ' ' || (character >= 0x7f && character < 0xa0))
			character = ' ';
		if (character < 0x80 && is_plain(character)) {
			escape[0] = (char)character;
			escape[1] = '\0';
		} else {
			(void)snprintf(escape, sizeof escape, "&#%" PRIu32 ";", character);
		}
		put(page, escape);
	}
}

/* ---- base64 (RFC 4648) ---- */

static void put_four(struct page *page, unsigned characters)
{
	static const char alphabet[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char four[4] = { '=', '=', '=', '=' };
	for (unsigned i = 0; i < characters; i++)
		four[i] = alphabet[page->bits >> (18 - 6 * i) & 63];
	put_bytes(page, four, 4);
	page->bits = page->have = 0;
}

static void put_byte(void *context, uint8_t byte)
{
	struct page *page = context;
	page->bits |= (uint32_t)byte << (16 - 8 * page->have);
	if (++page->have == 3)
		put_four(page, 4);
}

static void end_base64(struct page *page)
{
	if (page->have > 0)
		put_four(page, page->have + 1);
}

/* ---- the head ---- */

static const char *text_at(const struct sim_line_code *code, uint32_t number)
{
	size_t size;
	return (const char *)vetsim_interned(&code->timeline->texts, number, &size);
}

static void put_hosts(struct page *page, const struct sim_line_code *code)
{
	put(page, ",\n\"hosts\":[");
	for (uint32_t i = 0; i < code->hosts.count; i++) {
		const struct sim_line_host *host = &code->timeline->host[code->hosts.number[i]];
		put(page, i == 0 ? "[" : ",[");
		put_string(page, host->name);
		put(page, ",");
		put_integer(page, code->hosts.number[i]);
		put(page, host->is_down ? ",1]" : ",0]");
	}
	put(page, "]");
}

static void put_actors(struct page *page, const struct sim_line_code *code)
{
	put(page, ",\n\"actors\":[");
	for (uint32_t i = 0; i < code->actors.count; i++) {
		const struct sim_line_actor *actor = &code->timeline->actor[code->actors.number[i]];
		put(page, i == 0 ? "[" : ",[");
		put_integer(page, code->texts.index[actor->name]);
		put(page, ",");
		put_integer(page,
			    actor->host == 0 ? 0 : code->hosts.index[actor->host] + INT64_C(1));
		put(page, ",");
		put_integer(page, actor->number);
		put(page, ",");
		put_integer(page, actor->state);
		put(page, "]");
	}
	put(page, "]");
}

static void put_ips(struct page *page, const struct sim_line_code *code)
{
	put(page, ",\n\"ips\":[");
	for (uint32_t i = 0; i < code->ips.count; i++) {
		char text[VET_IP_TEXT_SIZE];
		struct vet_ip ip;
		size_t size;
		const unsigned char *bytes =
			vetsim_interned(&code->timeline->ips, code->ips.number[i], &size);
		ip.family = bytes[0];
		memcpy(ip.bytes, bytes + 1, sizeof ip.bytes);
		if (vet_ip_format(&ip, text, sizeof text) < 0)
			(void)snprintf(text, sizeof text, "?");
		if (i > 0)
			put(page, ",");
		put_string(page, text);
	}
	put(page, "]");
}

static void put_texts(struct page *page, const struct sim_line_code *code)
{
	put(page, ",\n\"texts\":[");
	for (uint32_t i = 0; i < code->texts.count; i++) {
		if (i > 0)
			put(page, ",");
		put_string(page, text_at(code, code->texts.number[i]));
	}
	put(page, "]");
}

static void put_entries(struct page *page)
{
	put(page, ",\n\"entries\":[");
	for (unsigned i = 0; i < VET_CALL_COUNT; i++) {
		if (i > 0)
			put(page, ",");
		put_string(page, vet_entry_name(i));
	}
	put(page, "]");
}

static void put_head(struct page *page, const struct sim_line_code *code)
{
	const struct vet_sim_timeline *timeline = code->timeline;
	bool is_empty = code->first == timeline->count;
	int64_t time = is_empty ? 0 : sim_line_at(timeline, code->first)->time;
	put(page, "{\"format\":1,\"title\":");
	put_string(page, timeline->title);
	put(page, ",\n\"events\":");
	put_integer(page, timeline->count - code->first);
	put(page, ",\"left_out\":");
	put_integer(page, (int64_t)timeline->left_out + code->first);
	put(page, ",\"start\":[");
	put_integer(page, time / 1000000000);
	put(page, ",");
	put_integer(page, time % 1000000000);
	put(page, "],\"step\":");
	put_integer(page, is_empty ? 0 : (int64_t)sim_line_at(timeline, code->first)->step);
	put_entries(page);
	put_hosts(page, code);
	put_actors(page, code);
	put_ips(page, code);
	put_texts(page, code);
	put(page, "}");
}

/* ---- all of it ---- */

static void put_page(struct page *page, struct sim_line_code *code)
{
	for (const char *const *part = vetsim_timeline_page; *part != NULL; part++) {
		if (strcmp(*part, "@TITLE@") == 0) {
			put_title(page, code->timeline->title);
		} else if (strcmp(*part, "@HEAD@") == 0) {
			put_head(page, code);
		} else if (strcmp(*part, "@DATA@") == 0) {
			vetsim_line_code(code, put_byte, page);
			end_base64(page);
		} else {
			put(page, *part);
		}
	}
	flush(page);
}

/* How large the page would be; the first pass finds out what is in its tables. */
static uint64_t measure(struct sim_line_code *code)
{
	struct page page = { 0 };
	vetsim_line_code(code, put_byte, &page);
	page = (struct page){ 0 };
	put_page(&page, code);
	return page.written;
}

/* The states of actors and hosts are those before the first event. */
static void leave_out(struct vet_sim_timeline *view, uint32_t from, uint32_t to)
{
	for (uint32_t i = from; i < to; i++)
		vetsim_line_apply(sim_line_at(view, i), view->actor, view->host);
}

/* The page from an event on.  False: it would be too large, and nothing is written. */
static bool try_page(const struct vet_sim_timeline *view, uint32_t first, struct page *page)
{
	struct sim_line_code code;
	bool fits = true;
	if (!vetsim_line_code_begin(&code, view, first)) {
		page->error = -ENOMEM;
	} else {
		fits = measure(&code) <= VET_SIM_TIMELINE_BYTES || first == view->count;
		if (fits)
			put_page(page, &code);
	}
	vetsim_line_code_end(&code);
	return fits;
}

/* An eighth of what is left goes, as often as need be. */
static int write_view(struct vet_sim_timeline *view, struct page *page)
{
	uint32_t first = 0;
	while (!try_page(view, first, page)) {
		uint32_t next = first + (view->count - first + 7) / 8;
		leave_out(view, first, next);
		first = next;
	}
	return page->error;
}

int vet_sim_timeline_write(const struct vet_sim_timeline *timeline, vet_sim_write write,
			   void *context)
{
	struct page page = { .write = write, .context = context };
	struct vet_sim_timeline *view;
	int result = -ENOMEM;
	if (timeline->error != 0)
		return timeline->error;
	view = malloc(sizeof *view);
	if (view == NULL)
		return -ENOMEM;
	*view = *timeline;
	view->actor = malloc((timeline->actors.count + (size_t)1) * sizeof *view->actor);
	if (view->actor != NULL) {
		if (timeline->actors.count > 0)
			memcpy(view->actor, timeline->actor,
			       timeline->actors.count * sizeof *view->actor);
		result = write_view(view, &page);
	}
	free(view->actor);
	free(view);
	return result;
}
