/* SPDX-License-Identifier: 0BSD */
/* Options of SOL_SOCKET that are more than a number (socket(7); Linux's sk_setsockopt). */
#include <sys/time.h>

#include "option_row.h"

int vetsim_set_nothing(struct sim_socket *s, const struct sim_option *row,
		       const struct sim_given *given)
{
	(void)s;
	(void)row;
	(void)given;
	return 0;
}

int vetsim_get_nothing(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)s;
	return sim_tell(told, row->least);
}

/* It can only be set. */
int vetsim_get_refused(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)s;
	(void)row;
	(void)told;
	return -ENOPROTOOPT;
}

/* ---- buffers ---- */

enum {
	LEAST_RECEIVE_BUFFER = 2304, /* SOCK_MIN_RCVBUF of Linux on 64 bits */
	LEAST_SEND_BUFFER = 4608,    /* SOCK_MIN_SNDBUF */
	LOCKED_SEND = 1,             /* SOCK_SNDBUF_LOCK */
	LOCKED_RECEIVE = 2,
};

/* Doubled, for what the kernel itself needs (socket(7)).  A number below 0 is more than the most
 * where there is a most, and with force 0. */
static int32_t buffer(const struct sim_option *row, int32_t number, int32_t least)
{
	bool is_forced = row->greatest == 0;
	if (is_forced && number < 0)
		number = 0;
	if (!is_forced && (number < 0 || number > row->greatest))
		number = row->greatest;
	if (number > INT32_MAX / 2)
		number = INT32_MAX / 2;
	return number * 2 < least ? least : number * 2;
}

int vetsim_set_receive_buffer(struct sim_socket *s, const struct sim_option *row,
			      const struct sim_given *given)
{
	s->options.receive_buffer = buffer(row, given->number, LEAST_RECEIVE_BUFFER);
	s->options.receive_buffer_locked = true;
	return 0;
}

int vetsim_set_send_buffer(struct sim_socket *s, const struct sim_option *row,
			   const struct sim_given *given)
{
	s->options.send_buffer = buffer(row, given->number, LEAST_SEND_BUFFER);
	s->options.send_buffer_locked = true;
	return 0;
}

/* A stream's is at most half of its buffer, which grows with it unless it was set (Linux's
 * tcp_set_rcvlowat). */
int vetsim_set_receive_low(struct sim_socket *s, const struct sim_option *row,
			   const struct sim_given *given)
{
	struct sim_options *o = &s->options;
	int32_t low = given->number < 0 ? INT32_MAX : given->number;
	int32_t most =
		(o->receive_buffer_locked ? o->receive_buffer : SIM_TCP_RECEIVE_BUFFER_MOST) / 2;
	(void)row;
	if (s->node.kind == SIM_STREAM) {
		if (low > most)
			low = most;
		if (!o->receive_buffer_locked && low * 2 > o->receive_buffer) {
			const struct sim_pipe *in = s->u.stream.in;
			/* Linux: as much as a measure of what has come says (docs/fidelity.md). */
			if (in != NULL && in->arrived > 0)
				s->host->sim->is_doubtful = s->host->sim->oracle.is_on;
			o->receive_buffer = low * 2;
			if (o->window_clamp != 0 && o->window_clamp < low)
				o->window_clamp = low;
		}
	}
	o->receive_low = low == 0 ? 1 : low;
	return 0;
}

int vetsim_set_locks(struct sim_socket *s, const struct sim_option *row,
		     const struct sim_given *given)
{
	(void)row;
	if ((given->number & ~(LOCKED_SEND | LOCKED_RECEIVE)) != 0)
		return -EINVAL;
	s->options.send_buffer_locked = (given->number & LOCKED_SEND) != 0;
	s->options.receive_buffer_locked = (given->number & LOCKED_RECEIVE) != 0;
	return 0;
}

int vetsim_get_locks(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)row;
	return sim_tell(told, (s->options.send_buffer_locked ? LOCKED_SEND : 0) |
				      (s->options.receive_buffer_locked ? LOCKED_RECEIVE : 0));
}

