/* SPDX-License-Identifier: 0BSD */
#include "tables.h"

#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <vetsock/host.h>

#include "cli.h"
#include "simulated.h"

static const struct table {
	const char *name;
	struct vet_sys *(*get)(void);
} tables[] = {
	{ "host", vet_sys_host },
	{ "posix", vet_sys_posix },
	{ "sim", cli_simulated },
};

enum { TABLES = sizeof(tables) / sizeof(tables[0]), PATH_SIZE = 4096 };

static struct vet_sys *refuse(const char *command, const char *name)
{
	const char *names[TABLES];
	const char *nearest;

	fprintf(stderr, "%s: there is no table '%s': ", command, name);
	for (size_t i = 0; i < TABLES; i++) {
		names[i] = tables[i].name;
		fprintf(stderr, "%s, ", names[i]);
	}
	fputs("or the path of a shared object\n", stderr);
	nearest = cli_nearest(name, names, TABLES);
	if (nearest != NULL)
		fprintf(stderr, "%s: did you mean '%s'?\n", command, nearest);
	return NULL;
}

static bool is_path(const char *name)
{
	size_t length = strlen(name);

	return strchr(name, '/') != NULL || (length > 3 && strcmp(name + length - 3, ".so") == 0);
}

/* dlopen(3) searches the system's directories for a name without a slash: not what was meant. */
static void *open_here(const char *name)
{
	char path[PATH_SIZE];
	int length =
		snprintf(path, sizeof(path), "%s%s", strchr(name, '/') == NULL ? "./" : "", name);

	if (length < 0 || (size_t)length >= sizeof(path))
		return NULL;
	return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

bool cli_load(const char *command, const char *path, const char *symbol, void *function,
	      size_t size)
{
	void *object = open_here(path);
	void *found = object == NULL ? NULL : dlsym(object, symbol);

	if (found == NULL) {
		const char *why = dlerror();

		fprintf(stderr, "%s: %s\n", command, why == NULL ? "the path is too long" : why);
		return false;
	}
	/* POSIX dlsym, RATIONALE: how an object pointer becomes a function pointer in ISO C. */
	memcpy(function, &found, size);
	return true;
}

static struct vet_sys *load(const char *command, const char *name)
{
	vet_sys_plugin plugin;
	struct vet_sys *sys;

	if (!cli_load(command, name, "vetsock_sys", &plugin, sizeof(plugin)))
		return NULL;
	sys = plugin(VET_SYS_VERSION);
	if (sys == NULL)
		fprintf(stderr, "%s: %s has no table of version %u\n", command, name,
			VET_SYS_VERSION);
	return sys;
}

struct vet_sys *cli_table(const char *command, const char *name)
{
	struct vet_sys *sys = NULL;
	const char *why = NULL;
	size_t i = 0;

	while (i < TABLES && strcmp(name, tables[i].name) != 0)
		i++;
	if (i < TABLES)
		sys = tables[i].get();
	else
		sys = is_path(name) ? load(command, name) : refuse(command, name);
	if (sys != NULL && vet_sys_check(sys, &why) != 0) {
		fprintf(stderr, "%s: the table of %s cannot be used: %s\n", command, name, why);
		return NULL;
	}
	return sys;
}
