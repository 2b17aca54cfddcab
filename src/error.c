/* SPDX-License-Identifier: 0BSD */
#include <vetsock/error.h>

#include <string.h>

#include "os.h"

/* Of two names for one number the first counts. */
static const struct error {
	int number;
	const char *name;
	const char *message;
} errors[] = {
	{ VET_EOF, "VET_EOF", "the stream ended" },
	{ VET_EDEADLINE, "VET_EDEADLINE", "the deadline of the socket passed" },
	{ VET_ETABLE, "VET_ETABLE", "the table of system calls was refused" },
	{ -E2BIG, "E2BIG", "the argument list is too long" },
	{ -EACCES, "EACCES", "permission denied" },
	{ -EADDRINUSE, "EADDRINUSE", "the address is in use already" },
	{ -EADDRNOTAVAIL, "EADDRNOTAVAIL",
	  "the address is not one of this host, or no local port is free" },
	{ -EAFNOSUPPORT, "EAFNOSUPPORT", "the address is not of a family that fits here" },
	{ -EAGAIN, "EAGAIN", "not possible just now; trying again later may help" },
	{ -EALREADY, "EALREADY", "another attempt is under way already" },
	{ -EBADF, "EBADF", "the socket or descriptor is closed, or not open for this" },
	{ -EBADMSG, "EBADMSG", "the message is damaged" },
	{ -EBUSY, "EBUSY", "the resource is busy" },
	{ -ECANCELED, "ECANCELED", "the operation was cancelled" },
	{ -ECHILD, "ECHILD", "there is no child process" },
	{ -ECONNABORTED, "ECONNABORTED", "the connection was aborted on this side" },
	{ -ECONNREFUSED, "ECONNREFUSED", "nobody listens there: the connection was refused" },
	{ -ECONNRESET, "ECONNRESET", "the peer reset the connection" },
	{ -EDEADLK, "EDEADLK", "waiting would be a deadlock" },
	{ -EDESTADDRREQ, "EDESTADDRREQ", "the socket has no peer, and no address was given" },
	{ -EDOM, "EDOM", "the number is outside the domain of the function" },
	{ -EDQUOT, "EDQUOT", "the disk quota is used up" },
	{ -EEXIST, "EEXIST", "the file exists" },
	{ -EFAULT, "EFAULT", "an address of memory is not valid" },
	{ -EFBIG, "EFBIG", "more data than the limit allows" },
	{ -EHOSTUNREACH, "EHOSTUNREACH", "there is no route to the host" },
	{ -EIDRM, "EIDRM", "the identifier was removed" },
	{ -EILSEQ, "EILSEQ", "the bytes are no valid character" },
	{ -EINPROGRESS, "EINPROGRESS", "the operation is under way" },
	{ -EINTR, "EINTR", "a signal interrupted the call" },
	{ -EINVAL, "EINVAL", "an argument is not valid, or not in this state" },
	{ -EIO, "EIO", "an input or output error occurred" },
	{ -EISCONN, "EISCONN", "the socket is connected, or listening, already" },
	{ -EISDIR, "EISDIR", "this is a directory" },
	{ -ELOOP, "ELOOP", "too many symbolic links" },
	{ -EMFILE, "EMFILE", "the process has no descriptor left" },
	{ -EMLINK, "EMLINK", "too many links" },
	{ -EMSGSIZE, "EMSGSIZE", "the message does not fit into one datagram or into the buffer" },
	{ -EMULTIHOP, "EMULTIHOP", "the path would need several hops" },
	{ -ENAMETOOLONG, "ENAMETOOLONG", "the name is too long" },
	{ -ENETDOWN, "ENETDOWN", "the network is down" },
	{ -ENETRESET, "ENETRESET", "the network dropped the connection" },
	{ -ENETUNREACH, "ENETUNREACH", "there is no route to the network" },
	{ -ENFILE, "ENFILE", "the system has no descriptor left" },
	{ -ENOBUFS, "ENOBUFS", "the system has no buffer space left" },
	{ -ENODATA, "ENODATA", "there is no data" },
	{ -ENODEV, "ENODEV", "there is no such device or network interface" },
	{ -ENOENT, "ENOENT", "there is nothing of that name" },
	{ -ENOEXEC, "ENOEXEC", "the file cannot be executed" },
	{ -ENOLCK, "ENOLCK", "no lock is available" },
	{ -ENOLINK, "ENOLINK", "the link is broken" },
	{ -ENOMEM, "ENOMEM", "there is not enough memory" },
	{ -ENOMSG, "ENOMSG", "there is no such message" },
	{ -ENOPROTOOPT, "ENOPROTOOPT", "the option is not known here" },
	{ -ENOSPC, "ENOSPC", "there is no space left" },
	{ -ENOSR, "ENOSR", "there are no stream resources left" },
	{ -ENOSTR, "ENOSTR", "this is no stream" },
	{ -ENOSYS, "ENOSYS", "the system does not have this call" },
	{ -ENOTCONN, "ENOTCONN", "the socket is not connected" },
	{ -ENOTDIR, "ENOTDIR", "this is no directory" },
	{ -ENOTEMPTY, "ENOTEMPTY", "the directory is not empty" },
	{ -ENOTRECOVERABLE, "ENOTRECOVERABLE", "the state cannot be recovered" },
	{ -ENOTSOCK, "ENOTSOCK", "the descriptor is no socket" },
	{ -EOPNOTSUPP, "EOPNOTSUPP", "the operation is not supported by this kind of socket" },
	{ -ENOTSUP, "ENOTSUP", "the operation is not supported" },
	{ -ENOTTY, "ENOTTY", "the descriptor is no terminal, or does not know the request" },
	{ -ENXIO, "ENXIO", "there is no such device or address" },
	{ -EOVERFLOW, "EOVERFLOW", "the value is too large" },
	{ -EOWNERDEAD, "EOWNERDEAD", "the owner died" },
	{ -EPERM, "EPERM", "the operation is not permitted" },
	{ -EPIPE, "EPIPE", "the connection is closed for writing" },
	{ -EPROTO, "EPROTO", "a protocol error occurred" },
	{ -EPROTONOSUPPORT, "EPROTONOSUPPORT", "the protocol is not supported" },
	{ -EPROTOTYPE, "EPROTOTYPE", "the protocol does not fit the kind of socket" },
	{ -ERANGE, "ERANGE", "the result is too large" },
	{ -EROFS, "EROFS", "the file system is read-only" },
	{ -ESPIPE, "ESPIPE", "the file has no positions: it is a pipe, a socket or a terminal" },
	{ -ESRCH, "ESRCH", "there is no such process" },
	{ -ESTALE, "ESTALE", "the file handle is stale" },
	{ -ETIME, "ETIME", "a timer expired" },
	{ -ETIMEDOUT, "ETIMEDOUT", "the system gave up: the peer did not answer in time" },
	{ -ETXTBSY, "ETXTBSY", "the program file is busy" },
	{ -EWOULDBLOCK, "EWOULDBLOCK", "the operation would block" },
	{ -EXDEV, "EXDEV", "the link would cross devices" },
	{ -EADV, "EADV", "advertise error" },
	{ -EBADE, "EBADE", "the exchange is not valid" },
	{ -EBADFD, "EBADFD", "the descriptor is in a bad state" },
	{ -EBADR, "EBADR", "the request descriptor is not valid" },
	{ -EBADRQC, "EBADRQC", "the request code is not valid" },
	{ -EBADSLT, "EBADSLT", "the slot is not valid" },
	{ -EBFONT, "EBFONT", "the font file is damaged" },
	{ -ECHRNG, "ECHRNG", "the channel number is out of range" },
	{ -ECOMM, "ECOMM", "communication failed while sending" },
	{ -EDEADLOCK, "EDEADLOCK", "waiting would be a deadlock" },
	{ -EDOTDOT, "EDOTDOT", "remote file sharing failed" },
	{ -EHOSTDOWN, "EHOSTDOWN", "the host is down" },
	{ -EHWPOISON, "EHWPOISON", "a page of memory has a hardware error" },
	{ -EISNAM, "EISNAM", "this is a named file" },
	{ -EKEYEXPIRED, "EKEYEXPIRED", "the key has expired" },
	{ -EKEYREJECTED, "EKEYREJECTED", "the key was rejected" },
	{ -EKEYREVOKED, "EKEYREVOKED", "the key was revoked" },
	{ -EL2HLT, "EL2HLT", "level 2 is halted" },
	{ -EL2NSYNC, "EL2NSYNC", "level 2 is not synchronised" },
	{ -EL3HLT, "EL3HLT", "level 3 is halted" },
	{ -EL3RST, "EL3RST", "level 3 was reset" },
	{ -ELIBACC, "ELIBACC", "a shared library is not accessible" },
	{ -ELIBBAD, "ELIBBAD", "a shared library is damaged" },
	{ -ELIBEXEC, "ELIBEXEC", "a shared library cannot be executed" },
	{ -ELIBMAX, "ELIBMAX", "too many shared libraries" },
	{ -ELIBSCN, "ELIBSCN", "a section of a shared library is damaged" },
	{ -ELNRNG, "ELNRNG", "the link number is out of range" },
	{ -EMEDIUMTYPE, "EMEDIUMTYPE", "this is the wrong type of medium" },
	{ -ENAVAIL, "ENAVAIL", "no semaphore is available" },
	{ -ENOANO, "ENOANO", "there is no anode" },
	{ -ENOCSI, "ENOCSI", "no structure is available" },
	{ -ENOKEY, "ENOKEY", "the key is not there" },
	{ -ENOMEDIUM, "ENOMEDIUM", "there is no medium" },
	{ -ENONET, "ENONET", "the machine is not on the network" },
	{ -ENOPKG, "ENOPKG", "a package is not installed" },
	{ -ENOTBLK, "ENOTBLK", "this is no block device" },
	{ -ENOTNAM, "ENOTNAM", "this is no named file" },
	{ -ENOTUNIQ, "ENOTUNIQ", "the name is not unique on the network" },
	{ -EPFNOSUPPORT, "EPFNOSUPPORT", "the protocol family is not supported" },
	{ -EREMCHG, "EREMCHG", "the remote address changed" },
	{ -EREMOTE, "EREMOTE", "the object is remote" },
	{ -EREMOTEIO, "EREMOTEIO", "a remote input or output error occurred" },
	{ -ERESTART, "ERESTART", "the call should be restarted" },
	{ -ERFKILL, "ERFKILL", "the radio is switched off" },
	{ -ESHUTDOWN, "ESHUTDOWN", "the transport endpoint is shut down" },
	{ -ESOCKTNOSUPPORT, "ESOCKTNOSUPPORT", "this kind of socket is not supported" },
	{ -ESRMNT, "ESRMNT", "there are remote mounts" },
	{ -ESTRPIPE, "ESTRPIPE", "a stream pipe error occurred" },
	{ -ETOOMANYREFS, "ETOOMANYREFS", "there are too many references" },
	{ -EUCLEAN, "EUCLEAN", "the structure needs cleaning" },
	{ -EUNATCH, "EUNATCH", "the protocol driver is not attached" },
	{ -EUSERS, "EUSERS", "there are too many users" },
	{ -EXFULL, "EXFULL", "the exchange is full" },
};

static const struct error *find(int number)
{
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (errors[i].number == number)
			return &errors[i];
	return NULL;
}

const char *vet_error_name(int error)
{
	if (error >= 0)
		return "OK";
	const struct error *found = find(error);
	return found ? found->name : "UNKNOWN";
}

const char *vet_error_message(int error)
{
	if (error >= 0)
		return "no error occurred";
	const struct error *found = find(error);
	return found ? found->message : "an error without a name occurred";
}

int vet_error_from_name(const char *name, size_t size)
{
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++)
		if (strlen(errors[i].name) == size && memcmp(errors[i].name, name, size) == 0)
			return errors[i].number;
	return 0;
}
