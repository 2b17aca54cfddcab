/* SPDX-License-Identifier: 0BSD */
/* Coroutines as threads, of which one has the baton.  Each runs on the pool's stack, so that it has as
 * much of it as with the other kinds. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "coroutine_kind.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdlib.h>

struct baton {
	pthread_mutex_t mutex;
	pthread_cond_t passed;
	bool has_it, is_to_end;
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

/* Ends: a condition variable may wake for nothing, and then there is no baton. */
static void wait_for(struct baton *own)
{
	(void)pthread_mutex_lock(&own->mutex);
	while (!own->has_it)
		(void)pthread_cond_wait(&own->passed, &own->mutex);
	own->has_it = false;
	(void)pthread_mutex_unlock(&own->mutex);
}

/* One that is destroyed leaves whatever it was in the middle of: its frames are dropped. */
static void wait_or_end(struct baton *own)
{
	wait_for(own);
	if (own->is_to_end)
		longjmp(own->way_out, 1);
}

static void *enter(void *argument)
{
	struct vet_coroutine *coroutine = argument;
	struct baton *own = coroutine->u.own;
	if (setjmp(own->way_out) == 0) {
		wait_or_end(own);
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

static int start(struct vet_coroutine *coroutine, struct baton *baton)
{
	pthread_attr_t attributes;
	int error = pthread_attr_init(&attributes);
	if (error != 0)
		return -error;
	error = pthread_attr_setstacksize(&attributes,
					  coroutine->stack_size < 131072 ? 131072
									 : coroutine->stack_size);
	if (error == 0)
		error = pthread_create(&baton->thread, &attributes, enter, coroutine);
	(void)pthread_attr_destroy(&attributes);
	return -error;
}

static int prepare(struct vet_coroutine *coroutine)
{
	struct baton *baton = calloc(1, sizeof *baton);
	int result = 0;
	if (baton == NULL)
		return -ENOMEM;
	if (pthread_mutex_init(&baton->mutex, NULL) != 0 ||
	    pthread_cond_init(&baton->passed, NULL) != 0) {
		free(baton);
		return -ENOMEM;
	}
	coroutine->u.own = baton;
	if (coroutine->stack != NULL)
		result = start(coroutine, baton);
	if (result < 0) {
		drop(baton);
		coroutine->u.own = NULL;
	}
	return result;
}

static void go(struct vet_coroutine *from, struct vet_coroutine *to)
{
	struct baton *own = from->u.own;
	pass(to->u.own);
	if (from->stack != NULL)
		wait_or_end(own);
	else
		wait_for(own);
}

static void release(struct vet_coroutine *coroutine)
{
	struct baton *baton = coroutine->u.own;
	if (coroutine->stack != NULL) {
		baton->is_to_end = true;
		pass(baton);
		(void)pthread_join(baton->thread, NULL);
	}
	drop(baton);
	coroutine->u.own = NULL;
}

const struct vet_coroutine_backend *vet_coroutine_by_thread(void)
{
	static const struct vet_coroutine_backend backend = { "thread", true, prepare, go,
							      release };
	return &backend;
}
