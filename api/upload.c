#include "api/upload.h"

#include <stdlib.h>
#include <string.h>

#include "common/event.h"
#include "common/log.h"

#include "schemas.h"

#include "api/api.h"
#include "api/request.h"

#define AGAIN_MS 200

struct slot {
	struct upload *upload;
	int64_t seq;
	bool busy, again;
};

struct upload {
	struct request *request; /* NULL: cancelled, or done */
	struct import_uploaded *about;
	upload_done_fn *done;
	void *ctx;
	const char *bytes;
	int64_t next, confirmed, stored;
	struct slot slots[UPLOAD_WINDOW], last; /* `last` is import_uploaded's */
	enum error error;                       /* the newest */
	int64_t progress_ms;
	uv_timer_t timer;
	struct arena *arena; /* of the question how many are stored */
	struct pg_call *call;
	bool closing;
};

static void pump(struct upload *u);

/* --- the end --- */

static bool in_flight(const struct upload *u)
{
	for (int i = 0; i < UPLOAD_WINDOW; i++)
		if (u->slots[i].busy)
			return true;
	return u->last.busy;
}

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

/* The broker's confirmations come in any case: memory stays until the last of them. */
static void release(struct upload *u)
{
	if (u->closing || in_flight(u))
		return;
	u->closing = true;
	uv_close((uv_handle_t *)&u->timer, on_closed);
}

static void stop(struct upload *u)
{
	u->request = NULL;
	pg_cancel(&u->call);
	arena_free(&u->arena);
	uv_timer_stop(&u->timer);
	release(u);
}

void upload_cancel(struct upload **up)
{
	struct upload *u = *up;
	*up = NULL;
	if (u)
		stop(u);
}

static void finish(struct upload *u, enum error e)
{
	upload_done_fn *done = u->done;
	void *ctx = u->ctx;
	stop(u);
	done(ctx, e);
}

/* --- the window --- */

static void progress(struct upload *u)
{
	u->progress_ms = (int64_t)uv_now(the_api.loop);
}

static bool is_late(const struct upload *u)
{
	return (int64_t)uv_now(the_api.loop) - u->progress_ms > UPLOAD_PATIENCE_MS;
}

static void on_timer(uv_timer_t *timer)
{
	struct upload *u = timer->data;
	if (is_late(u))
		finish(u, u->error ? u->error : ERROR_overloaded);
	else
		pump(u);
}

static void later(struct upload *u)
{
	if (!uv_is_active((uv_handle_t *)&u->timer))
		uv_timer_start(&u->timer, on_timer, AGAIN_MS, 0);
}

static size_t chunk_bytes(const struct upload *u, int64_t seq)
{
	size_t from = (size_t)seq * UPLOAD_CHUNK_BYTES, left = (size_t)u->about->bytes - from;
	return left < UPLOAD_CHUNK_BYTES ? left : UPLOAD_CHUNK_BYTES;
}

static void on_delivered(void *ctx, enum error e)
{
	struct slot *slot = ctx;
	struct upload *u = slot->upload;
	slot->busy = false;
	if (!u->request) {
		release(u);
		return;
	}
	slot->again = e != ERROR_none;
	if (e) {
		u->error = e;
		later(u);
		return;
	}
	progress(u);
	if (slot == &u->last) {
		finish(u, ERROR_none);
		return;
	}
	u->confirmed++;
	size_t from = (size_t)slot->seq * UPLOAD_CHUNK_BYTES;
	request_drop_body(u->request, from, from + chunk_bytes(u, slot->seq));
	pump(u);
}

static void publish(struct upload *u, struct slot *slot, const struct event *event)
{
	enum error e = event_publish(the_api.bus, event, on_delivered, slot);
	slot->busy = !e;
	slot->again = e != ERROR_none;
	if (e) {
		u->error = e;
		later(u);
	}
}

static void send_chunk(struct upload *u, struct slot *slot)
{
	const char *id = u->about->import_id;
	publish(u, slot,
	        &(struct event){
			.id = EVENT_import_chunk,
			.source = "api",
			.trace = request_trace(u->request),
			.key = id,
			.import_id = id,
			.restaurant_id = u->about->restaurant_id,
			.seq = slot->seq,
			.raw = u->bytes + (size_t)slot->seq * UPLOAD_CHUNK_BYTES,
			.raw_len = chunk_bytes(u, slot->seq),
		});
}

static void send_last(struct upload *u)
{
	publish(u, &u->last, &(struct event){ .id = EVENT_import_uploaded, .source = "api", .trace = request_trace(u->request), .key = u->about->import_id, .payload = u->about });
}

/* --- how far the worker is --- */

static void on_stored(void *ctx, const struct pg_result *result)
{
	struct upload *u = ctx;
	const struct import_received_row *row = result->rows[0].v;
	u->call = NULL;
	bool known = !result->error && result->rows[0].n;
	if (known && row->chunks > u->stored) {
		u->stored = row->chunks;
		progress(u);
	}
	bool unwanted = known && !strcmp(row->status, "rejected");
	arena_free(&u->arena);
	if (unwanted)
		finish(u, ERROR_none); /* why is for who asks for the import */
	else
		later(u);
}

static void ask_stored(struct upload *u)
{
	if (u->call)
		return;
	u->arena = arena_new();
	u->call = pg_query(the_api.pg, u->arena, u->about->restaurant_id, import_received, &(struct import_received_params){ .import_id = u->about->import_id }, on_stored, u);
}

/* May the next chunk go? */
static bool may_go(struct upload *u)
{
	if (u->next == u->about->chunks)
		return false;
	if (!the_api.config->kafka_embedded || u->next < u->stored + UPLOAD_AHEAD)
		return true;
	ask_stored(u);
	return false;
}

static void pump(struct upload *u)
{
	for (int i = 0; i < UPLOAD_WINDOW; i++) {
		struct slot *slot = &u->slots[i];
		if (slot->busy)
			continue;
		if (!slot->again) {
			if (!may_go(u))
				continue;
			slot->seq = u->next++;
		}
		send_chunk(u, slot);
	}
	if (u->confirmed == u->about->chunks && !u->last.busy)
		send_last(u);
}

static void on_begin(uv_timer_t *timer)
{
	pump(timer->data);
}

struct upload *upload_start(struct request *r, struct import_uploaded *about, upload_done_fn *done, void *ctx)
{
	struct upload *u = calloc(1, sizeof(*u));
	size_t len;
	if (!u)
		abort();
	*u = (struct upload){ .request = r, .about = about, .done = done, .ctx = ctx, .bytes = request_body(r, &len) };
	about->bytes = (int64_t)len;
	about->chunks = (int64_t)((len + UPLOAD_CHUNK_BYTES - 1) / UPLOAD_CHUNK_BYTES);
	for (int i = 0; i < UPLOAD_WINDOW; i++)
		u->slots[i].upload = u;
	u->last.upload = u;
	uv_timer_init(the_api.loop, &u->timer);
	u->timer.data = u;
	progress(u);
	uv_timer_start(&u->timer, on_begin, 0, 0);
	return u;
}
