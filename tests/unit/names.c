/* SPDX-License-Identifier: 0BSD */
#include "names.h"

#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <vetsock/error.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* Of two names for one number the one that POSIX's socket interface uses comes first. */
const struct errno_name errno_names[] = {
	{ "E2BIG", E2BIG, true },
	{ "EACCES", EACCES, true },
	{ "EADDRINUSE", EADDRINUSE, true },
	{ "EADDRNOTAVAIL", EADDRNOTAVAIL, true },
	{ "EAFNOSUPPORT", EAFNOSUPPORT, true },
	{ "EAGAIN", EAGAIN, true },
	{ "EALREADY", EALREADY, true },
	{ "EBADF", EBADF, true },
	{ "EBADMSG", EBADMSG, true },
	{ "EBUSY", EBUSY, true },
	{ "ECANCELED", ECANCELED, true },
	{ "ECHILD", ECHILD, true },
	{ "ECONNABORTED", ECONNABORTED, true },
	{ "ECONNREFUSED", ECONNREFUSED, true },
	{ "ECONNRESET", ECONNRESET, true },
	{ "EDEADLK", EDEADLK, true },
	{ "EDESTADDRREQ", EDESTADDRREQ, true },
	{ "EDOM", EDOM, true },
	{ "EDQUOT", EDQUOT, true },
	{ "EEXIST", EEXIST, true },
	{ "EFAULT", EFAULT, true },
	{ "EFBIG", EFBIG, true },
	{ "EHOSTUNREACH", EHOSTUNREACH, true },
	{ "EIDRM", EIDRM, true },
	{ "EILSEQ", EILSEQ, true },
	{ "EINPROGRESS", EINPROGRESS, true },
	{ "EINTR", EINTR, true },
	{ "EINVAL", EINVAL, true },
	{ "EIO", EIO, true },
	{ "EISCONN", EISCONN, true },
	{ "EISDIR", EISDIR, true },
	{ "ELOOP", ELOOP, true },
	{ "EMFILE", EMFILE, true },
	{ "EMLINK", EMLINK, true },
	{ "EMSGSIZE", EMSGSIZE, true },
	{ "EMULTIHOP", EMULTIHOP, true },
	{ "ENAMETOOLONG", ENAMETOOLONG, true },
	{ "ENETDOWN", ENETDOWN, true },
	{ "ENETRESET", ENETRESET, true },
	{ "ENETUNREACH", ENETUNREACH, true },
	{ "ENFILE", ENFILE, true },
	{ "ENOBUFS", ENOBUFS, true },
	{ "ENODATA", ENODATA, true },
	{ "ENODEV", ENODEV, true },
	{ "ENOENT", ENOENT, true },
	{ "ENOEXEC", ENOEXEC, true },
	{ "ENOLCK", ENOLCK, true },
	{ "ENOLINK", ENOLINK, true },
	{ "ENOMEM", ENOMEM, true },
	{ "ENOMSG", ENOMSG, true },
	{ "ENOPROTOOPT", ENOPROTOOPT, true },
	{ "ENOSPC", ENOSPC, true },
	{ "ENOSR", ENOSR, true },
	{ "ENOSTR", ENOSTR, true },
	{ "ENOSYS", ENOSYS, true },
	{ "ENOTCONN", ENOTCONN, true },
	{ "ENOTDIR", ENOTDIR, true },
	{ "ENOTEMPTY", ENOTEMPTY, true },
	{ "ENOTRECOVERABLE", ENOTRECOVERABLE, true },
	{ "ENOTSOCK", ENOTSOCK, true },
	{ "EOPNOTSUPP", EOPNOTSUPP, true },
	{ "ENOTSUP", ENOTSUP, true },
	{ "ENOTTY", ENOTTY, true },
	{ "ENXIO", ENXIO, true },
	{ "EOVERFLOW", EOVERFLOW, true },
	{ "EOWNERDEAD", EOWNERDEAD, true },
	{ "EPERM", EPERM, true },
	{ "EPIPE", EPIPE, true },
	{ "EPROTO", EPROTO, true },
	{ "EPROTONOSUPPORT", EPROTONOSUPPORT, true },
	{ "EPROTOTYPE", EPROTOTYPE, true },
	{ "ERANGE", ERANGE, true },
	{ "EROFS", EROFS, true },
	{ "ESPIPE", ESPIPE, true },
	{ "ESRCH", ESRCH, true },
	{ "ESTALE", ESTALE, true },
	{ "ETIME", ETIME, true },
	{ "ETIMEDOUT", ETIMEDOUT, true },
	{ "ETXTBSY", ETXTBSY, true },
	{ "EWOULDBLOCK", EWOULDBLOCK, true },
	{ "EXDEV", EXDEV, true },
	{ "EHOSTDOWN", EHOSTDOWN, false },
	{ "ENONET", ENONET, false },
	{ "ESOCKTNOSUPPORT", ESOCKTNOSUPPORT, false },
	{ "ESHUTDOWN", ESHUTDOWN, false },
	{ "ECOMM", ECOMM, false },
	{ "EPFNOSUPPORT", EPFNOSUPPORT, false },
};
const size_t errno_names_count = COUNT(errno_names);

