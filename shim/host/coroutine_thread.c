/* SPDX-License-Identifier: 0BSD */
/* Coroutines as threads, of which one has the baton.  A thread lasts as long as the pool, and
 * runs one coroutine after the other. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "coroutine_kind.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>

/* What the C library and sanitizers keep of a thread is on its stack too. */
enum { MARGIN = 256 * 1024 };

/* The mutex is of `has_it`; the rest is only touched by who has a baton. */
struct baton {
	pthread_mutex_t mutex;
	pthread_cond_t passed;
	bool has_it;
	bool is_new;     /* leave whatever you are in the middle of, and begin anew */
	bool is_to_end;  /* leave it, and end */
	bool has_thread; /* else it is the caller's own */
	pthread_t thread;
	jmp_buf way_out;
};

static void pass(struct baton *to)
{
	(void)pthread_mutex_lock(&to->mutex);
	to->has_it = true;
	(void)pthread_cond_signal(&to->passed);
	(void)pthread_mutex_unlock(&to->mutex);
}

/* Ends when someone passes it: a condition variable may wake for nothing. */
static void wait_for(struct baton *own)
{
	(void)pthread_mutex_lock(&own->mutex);
	while (!own->has_it)
		(void)pthread_cond_wait(&own->passed, &own->mutex);
	own->has_it = false;
	(void)pthread_mutex_unlock(&own->mutex);
}

/* One that was destroyed comes back here by longjmp: its frames are dropped, as with the other
 * kinds. (pthread_exit would run the cleanup handlers and unwinders of frames that nobody wants
 * to hear of.) */
static void *enter(void *argument)
{
	struct vet_coroutine *coroutine = argument;
	struct baton *own = coroutine->u.own;
	if (setjmp(own->way_out) == 0)
		wait_for(own);
	if (!own->is_to_end) {
		own->is_new = false;
		vet_coroutine_begin(coroutine);
	}
	return NULL;
}

static void drop(struct baton *baton)
{
	(void)pthread_cond_destroy(&baton->passed);
	(void)pthread_mutex_destroy(&baton->mutex);
	free(baton);
}

static struct baton *make_baton(void)
{
	struct baton *baton = calloc(1, sizeof *baton);
	if (baton == NULL)
		return NULL;
	if (pthread_mutex_init(&baton->mutex, NULL) != 0) {
		free(baton);
		return NULL;
	}
	if (pthread_cond_init(&baton->passed, NULL) != 0) {
		(void)pthread_mutex_destroy(&baton->mutex);
		free(baton);
		return NULL;
	}
	return baton;
}

/* The C library puts a guard page below the stack unless it is told not to (pthread_attr_init).
 * Every error but EAGAIN is of a stack that it could not have. */
static int start(struct vet_coroutine *coroutine, struct baton *baton, size_t stack_size)
{
	pthread_attr_t attributes;
	int error = pthread_attr_init(&attributes);
	if (error != 0)
		return -ENOMEM;
	error = pthread_attr_setstacksize(&attributes, stack_size + MARGIN);
	if (error == 0)
		error = pthread_create(&baton->thread, &attributes, enter, coroutine);
	(void)pthread_attr_destroy(&attributes);
	baton->has_thread = error == 0;
	if (error == 0)
		return 0;
	return error == EAGAIN ? -EAGAIN : -ENOMEM;
}

static int equip(struct vet_coroutine *coroutine, size_t stack_size)
{
	struct baton *baton = make_baton();
	int result = 0;
	if (baton == NULL)
		return -ENOMEM;
	coroutine->u.own = baton;
	if (stack_size > 0)
		result = start(coroutine, baton, stack_size);
	if (result < 0) {
		drop(baton);
		coroutine->u.own = NULL;
	}
	return result;
}

static void strip(struct vet_coroutine *coroutine)
{
	struct baton *baton = coroutine->u.own;
	if (baton->has_thread) {
		baton->is_to_end = true;
		pass(baton);
		(void)pthread_join(baton->thread, NULL);
	}
	drop(baton);
	coroutine->u.own = NULL;
}

static void rewind_thread(struct vet_coroutine *coroutine)
{
	struct baton *baton = coroutine->u.own;
	baton->is_new = true;
}

static void go(struct vet_coroutine *from, struct vet_coroutine *to)
{
	struct baton *own = from->u.own;
	pass(to->u.own);
	wait_for(own);
	if (own->is_new || own->is_to_end)
		longjmp(own->way_out, 1);
}

const struct vet_coroutine_backend *vet_coroutine_by_thread(void)
{
	static const struct vet_coroutine_backend backend = {
		"thread", true, equip, strip, rewind_thread, go,
	};
	return &backend;
}
