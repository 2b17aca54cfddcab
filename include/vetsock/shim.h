/* SPDX-License-Identifier: 0BSD */
/*
 * All of libvetsock-shim: what stands where the operating system stands, for tests.  A program that
 * is no test includes vetsock.h and links libvetsock alone.
 */
#ifndef VETSOCK_SHIM_H
#define VETSOCK_SHIM_H

#include <vetsock/capture.h>
#include <vetsock/catalogue.h>
#include <vetsock/explore.h>
#include <vetsock/fault.h>
#include <vetsock/layer.h>
#include <vetsock/mischief.h>
#include <vetsock/peer.h>
#include <vetsock/plan.h>
#include <vetsock/sim.h>
#include <vetsock/simulate.h>
#include <vetsock/tape.h>
#include <vetsock/trace.h>

#endif
