/* SPDX-License-Identifier: 0BSD */
/* Options of IPPROTO_TCP that are more than a number (tcp(7); Linux's do_tcp_setsockopt). */
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "option_row.h"

enum {
	MSS_LEAST = 88,     /* TCP_MIN_MSS of Linux */
	MSS_MOST = 32767,   /* MAX_TCP_WINDOW */
	MSS_FIRST = 536,    /* RFC 9293 3.7.1 */
	LINGER2_MOST = 120, /* TCP_FIN_TIMEOUT_MAX, in seconds */
	CLAMP_LEAST = 1152, /* half of the least receive buffer */
	RETRY_FIRST = 1,    /* TCP_TIMEOUT_INIT, in seconds */
	RETRY_MOST = 120,   /* TCP_RTO_MAX */
	RETRIES_MOST = 255,
	QUEUE_MOST = 4096, /* net.core.somaxconn */
	SYN_RETRIES = 6,   /* net.ipv4.tcp_syn_retries */
};

static bool is_closed_or_listening(const struct sim_socket *s)
{
	return s->state == SIM_CLOSED || s->state == SIM_LISTEN;
}

/* ---- segments ---- */

int vetsim_set_maximum_segment(struct sim_socket *s, const struct sim_option *row,
			       const struct sim_given *given)
{
	(void)row;
	if (given->number != 0 && (given->number < MSS_LEAST || given->number > MSS_MOST))
		return -EINVAL;
	s->options.maximum_segment = given->number;
	return 0;
}

/* Of a connection, what its segments carry at most: and that is at most half of the greatest window
 * that the peer has told (Linux's tcp_bound_to_half_wnd).  A server's first comes in a SYN and is a
 * segment; a client's is half of its buffer. */
int vetsim_get_maximum_segment(struct sim_socket *s, const struct sim_option *row,
			       struct sim_told *told)
{
	int32_t segment = s->u.stream.mss, window = segment;
	(void)row;
	if (is_closed_or_listening(s) && s->options.maximum_segment != 0)
		return sim_tell(told, s->options.maximum_segment);
	if (s->options.is_child)
		window = SIM_TCP_RECEIVE_BUFFER / 2;
	return sim_tell(told, segment > MSS_MOST ? window / 2 : segment);
}

/* It is given up where there is a closed window, or grows no more: remembered. */
int vetsim_set_window_clamp(struct sim_socket *s, const struct sim_option *row,
			    const struct sim_given *given)
{
	(void)row;
	if (given->number == 0 && s->state != SIM_CLOSED)
		return -EINVAL;
	s->options.window_clamp = given->number == 0            ? 0
				  : given->number < CLAMP_LEAST ? CLAMP_LEAST
								: given->number;
	return 0;
}

/* ---- times ---- */

int vetsim_get_or_default(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	static const struct {
		int name;
		int32_t at_first;
	} defaults[] = {
		{ TCP_KEEPIDLE, SIM_KEEPALIVE_TIME },
		{ TCP_KEEPINTVL, SIM_KEEPALIVE_INTERVAL },
		{ TCP_KEEPCNT, SIM_KEEPALIVE_COUNT },
	};
	int32_t number = vetsim_option_read(&s->options, row);
	if (number != 0)
		return sim_tell(told, number);
	for (size_t i = 0; i < sizeof defaults / sizeof *defaults; i++)
		if (row->name == defaults[i].name)
			return sim_tell(told, defaults[i].at_first);
	return sim_tell(told, SYN_RETRIES);
}

/* Below 0: FIN_WAIT_2 of a closed socket is left out. */
int vetsim_set_linger2(struct sim_socket *s, const struct sim_option *row,
		       const struct sim_given *given)
{
	(void)row;
	s->options.linger2 = given->number < 0              ? -1
			     : given->number > LINGER2_MOST ? LINGER2_MOST
							    : given->number;
	return 0;
}

int vetsim_get_linger2(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)row;
	return sim_tell(told, s->options.linger2 == 0 ? SIM_FIN_TIMEOUT : s->options.linger2);
}

