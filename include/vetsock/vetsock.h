/* SPDX-License-Identifier: 0BSD */
/* All of vetsock. */
#ifndef VETSOCK_VETSOCK_H
#define VETSOCK_VETSOCK_H

#include <vetsock/address.h>
#include <vetsock/buffer.h>
#include <vetsock/endpoint.h>
#include <vetsock/error.h>
#include <vetsock/host.h>
#include <vetsock/ip.h>
#include <vetsock/option.h>
#include <vetsock/options.h>
#include <vetsock/socket.h>
#include <vetsock/sys.h>
#include <vetsock/text.h>
#include <vetsock/time.h>

#define VETSOCK_VERSION "0.1.0"

#endif
