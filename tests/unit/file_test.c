/* SPDX-License-Identifier: 0BSD */
/* Rule 10: a file goes out by the kernel's copying or by chunks, from the same place either way. */
#include "stage.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void rule_10_the_kernel_copies_where_it_can(void **state)
{
	static const struct row rows[] = {
		{ "the whole file, to its end", "send_file",
		  "sendfile @0 2147479552 = 100; sendfile @100 2147479552 = 0", "0 done 100" },
		{ "an empty file", "send_file", "sendfile @0 2147479552 = 0", "0 done 0" },
		{ "a range", "send_file_range 40 8", "sendfile @40 8 = 8", "0 done 8" },
		{ "a range of nothing: no call", "send_file_range 40 0", "", "0 done 0" },
		{ "a range that meets the end", "send_file_range 40 8",
		  "sendfile @40 8 = 5; sendfile @45 3 = 0", "0 done 5" },
		{ "a range beyond the end", "send_file_range 40 8", "sendfile @40 8 = 0",
		  "0 done 0" },
		{ "a range as long as can be", "send_file_range 40 9223372036854775807",
		  "sendfile @40 2147479552 = 0", "0 done 0" },
		{ "the last byte that can be", "send_file_range 9223372036854775806 5",
		  "sendfile @9223372036854775806 1 = 0", "0 done 0" },
		{ "signals and waits go on from there", "send_file_range 3 8",
		  "sendfile @3 8 = EINTR; sendfile @3 8 = 2; sendfile @5 6 = EAGAIN; poll OUT forever = OUT; sendfile @5 6 = 6",
		  "0 done 8" },
		{ "reset in between", "send_file_range 3 8",
		  "sendfile @3 8 = 2; sendfile @5 6 = ECONNRESET", "ECONNRESET done 2" },
		{ "the deadline in between", "deadline_at 10ms; send_file_range 3 8",
		  "sendfile @3 8 = 2; sendfile @5 6 = EAGAIN; now = 0; poll OUT 10ms = 0; now = 10ms",
		  "VET_EDEADLINE done 2" },
		{ "nobody asks how much was done", "send_file blind",
		  "sendfile @0 2147479552 = EPIPE", "EPIPE" },
		{ "a range, and nobody asks", "send_file_range 3 8 blind", "sendfile @3 8 = 8",
		  "0" },
		{ "a count that cannot be", "send_file_range 3 8", "sendfile @3 8 = 9 beyond",
		  "EIO done 0" },
		{ "a negative offset", "send_file_range -1 8", "", "EINVAL done 0" },
		{ "a negative count", "send_file_range 0 -1", "", "EINVAL done 0" },
	};
	(void)state;
	play(&stream4, rows, COUNT(rows));
}

static const struct row after_sendfile[] = {
	{ "EINVAL at once", "send_file_range 3 8",
	  "sendfile @3 8 = EINVAL; pread @3 8 = 8; send 8 = 8", "0 done 8" },
	{ "ENOSYS at once", "send_file_range 3 8",
	  "sendfile @3 8 = ENOSYS; pread @3 8 = 8; send 8 = 8", "0 done 8" },
	{ "EOPNOTSUPP at once", "send_file_range 3 8",
	  "sendfile @3 8 = EOPNOTSUPP; pread @3 8 = 8; send 8 = 8", "0 done 8" },
	{ "EOVERFLOW at once", "send_file_range 3 8",
	  "sendfile @3 8 = EOVERFLOW; pread @3 8 = 8; send 8 = 8", "0 done 8" },
	{ "EINVAL after progress", "send_file_range 3 8",
	  "sendfile @3 8 = 2; sendfile @5 6 = EINVAL; pread @5 6 = 6; send 6 = 6", "0 done 8" },
	{ "the whole file", "send_file",
	  "sendfile @0 2147479552 = EINVAL; pread @0 16384 = 100; send 100 = 100; pread @100 16384 = 0",
	  "0 done 100" },
	{ "a directory says so itself", "send_file",
	  "sendfile @0 2147479552 = EINVAL; pread @0 16384 = EISDIR", "EISDIR done 0" },
	{ "a pipe says so itself", "send_file",
	  "sendfile @0 2147479552 = EINVAL; pread @0 16384 = ESPIPE", "ESPIPE done 0" },
};

