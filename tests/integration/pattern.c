/* SPDX-License-Identifier: 0BSD */
#include "pattern.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"

enum { CHUNK = 128 * 1024 };

/* Eight bytes of the stream.  The multiplier is odd, so no two words are equal; the shift carries
 * the position into the low bytes too. */
static uint64_t pattern_word(uint64_t index)
{
	uint64_t word = (index + 1) * UINT64_C(0x9e3779b97f4a7c15);
	return word ^ (word >> 32);
}

static void fill_words(unsigned char *data, size_t size, uint64_t position)
{
	while (size > 0) {
		uint64_t word = pattern_word(position / 8);
		size_t skip_bytes = (size_t)(position % 8);
		size_t part = 8 - skip_bytes < size ? 8 - skip_bytes : size;
		memcpy(data, (unsigned char *)&word + skip_bytes, part);
		data += part;
		position += part;
		size -= part;
	}
}

void pattern_fill(unsigned char *data, size_t size, uint64_t position, uint64_t line)
{
	fill_words(data, size, position);
	if (line == 0) {
		return;
	}
	for (uint64_t end = position / line * line + line - 1; end < position + size; end += line) {
		data[end - position] = '\n';
	}
}

static void check_bytes(const unsigned char *got, size_t size, uint64_t position, uint64_t line)
{
	static _Thread_local unsigned char want[CHUNK];
	pattern_fill(want, size, position, line);
	if (memcmp(got, want, size) != 0) {
		size_t at = 0;
		while (got[at] == want[at]) {
			at++;
		}
		print_error("byte %" PRIu64 " of the stream is %d, not %d\n", position + at,
			    got[at], want[at]);
		CHECK(memcmp(got, want, size) == 0);
	}
}

uint64_t pattern_receive(struct vet_socket *s, uint64_t position, uint64_t line)
{
	static _Thread_local unsigned char data[CHUNK];
	uint64_t start = position;
	for (;;) {
		size_t size = (size_t)MUST(vet_socket_read(s, data, sizeof(data)));
		if (size == 0) {
			return position - start;
		}
		check_bytes(data, size, position, line);
		position += size;
	}
}

void pattern_receive_exactly(struct vet_socket *s, uint64_t position, size_t size)
{
	static _Thread_local unsigned char data[CHUNK];
	while (size > 0) {
		size_t part = size < CHUNK ? size : CHUNK;
		MUST(vet_socket_read_exact(s, data, part, NULL));
		check_bytes(data, part, position, 0);
		position += part;
		size -= part;
	}
}

void pattern_file_grow(int file, uint64_t from, uint64_t to)
{
	static unsigned char data[CHUNK];
	while (from < to) {
		size_t part = to - from < CHUNK ? (size_t)(to - from) : CHUNK;
		pattern_fill(data, part, from, 0);
		CHECK(pwrite(file, data, part, (off_t)from) == (ssize_t)part);
		from += part;
	}
}

int pattern_file(uint64_t size)
{
	FILE *stream = tmpfile();
	CHECK(stream != NULL);
	int file = dup(fileno(stream));
	CHECK(file >= 0);
	(void)fclose(stream);
	pattern_file_grow(file, 0, size);
	return file;
}
