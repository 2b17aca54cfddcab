/* SPDX-License-Identifier: 0BSD */
#include <vetsock/error.h>
#include <vetsock/sys.h>

#include <string.h>

/* The layout is part of the contract: two words of 32 bits, then the entries, one pointer each, in
 * order. */
#define PLACE(name, required) PLACE_##name,
enum { VET_SYS_ENTRIES(PLACE) ENTRIES };
#define AT(name, required) \
	_Static_assert(offsetof(struct vet_sys_calls, name) == 8 + PLACE_##name * sizeof(void *), \
		       "entry " #name " has moved");
VET_SYS_ENTRIES(AT)
_Static_assert(sizeof(struct vet_sys_calls) == 8 + ENTRIES * sizeof(void *),
	       "an entry is not listed");
_Static_assert(sizeof(struct vet_sys) == sizeof(void *), "a table is one pointer");
_Static_assert(sizeof(void (*)(void)) == sizeof(void *), "entries are pointers to functions");

/* The last required entry ends here; a table that ends before it cannot be used. */
#define REQUIRED_SIZE (offsetof(struct vet_sys_calls, realloc) + sizeof(void *))

#define ENTRY(name, required) \
	{ offsetof(struct vet_sys_calls, name), required, \
	  "the entry '" #name "' is required and missing" },
static const struct entry {
	size_t offset;
	int required;
	const char *why;
} entries[] = { VET_SYS_ENTRIES(ENTRY) };

static const char *problem(const struct vet_sys *sys)
{
	if (sys == NULL || sys->calls == NULL)
		return "there is no table of system calls";
	if (sys->calls->version != VET_SYS_VERSION)
		return "the table is of another version";
	if (sys->calls->size < REQUIRED_SIZE)
		return "the table is too short: it ends before the last required entry";
	for (size_t i = 0; i < ENTRIES; i++) {
		void (*call)(void);
		if (!entries[i].required)
			continue;
		memcpy(&call, (const char *)sys->calls + entries[i].offset, sizeof call);
		if (call == NULL)
			return entries[i].why;
	}
	return NULL;
}

int vet_sys_check(const struct vet_sys *sys, const char **why)
{
	const char *reason = problem(sys);
	if (why != NULL)
		*why = reason;
	return reason == NULL ? 0 : VET_ETABLE;
}