/* How long `retries` of a doubling timeout take, in seconds. */
static int32_t time_of(int32_t retries)
{
	int32_t wait = RETRY_FIRST, all = 0;
	for (int32_t i = 0; i < retries; i++) {
		all += wait;
		wait = wait * 2 > RETRY_MOST ? RETRY_MOST : wait * 2;
	}
	return all;
}

/* Seconds become so many retransmissions of the SYN as last that long at least. */
int vetsim_set_defer_accept(struct sim_socket *s, const struct sim_option *row,
			    const struct sim_given *given)
{
	int32_t retries = 0;
	(void)row;
	while (retries < RETRIES_MOST && given->number > time_of(retries))
		retries++;
	s->options.defer_accept = (uint8_t)retries;
	return 0;
}

int vetsim_get_defer_accept(struct sim_socket *s, const struct sim_option *row,
			    struct sim_told *told)
{
	(void)row;
	return sim_tell(told, time_of(s->options.defer_accept));
}

/* ---- fast open (RFC 7413) ---- */

int vetsim_set_fast_open(struct sim_socket *s, const struct sim_option *row,
			 const struct sim_given *given)
{
	(void)row;
	if (given->number < 0 || !is_closed_or_listening(s))
		return -EINVAL;
	s->options.fast_open = given->number > QUEUE_MOST ? QUEUE_MOST : given->number;
	return 0;
}

int vetsim_set_fast_open_connect(struct sim_socket *s, const struct sim_option *row,
				 const struct sim_given *given)
{
	if (s->state != SIM_CLOSED)
		return -EINVAL;
	return vetsim_set_number(s, row, given);
}

int vetsim_set_fast_open_no_cookie(struct sim_socket *s, const struct sim_option *row,
				   const struct sim_given *given)
{
	if (!is_closed_or_listening(s))
		return -EINVAL;
	return vetsim_set_number(s, row, given);
}

/* ---- congestion control ---- */

int vetsim_set_congestion(struct sim_socket *s, const struct sim_option *row,
			  const struct sim_given *given)
{
	static const char *const known[] = { "cubic", "reno" };
	char name[sizeof s->options.congestion] = { 0 };
	size_t length = given->length < sizeof name - 1 ? given->length : sizeof name - 1;
	(void)row;
	if (given->length < 1)
		return -EINVAL;
	if (given->bytes == NULL)
		return -EFAULT;
	for (size_t i = 0; i < length && ((const char *)given->bytes)[i] != '\0'; i++)
		name[i] = ((const char *)given->bytes)[i];
	for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
		if (strcmp(name, known[i]) == 0) {
			memcpy(s->options.congestion, name, sizeof name);
			return 0;
		}
	}
	return -ENOENT;
}

int vetsim_get_congestion(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)row;
	told->length = sizeof s->options.congestion;
	memcpy(told->u.bytes, s->options.congestion, told->length);
	return 0;
}

/* ---- TCP_INFO ---- */

enum { INFO = 280 }; /* sizeof(struct tcp_info) of Linux 6.18 */

/* Numbers of Linux's TCP_ESTABLISHED and the rest. */
static uint8_t state_number(uint8_t state)
{
	static const uint8_t numbers[] = {
		[SIM_CLOSED] = 7,       [SIM_LISTEN] = 10,     [SIM_SYN_SENT] = 2,
		[SIM_SYN_RECEIVED] = 3, [SIM_ESTABLISHED] = 1, [SIM_FIN_WAIT_1] = 4,
		[SIM_FIN_WAIT_2] = 5,   [SIM_CLOSE_WAIT] = 8,  [SIM_CLOSING] = 11,
		[SIM_LAST_ACK] = 9,     [SIM_TIME_WAIT] = 6,
	};
	return numbers[state];
}

/* The state is right; that, and the segment's size, is all that is modelled. */
int vetsim_get_info(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	struct tcp_info info;
	struct sim_told segment;
	(void)vetsim_get_maximum_segment(s, row, &segment);
	memset(&info, 0, sizeof info);
	memset(told->u.bytes, 0, INFO);
	info.tcpi_state = state_number(s->state);
	info.tcpi_snd_mss = info.tcpi_rcv_mss = (uint32_t)segment.u.number;
	memcpy(told->u.bytes, &info, sizeof info < INFO ? sizeof info : INFO);
	told->length = INFO;
	return 0;
}
