/* SPDX-License-Identifier: 0BSD */
/* getsockopt(2) and setsockopt(2): what is the same for all options, or for all of a level. */
#include <netinet/in.h>

#include "option_row.h"

enum { UDP_LITE = 136 /* RFC 3828 */, TIME_STAMPS = 12 /* RFC 7323 */ };

/* ---- where values lie ---- */

int32_t vetsim_option_read(const struct sim_options *options, const struct sim_option *row)
{
	const unsigned char *at = (const unsigned char *)options + row->offset;
	int16_t small;
	uint16_t word;
	int32_t number;
	switch (row->store) {
	case SIM_FLAG:
		return *(const bool *)(const void *)at ? 1 : 0;
	case SIM_BYTE:
		return *at;
	case SIM_SHORT:
		memcpy(&small, at, sizeof small);
		return small;
	case SIM_WORD:
		memcpy(&word, at, sizeof word);
		return word;
	case SIM_INT:
		memcpy(&number, at, sizeof number);
		return number;
	default:
		return 0;
	}
}

void vetsim_option_write(struct sim_options *options, const struct sim_option *row, int32_t number)
{
	unsigned char *at = (unsigned char *)options + row->offset;
	int16_t small = (int16_t)number;
	uint16_t word = (uint16_t)number;
	switch (row->store) {
	case SIM_FLAG:
		*(bool *)(void *)at = number != 0;
		break;
	case SIM_BYTE:
		*at = (unsigned char)number;
		break;
	case SIM_SHORT:
		memcpy(at, &small, sizeof small);
		break;
	case SIM_WORD:
		memcpy(at, &word, sizeof word);
		break;
	case SIM_INT:
		memcpy(at, &number, sizeof number);
		break;
	default:
		break;
	}
}

int vetsim_set_flag(struct sim_socket *s, const struct sim_option *row,
		    const struct sim_given *given)
{
	vetsim_option_write(&s->options, row, given->number != 0);
	return 0;
}

int vetsim_set_number(struct sim_socket *s, const struct sim_option *row,
		      const struct sim_given *given)
{
	if (given->number < row->least || given->number > row->greatest)
		return -EINVAL;
	vetsim_option_write(&s->options, row, given->number);
	return 0;
}

int vetsim_get_number(struct sim_socket *s, const struct sim_option *row, struct sim_told *told)
{
	return sim_tell(told, vetsim_option_read(&s->options, row));
}

/* ---- setsockopt ---- */

/* Of less than an int IPPROTO_IP takes the first byte, and of nothing 0 (Linux's do_ip_setsockopt; ip(7)
 * on IP_TOS); some of IPPROTO_IPV6 take it for 0; and all else is an error. */
static int read_short(const struct sim_option *row, struct sim_given *given)
{
	given->number = 0;
	if (row->at != SIM_LEVEL_IP)
		return row->short_is_0 ? 0 : -EINVAL;
	if (given->length > 0 && given->bytes == NULL)
		return -EFAULT;
	if (given->length > 0)
		given->number = *(const unsigned char *)given->bytes;
	return 0;
}

static int read_number(const struct sim_option *row, struct sim_given *given)
{
	if (given->length < sizeof given->number)
		return read_short(row, given);
	if (given->bytes == NULL) {
		/* IPPROTO_IPV6 takes no pointer for 0. */
		given->number = 0;
		return row->level == IPPROTO_IPV6 && row->at == SIM_LEVEL_IPV6 ? 0 : -EFAULT;
	}
	memcpy(&given->number, given->bytes, sizeof given->number);
	return 0;
}

/* Where numbers are read before the option is looked at, too few bytes are found first. */
static bool reads_first(unsigned kind, int level)
{
	return level == SOL_SOCKET || (level == IPPROTO_TCP && (kind & SIM_T) != 0) ||
	       (level == IPPROTO_UDP && (kind & SIM_U) != 0) ||
	       (level == IPPROTO_RAW && kind == SIM_R6);
}

/* Filters of ICMP, which only a socket of that protocol has (raw(7); RFC 3542 3.2). */
static bool is_filter(unsigned kind, int level, int name)
{
	return (kind == SIM_R6 && level == IPPROTO_ICMPV6) ||
	       (kind == SIM_R4 && level == IPPROTO_RAW && name == 1);
}

static int set_unknown(unsigned kind, int level, int name, const struct sim_given *given)
{
	if (reads_first(kind, level) && given->length < sizeof given->number)
		return -EINVAL;
	if (reads_first(kind, level) && given->bytes == NULL)
		return -EFAULT;
	return is_filter(kind, level, name) ? -EOPNOTSUPP : -ENOPROTOOPT;
}

