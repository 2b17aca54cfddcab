/* SPDX-License-Identifier: 0BSD */
/* How each kind of option is set and got; the setters and getters themselves follow from the table.
 */
#include "option.h"

#include <errno.h>

#include "option_table.h"
#include "sockaddr.h"
#include "socket.h"

/* ---- what the table of calls takes and gives ---- */

static int set(const struct vet_socket *s, struct vet_option_number at, const void *value,
	       size_t size)
{
	struct vet_sys *sys = s->table.sys;
	if (at.name == -1)
		return -ENOPROTOOPT;
	int r = (sys->calls->setsockopt)(sys, s->fd, at.level, at.name, value, (socklen_t)size);
	return r < 0 ? r : 0;
}

static int get(const struct vet_socket *s, struct vet_option_number at, void *value,
	       socklen_t *size)
{
	struct vet_sys *sys = s->table.sys;
	if (at.name == -1)
		return -ENOPROTOOPT;
	int r = (sys->calls->getsockopt)(sys, s->fd, at.level, at.name, value, size);
	if (r == -EOPNOTSUPP) /* Linux, for an option of TCP on another socket */
		return -ENOPROTOOPT;
	return r < 0 ? r : 0;
}

static int set_number(const struct vet_socket *s, struct vet_option_number at, int64_t value)
{
	int number = (int)value;
	return set(s, at, &number, sizeof number);
}

static int get_number(const struct vet_socket *s, struct vet_option_number at, int64_t *value)
{
	union {
		int number;
		unsigned char byte;
	} in = { 0 };
	socklen_t size = sizeof in;
	int r = get(s, at, &in, &size);
	if (r < 0)
		return r;
	if (size != sizeof in.number && size != 1)
		return -EIO;
	/* Some systems hold the multicast options in one byte, as the first ones did. */
	*value = size == 1 ? in.byte : in.number;
	return 0;
}

int vet_option_get_number(const struct vet_socket *s, int level, int name, int64_t *value)
{
	return get_number(s, (struct vet_option_number){ level, name }, value);
}

int vet_option_get_error(const struct vet_socket *s, int64_t *error)
{
	int64_t number;
	int r = vet_option_get_number(s, SOL_SOCKET, SO_ERROR, &number);
	if (r < 0)
		return r;
	if (number < 0 || number > -VET_EOF - 2)
		return -EIO;
	*error = -number;
	return 0;
}

/* ---- the option of a socket ---- */

static struct vet_option_number number_of(const struct vet_socket *s, const struct vet_option *o)
{
	return s->family == 4 ? o->ipv4 : o->ipv6;
}

/*
 * An IPv6 socket with mapped peers sends to them by the option of IPv4 (probed on Linux).  A socket
 * that can have none may refuse it: a raw one, and on other systems one with IPV6_V6ONLY.
 */
static int set_for_mapped(const struct vet_socket *s, const struct vet_option *o, int64_t value)
{
	int64_t only_ipv6 = 0;
	int r = set_number(s, o->mapped, value);
	if (r != -ENOPROTOOPT && r != -EINVAL)
		return r;
	if (s->type == VET_RAW)
		return 0;
	int asked = vet_option_get_number(s, IPPROTO_IPV6, IPV6_V6ONLY, &only_ipv6);
	return asked == 0 && only_ipv6 != 0 ? 0 : r;
}

int64_t vet_option_in_units(const struct vet_option *o, int64_t value)
{
	return o->unit == 0 ? value : value / o->unit + (value % o->unit > 0);
}

bool vet_option_takes(const struct vet_option *o, int64_t value)
{
	int64_t units = vet_option_in_units(o, value);
	if (o->kind == VET_OPTION_LINGER && value == VET_LINGER_OFF)
		return true;
	return value >= 0 && units >= o->min && units <= o->max;
}

bool vet_option_is_known(const struct vet_socket *s, const struct vet_option *o)
{
	return number_of(s, o).name != -1;
}

/* ---- by kind ---- */

/* Of a flag, a number, a size or a duration. */
static int set_value(struct vet_socket *s, const struct vet_option *o, int64_t value)
{
	if (!vet_is_open(s))
		return -EBADF;
	if (!vet_option_takes(o, value))
		return -EINVAL;
	int64_t units = vet_option_in_units(o, value);
	int r = set_number(s, number_of(s, o), units);
	if (r < 0 || s->family == 4 || o->mapped.name == -1)
		return r;
	return set_for_mapped(s, o, units);
}

static int get_value(struct vet_socket *s, const struct vet_option *o, int64_t *value)
{
	int64_t units;
	int r = vet_is_open(s) ? get_number(s, number_of(s, o), &units) : -EBADF;
	if (r == 0)
		*value = o->unit == 0 ? units : VET_DURATION_OF(units, o->unit);
	return r;
}

static int get_FLAG(struct vet_socket *s, const struct vet_option *o, bool *value)
{
	int64_t number;
	int r = get_value(s, o, &number);
	if (r == 0)
		*value = number != 0;
	return r;
}

static int set_LINGER(struct vet_socket *s, const struct vet_option *o, vet_duration value)
{
	struct linger linger = { 0 };
	if (!vet_is_open(s))
		return -EBADF;
	if (!vet_option_takes(o, value))
		return -EINVAL;
	if (value != VET_LINGER_OFF) {
		linger.l_onoff = 1;
		linger.l_linger = (int)vet_option_in_units(o, value);
	}
	return set(s, number_of(s, o), &linger, sizeof linger);
}

