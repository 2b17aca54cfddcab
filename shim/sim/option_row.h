/* SPDX-License-Identifier: 0BSD */
/* What a row of the table of options is made of, and the functions that rows name. */
#ifndef VETSOCK_SIM_OPTION_ROW_H
#define VETSOCK_SIM_OPTION_ROW_H

#include "world.h"

/* Kinds of socket, by family: bits. */
enum {
	SIM_T4 = 1,
	SIM_T6 = 2,
	SIM_U4 = 4,
	SIM_U6 = 8,
	SIM_R4 = 16,
	SIM_R6 = 32,
	SIM_T = SIM_T4 | SIM_T6,
	SIM_U = SIM_U4 | SIM_U6,
	SIM_R = SIM_R4 | SIM_R6,
	SIM_UR = SIM_U | SIM_R,
	SIM_TU = SIM_T | SIM_U,
	SIM_ALL = SIM_TU | SIM_R,
	SIM_4 = SIM_ALL &
		~SIM_R6, /* IPPROTO_IP: raw sockets of IPv6 know it not (rawv6_setsockopt) */
	SIM_6 = SIM_T6 | SIM_U6 | SIM_R6,
};

enum sim_level {
	SIM_LEVEL_SOCKET,
	SIM_LEVEL_IP,
	SIM_LEVEL_IPV6,
	SIM_LEVEL_TCP,
	SIM_LEVEL_UDP,
	SIM_LEVEL_RAW,
};

/* How it lies in struct sim_options. */
enum sim_store { SIM_NOWHERE, SIM_FLAG, SIM_BYTE, SIM_SHORT, SIM_WORD, SIM_INT, SIM_LONG };

/* What the caller of setsockopt gave. */
struct sim_given {
	const void *bytes;
	size_t length;
	int32_t number; /* of rows that take one */
};

/* What getsockopt tells: at most so many bytes. */
struct sim_told {
	union {
		int32_t number;
		unsigned char bytes[512];
	} u;
	socklen_t length;
};

struct sim_option {
	int level, name;
	uint8_t at;      /* enum sim_level */
	uint8_t kinds;   /* of sockets that have it */
	uint8_t refuses; /* those of them that do not let it be set, and answer */
	uint8_t refusal;
	uint8_t lacks; /* those that answer EOPNOTSUPP, set and get */
	uint8_t store;
	uint16_t offset;
	bool takes_bytes;  /* not a number: the setter reads it */
	bool needs_a_byte; /* of IPPROTO_IP: no bytes are no 0 */
	bool short_is_0;   /* of IPPROTO_IPV6: less than an int is */
	int32_t least, greatest;
	int (*set)(struct sim_socket *socket, const struct sim_option *row,
		   const struct sim_given *given);
	/* 0; or minus an errno. */
	int (*get)(struct sim_socket *socket, const struct sim_option *row, struct sim_told *told);
};

typedef int sim_option_set(struct sim_socket *, const struct sim_option *,
			   const struct sim_given *);
typedef int sim_option_get(struct sim_socket *, const struct sim_option *, struct sim_told *);

static inline unsigned sim_option_kind(const struct sim_socket *socket)
{
	unsigned four = socket->node.kind == SIM_STREAM     ? SIM_T4
			: socket->node.kind == SIM_DATAGRAM ? SIM_U4
							    : SIM_R4;
	return socket->family == 4 ? four : four << 1;
}

/* What the kernel calls inet_num: a raw socket's is its protocol. */
static inline int32_t sim_option_port(const struct sim_socket *socket)
{
	if (socket->node.kind == SIM_RAW)
		return socket->protocol;
	return socket->binding.port == NULL ? 0 : (int32_t)socket->local.port;
}

static inline int sim_tell(struct sim_told *told, int32_t number)
{
	told->u.number = number;
	told->length = sizeof told->u.number;
	return 0;
}

/* option.c: what most rows need. */
int32_t vetsim_option_read(const struct sim_options *options, const struct sim_option *row);
void vetsim_option_write(struct sim_options *options, const struct sim_option *row, int32_t number);
sim_option_set vetsim_set_flag, vetsim_set_number;
sim_option_get vetsim_get_number;

/* option_socket.c */
sim_option_set vetsim_set_receive_buffer, vetsim_set_send_buffer, vetsim_set_receive_low;
sim_option_set vetsim_set_linger, vetsim_set_timeout, vetsim_set_device, vetsim_set_device_index;
sim_option_set vetsim_set_stamp, vetsim_set_locks, vetsim_set_rehash, vetsim_set_nothing;
sim_option_get vetsim_get_linger, vetsim_get_timeout, vetsim_get_device, vetsim_get_error;
sim_option_get vetsim_get_type, vetsim_get_domain, vetsim_get_protocol, vetsim_get_accepting;
sim_option_get vetsim_get_stamp, vetsim_get_locks, vetsim_get_peer, vetsim_get_credentials;
sim_option_get vetsim_get_refused, vetsim_get_nothing, vetsim_get_cookie;

/* option_ip.c */
sim_option_set vetsim_set_ttl, vetsim_set_tos, vetsim_set_port_range;
sim_option_set vetsim_set_unicast_interface, vetsim_set_multicast_interface, vetsim_set_only_ipv6;
sim_option_set vetsim_set_multicast_hops, vetsim_set_traffic_class, vetsim_set_mtu6;
sim_option_set vetsim_set_multicast_interface6, vetsim_set_preferences, vetsim_set_checksum6;
sim_option_get vetsim_get_hops, vetsim_get_mtu, vetsim_get_unicast_interface, vetsim_get_port;
sim_option_get vetsim_get_multicast_interface, vetsim_get_preferences, vetsim_get_only_ipv6;

/* option_group.c */
int vetsim_read_membership(const struct sim_given *given, size_t least,
			   struct sim_membership *membership);
/* The index of the interface that has an IPv4 address; 0. */
int32_t vetsim_interface_of(const struct vet_sim_host *host, uint32_t ip);
sim_option_set vetsim_set_membership, vetsim_set_membership6, vetsim_set_group;

/* option_tcp.c */
sim_option_set vetsim_set_maximum_segment, vetsim_set_congestion, vetsim_set_defer_accept;
sim_option_set vetsim_set_linger2, vetsim_set_window_clamp, vetsim_set_fast_open;
sim_option_set vetsim_set_fast_open_connect, vetsim_set_fast_open_no_cookie;
sim_option_get vetsim_get_maximum_segment, vetsim_get_congestion, vetsim_get_defer_accept;
sim_option_get vetsim_get_linger2, vetsim_get_or_default, vetsim_get_info;

/* option_table.c: NULL if there is none. */
const struct sim_option *vetsim_option_find(int level, int name);

#endif