static const struct option_name option_names[] = {
	{ "SO_ACCEPTCONN", SOL_SOCKET, SO_ACCEPTCONN, SHAPE_INT },
	{ "SO_BINDTODEVICE", SOL_SOCKET, SO_BINDTODEVICE, SHAPE_TEXT },
	{ "SO_BROADCAST", SOL_SOCKET, SO_BROADCAST, SHAPE_INT },
	{ "SO_DOMAIN", SOL_SOCKET, SO_DOMAIN, SHAPE_INT },
	{ "SO_ERROR", SOL_SOCKET, SO_ERROR, SHAPE_INT },
	{ "SO_KEEPALIVE", SOL_SOCKET, SO_KEEPALIVE, SHAPE_INT },
	{ "SO_LINGER", SOL_SOCKET, SO_LINGER, SHAPE_LINGER },
	{ "SO_PRIORITY", SOL_SOCKET, SO_PRIORITY, SHAPE_INT },
	{ "SO_PROTOCOL", SOL_SOCKET, SO_PROTOCOL, SHAPE_INT },
	{ "SO_RCVBUF", SOL_SOCKET, SO_RCVBUF, SHAPE_INT },
	{ "SO_RCVLOWAT", SOL_SOCKET, SO_RCVLOWAT, SHAPE_INT },
	{ "SO_REUSEADDR", SOL_SOCKET, SO_REUSEADDR, SHAPE_INT },
	{ "SO_REUSEPORT", SOL_SOCKET, SO_REUSEPORT, SHAPE_INT },
	{ "SO_SNDBUF", SOL_SOCKET, SO_SNDBUF, SHAPE_INT },
	{ "SO_TYPE", SOL_SOCKET, SO_TYPE, SHAPE_INT },
	{ "IP_MULTICAST_LOOP", IPPROTO_IP, IP_MULTICAST_LOOP, SHAPE_INT },
	{ "IP_MULTICAST_TTL", IPPROTO_IP, IP_MULTICAST_TTL, SHAPE_INT },
	{ "IP_TOS", IPPROTO_IP, IP_TOS, SHAPE_INT },
	{ "IP_TTL", IPPROTO_IP, IP_TTL, SHAPE_INT },
	{ "IP.MCAST_JOIN_GROUP", IPPROTO_IP, MCAST_JOIN_GROUP, SHAPE_GROUP },
	{ "IP.MCAST_LEAVE_GROUP", IPPROTO_IP, MCAST_LEAVE_GROUP, SHAPE_GROUP },
	{ "IPV6_MULTICAST_HOPS", IPPROTO_IPV6, IPV6_MULTICAST_HOPS, SHAPE_INT },
	{ "IPV6_MULTICAST_LOOP", IPPROTO_IPV6, IPV6_MULTICAST_LOOP, SHAPE_INT },
	{ "IPV6_TCLASS", IPPROTO_IPV6, IPV6_TCLASS, SHAPE_INT },
	{ "IPV6_UNICAST_HOPS", IPPROTO_IPV6, IPV6_UNICAST_HOPS, SHAPE_INT },
	{ "IPV6_V6ONLY", IPPROTO_IPV6, IPV6_V6ONLY, SHAPE_INT },
	{ "IPV6.MCAST_JOIN_GROUP", IPPROTO_IPV6, MCAST_JOIN_GROUP, SHAPE_GROUP },
	{ "IPV6.MCAST_LEAVE_GROUP", IPPROTO_IPV6, MCAST_LEAVE_GROUP, SHAPE_GROUP },
	{ "TCP_CONGESTION", IPPROTO_TCP, TCP_CONGESTION, SHAPE_TEXT },
	{ "TCP_CORK", IPPROTO_TCP, TCP_CORK, SHAPE_INT },
	{ "TCP_DEFER_ACCEPT", IPPROTO_TCP, TCP_DEFER_ACCEPT, SHAPE_INT },
	{ "TCP_FASTOPEN", IPPROTO_TCP, TCP_FASTOPEN, SHAPE_INT },
	{ "TCP_KEEPCNT", IPPROTO_TCP, TCP_KEEPCNT, SHAPE_INT },
	{ "TCP_KEEPIDLE", IPPROTO_TCP, TCP_KEEPIDLE, SHAPE_INT },
	{ "TCP_KEEPINTVL", IPPROTO_TCP, TCP_KEEPINTVL, SHAPE_INT },
	{ "TCP_NODELAY", IPPROTO_TCP, TCP_NODELAY, SHAPE_INT },
	{ "TCP_QUICKACK", IPPROTO_TCP, TCP_QUICKACK, SHAPE_INT },
	{ "TCP_USER_TIMEOUT", IPPROTO_TCP, TCP_USER_TIMEOUT, SHAPE_INT },
};

