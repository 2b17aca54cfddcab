/* SPDX-License-Identifier: 0BSD */
/* What an operating system may lack: the only conditional compilation outside shim/host. */
#ifndef VETSOCK_SRC_OS_H
#define VETSOCK_SRC_OS_H

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

/* Errors beyond POSIX.  Where there is none of that name it gets a number that no call answers. */
#define VET_NO_ERROR_NUMBER 1000000

#ifndef EADV
#define EADV (VET_NO_ERROR_NUMBER + 0)
#endif
#ifndef EBADE
#define EBADE (VET_NO_ERROR_NUMBER + 1)
#endif
#ifndef EBADFD
#define EBADFD (VET_NO_ERROR_NUMBER + 2)
#endif
#ifndef EBADR
#define EBADR (VET_NO_ERROR_NUMBER + 3)
#endif
#ifndef EBADRQC
#define EBADRQC (VET_NO_ERROR_NUMBER + 4)
#endif
#ifndef EBADSLT
#define EBADSLT (VET_NO_ERROR_NUMBER + 5)
#endif
#ifndef EBFONT
#define EBFONT (VET_NO_ERROR_NUMBER + 6)
#endif
#ifndef ECHRNG
#define ECHRNG (VET_NO_ERROR_NUMBER + 7)
#endif
#ifndef ECOMM
#define ECOMM (VET_NO_ERROR_NUMBER + 8)
#endif
#ifndef EDEADLOCK
#define EDEADLOCK (VET_NO_ERROR_NUMBER + 9)
#endif
#ifndef EDOTDOT
#define EDOTDOT (VET_NO_ERROR_NUMBER + 10)
#endif
#ifndef EHOSTDOWN
#define EHOSTDOWN (VET_NO_ERROR_NUMBER + 11)
#endif
#ifndef EHWPOISON
#define EHWPOISON (VET_NO_ERROR_NUMBER + 12)
#endif
#ifndef EISNAM
#define EISNAM (VET_NO_ERROR_NUMBER + 13)
#endif
#ifndef EKEYEXPIRED
#define EKEYEXPIRED (VET_NO_ERROR_NUMBER + 14)
#endif
#ifndef EKEYREJECTED
#define EKEYREJECTED (VET_NO_ERROR_NUMBER + 15)
#endif
#ifndef EKEYREVOKED
#define EKEYREVOKED (VET_NO_ERROR_NUMBER + 16)
#endif
#ifndef EL2HLT
#define EL2HLT (VET_NO_ERROR_NUMBER + 17)
#endif
#ifndef EL2NSYNC
#define EL2NSYNC (VET_NO_ERROR_NUMBER + 18)
#endif
#ifndef EL3HLT
#define EL3HLT (VET_NO_ERROR_NUMBER + 19)
#endif
#ifndef EL3RST
#define EL3RST (VET_NO_ERROR_NUMBER + 20)
#endif
#ifndef ELIBACC
#define ELIBACC (VET_NO_ERROR_NUMBER + 21)
#endif
#ifndef ELIBBAD
#define ELIBBAD (VET_NO_ERROR_NUMBER + 22)
#endif
#ifndef ELIBEXEC
#define ELIBEXEC (VET_NO_ERROR_NUMBER + 23)
#endif
#ifndef ELIBMAX
#define ELIBMAX (VET_NO_ERROR_NUMBER + 24)
#endif
#ifndef ELIBSCN
#define ELIBSCN (VET_NO_ERROR_NUMBER + 25)
#endif
#ifndef ELNRNG
#define ELNRNG (VET_NO_ERROR_NUMBER + 26)
#endif
#ifndef EMEDIUMTYPE
#define EMEDIUMTYPE (VET_NO_ERROR_NUMBER + 27)
#endif
#ifndef ENAVAIL
#define ENAVAIL (VET_NO_ERROR_NUMBER + 28)
#endif
#ifndef ENOANO
#define ENOANO (VET_NO_ERROR_NUMBER + 29)
#endif
#ifndef ENOCSI
#define ENOCSI (VET_NO_ERROR_NUMBER + 30)
#endif
#ifndef ENOKEY
#define ENOKEY (VET_NO_ERROR_NUMBER + 31)
#endif
#ifndef ENOMEDIUM
#define ENOMEDIUM (VET_NO_ERROR_NUMBER + 32)
#endif
#ifndef ENONET
#define ENONET (VET_NO_ERROR_NUMBER + 33)
#endif
#ifndef ENOPKG
#define ENOPKG (VET_NO_ERROR_NUMBER + 34)
#endif
#ifndef ENOTBLK
#define ENOTBLK (VET_NO_ERROR_NUMBER + 35)
#endif
#ifndef ENOTNAM
#define ENOTNAM (VET_NO_ERROR_NUMBER + 36)
#endif
#ifndef ENOTUNIQ
#define ENOTUNIQ (VET_NO_ERROR_NUMBER + 37)
#endif
#ifndef EPFNOSUPPORT
#define EPFNOSUPPORT (VET_NO_ERROR_NUMBER + 38)
#endif
#ifndef EREMCHG
#define EREMCHG (VET_NO_ERROR_NUMBER + 39)
#endif
#ifndef EREMOTE
#define EREMOTE (VET_NO_ERROR_NUMBER + 40)
#endif
#ifndef EREMOTEIO
#define EREMOTEIO (VET_NO_ERROR_NUMBER + 41)
#endif
#ifndef ERESTART
#define ERESTART (VET_NO_ERROR_NUMBER + 42)
#endif
#ifndef ERFKILL
#define ERFKILL (VET_NO_ERROR_NUMBER + 43)
#endif
#ifndef ESHUTDOWN
#define ESHUTDOWN (VET_NO_ERROR_NUMBER + 44)
#endif
#ifndef ESOCKTNOSUPPORT
#define ESOCKTNOSUPPORT (VET_NO_ERROR_NUMBER + 45)
#endif
#ifndef ESRMNT
#define ESRMNT (VET_NO_ERROR_NUMBER + 46)
#endif
#ifndef ESTRPIPE
#define ESTRPIPE (VET_NO_ERROR_NUMBER + 47)
#endif
#ifndef ETOOMANYREFS
#define ETOOMANYREFS (VET_NO_ERROR_NUMBER + 48)
#endif
#ifndef EUCLEAN
#define EUCLEAN (VET_NO_ERROR_NUMBER + 49)
#endif
#ifndef EUNATCH
#define EUNATCH (VET_NO_ERROR_NUMBER + 50)
#endif
#ifndef EUSERS
#define EUSERS (VET_NO_ERROR_NUMBER + 51)
#endif
#ifndef EXFULL
#define EXFULL (VET_NO_ERROR_NUMBER + 52)
#endif

