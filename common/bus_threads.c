/* bus_threads.c - what blocks is done elsewhere: questions to a broker in libuv's thread pool, the destruction of clients in threads of their own. */
#include "common/bus_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <time.h>

#include "common/log.h"

struct bus_reaper {
	pthread_t thread;
	rd_kafka_t *client;
	int flags;
	bool started;
	atomic_bool ended;
	struct bus_reaper *next;
};

static struct timespec in_ms(int64_t ms)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_sec += ms / 1000;
	t.tv_nsec += ms % 1000 * 1000000;
	if (t.tv_nsec >= 1000000000) {
		t.tv_sec++;
		t.tv_nsec -= 1000000000;
	}
	return t;
}

/* --- work --- */

static void in_thread(uv_work_t *request)
{
	struct bus_work *w = request->data;
	w->run(w);
	sem_post(&w->ended);
}

static void forget(struct bus_work *w)
{
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
}

static void on_loop(uv_work_t *request, int status)
{
	struct bus_work *w = request->data;
	(void)status;
	if (w->bus)
		forget(w);
	w->finish(w);
	sem_destroy(&w->ended);
	free(w);
}

enum error bus_work_start(struct bus *bus, struct bus_work *work)
{
	work->bus = bus;
	work->request.data = work;
	sem_init(&work->ended, 0, 0);
	if (uv_queue_work(bus->config.loop, &work->request, in_thread, on_loop)) {
		sem_destroy(&work->ended);
		free(work);
		return ERROR_internal;
	}
	work->next = bus->works;
	work->link = &bus->works;
	if (work->next)
		work->next->link = &work->next;
	bus->works = work;
	return ERROR_none;
}

static void end_until(struct bus_work *w, const struct timespec *until)
{
	atomic_store(&w->cancelled, true);
	forget(w);
	if (uv_cancel((uv_req_t *)&w->request) != 0)
		while (sem_timedwait(&w->ended, until) != 0 && errno == EINTR)
			;
	w->bus = NULL;
}

void bus_work_end(struct bus_work *work)
{
	struct timespec until = in_ms(BUS_CLOSE_MS);
	end_until(work, &until);
}

/* Their clients are about to be destroyed, so what runs must end first; what has not begun never will. */
void bus_works_end(struct bus *bus)
{
	for (struct bus_work *w = bus->works; w; w = w->next)
		atomic_store(&w->cancelled, true);
	struct timespec until = in_ms(BUS_CLOSE_MS);
	while (bus->works)
		end_until(bus->works, &until);
}

/* --- reapers --- */

static void *reap(void *arg)
{
	struct bus_reaper *r = arg;
	rd_kafka_destroy_flags(r->client, r->flags);
	atomic_store(&r->ended, true);
	return NULL;
}

static void start(struct bus_reaper *r)
{
	r->started = true;
	if (pthread_create(&r->thread, NULL, reap, r) != 0) {
		log_event(LOG_error, "bus.client_leaked");
		r->started = false;
		r->ended = true;
	}
}

static void on_reap_timer(uv_timer_t *timer)
{
	struct bus *bus = timer->data;
	struct bus_reaper **link = &bus->reapers;
	while (*link) {
		struct bus_reaper *r = *link;
		if (!r->started && !r->ended)
			start(r);
		if (atomic_load(&r->ended)) {
			if (r->started)
				pthread_join(r->thread, NULL);
			*link = r->next;
			free(r);
		} else {
			link = &r->next;
		}
	}
	if (!bus->reapers)
		uv_timer_stop(timer);
}

void bus_reap(struct bus *bus, rd_kafka_t *client, int destroy_flags)
{
	struct bus_reaper *r = bus_alloc(sizeof(*r));
	r->client = client;
	r->flags = destroy_flags;
	r->next = bus->reapers;
	bus->reapers = r;
	uv_timer_start(bus->reap_timer, on_reap_timer, 0, 100);
}

/* The watchdog: a client that does not end (librdkafka has such bugs) is left behind, for the process ends now. */
void bus_reapers_end(struct bus *bus)
{
	struct timespec until = in_ms(BUS_CLOSE_MS);
	for (struct bus_reaper *r = bus->reapers; r; r = r->next)
		if (!r->started && !r->ended)
			start(r);
	while (bus->reapers) {
		struct bus_reaper *r = bus->reapers;
		bus->reapers = r->next;
		if (r->started && pthread_timedjoin_np(r->thread, NULL, &until) != 0) {
			log_event(LOG_error, "bus.client_hangs");
			pthread_detach(r->thread);
			continue; /* the thread still uses `r` */
		}
		free(r);
	}
}