/* Which comes first, reading or refusing, is the level's: IPPROTO_IPV6 refuses, the others read; but
 * for what IPPROTO_IP never lets be set. */
static int check(const struct sim_option *row, unsigned kind, struct sim_given *given)
{
	int result = 0;
	bool refuses_first =
		row->at == SIM_LEVEL_IPV6 || (row->at == SIM_LEVEL_IP && row->refuses == SIM_ALL);
	if (refuses_first && (row->refuses & kind) != 0)
		return -(int)row->refusal;
	if (!row->takes_bytes)
		result = read_number(row, given);
	if (result < 0)
		return result;
	if ((row->lacks & kind) != 0)
		return -EOPNOTSUPP;
	if ((row->refuses & kind) != 0)
		return -(int)row->refusal;
	return row->needs_a_byte && given->length == 0 ? -EINVAL : 0;
}

/* A UDP socket answers for the level of UDP-Lite, too (Linux's udp_setsockopt). */
static int level_of(unsigned kind, int level)
{
	return level == UDP_LITE && (kind & SIM_U) != 0 ? IPPROTO_UDP : level;
}

int vetsim_option_set(struct sim_socket *s, int level, int name, const void *value,
		      socklen_t length)
{
	struct sim_given given = { .bytes = value, .length = length };
	unsigned kind = sim_option_kind(s);
	const struct sim_option *row = vetsim_option_find(level_of(kind, level), name);
	int result;
	if ((int32_t)length < 0)
		return -EINVAL;
	if (row == NULL || (row->kinds & kind) == 0)
		return set_unknown(kind, level_of(kind, level), name, &given);
	result = check(row, kind, &given);
	return result == 0 ? row->set(s, row, &given) : result;
}

/* ---- getsockopt ---- */

static int get_unknown(const struct sim_socket *s, unsigned kind, int level, int name,
		       int32_t length)
{
	bool is_own = reads_first(kind, level) || (level == IPPROTO_IP && (kind & SIM_4) != 0) ||
		      (level == IPPROTO_RAW && kind == SIM_R4);
	if (is_own)
		return length < 0 && level != IPPROTO_RAW ? -EINVAL
		       : is_filter(kind, level, name)     ? -EOPNOTSUPP
							  : -ENOPROTOOPT;
	return s->family == 4 || is_filter(kind, level, name) ? -EOPNOTSUPP : -ENOPROTOOPT;
}

/* A value of IPPROTO_IP that one byte holds is told as one to who has room for one to three. */
static bool is_byte(const struct sim_option *row, const struct sim_told *told, int32_t room)
{
	return row->at == SIM_LEVEL_IP && told->length == sizeof told->u.number && room > 0 &&
	       room < 4 && !row->takes_bytes && told->u.number >= 0 && told->u.number <= 255;
}

static int tell(const struct sim_option *row, struct sim_told *told, void *value, socklen_t *length)
{
	/* A negative room is a large one where it is cut first. */
	socklen_t room = *length;
	if (is_byte(row, told, (int32_t)room)) {
		told->u.bytes[0] = (unsigned char)told->u.number;
		told->length = 1;
	}
	if (told->length > room)
		told->length = room;
	if (told->length > 0 && value == NULL)
		return -EFAULT;
	if (told->length > 0)
		memcpy(value, told->u.bytes, told->length);
	*length = told->length;
	return 0;
}

int vetsim_option_get(struct sim_socket *s, int level, int name, void *value, socklen_t *length)
{
	struct sim_told told;
	unsigned kind = sim_option_kind(s);
	const struct sim_option *row = vetsim_option_find(level_of(kind, level), name);
	int result;
	if (length == NULL)
		return -EFAULT;
	if (row == NULL || (row->kinds & kind) == 0)
		return get_unknown(s, kind, level_of(kind, level), name, (int32_t)*length);
	if ((int32_t)*length < 0 && row->at != SIM_LEVEL_IPV6 && row->at != SIM_LEVEL_RAW)
		return -EINVAL;
	if ((row->lacks & kind) != 0)
		return -EOPNOTSUPP;
	told.length = *length;
	result = row->get(s, row, &told);
	return result == 0 ? tell(row, &told, value, length) : result;
}

/* ---- a socket's life ---- */

/* What is not 0. */
static const struct sim_options at_first = {
	.receive_buffer = SIM_BUFFER,
	.send_buffer = SIM_BUFFER,
	.receive_low = 1,
	.peek_offset = -1,
	.ttl = -1,
	.hops = -1,
	.multicast_ttl = 1,
	.multicast_hops = 1,
	.multicast_loop = true,
	.multicast_loop6 = true,
	.multicast_all = true,
	.multicast_all6 = true,
	.mtu_discover = 1,
	.mtu_discover6 = 1,
	.flow_label = true,
	.checksum6 = -1,
	.congestion = "cubic",
};

