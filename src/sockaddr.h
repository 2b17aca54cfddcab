/* SPDX-License-Identifier: 0BSD */
/* Addresses between vetsock's form and the operating system's. */
#ifndef VETSOCK_SRC_SOCKADDR_H
#define VETSOCK_SRC_SOCKADDR_H

#include <netinet/in.h>
#include <sys/socket.h>

#include <vetsock/address.h>

/* An address of another family that is longer is cut by the call, and refused all the same. */
union vet_sockaddr {
	struct sockaddr any;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

/* An address to give to a call, for a socket of a family (4 or 6): its length, or -EAFNOSUPPORT,
 * -EINVAL. */
int vet_sockaddr_from(union vet_sockaddr *out, const struct vet_address *address, int family);

/* What a call gave, for a socket of a family: 0, or -EAFNOSUPPORT with *address all zero. */
int vet_sockaddr_to(const union vet_sockaddr *in, socklen_t length, int family,
		    struct vet_address *address);

#endif