/* Bits of poll. */
#ifndef POLLRDHUP
#define POLLRDHUP 0
#endif

/* Options.  -1: this system has none of that name. */
#ifndef SO_REUSEPORT
#define SO_REUSEPORT (-1)
#endif
#ifndef SO_BINDTODEVICE
#define SO_BINDTODEVICE (-1)
#endif
#ifndef SO_PRIORITY
#define SO_PRIORITY (-1)
#endif
#ifndef SO_DOMAIN
#define SO_DOMAIN (-1)
#endif
#ifndef SO_PROTOCOL
#define SO_PROTOCOL (-1)
#endif
#ifndef TCP_KEEPIDLE
#define TCP_KEEPIDLE (-1)
#endif
#ifndef TCP_KEEPINTVL
#define TCP_KEEPINTVL (-1)
#endif
#ifndef TCP_KEEPCNT
#define TCP_KEEPCNT (-1)
#endif
#ifndef TCP_USER_TIMEOUT
#define TCP_USER_TIMEOUT (-1)
#endif
#ifndef TCP_QUICKACK
#define TCP_QUICKACK (-1)
#endif
#ifndef TCP_CORK
#define TCP_CORK (-1)
#endif
#ifndef TCP_DEFER_ACCEPT
#define TCP_DEFER_ACCEPT (-1)
#endif
#ifndef TCP_FASTOPEN
#define TCP_FASTOPEN (-1)
#endif
#ifndef TCP_CONGESTION
#define TCP_CONGESTION (-1)
#endif
#ifndef IP_TOS
#define IP_TOS (-1)
#endif
#ifndef IP_TTL
#define IP_TTL (-1)
#endif
#ifndef IP_MULTICAST_TTL
#define IP_MULTICAST_TTL (-1)
#endif
#ifndef IP_MULTICAST_LOOP
#define IP_MULTICAST_LOOP (-1)
#endif
#ifndef IPV6_TCLASS
#define IPV6_TCLASS (-1)
#endif
#ifndef IPV6_MULTICAST_HOPS
#define IPV6_MULTICAST_HOPS (-1)
#endif
#ifndef IPV6_MULTICAST_LOOP
#define IPV6_MULTICAST_LOOP (-1)
#endif
#ifndef MCAST_JOIN_GROUP /* RFC 3678 5.1 */
#define MCAST_JOIN_GROUP  (-1)
#define MCAST_LEAVE_GROUP (-1)
struct group_req {
	unsigned gr_interface;
	struct sockaddr_storage gr_group;
};
#endif

#endif