void vetsim_options_begin(struct sim_options *options, const struct sim_socket *s)
{
	*options = at_first;
	if (s->node.kind == SIM_STREAM) {
		options->receive_buffer = SIM_TCP_RECEIVE_BUFFER;
		options->send_buffer = SIM_TCP_SEND_BUFFER;
		options->quick_ack = true;
		options->rehash = 1;
	} else if (s->node.kind == SIM_RAW) {
		options->reuse_address =
			true; /* Linux's inet_protosw of raw sockets: INET_PROTOSW_REUSE */
		options->header_included = s->family == 4 && s->protocol == IPPROTO_RAW;
		options->header_included6 = s->family == 6 && s->protocol == IPPROTO_RAW;
	}
	if (s->family == 6) {
		options->multicast_all = false;
	}
}

void vetsim_options_inherit(struct sim_socket *child, const struct sim_socket *listener)
{
	child->options = listener->options;
	child->options.is_child = true;
	child->options.only_ipv6 = vetsim_option_only_ipv6(listener);
	/* What it was given for its own connection, or is an affair of the listener's alone. */
	child->options.groups = 0;
	child->options.group = NULL;
	child->options.fast_open = 0;
	child->options.priority = 0; /* Linux's sk_clone_lock */
	child->protocol = listener->protocol;
}

void vetsim_options_end(struct sim_socket *s)
{
	if (s->options.group != NULL)
		vetsim_pool_give(s->host->sim->pool, s->options.group,
				 SIM_GROUPS * sizeof *s->options.group);
	s->options.group = NULL;
	s->options.groups = 0;
}

/* TCP_MAXSEG of either side, who tells the other in his SYN (RFC 9293 3.7.1).  It counts the 12 bytes
 * of time stamps, which come with every segment; once there is a connection it changes nothing
 * (tcp(7)). */
static void limit_segment(struct sim_socket *s, const struct sim_socket *by)
{
	int32_t most = by->options.maximum_segment - TIME_STAMPS;
	if (most > 0 && s->u.stream.mss > most)
		s->u.stream.mss = (uint16_t)most;
}

/* Linux's tcp_sndbuf_expand: room for twice ten segments, each as large as its memory is: rounded to
 * a power of 2, with headers of 512 bytes and a struct sk_buff of 256. */
static void expand_send_buffer(struct sim_socket *s)
{
	enum { SEGMENTS = 20, HEADERS = 512, CONTROL = 256 };
	uint32_t memory = 1, size = (uint32_t)(s->u.stream.mss + TIME_STAMPS + HEADERS);
	int32_t buffer;
	while (memory < size)
		memory *= 2;
	buffer = (int32_t)((memory + CONTROL) * SEGMENTS);
	if (buffer > SIM_TCP_SEND_BUFFER_MOST)
		buffer = SIM_TCP_SEND_BUFFER_MOST;
	if (!s->options.send_buffer_locked && s->options.send_buffer < buffer)
		s->options.send_buffer = buffer;
}

/* Linux's tcp_init_buffer_space: half of the buffer at most, and a segment less where there are more
 * than two in it. */
static void limit_window(struct sim_socket *s)
{
	int32_t most = s->options.receive_buffer / 2, segment = s->u.stream.mss;
	int32_t clamp = s->options.window_clamp;
	if (clamp == 0 || clamp >= most)
		clamp = most;
	if (clamp > 2 * segment && clamp + segment > most)
		clamp = most - segment > 2 * segment ? most - segment : 2 * segment;
	s->options.window_clamp = clamp;
}

/* Of a child, options of multicast begin with what its SYN came by (Linux's tcp_v4_syn_recv_sock). */
static void take_after_syn(struct sim_socket *s)
{
	bool is_local = vetsim_route(s->host, s->remote.ip) == s->host;
	if (s->family == 4) {
		s->options.multicast_ttl = SIM_HOPS;
		return;
	}
	s->options.multicast_hops = SIM_HOPS;
	if (sim_ip_is_v4(s->remote.ip)) {
		s->options.multicast_ttl = SIM_HOPS;
		return;
	}
	s->options.multicast_interface6 =
		is_local ? SIM_INTERFACE_LOOPBACK : SIM_INTERFACE_ETHERNET;
}

void vetsim_option_connected(struct sim_socket *s, const struct sim_socket *other)
{
	limit_segment(s, s);
	limit_window(s);
	if (other != NULL)
		limit_segment(s, other);
	expand_send_buffer(s);
	if (s->options.is_child)
		take_after_syn(s);
}