/* ---- times ---- */

/* The kernel keeps it in ticks, and one below 0 is without end: told, it is what of its greatest
 * number of seconds fits an int. */
int vetsim_set_linger(struct sim_socket *s, const struct sim_option *row,
		      const struct sim_given *given)
{
	struct linger linger;
	(void)row;
	if (given->length < sizeof linger)
		return -EINVAL;
	memcpy(&linger, given->bytes, sizeof linger);
	s->options.linger = linger.l_onoff != 0;
	if (!s->options.linger)
		return 0;
	s->options.linger_for_ever = linger.l_linger < 0;
	s->options.linger_seconds = linger.l_linger < 0 ? INT32_MAX : linger.l_linger;
	return 0;
}

int vetsim_get_linger(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	const struct sim_options *o = &s->options;
	struct linger linger = { .l_onoff = o->linger, .l_linger = o->linger_seconds };
	(void)row;
	if (o->linger_for_ever)
		linger.l_linger = (int)(uint32_t)(uint64_t)(INT64_MAX / SIM_HZ);
	memcpy(told->u.bytes, &linger, sizeof linger);
	told->length = sizeof linger;
	return 0;
}

int vetsim_set_timeout(struct sim_socket *s, const struct sim_option *row,
		       const struct sim_given *given)
{
	enum { MICROSECONDS = 1000000, OF_TICK = MICROSECONDS / SIM_HZ };
	struct timeval time;
	int64_t seconds, ticks = 0;
	if (given->length < sizeof time)
		return -EINVAL;
	memcpy(&time, given->bytes, sizeof time);
	if (time.tv_usec < 0 || time.tv_usec >= MICROSECONDS)
		return -EDOM;
	/* More than the kernel's ticks hold is without end, and so is less than 0. */
	seconds = time.tv_sec;
	if (seconds >= 0 && seconds < INT64_MAX / SIM_HZ - 1)
		ticks = seconds * SIM_HZ + (time.tv_usec + OF_TICK - 1) / OF_TICK;
	memcpy((unsigned char *)&s->options + row->offset, &ticks, sizeof ticks);
	return 0;
}

int vetsim_get_timeout(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	struct timeval time;
	int64_t ticks;
	memcpy(&ticks, (const unsigned char *)&s->options + row->offset, sizeof ticks);
	memset(&time, 0, sizeof time);
	time.tv_sec = (time_t)(ticks / SIM_HZ);
	time.tv_usec = (suseconds_t)(ticks % SIM_HZ * (1000000 / SIM_HZ));
	memcpy(told->u.bytes, &time, sizeof time);
	told->length = sizeof time;
	return 0;
}

/* SO_TIMESTAMP, SO_TIMESTAMPNS and the newer forms of both, whose flags the row has in `least`.  The
 * last one set counts; that it was a new form stays when it is switched off. */
int vetsim_set_stamp(struct sim_socket *s, const struct sim_option *row,
		     const struct sim_given *given)
{
	if (given->number != 0)
		s->options.stamp = (uint8_t)row->least;
	else
		s->options.stamp &= SIM_STAMP_NEW;
	return 0;
}

int vetsim_get_stamp(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	unsigned has = s->options.stamp, wants = (unsigned)row->least;
	bool is_new = (has & SIM_STAMP_NEW) == (wants & SIM_STAMP_NEW);
	/* The first form of all tells nanoseconds apart; its newer one does not. */
	bool is_apart = wants != SIM_STAMP || (has & SIM_STAMP_NANOSECONDS) == 0;
	return sim_tell(told, (has & wants) == wants && is_new && is_apart);
}

/* ---- interfaces ---- */

static const char *const interface_names[SIM_INTERFACES] = {
	[SIM_INTERFACE_LOOPBACK] = "lo",
	[SIM_INTERFACE_ETHERNET] = "eth0",
};

