/* SPDX-License-Identifier: 0BSD */
/* Nanoseconds of a switch, among 1, 100 and 1,000 coroutines, and of a make with its destroy. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../shim/host/coroutine.h"

enum { STACK = 65536, MOST = 1000, SAMPLES = 7 };

static struct vet_coroutines *pool;
static struct vet_coroutine *self, *coroutines[MOST];
static size_t count;

static uint64_t now(void)
{
	struct timespec time;
	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static void run(void *argument)
{
	struct vet_coroutine **own = argument;
	for (;;)
		vet_coroutine_switch(pool, *own, self);
}

static void make(size_t index)
{
	int result = vet_coroutine_make(pool, &coroutines[index], run, &coroutines[index]);
	if (result == 0)
		return;
	fprintf(stderr, "coroutine %zu: error %d\n", index, -result);
	exit(1);
}

/* To each in turn, and back. */
static void switch_round(size_t switches)
{
	for (size_t i = 0; i < switches; i += 2)
		vet_coroutine_switch(pool, self, coroutines[i / 2 % count]);
}

static void make_and_destroy(size_t times)
{
	for (size_t i = 0; i < times; i++) {
		make(0);
		vet_coroutine_destroy(pool, coroutines[0]);
	}
}

/* Tenths of a nanosecond each: the median of some samples. */
static uint64_t median(void (*work)(size_t), size_t times)
{
	uint64_t samples[SAMPLES];
	work(times / 10 + 1);
	for (int i = 0; i < SAMPLES; i++) {
		uint64_t begin = now(), tenths;
		int place = i;
		work(times);
		tenths = (now() - begin) * 10 / times;
		for (; place > 0 && samples[place - 1] > tenths; place--)
			samples[place] = samples[place - 1];
		samples[place] = tenths;
	}
	return samples[SAMPLES / 2];
}

static void print(const char *what, size_t among, uint64_t tenths)
{
	printf("%-8s %-16s %5zu  %llu.%llu ns\n", vet_coroutines_name(pool), what, among,
	       (unsigned long long)(tenths / 10), (unsigned long long)(tenths % 10));
}

static void measure(size_t times)
{
	static const size_t among[] = { 1, 100, MOST };
	if (vet_coroutine_self(pool, &self) != 0)
		exit(1);
	make(0);
	vet_coroutine_destroy(pool, coroutines[0]);
	print("make and destroy", 1, median(make_and_destroy, times));
	for (size_t i = 0; i < sizeof among / sizeof *among; i++) {
		for (count = 0; count < among[i]; count++)
			make(count);
		print("switch", count, median(switch_round, times));
		while (count > 0)
			vet_coroutine_destroy(pool, coroutines[--count]);
	}
}

int main(void)
{
	for (unsigned kind = VET_COROUTINE_SWITCH; kind <= VET_COROUTINE_THREAD; kind++) {
		if (vet_coroutines_make(&pool, (enum vet_coroutine_kind)kind, STACK) != 0)
			continue;
		measure(kind == VET_COROUTINE_THREAD ? 20000 : 1000000);
		vet_coroutines_free(pool);
	}
	return 0;
}
