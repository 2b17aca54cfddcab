/* SPDX-License-Identifier: 0BSD */
/* A plug-in for the tests of the command: what it brings is chosen by an environment variable. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/vetsock.h>

struct vet_sys *vetsock_sys(uint32_t version);

static struct vet_sys *whole(void)
{
	return vet_sys_host();
}

static struct vet_sys *without_accept(void)
{
	static struct vet_sys_calls calls;
	static struct vet_sys sys = { &calls };

	calls = *vet_sys_host()->calls;
	calls.accept = NULL;
	return &sys;
}

static int refuse_to_listen(struct vet_sys *self, int fd, int backlog)
{
	(void)self;
	(void)fd;
	(void)backlog;
	return -EOPNOTSUPP;
}

static struct vet_sys *without_listen(void)
{
	static struct vet_sys_calls calls;
	static struct vet_sys sys = { &calls };

	calls = *vet_sys_host()->calls;
	calls.listen = refuse_to_listen;
	return &sys;
}

static struct vet_sys *nothing(void)
{
	return NULL;
}

static const struct {
	const char *name;
	struct vet_sys *(*get)(void);
} tables[] = {
	{ "whole", whole },
	{ "without accept", without_accept },
	{ "listen fails", without_listen },
	{ "nothing", nothing },
};

__attribute__((visibility("default"))) struct vet_sys *vetsock_sys(uint32_t version)
{
	const char *wanted = getenv("VETSOCK_TEST_PLUGIN");

	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++)
		if (wanted != NULL && version == VET_SYS_VERSION &&
		    strcmp(wanted, tables[i].name) == 0)
			return tables[i].get();
	return NULL;
}