int vetsim_set_device(struct sim_socket *s, const struct sim_option *row,
		      const struct sim_given *given)
{
	char name[16] = { 0 };
	size_t length = given->length < sizeof name - 1 ? given->length : sizeof name - 1;
	(void)row;
	if (length > 0 && given->bytes == NULL)
		return -EFAULT;
	if (length > 0)
		memcpy(name, given->bytes, length);
	if (name[0] == '\0') {
		s->options.device = 0;
		return 0;
	}
	for (int32_t i = SIM_INTERFACE_LOOPBACK; i < SIM_INTERFACES; i++) {
		if (strcmp(name, interface_names[i]) == 0) {
			s->options.device = i;
			return 0;
		}
	}
	return -ENODEV;
}

int vetsim_get_device(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	int32_t device = s->options.device;
	(void)row;
	if (device == 0) {
		told->length = 0;
		return 0;
	}
	if (told->length < 16)
		return -EINVAL;
	if (device >= SIM_INTERFACES)
		return -ENODEV;
	told->length = (socklen_t)strlen(interface_names[device]) + 1;
	memcpy(told->u.bytes, interface_names[device], told->length);
	return 0;
}

/* Any number will do, whether there is such an interface or not. */
int vetsim_set_device_index(struct sim_socket *s, const struct sim_option *row,
			    const struct sim_given *given)
{
	(void)row;
	if (given->number < 0)
		return -EINVAL;
	s->options.device = given->number;
	return 0;
}

/* ---- what it is ---- */

int vetsim_get_error(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	int32_t error = s->error;
	(void)row;
	s->error = 0;
	return sim_tell(told, error);
}

int vetsim_get_type(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)row;
	return sim_tell(told, s->node.kind == SIM_STREAM     ? SOCK_STREAM
			      : s->node.kind == SIM_DATAGRAM ? SOCK_DGRAM
							     : SOCK_RAW);
}

int vetsim_get_domain(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)row;
	return sim_tell(told, s->family == 4 ? AF_INET : AF_INET6);
}

int vetsim_get_protocol(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)row;
	return sim_tell(told, s->protocol);
}

int vetsim_get_accepting(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	(void)row;
	return sim_tell(told, s->state == SIM_LISTEN);
}

/* 64 bits; of less room nothing is told. */
int vetsim_get_cookie(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	uint64_t cookie = s->serial;
	(void)row;
	if (told->length < sizeof cookie)
		return -EINVAL;
	memcpy(told->u.bytes, &cookie, sizeof cookie);
	told->length = sizeof cookie;
	return 0;
}

/* Of a socket that is of no process: PID 0, and nobody's user and group (unix(7) SO_PEERCRED). */
int vetsim_get_credentials(struct sim_socket *s, const struct sim_option *row,
			   struct sim_told *told)
{
	const int32_t nobody[3] = { 0, -1, -1 };
	(void)s;
	(void)row;
	memcpy(told->u.bytes, nobody, sizeof nobody);
	told->length = sizeof nobody;
	return 0;
}

/* getpeername(2) as an option; more room than the name has is an error, odd as it is. */
int vetsim_get_peer(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	struct sockaddr_storage name;
	socklen_t room = told->length, length = sizeof name;
	(void)row;
	if (s->remote.port == 0 || s->state == SIM_CLOSED || s->state == SIM_SYN_SENT)
		return -ENOTCONN;
	memset(&name, 0, sizeof name);
	vetsim_name_write(&s->remote, s->family, (struct sockaddr *)(void *)&name, &length);
	if (room > length)
		return -EINVAL;
	memcpy(told->u.bytes, &name, length);
	told->length = length;
	return 0;
}

/* 255 asks for the default, and that is told as 1 (SOCK_TXREHASH_DEFAULT). */
int vetsim_set_rehash(struct sim_socket *s, const struct sim_option *row,
		      const struct sim_given *given)
{
	(void)row;
	if (given->number < -1 || given->number > 1)
		return -EINVAL;
	s->options.rehash = given->number == -1 ? 1 : (uint8_t)given->number;
	return 0;
}