static const struct own_error {
	const char *name;
	int64_t error;
} own_errors[] = {
	{ "VET_EOF", VET_EOF },
	{ "VET_EDEADLINE", VET_EDEADLINE },
	{ "VET_ETABLE", VET_ETABLE },
};

static const struct event_name {
	const char *name;
	short bit;
} event_names[] = {
	{ "IN", POLLIN },   { "OUT", POLLOUT },     { "ERR", POLLERR },
	{ "HUP", POLLHUP }, { "RDHUP", POLLRDHUP }, { "NVAL", POLLNVAL },
};

/* The greatest first, so that a time is written in the greatest unit that divides it. */
static const struct unit {
	const char *name;
	int64_t nanoseconds;
} units[] = { { "s", 1000000000 }, { "ms", 1000000 }, { "us", 1000 }, { "ns", 1 } };

struct text text_in(char *room, size_t size)
{
	room[0] = '\0';
	return (struct text){ room, size };
}

void text_add(struct text *text, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	int length = vsnprintf(text->at, text->left, format, list);
	va_end(list);
	size_t used = length < 0 ? 0 : (size_t)length;
	if (used >= text->left)
		used = text->left - 1;
	text->at += used;
	text->left -= used;
}

/* Numbers, times and addresses are read by the C library, and errors by a list of their own: what is
 * tested is not asked what it should have said. */
bool read_number(const char *text, int64_t *value)
{
	char *end;
	errno = 0;
	*value = strtoll(text, &end, 10);
	return end != text && *end == '\0' && errno == 0;
}

bool read_time(const char *text, int64_t *nanoseconds)
{
	char *end;
	if (strcmp(text, "greatest") == 0 || strcmp(text, "least") == 0) {
		*nanoseconds = text[0] == 'g' ? INT64_MAX : INT64_MIN;
		return true;
	}
	*nanoseconds = strtoll(text, &end, 10);
	for (size_t i = 0; i < COUNT(units); i++) {
		if (end != text && strcmp(end, units[i].name) == 0) {
			*nanoseconds *= units[i].nanoseconds;
			return true;
		}
	}
	return strcmp(text, "0") == 0;
}

void add_time(struct text *text, int64_t nanoseconds)
{
	size_t i = 0;
	if (nanoseconds == 0 || nanoseconds == INT64_MAX || nanoseconds == INT64_MIN) {
		text_add(text, "%s",
			 nanoseconds == 0  ? "0"
			 : nanoseconds > 0 ? "greatest"
					   : "least");
		return;
	}
	while (nanoseconds % units[i].nanoseconds != 0)
		i++;
	text_add(text, "%" PRId64 "%s", nanoseconds / units[i].nanoseconds, units[i].name);
}

bool read_error(const char *text, int64_t *error)
{
	for (size_t i = 0; i < errno_names_count; i++) {
		*error = -errno_names[i].number;
		if (strcmp(errno_names[i].name, text) == 0)
			return true;
	}
	for (size_t i = 0; i < COUNT(own_errors); i++) {
		*error = own_errors[i].error;
		if (strcmp(own_errors[i].name, text) == 0)
			return true;
	}
	return false;
}

void add_error(struct text *text, int64_t error)
{
	const char *name = NULL;
	for (size_t i = 0; i < errno_names_count && name == NULL; i++)
		name = errno_names[i].number == -error ? errno_names[i].name : NULL;
	for (size_t i = 0; i < COUNT(own_errors) && name == NULL; i++)
		name = own_errors[i].error == error ? own_errors[i].name : NULL;
	if (name != NULL)
		text_add(text, "%s", name);
	else
		text_add(text, "%" PRId64, error);
}

bool read_events(const char *text, short *events)
{
	*events = 0;
	while (*text != '\0') {
		size_t i = 0, length = strcspn(text, "|");
		while (i < COUNT(event_names) && (strlen(event_names[i].name) != length ||
						  memcmp(event_names[i].name, text, length) != 0))
			i++;
		if (i == COUNT(event_names))
			return false;
		*events = (short)(*events | event_names[i].bit);
		text += length + (text[length] == '|');
	}
	return *events != 0;
}

