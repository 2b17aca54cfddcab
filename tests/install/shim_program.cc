/* SPDX-License-Identifier: 0BSD */
/* A program of C++ outside the tree: it explores one that sends nothing but what came. */
#include <cstdio>

#include <vetsock/shim.h>
#include <vetsock/vetsock.h>

static void nothing_to_break(struct vet_trial *trial)
{
	struct vet_socket s = {};
	vet_trial_check(trial, vet_socket_stream_on(&s, vet_trial_sys(trial), 4) == 0 ||
				       vet_trial_is_faulted(trial));
	vet_socket_close(&s);
}

int main()
{
	struct vet_scenario scenario = {};
	struct vet_explore_report report = {};
	scenario.name = "a socket and no more";
	scenario.run = nothing_to_break;
	int found = vet_explore(&scenario, 1, nullptr, &report);
	return std::puts(found == 0 && report.runs > 1 && report.fired > 0 ? "OK" : "it went wrong") < 0;
}
