/* SPDX-License-Identifier: 0BSD */
/* Options of simulated sockets: one table says what each takes, gives and is at first. */
#ifndef VETSOCK_SIM_OPTION_H
#define VETSOCK_SIM_OPTION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>

#include "name.h"

struct sim_socket;

enum {
	/* What a host has at first, as Linux 6.18: net.core.rmem_max and wmem_max, rmem_default and
	 * wmem_default, net.ipv4.tcp_rmem and tcp_wmem. */
	SIM_RECEIVE_BUFFER_MOST = 4194304,
	SIM_SEND_BUFFER_MOST = 4194304,
	SIM_BUFFER = 212992,
	SIM_TCP_RECEIVE_BUFFER = 131072,
	SIM_TCP_RECEIVE_BUFFER_MOST = 33554432,
	SIM_TCP_SEND_BUFFER = 16384,
	SIM_TCP_SEND_BUFFER_MOST = 4194304,
	SIM_HOPS = 64,        /* net.ipv4.ip_default_ttl, net.ipv6.conf.default.hop_limit */
	SIM_FIN_TIMEOUT = 60, /* net.ipv4.tcp_fin_timeout */
	SIM_HZ = 250,         /* CONFIG_HZ: what SO_RCVTIMEO is rounded up to */
	SIM_MEMBERSHIPS = 20, /* of IPv4: net.ipv4.igmp_max_memberships */
	SIM_GROUPS = 64,      /* of a socket, in all */
};

/* Interfaces of every host, by their index (vet_sys.interface_index). */
enum { SIM_INTERFACE_LOOPBACK = 1, SIM_INTERFACE_ETHERNET, SIM_INTERFACES };

/* How a multicast group was joined: enough to refuse a second time, and to leave. */
struct sim_membership {
	struct sim_ip group;
	uint32_t interface_ip; /* of IP_ADD_MEMBERSHIP, in the host's order */
	int32_t interface_index;
};

/* Bits of `stamp`: SO_TIMESTAMP and its kin are three flags of the kernel. */
enum { SIM_STAMP = 1, SIM_STAMP_NANOSECONDS = 2, SIM_STAMP_NEW = 4 };

/* What a socket remembers, as the kernel does: docs/simulation.md says which have an effect. */
struct sim_options {
	bool is_child; /* a listener's: it begins with what that had */
	/* SOL_SOCKET */
	bool reuse_address, reuse_port, keepalive, broadcast, linger, linger_for_ever, no_check;
	bool oob_inline, dont_route, receive_buffer_locked, send_buffer_locked;
	bool debug, overflow, wifi_status, no_fcs, select_errors, receive_mark, receive_priority;
	bool zero_copy;
	uint8_t stamp, rehash;
	int32_t linger_seconds;
	int32_t receive_buffer, send_buffer; /* as getsockopt gives them: doubled (socket(7)) */
	int32_t receive_low;                 /* SO_RCVLOWAT */
	int32_t priority, mark, peek_offset, device; /* the index of an interface; 0: any */
	int64_t receive_timeout, send_timeout;       /* of 1/SIM_HZ s; 0: none.  Remembered. */
	/* IPPROTO_IP and IPPROTO_IPV6 */
	bool only_ipv6, multicast_loop, multicast_loop6, receive_errors, receive_errors6;
	int16_t ttl, hops; /* -1: the host's */
	uint8_t tos, traffic_class;
	int16_t multicast_ttl, multicast_hops;
	bool packet_info, receive_ttl, receive_tos, receive_options, returned_options;
	bool receive_security, original_destination, fragment_size, free_bind, transparent;
	bool header_included, no_defragment, bind_without_port, multicast_all, rfc4884;
	uint8_t minimum_ttl, mtu_discover;
	int32_t port_range, multicast_interface, unicast_interface;
	uint32_t multicast_ip; /* IP_MULTICAST_IF, in the host's order */
	bool packet_info6, packet_info_2292, hop_limit6, hop_limit_2292, routing6, routing_2292;
	bool hop_options6, hop_options_2292, destination6, destination_2292, traffic_class6;
	bool path_mtu6, flow_info, flow_info_send, original_destination6, fragment_size6;
	bool header_included6, multicast_all6, rfc4884_6, dont_fragment;
	bool alert_isolate, flow_label;
	uint8_t minimum_hops, mtu_discover6;
	int32_t mtu6, multicast_interface6, unicast_interface6, address_preferences, checksum6;
	/* IPPROTO_TCP */
	bool no_delay, cork, quick_ack, thin_linear, thin_dupack, fast_open_connect;
	bool fast_open_no_cookie, inquire;
	uint8_t save_syn;
	uint8_t defer_accept; /* retransmissions of the SYN that are awaited: getsockopt makes it seconds */
	int32_t keepalive_time, keepalive_interval, keepalive_count; /* seconds; 0: the host's */
	int32_t user_timeout;                                        /* milliseconds */
	int32_t maximum_segment, syn_count, linger2, fast_open, window_clamp, unsent_low;
	char congestion[16];
	/* IPPROTO_UDP */
	bool udp_cork, udp_no_check_sent, udp_no_check_received, udp_gather;
	uint16_t udp_segment;
	/* Multicast groups joined: of both families. */
	uint32_t groups;
	struct sim_membership *group; /* room for SIM_GROUPS; NULL: none was ever joined */
};

/* Those of a new socket; of one that a listener's child begins with, its listener's are copied. */
void vetsim_options_begin(struct sim_options *options, const struct sim_socket *socket);

void vetsim_options_inherit(struct sim_socket *child, const struct sim_socket *listener);
/* What they hold is given back: whoever frees the socket calls it. */
void vetsim_options_end(struct sim_socket *socket);
/* Whether it takes no IPv4-mapped peers: IPV6_V6ONLY, or it is bound to an address of IPv6 alone. */
bool vetsim_option_only_ipv6(const struct sim_socket *socket);
/* A connection has come to be: buffers grow, unless they were set. */
/* other: who is at the other end, if he is there yet. */
void vetsim_option_connected(struct sim_socket *socket, const struct sim_socket *other);

/* As getsockopt(2) and setsockopt(2) of Linux: 0 or minus the errno.  SO_ERROR is told and cleared. */
int vetsim_option_get(struct sim_socket *socket, int level, int name, void *value,
		      socklen_t *length);
int vetsim_option_set(struct sim_socket *socket, int level, int name, const void *value,
		      socklen_t length);
/* A number of the option, the same on every system, for hashes: 0 for one that is not known. */
uint32_t vetsim_option_number(int level, int name);

#endif
