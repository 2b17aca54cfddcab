/* SPDX-License-Identifier: 0BSD */
/* A network of its own for a test: interfaces, routes and limits that the machine does not have. */
#include "worker.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void child_skips(const char *reason, const char *detail)
{
	(void)fprintf(stderr, "skipped: %s%s\n", reason, detail);
	_exit(CHILD_SKIPPED);
}

static bool file_write(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0) {
		return false;
	}
	bool written = write(fd, text, strlen(text)) == (ssize_t)strlen(text);
	close(fd);
	return written;
}

/* Root may simply make one; anybody else makes a namespace of users first, in which he is root
 * (user_namespaces(7)). */
static void enter_namespace(void)
{
	char uid_map[32], gid_map[32];
	(void)snprintf(uid_map, sizeof(uid_map), "0 %u 1", (unsigned)geteuid());
	(void)snprintf(gid_map, sizeof(gid_map), "0 %u 1", (unsigned)getegid());
	if (unshare(CLONE_NEWNET) == 0) {
		return;
	}
	if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) {
		child_skips("no namespace of the network may be made: ", strerror(errno));
	}
	if (!file_write("/proc/self/setgroups", "deny") ||
	    !file_write("/proc/self/uid_map", uid_map) ||
	    !file_write("/proc/self/gid_map", gid_map)) {
		child_skips("no root in the namespace of users: ", strerror(errno));
	}
}

void shell(const char *command)
{
	(void)fflush(NULL);
	if (system(command) != 0) { /* NOLINT(cert-env33-c): constant text */
		child_skips("the namespace cannot be set up: ", command);
	}
}

struct setting {
	const char *const *commands;
	void (*run)(const struct world *);
};

static struct setting setting; /* in_child hands over a world alone */

static void run_in_setting(const struct world *world)
{
	enter_namespace();
	(void)setenv("PATH", "/usr/sbin:/usr/bin:/sbin:/bin", 1);
	for (const char *const *command = setting.commands; *command != NULL; command++) {
		shell(*command);
	}
	setting.run(world);
}

void in_namespace(const char *const *commands, void (*run)(const struct world *),
		  const struct world *world)
{
	setting = (struct setting){ commands, run };
	in_child(run_in_setting, world);
}

/* A token bucket takes no packet that is larger than the bucket: hence the mtu. */
const char *const slow_loopback[] = {
	"ip link set lo mtu 1500 up",
	"tc qdisc add dev lo root tbf rate 2mbit burst 1600 limit 100kb",
	NULL,
};

const char *const very_slow_loopback[] = {
	"ip link set lo mtu 1500 up",
	"tc qdisc add dev lo root tbf rate 16kbit burst 1600 limit 100kb",
	NULL,
};

void fill_loopback(const struct world *world)
{
	static const char filling[1200];
	struct vet_socket from, to;
	struct vet_address where, unused;
	datagram_open(world, &to, &where);
	datagram_open(world, &from, &unused);
	/* The first takes most of the bucket; the others wait 5 ms each for it to fill again. */
	for (int i = 0; i < (slow_run() ? 64 : 16); i++) {
		SAME(vet_socket_send_to(&from, filling, sizeof(filling), &where), sizeof(filling));
	}
	MUST(vet_socket_close(&from));
	MUST(vet_socket_close(&to));
}