void add_events(struct text *text, short events)
{
	const char *between = "";
	for (size_t i = 0; i < COUNT(event_names); i++) {
		if (events & event_names[i].bit) {
			text_add(text, "%s%s", between, event_names[i].name);
			between = "|";
			events = (short)(events & ~event_names[i].bit);
		}
	}
	if (events != 0 || *between == '\0')
		text_add(text, events == 0 ? "-" : "%s%#x", between, (unsigned)events);
}

const struct option_name *option_named(const char *name)
{
	for (size_t i = 0; i < COUNT(option_names); i++)
		if (strcmp(option_names[i].name, name) == 0)
			return &option_names[i];
	return NULL;
}

const struct option_name *option_numbered(int level, int number)
{
	for (size_t i = 0; i < COUNT(option_names); i++)
		if (option_names[i].level == level && option_names[i].number == number)
			return &option_names[i];
	return NULL;
}

static bool read_ipv4(char *text, uint16_t port, struct sockaddr_in *address)
{
	address->sin_family = AF_INET;
	address->sin_port = htons(port);
	return inet_pton(AF_INET, text, &address->sin_addr) == 1;
}

static bool read_ipv6(char *text, uint16_t port, struct sockaddr_in6 *address)
{
	size_t length = strlen(text);
	char *zone = strchr(text, '%');
	if (length < 2 || text[length - 1] != ']')
		return false;
	text[length - 1] = '\0';
	if (zone != NULL)
		*zone++ = '\0';
	address->sin6_family = AF_INET6;
	address->sin6_port = htons(port);
	address->sin6_scope_id = zone ? (uint32_t)strtoul(zone, NULL, 10) : 0;
	return inet_pton(AF_INET6, text + 1, &address->sin6_addr) == 1;
}

static bool read_named_sockaddr(char *text, struct sockaddr_storage *address, socklen_t *length)
{
	char *port = strrchr(text, ':');
	if (strcmp(text, "unix") == 0 || strcmp(text, "none") == 0) {
		address->ss_family = text[0] == 'u' ? AF_UNIX : AF_UNSPEC;
		*length = text[0] == 'u' ? sizeof(struct sockaddr_in6) : 0;
		return true;
	}
	if (port == NULL)
		return false;
	*port++ = '\0';
	*length = text[0] == '[' ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
	return text[0] == '['
		       ? read_ipv6(text, (uint16_t)atoi(port), (struct sockaddr_in6 *)address)
		       : read_ipv4(text, (uint16_t)atoi(port), (struct sockaddr_in *)address);
}

bool read_sockaddr(const char *text, struct sockaddr_storage *address, socklen_t *length)
{
	char copy[128];
	int64_t said;
	memset(address, 0, sizeof *address);
	if (strlen(text) >= sizeof copy)
		return false;
	memcpy(copy, text, strlen(text) + 1);
	char *slash = strchr(copy, '/');
	if (slash != NULL)
		*slash++ = '\0';
	if (!read_named_sockaddr(copy, address, length))
		return false;
	if (slash != NULL && !read_number(slash, &said))
		return false;
	if (slash != NULL)
		*length = (socklen_t)said;
	return true;
}

static void add_ipv4(struct text *text, const struct sockaddr_in *address)
{
	char ip[INET_ADDRSTRLEN];
	static const unsigned char zero[sizeof address->sin_zero];
	inet_ntop(AF_INET, &address->sin_addr, ip, sizeof ip);
	text_add(text, "%s:%u", ip, ntohs(address->sin_port));
	if (memcmp(address->sin_zero, zero, sizeof zero) != 0)
		text_add(text, " (sin_zero is not zero)");
}

static void add_ipv6(struct text *text, const struct sockaddr_in6 *address)
{
	char ip[INET6_ADDRSTRLEN];
	inet_ntop(AF_INET6, &address->sin6_addr, ip, sizeof ip);
	text_add(text, "[%s", ip);
	if (address->sin6_scope_id != 0)
		text_add(text, "%%%" PRIu32, address->sin6_scope_id);
	text_add(text, "]:%u", ntohs(address->sin6_port));
	if (address->sin6_flowinfo != 0)
		text_add(text, " (sin6_flowinfo is not zero)");
}

void add_sockaddr(struct text *text, const void *address, socklen_t length)
{
	struct sockaddr_storage copy = { .ss_family = AF_UNSPEC };
	if (address == NULL || length > sizeof copy) {
		text_add(text, address == NULL ? "none" : "an address that is too long");
		return;
	}
	memcpy(&copy, address, length);
	if (copy.ss_family == AF_INET && length == sizeof(struct sockaddr_in))
		add_ipv4(text, (const struct sockaddr_in *)&copy);
	else if (copy.ss_family == AF_INET6 && length == sizeof(struct sockaddr_in6))
		add_ipv6(text, (const struct sockaddr_in6 *)&copy);
	else
		text_add(text, "an address of family %d and length %u", copy.ss_family,
			 (unsigned)length);
}
