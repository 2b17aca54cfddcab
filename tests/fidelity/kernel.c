/* SPDX-License-Identifier: 0BSD */
/* The kernel as a side, in networks of its own: new ones all the time, so that no program meets
 * what another has left in TIME_WAIT. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif

#include "follow.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <vetsock/host.h>

enum {
	RUNS_OF_A_NETWORK = 100,
	/* Below ip_local_port_range: what a network's runs bind to. */
	FIRST_PORT = 2000,
	LAST_PORT = 32000,
	/* 127.1.0.0 on: 127.0.0.1 is everybody's. */
	FIRST_PARTY = 0x7f010000,
	LAST_PARTY = 0x7fff0000,
};

static bool has_network;
static uint32_t runs_left, next_party = FIRST_PARTY, next_port = FIRST_PORT;

/* What machines set otherwise, or the kernel by the size of its memory: as Linux has it at first,
 * but that buffers for receiving do not grow. */
static const struct setting {
	const char *name, *value;
} settings[] = {
	{ "net/ipv4/tcp_rmem", "4096 131072 33554432" },
	{ "net/ipv4/tcp_wmem", "4096 16384 4194304" },
	{ "net/ipv4/tcp_congestion_control", "reno" },
	{ "net/ipv4/tcp_moderate_rcvbuf", "0" },
	{ "net/ipv4/ip_local_port_range", "32768 60999" },
	{ "net/ipv4/ip_local_reserved_ports", "" },
	{ "net/ipv4/ip_unprivileged_port_start", "1024" },
	{ "net/ipv4/ip_nonlocal_bind", "0" },
	{ "net/ipv4/ip_default_ttl", "64" },
	{ "net/ipv4/tcp_syn_retries", "6" },
	{ "net/ipv4/tcp_syn_linear_timeouts", "0" },
	{ "net/ipv4/tcp_retries2", "15" },
	{ "net/ipv4/tcp_orphan_retries", "0" },
	{ "net/ipv4/tcp_synack_retries", "5" },
	{ "net/ipv4/tcp_syncookies", "1" },
	{ "net/ipv4/tcp_max_syn_backlog", "4096" },
	{ "net/ipv4/tcp_abort_on_overflow", "0" },
	{ "net/ipv4/tcp_fin_timeout", "60" },
	{ "net/ipv4/tcp_tw_reuse", "2" },
	{ "net/ipv4/tcp_max_tw_buckets", "65536" },
	{ "net/ipv4/tcp_keepalive_time", "7200" },
	{ "net/ipv4/tcp_keepalive_intvl", "75" },
	{ "net/ipv4/tcp_keepalive_probes", "9" },
	{ "net/ipv4/tcp_timestamps", "1" },
	{ "net/ipv4/tcp_sack", "1" },
	{ "net/ipv4/tcp_window_scaling", "1" },
	{ "net/ipv4/tcp_autocorking", "1" },
	{ "net/core/somaxconn", "4096" },
	{ "net/core/rmem_default", "212992" },
	{ "net/core/wmem_default", "212992" },
	{ "net/core/rmem_max", "4194304" },
	{ "net/core/wmem_max", "4194304" },
	{ "net/ipv6/bindv6only", "0" },
};

static bool file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	bool is_written;
	if (fd < 0)
		return false;
	is_written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return is_written;
}

/* Root may simply make a network; anybody else makes a namespace of users first, in which he is
 * root (user_namespaces(7)). */
static bool become_root(void)
{
	char uid_map[32], gid_map[32];
	(void)snprintf(uid_map, sizeof(uid_map), "0 %u 1", (unsigned)geteuid());
	(void)snprintf(gid_map, sizeof(gid_map), "0 %u 1", (unsigned)getegid());
	return unshare(CLONE_NEWUSER) == 0 && file_write("/proc/self/setgroups", "deny") &&
	       file_write("/proc/self/uid_map", uid_map) &&
	       file_write("/proc/self/gid_map", gid_map);
}

/* netdevice(7): SIOCSIFFLAGS. */
static bool loopback_up(void)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool is_up;
	if (fd < 0)
		return false;
	request.ifr_flags = IFF_UP | IFF_RUNNING;
	is_up = ioctl(fd, SIOCSIFFLAGS, &request) == 0;
	close(fd);
	return is_up;
}

/* A setting that this kernel has not is not pinned: nothing depends on it then. */
static bool network_make(void)
{
	char path[96];
	if (unshare(CLONE_NEWNET) != 0 || !loopback_up())
		return false;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		(void)snprintf(path, sizeof(path), "/proc/sys/%s", settings[i].name);
		(void)file_write(path, settings[i].value);
	}
	runs_left = RUNS_OF_A_NETWORK;
	next_port = FIRST_PORT;
	return true;
}

static int kernel_begin(struct place_to_run *self, struct ground *ground)
{
	(void)self;
	if (has_network && runs_left == 0 && !network_make())
		return -errno;
	runs_left--;
	for (unsigned i = 0; i < PARTIES; i++)
		ground->party[i] = next_party++;
	for (unsigned i = 0; i < PORTS; i++)
		ground->port[i] = (uint16_t)next_port++;
	if (next_party > LAST_PARTY - PARTIES)
		next_party = FIRST_PARTY;
	if (next_port > LAST_PORT - PORTS)
		next_port = FIRST_PORT;
	return 0;
}

/* socket(7): a filter that lets nothing pass. */
static int kernel_deafen(struct side *side, int fd, bool deaf)
{
	struct sock_filter nothing = BPF_STMT(BPF_RET | BPF_K, 0);
	struct sock_fprog program = { .len = 1, .filter = &nothing };
	(void)side;
	return setsockopt(fd, SOL_SOCKET, deaf ? SO_ATTACH_FILTER : SO_DETACH_FILTER, &program,
			  sizeof(program)) == 0
		       ? 0
		       : -errno;
}

static int file_make(void)
{
	static unsigned char bytes[FILE_SIZE];
	int fd = memfd_create("fidelity", MFD_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (uint32_t i = 0; i < FILE_SIZE; i++)
		bytes[i] = file_byte(i);
	if (write(fd, bytes, sizeof(bytes)) != (ssize_t)sizeof(bytes)) {
		close(fd);
		return -EIO;
	}
	return fd;
}

int kernel_open(struct place_to_run *kernel, const char **why_not)
{
	int file = file_make();
	*why_not = NULL;
	if (file < 0)
		return file;
	has_network = network_make() || (become_root() && network_make());
	if (!has_network)
		*why_not = strerror(errno);
	*kernel = (struct place_to_run){
		.side = { .sys = vet_sys_host(), .file = file, .deafen = kernel_deafen },
		.begin = kernel_begin,
	};
	return 0;
}

void kernel_close(struct place_to_run *kernel)
{
	close(kernel->side.file);
}
