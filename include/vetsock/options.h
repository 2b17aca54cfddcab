/* SPDX-License-Identifier: 0BSD */
/*
 * Several options as one value: read from a text, set on a socket in one call, printed, read back.
 *
 *	no-delay,keepalive,keepalive-time=30s,linger=5s,ttl=64,send-buffer=256KiB,only-ipv6=off
 *
 *	options  = [ item { "," item } ]
 *	item     = flag | "no-" flag | flag "=" ( "on" | "off" ) | name "=" value
 *	value    = N                              of a number
 *	         | N [ "B" | "kB" | "KiB" | "MB" | "MiB" | "GB" | "GiB" ]       of a size: bytes
 *	         | N ( "ns" | "us" | "ms" | "s" | "m" | "h" )                   of a duration
 *	         | the same | "off"               of linger
 *	         | bytes                          of a text
 *
 * The names are those of the one option table (option.h) that can be set, as vet_option_at()'s `text`
 * has them: `vetsock options` lists them.  The whole name of the table with '-' for '_' is understood
 * too ("send-buffer-size").  Each stands once.  There are no blanks.  N is decimal digits without
 * sign and leading zeros; nothing is ever rounded but by vet_options_apply(): a duration up to the
 * unit in which the system takes it, as each setter does.  kB, MB and GB are powers of 1000, KiB, MiB
 * and GiB of 1024.  A text is printable ASCII but for , & # and %, so that it is the same text in an
 * endpoint (endpoint.h), where "&" stands between the items.  No item at all is no option.
 *
 * Canonical text: in the order of the table, by `text`; a flag that is on is its name, one that is
 * off name=off; a size in the greatest of GiB, MiB, KiB or bytes (no unit) that divides it; a duration
 * in the greatest unit that divides it ("0s").
 *
 * Values; no allocation; any thread.
 */
#ifndef VETSOCK_OPTIONS_H
#define VETSOCK_OPTIONS_H

#include <vetsock/option.h>
#include <vetsock/text.h>

VET_BEGIN_DECLS

/* Where in the table each option is: vet_option_at(VET_INDEX_ttl)->name is "ttl". */
enum vet_option_index {
	VET_INDEX_broadcast,
	VET_INDEX_keepalive,
	VET_INDEX_keepalive_time,
	VET_INDEX_keepalive_interval,
	VET_INDEX_keepalive_count,
	VET_INDEX_linger,
	VET_INDEX_no_delay,
	VET_INDEX_only_ipv6,
	VET_INDEX_receive_buffer_size,
	VET_INDEX_send_buffer_size,
	VET_INDEX_reuse_address,
	VET_INDEX_reuse_port,
	VET_INDEX_ttl,
	VET_INDEX_user_timeout,
	VET_INDEX_receive_low_water,
	VET_INDEX_type_of_service,
	VET_INDEX_multicast_ttl,
	VET_INDEX_multicast_loop,
	VET_INDEX_quick_ack,
	VET_INDEX_cork,
	VET_INDEX_defer_accept,
	VET_INDEX_fast_open,
	VET_INDEX_congestion,
	VET_INDEX_bind_to_device,
	VET_INDEX_priority,
	VET_INDEX_error,
	VET_INDEX_type,
	VET_INDEX_domain,
	VET_INDEX_protocol,
	VET_INDEX_accepting,
	VET_INDEX_COUNT,
	VET_INDEX_ROOM = 40, /* for those that are added */
};

union vet_option_value {
	int64_t number; /* a flag 0 or 1; bytes; nanoseconds, VET_LINGER_OFF; else the number */
	char text[VET_OPTION_TEXT_SIZE]; /* NUL behind it, to the end */
};

/* All zero: none is given. */
struct vet_options {
	uint64_t given; /* bit 1 << VET_INDEX_...: its value says something; the others are zero */
	union vet_option_value value[VET_INDEX_ROOM];
};

/*
 * Reads options from `size` bytes, all of them.  0, or -EINVAL with *options all zero and *error
 * (may be NULL) saying where and why: an item that is empty, a comma at the end, an unknown name
 * ("there is no option of this name; did you mean 'ttl'?"), one that is only read, one that was given
 * before, a value that is missing, too much, out of range ("ttl is at most 255") or of another kind, a
 * unit that there is not.
 */
VET_API VET_CHECKED int vet_options_parse(const char *text, size_t size,
					  struct vet_options *options,
					  struct vet_text_error *error);

/* Room for the longest text, the terminator included. */
#define VET_OPTIONS_TEXT_SIZE 1024

/* Prints the canonical text, which parses back to the same value, and a NUL.  Its length without the
 * NUL; -ENOSPC if `size` is too small (nothing is written but, if size is not 0, a NUL); -EINVAL for
 * a value that no text gives: out of range, read only, or unknown. */
VET_API VET_CHECKED int vet_options_format(const struct vet_options *options, char *text,
					   size_t size);

#define VET_NO_OPTION SIZE_MAX

/*
 * Sets what is given, in the table's order, each as its setter does (option.h).  0, or the error of
 * the first setter that failed, with *failed (may be NULL) its index, else VET_NO_OPTION: the options
 * before it in the table are set and stay set, those after it are not.  Without any call: -EBADF (the
 * socket is closed); -EINVAL, *failed saying which, of a value that no text gives; -ENOPROTOOPT of an
 * option that no socket of this family, or none on this system, has.
 */
VET_API VET_CHECKED int vet_options_apply(struct vet_socket *s, const struct vet_options *options,
					  size_t *failed);

/*
 * Gets every option that can be set, and is known to this system and this socket (those that are
 * -ENOPROTOOPT are not given).  Values are what the system holds, not what was set: on Linux twice
 * the size of a buffer, and whole units of a duration; one that is out of the range of its setter
 * (a keepalive time that the system's administrator has set, say), or a name that no text has (that
 * of the interface "a,b"), cannot be printed.  0, or the error of the first getter that failed for
 * another reason, with *failed (may be NULL) its index and *options all zero.
 */
VET_API VET_CHECKED int vet_options_read(struct vet_socket *s, struct vet_options *options,
					 size_t *failed);

VET_END_DECLS

#endif