static const struct row without_sendfile[] = {
	{ "all in one chunk", "send_file_range 3 8", "pread @3 8 = 8; send 8 = 8", "0 done 8" },
	{ "a byte", "send_file_range 3 1", "pread @3 1 = 1; send 1 = 1", "0 done 1" },
	{ "chunks of 16 KiB", "send_file_range 0 40000",
	  "pread @0 16384 = 16384; send 16384 = 16384; pread @16384 16384 = 16384; send 16384 = 16384; pread @32768 7232 = 7232; send 7232 = 7232",
	  "0 done 40000" },
	{ "a short pread is no end", "send_file_range 3 8",
	  "pread @3 8 = 5; send 5 = 5; pread @8 3 = 3; send 3 = 3", "0 done 8" },
	{ "a short send: the rest of the chunk first", "send_file_range 3 8",
	  "pread @3 8 = 8; send 8 = 5; send 3 = EINTR; send 3 = EAGAIN; poll OUT forever = OUT; send 3 = 3",
	  "0 done 8" },
	{ "it shrinks", "send_file_range 0 40000",
	  "pread @0 16384 = 16384; send 16384 = 16384; pread @16384 16384 = 100; send 100 = 100; pread @16484 16384 = 0",
	  "0 done 16484" },
	{ "an empty file", "send_file", "pread @0 16384 = 0", "0 done 0" },
	{ "nothing wanted: no call", "send_file_range 3 0", "", "0 done 0" },
	{ "pread is interrupted", "send_file_range 3 8",
	  "pread @3 8 = EINTR x3; pread @3 8 = 8; send 8 = 8", "0 done 8" },
	{ "pread is interrupted until the deadline", "deadline_at 10ms; send_file_range 3 8",
	  "pread @3 8 = EINTR; now = 9ms; pread @3 8 = EINTR; now = 10ms; pread @3 8 = EINTR",
	  "VET_EDEADLINE done 0" },
	{ "pread's EAGAIN is no matter of the socket's", "send_file_range 3 8",
	  "pread @3 8 = EAGAIN", "EAGAIN done 0" },
	{ "pread fails after progress", "send_file_range 0 40000",
	  "pread @0 16384 = 16384; send 16384 = 16384; pread @16384 16384 = EIO",
	  "EIO done 16384" },
	{ "the peer goes within a chunk", "send_file_range 3 8",
	  "pread @3 8 = 8; send 8 = 5; send 3 = EPIPE", "EPIPE done 5" },
	{ "a send's count cannot be", "send_file_range 3 8", "pread @3 8 = 8; send 8 = 9 beyond",
	  "EIO done 0" },
	{ "a send's count cannot be, after progress", "send_file_range 3 8",
	  "pread @3 8 = 8; send 8 = 3; send 5 = 6 beyond", "EIO done 3" },
	{ "none twice", "send_file_range 3 8",
	  "pread @3 8 = 8; send 8 = 0; poll OUT forever = OUT; send 8 = 0", "EIO done 0" },
	{ "pread's count cannot be", "send_file_range 3 8", "pread @3 8 = 9 beyond", "EIO done 0" },
};

static void rule_10_without_it_chunks_go_on_from_the_same_place(void **state)
{
	(void)state;
	play(&stream4, after_sendfile, COUNT(after_sendfile));
	play(&stream4_lacking_sendfile, without_sendfile, COUNT(without_sendfile));
	for (int n = 1; n < 8; n++)
		play_made(&stream4_lacking_sendfile, "send_file_range 3 8", "0 done 8",
			  "pread @3 8 = 8; send 8 = %d; send %d = %d", n, 8 - n, 8 - n);
}

static void rule_10_on_a_datagram_socket_it_is_one_datagram(void **state)
{
	static const struct row rows[] = {
		{ "a byte", "send_file_range 3 1", "pread @3 1 = 1; send 1 = 1", "0 done 1" },
		{ "the whole file", "send_file", "pread @0 65536 = 100; send 100 = 100",
		  "0 done 100" },
		{ "a range", "send_file_range 3 8", "pread @3 8 = 8; send 8 = 8", "0 done 8" },
		{ "a range that meets the end", "send_file_range 3 8", "pread @3 8 = 5; send 5 = 5",
		  "0 done 5" },
		{ "an empty file: nothing is sent", "send_file", "pread @0 65536 = 0", "0 done 0" },
		{ "nothing wanted: no call", "send_file_range 3 0", "", "0 done 0" },
		{ "too large", "send_file", "pread @0 65536 = 65536; send 65536 = EMSGSIZE",
		  "EMSGSIZE done 0" },
		{ "cut", "send_file_range 3 8", "pread @3 8 = 8; send 8 = 5", "EMSGSIZE done 5" },
		{ "pread is interrupted", "send_file_range 3 8",
		  "pread @3 8 = EINTR; pread @3 8 = 8; send 8 = 8", "0 done 8" },
		{ "pread fails", "send_file_range 3 8", "pread @3 8 = EBADF", "EBADF done 0" },
		{ "a deadline that moves while the file is read",
		  "deadline_at 10ms; send_file_range 3 8",
		  "pread @3 8 = 8 then 1ms; send 8 = EAGAIN; now = 2ms; poll OUT 8ms = OUT; send 8 = 8",
		  "0 done 8" },
		{ "the deadline shows while the file is read: one send",
		  "deadline_at 10ms; send_file_range 3 8",
		  "pread @3 8 = EINTR; now = 10ms; pread @3 8 = 8; send 8 = EAGAIN",
		  "VET_EDEADLINE done 0" },
		{ "a clock that goes back adds nothing", "deadline_at 10ms; send_file_range 3 8",
		  "pread @3 8 = EINTR; now = 9ms; pread @3 8 = 8; send 8 = EAGAIN; now = -1s; poll OUT 1ms = OUT; send 8 = 8",
		  "0 done 8" },
		{ "a negative offset", "send_file_range -1 8", "", "EINVAL done 0" },
	};
	(void)state;
	play(&datagram4, rows, COUNT(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rule_10_the_kernel_copies_where_it_can),
		cmocka_unit_test(rule_10_without_it_chunks_go_on_from_the_same_place),
		cmocka_unit_test(rule_10_on_a_datagram_socket_it_is_one_datagram),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
