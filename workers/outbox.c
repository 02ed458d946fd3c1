/* outbox.c - see outbox.h. */
#include "workers/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "common/event.h"
#include "common/log.h"

#define HEAD_MAX (5 * (FRAMES_WORD_MAX + 1) + 2) /* of a frame, and its newlines */
#define FIRST_WAITERS 8

struct waiter {
	bus_delivered_fn *done;
	void *ctx;
};

/* Who waits for a record. */
struct waiters {
	struct waiters *next, **link; /* among those of records that are under way, or refused */
	enum error error;
	size_t n, cap;
	struct waiter v[];
};

/* A record that grows. */
struct parcel {
	int32_t partition;
	size_t frames;
	struct buf value;
	struct waiters *waiters; /* NULL: nobody */
};

struct outbox {
	struct worker *worker;
	uv_timer_t *turn_end; /* started by the first frame that is put */
	uint64_t sent_ms;     /* when records left, in the loop's time */
	struct parcel parcels[OUTBOX_PARTITIONS];
	size_t used;
	struct waiters *under_way, *refused;
};

/* --- those who wait --- */

static void link_waiters(struct waiters **list, struct waiters *w)
{
	w->next = *list;
	w->link = list;
	if (w->next)
		w->next->link = &w->next;
	*list = w;
}

static void unlink_waiters(struct waiters *w)
{
	*w->link = w->next;
	if (w->next)
		w->next->link = w->link;
}

static void add_waiter(struct parcel *p, bus_delivered_fn *done, void *ctx)
{
	struct waiters *w = p->waiters;
	if (!w || w->n == w->cap) {
		size_t n = w ? w->n : 0, cap = n ? 2 * n : FIRST_WAITERS;
		w = realloc(w, sizeof(*w) + cap * sizeof(w->v[0]));
		if (!w)
			abort();
		w->n = n;
		w->cap = cap;
		p->waiters = w;
	}
	w->v[w->n++] = (struct waiter){ done, ctx };
}

static void on_sent(void *ctx, enum error error)
{
	struct waiters *w = ctx;
	unlink_waiters(w);
	for (size_t i = 0; i < w->n; i++)
		w->v[i].done(w->v[i].ctx, error);
	free(w);
}

/* --- records --- */

static void on_turn_end(uv_timer_t *timer);

/* A refusal is told at the end of the turn: whoever puts a frame must not be called back by it. */
static void refuse(struct outbox *o, struct parcel *p, enum error error)
{
	log_event(LOG_warn, "reply.lost", LOG_I("frames", p->frames), LOG_S("error", error_row(error)->name));
	if (!p->waiters)
		return;
	p->waiters->error = error;
	link_waiters(&o->refused, p->waiters);
	uv_timer_start(o->turn_end, on_turn_end, 0, 0);
}

static void send_parcel(struct outbox *o, struct parcel *p)
{
	struct event event = { .id = EVENT_frames_sent, .source = "worker", .partition = p->partition, .raw = buf_text(&p->value), .raw_len = p->value.len };
	if (!p->frames)
		return;
	enum error error = event_publish(o->worker->bus, &event, p->waiters ? on_sent : NULL, p->waiters);
	if (error)
		refuse(o, p, error);
	else if (p->waiters)
		link_waiters(&o->under_way, p->waiters);
	p->waiters = NULL;
	p->frames = 0;
	buf_reset(&p->value);
	if (p->value.cap > 2 * OUTBOX_BYTES)
		buf_free(&p->value);
}

void outbox_send(struct outbox *o)
{
	if (o->used)
		o->sent_ms = uv_now(o->worker->loop);
	for (size_t i = 0; i < o->used; i++)
		send_parcel(o, &o->parcels[i]);
	o->used = 0;
}

/* What comes in the same millisecond as the last sending waits for the next one. */
static void send_soon(struct outbox *o)
{
	if (!uv_is_active((uv_handle_t *)o->turn_end))
		uv_timer_start(o->turn_end, on_turn_end, o->sent_ms == uv_now(o->worker->loop) ? 1 : 0, 0);
}

static void on_turn_end(uv_timer_t *timer)
{
	struct outbox *o = timer->data;
	outbox_send(o);
	while (o->refused)
		on_sent(o->refused, o->refused->error);
}

static struct parcel *parcel_of(struct outbox *o, int32_t partition)
{
	for (size_t i = 0; i < o->used; i++)
		if (o->parcels[i].partition == partition)
			return &o->parcels[i];
	if (o->used == OUTBOX_PARTITIONS)
		outbox_send(o);
	struct parcel *p = &o->parcels[o->used++];
	p->partition = partition;
	return p;
}

enum error outbox_put(struct outbox *o, int32_t partition, const struct frames_head *head, const char *json, size_t len, bus_delivered_fn *done, void *ctx)
{
	if (len > OUTBOX_FRAME_MAX)
		return ERROR_too_big_to_store;
	struct parcel *p = parcel_of(o, partition);
	if (p->frames == OUTBOX_FRAMES || p->value.len + len > OUTBOX_BYTES)
		send_parcel(o, p);
	enum error error = frames_add(&p->value, head, json, len);
	if (error)
		return error;
	p->frames++;
	if (done)
		add_waiter(p, done, ctx);
	send_soon(o);
	return ERROR_none;
}

/* --- beginning and end --- */

enum error outbox_new(struct worker *w, struct outbox **outbox_r)
{
	struct outbox *o = calloc(1, sizeof(*o));
	uv_timer_t *timer = calloc(1, sizeof(*timer));
	if (!o || !timer || uv_timer_init(w->loop, timer)) {
		free(o);
		free(timer);
		return ERROR_internal;
	}
	o->worker = w;
	o->turn_end = timer;
	timer->data = o;
	for (size_t i = 0; i < OUTBOX_PARTITIONS; i++)
		buf_init(&o->parcels[i].value, OUTBOX_FRAME_MAX + HEAD_MAX);
	*outbox_r = o;
	return ERROR_none;
}

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

void outbox_free(struct outbox **outbox)
{
	struct outbox *o = *outbox;
	*outbox = NULL;
	if (!o)
		return;
	uv_close((uv_handle_t *)o->turn_end, free_handle);
	for (size_t i = 0; i < OUTBOX_PARTITIONS; i++) {
		if (o->parcels[i].waiters)
			link_waiters(&o->under_way, o->parcels[i].waiters);
		buf_free(&o->parcels[i].value);
	}
	while (o->under_way)
		on_sent(o->under_way, ERROR_bus_unknown);
	while (o->refused)
		on_sent(o->refused, o->refused->error);
	free(o);
}
