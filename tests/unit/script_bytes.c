/* SPDX-License-Identifier: 0BSD */
/* The entries of the scripted table that move bytes. */
#include "script_entry.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

static unsigned char byte_to_send(const struct script *script, size_t position)
{
	return position == script->newline_at ? '\n' : script_byte(position);
}

/* Exactly the next bytes of the stream are offered. */
static void check_bytes(struct script *script, const unsigned char *data, size_t size,
			size_t position)
{
	for (size_t i = 0; i < size && i < SCRIPT_CHECKED; i++) {
		if (data[i] == byte_to_send(script, position + i))
			continue;
		script_fail(script, "`%s`: byte %zu is not byte %zu of the stream", script->call, i,
			    position + i);
		return;
	}
}

/* How much a call moves: never more than it was asked for, but in the words of a table that lies,
 * and then nothing is moved. */
static int64_t moved(struct script *script, struct answer *answer, size_t size, int64_t *said)
{
	*said = answer_take_count(script, answer);
	bool is_beyond = *said > 0 && (uint64_t)*said > size;
	if (is_beyond != answer_take_word(answer, "beyond"))
		script_fail(script, "`%s`: the script moves more than that", script->call);
	return is_beyond ? 0 : *said;
}

static ssize_t sent(struct script *script, size_t size)
{
	struct answer answer;
	if (!script_step(script, &answer))
		return -EIO;
	int64_t said, count = moved(script, &answer, size, &said);
	answer_end(script, &answer);
	script->sent += count > 0 ? (size_t)count : 0;
	return (ssize_t)said;
}

ssize_t send_entry(struct vet_sys *sys, int fd, const void *data, size_t size, int flags)
{
	struct script *script = script_of(sys);
	struct text text = call_begin_on(script, "send", fd);
	text_add(&text, " %zu", size);
	call_add_flags(&text, flags);
	check_bytes(script, data, size, script->sent);
	return sent(script, size);
}

ssize_t sendto_entry(struct vet_sys *sys, int fd, const void *data, size_t size, int flags,
		     const struct sockaddr *address, socklen_t length)
{
	struct script *script = script_of(sys);
	struct text text = call_begin_on(script, "sendto", fd);
	text_add(&text, " %zu ", size);
	add_sockaddr(&text, address, length);
	call_add_flags(&text, flags);
	check_bytes(script, data, size, script->sent);
	return sent(script, size);
}

ssize_t sendv_entry(struct vet_sys *sys, int fd, const struct iovec *parts, int count, int flags)
{
	struct script *script = script_of(sys);
	struct text text = call_begin_on(script, "sendv", fd);
	size_t size = 0;
	for (int i = 0; i < count; i++) {
		text_add(&text, "%s%zu", i == 0 ? " " : "+", parts[i].iov_len);
		check_bytes(script, parts[i].iov_base, parts[i].iov_len, script->sent + size);
		size += parts[i].iov_len;
	}
	call_add_flags(&text, flags);
	return sent(script, size);
}

static void deliver(struct script *script, void *data, int64_t count, int flags)
{
	for (int64_t i = 0; i < count; i++)
		((unsigned char *)data)[i] = script_byte(script->received + (size_t)i);
	if (count > 0 && !(flags & MSG_PEEK))
		script->received += (size_t)count;
}

ssize_t recv_entry(struct vet_sys *sys, int fd, void *data, size_t size, int flags)
{
	struct script *script = script_of(sys);
	struct text text = call_begin_on(script, "recv", fd);
	struct answer answer;
	text_add(&text, " %zu", size);
	call_add_flags(&text, flags);
	if (!script_step(script, &answer))
		return -EIO;
	int64_t said, count = moved(script, &answer, size, &said);
	answer_end(script, &answer);
	deliver(script, data, count, flags);
	return (ssize_t)said;
}

ssize_t recvfrom_entry(struct vet_sys *sys, int fd, void *data, size_t size, int flags,
		       struct sockaddr *address, socklen_t *length, int *truncated)
{
	struct script *script = script_of(sys);
	struct text text = call_begin_on(script, "recvfrom", fd);
	struct answer answer;
	text_add(&text, " %zu", size);
	call_add_flags(&text, flags);
	if (!script_step(script, &answer))
		return -EIO;
	int64_t said, count = moved(script, &answer, size, &said);
	if (count >= 0)
		answer_take_address(script, &answer, address, length);
	bool is_cut = answer_take_word(&answer, "truncated");
	if (truncated != NULL)
		*truncated = is_cut;
	else if (is_cut)
		script_fail(script, "`%s`: nobody asked whether it is truncated", script->call);
	answer_end(script, &answer);
	deliver(script, data, count, flags);
	return (ssize_t)said;
}

ssize_t pread_entry(struct vet_sys *sys, int file, void *data, size_t size, int64_t offset)
{
	struct script *script = script_of(sys);
	struct text text = call_begin(script, "pread");
	struct answer answer;
	if (file != SCRIPT_FILE)
		text_add(&text, " (of descriptor %d)", file);
	text_add(&text, " @%" PRId64 " %zu", offset, size);
	if (!script_step(script, &answer))
		return -EIO;
	int64_t said, count = moved(script, &answer, size, &said);
	answer_end(script, &answer);
	for (int64_t i = 0; i < count; i++)
		((unsigned char *)data)[i] = script_byte((size_t)(offset + i));
	return (ssize_t)said;
}

ssize_t sendfile_entry(struct vet_sys *sys, int fd, int file, int64_t *offset, size_t size)
{
	struct script *script = script_of(sys);
	struct text text = call_begin_on(script, "sendfile", fd);
	if (file != SCRIPT_FILE)
		text_add(&text, " (of descriptor %d)", file);
	text_add(&text, " @%" PRId64 " %zu", *offset, size);
	ssize_t count = sent(script, size);
	*offset += count > 0 ? count : 0;
	return count;
}