static int get_LINGER(struct vet_socket *s, const struct vet_option *o, vet_duration *value)
{
	struct linger linger = { 0 };
	socklen_t size = sizeof linger;
	if (!vet_is_open(s))
		return -EBADF;
	int r = get(s, number_of(s, o), &linger, &size);
	if (r < 0)
		return r;
	if (size != sizeof linger || (linger.l_onoff && linger.l_linger < 0))
		return -EIO;
	*value = linger.l_onoff ? VET_DURATION_OF(linger.l_linger, o->unit) : VET_LINGER_OFF;
	return 0;
}

static int get_ERROR(struct vet_socket *s, const struct vet_option *o, int64_t *value)
{
	(void)o;
	return vet_is_open(s) ? vet_option_get_error(s, value) : -EBADF;
}

static int set_TEXT(struct vet_socket *s, const struct vet_option *o, const char *text, size_t size)
{
	char out[VET_OPTION_TEXT_SIZE] = { 0 };
	if (!vet_is_open(s))
		return -EBADF;
	if (size < (size_t)o->min || size > (size_t)o->max ||
	    (size > 0 && memchr(text, 0, size) != NULL))
		return -EINVAL;
	if (size > 0)
		memcpy(out, text, size);
	return set(s, number_of(s, o), out, size);
}

static int get_TEXT(struct vet_socket *s, const struct vet_option *o, char *text, size_t size)
{
	char in[4 * VET_OPTION_TEXT_SIZE] = { 0 };
	socklen_t length = sizeof in;
	if (!vet_is_open(s))
		return -EBADF;
	int r = get(s, number_of(s, o), in, &length);
	if (r < 0)
		return r;
	if (length > sizeof in)
		return -EIO;
	const char *end = memchr(in, 0, length);
	size_t used = end != NULL ? (size_t)(end - in) : length;
	if (used >= size)
		return -ENOSPC;
	memcpy(text, in, used);
	text[used] = 0;
	return (int)used;
}

/* ---- of any kind ---- */

int vet_option_set(struct vet_socket *s, const struct vet_option *o,
		   const union vet_option_value *value)
{
	switch (o->kind) {
	case VET_OPTION_TEXT:
		return set_TEXT(s, o, value->text, strlen(value->text));
	case VET_OPTION_LINGER:
		return set_LINGER(s, o, value->number);
	default:
		return set_value(s, o, value->number);
	}
}

static int get_flag_as_number(struct vet_socket *s, const struct vet_option *o, int64_t *value)
{
	bool flag;
	int r = get_FLAG(s, o, &flag);
	if (r == 0)
		*value = flag;
	return r;
}

int vet_option_get(struct vet_socket *s, const struct vet_option *o, union vet_option_value *value)
{
	switch (o->kind) {
	case VET_OPTION_TEXT:
		return get_TEXT(s, o, value->text, sizeof value->text);
	case VET_OPTION_LINGER:
		return get_LINGER(s, o, &value->number);
	case VET_OPTION_FLAG:
		return get_flag_as_number(s, o, &value->number);
	default:
		return get_value(s, o, &value->number);
	}
}

/* ---- one setter and one getter for each row, which do no more than name the row ---- */

/* clang-format off */
#define TYPE_FLAG bool
#define TYPE_INTEGER int64_t
#define TYPE_SIZE int64_t
#define TYPE_DURATION vet_duration
#define TYPE_LINGER vet_duration
#define TYPE_ERROR int64_t
#define set_FLAG set_value
#define set_INTEGER set_value
#define get_INTEGER get_value
#define set_SIZE set_value
#define get_SIZE get_value
#define set_DURATION set_value
#define get_DURATION get_value

#define VALUE_SET(name, kind) \
	int vet_socket_set_##name(struct vet_socket *s, TYPE_##kind value) \
	{ return set_##kind(s, &vet_option_table[VET_INDEX_##name], value); }
#define VALUE_GET(name, kind) \
	int vet_socket_##name(struct vet_socket *s, TYPE_##kind *value) \
	{ return get_##kind(s, &vet_option_table[VET_INDEX_##name], value); }
#define TEXT_SET(name) \
	int vet_socket_set_##name(struct vet_socket *s, const char *text, size_t size) \
	{ return set_TEXT(s, &vet_option_table[VET_INDEX_##name], text, size); }
#define TEXT_GET(name) \
	int vet_socket_##name(struct vet_socket *s, char *text, size_t size) \
	{ return get_TEXT(s, &vet_option_table[VET_INDEX_##name], text, size); }

#define SET_FLAG VALUE_SET
#define SET_INTEGER VALUE_SET
#define SET_SIZE VALUE_SET
#define SET_DURATION VALUE_SET
#define SET_LINGER VALUE_SET
#define SET_TEXT(name, kind) TEXT_SET(name)
#define GET_FLAG VALUE_GET
#define GET_INTEGER VALUE_GET
#define GET_SIZE VALUE_GET
#define GET_DURATION VALUE_GET
#define GET_LINGER VALUE_GET
#define GET_ERROR VALUE_GET
#define GET_TEXT(name, kind) TEXT_GET(name)


#define ACCESS(name, text, kind, flags, ...) VET_IF_SET_##flags(SET_##kind(name, kind), ) GET_##kind(name, kind)
VET_OPTIONS(ACCESS)
/* clang-format on */
