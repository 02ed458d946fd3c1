/* wheel.c - see wheel.h. Bucket = second modulo 64; an entry that is due in a later round stays in its bucket. */
#include "api/wheel.h"

#include <assert.h>
#include <stdlib.h>

#include "common/clock.h"
#include "common/log.h"

#define BUCKETS 64
#define TICK_MS 1000
#define STOPPED_S 5 /* a longer gap between two turns is no time that anybody had to answer in */

struct wheel {
	struct wheel_entry *buckets[BUCKETS];
	uint32_t turned_s;  /* everything due by then has had its callback */
	uint32_t stopped_s; /* how far we are behind the clock, because the process was stopped */
	uv_timer_t timer;
};

static uint32_t clock_s(void)
{
	return (uint32_t)(clock_ms() / 1000);
}

static void on_timer(uv_timer_t *timer)
{
	struct wheel *w = timer->data;
	uint32_t behind = clock_s() - w->stopped_s - w->turned_s;

	if ((int32_t)behind > STOPPED_S) {
		w->stopped_s += behind - 1;
		behind = 1;
	}
	wheel_turn(w, w->turned_s + behind);
}

struct wheel *wheel_new(uv_loop_t *loop)
{
	struct wheel *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		log_event(LOG_error, "memory.exhausted", LOG_S("where", "wheel"));
		abort();
	}
	w->turned_s = clock_s();
	uv_timer_init(loop, &w->timer);
	w->timer.data = w;
	uv_timer_start(&w->timer, on_timer, TICK_MS, TICK_MS);
	uv_unref((uv_handle_t *)&w->timer);
	return w;
}

static void on_timer_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void wheel_free(struct wheel **wheel)
{
	struct wheel *w = *wheel;

	if (w == NULL)
		return;
	for (size_t i = 0; i < BUCKETS; i++)
		while (w->buckets[i] != NULL)
			wheel_clear(w->buckets[i]);
	uv_close((uv_handle_t *)&w->timer, on_timer_closed);
	*wheel = NULL;
}

uint32_t wheel_now_s(const struct wheel *wheel)
{
	return wheel->turned_s;
}

static void link_in(struct wheel_entry **list, struct wheel_entry *entry)
{
	entry->next = *list;
	entry->link = list;
	if (*list != NULL)
		(*list)->link = &entry->next;
	*list = entry;
}

void wheel_set(struct wheel *wheel, struct wheel_entry *entry, uint32_t in_s, wheel_fn *fn)
{
	wheel_clear(entry);
	entry->fn = fn;
	entry->due_s = wheel->turned_s + in_s + 1;
	link_in(&wheel->buckets[entry->due_s % BUCKETS], entry);
}

void wheel_clear(struct wheel_entry *entry)
{
	if (entry->link == NULL)
		return;
	*entry->link = entry->next;
	if (entry->next != NULL)
		entry->next->link = entry->link;
	entry->link = NULL;
	entry->next = NULL;
}

/* The due entries of one second move to a list of their own first: callbacks may set and clear whatever they like. */
static void turn_second(struct wheel *wheel, uint32_t second)
{
	struct wheel_entry *due = NULL, *next;

	for (struct wheel_entry *e = wheel->buckets[second % BUCKETS]; e != NULL; e = next) {
		next = e->next;
		if ((int32_t)(e->due_s - second) > 0)
			continue;
		wheel_clear(e);
		link_in(&due, e);
	}
	while (due != NULL) {
		struct wheel_entry *e = due;
		wheel_clear(e);
		e->fn(e);
	}
}

void wheel_turn(struct wheel *wheel, uint32_t now_s)
{
	uint32_t behind = now_s - wheel->turned_s;

	if ((int32_t)behind <= 0)
		return;
	if (behind > BUCKETS)
		wheel->turned_s = now_s - BUCKETS; /* the process was stopped: one round visits every bucket */
	while (wheel->turned_s != now_s) {
		wheel->turned_s++;
		turn_second(wheel, wheel->turned_s);
	}
}
