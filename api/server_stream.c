/* Streams: the queue, the end of the turn, closing. What differs between an upgraded connection and a streamed answer is in server_stream_raw.c and _body.c. */
#include "api/server_stream.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"

void bytes_append(struct bytes *b, const void *from, size_t len)
{
	if (b->len + len > b->cap) {
		size_t cap = b->cap ? b->cap * 2 : 512;
		while (cap < b->len + len)
			cap *= 2;
		b->at = realloc(b->at, cap);
		if (!b->at)
			abort();
		b->cap = cap;
	}
	if (len)
		memcpy(b->at + b->len, from, len);
	b->len += len;
}

void bytes_free(struct bytes *b)
{
	free(b->at);
	*b = (struct bytes){ 0 };
}

void bytes_consume(struct bytes *b, size_t len)
{
	b->len -= len;
	if (b->len)
		memmove(b->at, b->at + len, b->len);
	else
		bytes_free(b); /* an idle stream holds no buffers */
}

struct stream *stream_new(struct server_connection *c, bool body)
{
	struct stream *st = calloc(1, sizeof(*st));
	if (!st)
		abort();
	st->connection = c;
	st->body = body;
	c->stream = st;
	return st;
}

void server_stream_dirty(struct stream *st)
{
	struct server *s = st->connection->server;
	if (st->dirty)
		return;
	st->dirty = true;
	st->next_dirty = s->dirty;
	s->dirty = st;
}

static void leave_dirty(struct stream *st)
{
	struct stream **at = &st->connection->server->dirty;
	while (*at && *at != st)
		at = &(*at)->next_dirty;
	if (*at)
		*at = st->next_dirty;
	st->dirty = false;
}

static void join_closing(struct stream *st)
{
	struct server *s = st->connection->server;
	st->next_closing = s->closing;
	if (s->closing)
		s->closing->before_closing = st;
	s->closing = st;
}

static void leave_closing(struct stream *st)
{
	if (st->before_closing)
		st->before_closing->next_closing = st->next_closing;
	else
		st->connection->server->closing = st->next_closing;
	if (st->next_closing)
		st->next_closing->before_closing = st->before_closing;
}

static void end_of_turn(struct stream *st)
{
	if (st->offer_again) {
		st->offer_again = false;
		stream_raw_offer(st);
	}
	if (st->body)
		stream_body_flush(st);
	else
		stream_raw_flush(st);
	if (st->drained_due && !st->failed && !stream_queued(st)) {
		st->drained_due = false;
		if (st->on_drained)
			st->on_drained(st->ctx);
	}
}

void server_streams_flush(struct server *s)
{
	struct stream *list = s->dirty;
	s->dirty = NULL;
	/* the callbacks may make streams dirty again, this one too; none is freed before its handle's close callback */
	while (list) {
		struct stream *st = list;
		list = st->next_dirty;
		st->dirty = false;
		end_of_turn(st);
	}
	if (s->dirty && !uv_is_active((uv_handle_t *)&s->idle) && !uv_is_closing((uv_handle_t *)&s->idle))
		uv_idle_start(&s->idle, server_on_idle);
	else if (!s->dirty)
		uv_idle_stop(&s->idle);
}

void server_on_idle(uv_idle_t *idle)
{
	(void)idle; /* that it is active keeps the loop from sleeping: the next turn goes on with what this one left */
}

void stream_fail(struct stream *st)
{
	if (st->failed)
		return;
	st->failed = true;
	if (st->sock) {
		h2o_socket_t *sock = st->sock;
		st->sock = NULL;
		h2o_socket_close(sock);
	} else {
		server_cut(st->connection);
		server_stream_dirty(st);
	}
}

void server_stream_ended(struct stream *st)
{
	if (st->dirty)
		leave_dirty(st);
	if (st->closing)
		leave_closing(st);
	st->failed = true;
	if (st->on_closed)
		st->on_closed(st->ctx);
	bytes_free(&st->out);
	bytes_free(&st->sending);
	bytes_free(&st->unread);
	free(st);
}

void server_sweep_streams(struct server *s, int64_t now_ms)
{
	for (struct stream *st = s->closing, *next; st; st = next) {
		next = st->next_closing;
		if (now_ms >= st->close_by_ms)
			stream_fail(st);
	}
}

void stream_listen(struct stream *st, stream_read_fn *on_read, stream_event_fn *on_drained, stream_event_fn *on_closed, void *ctx)
{
	st->on_read = on_read;
	st->on_drained = on_drained;
	st->on_closed = on_closed;
	st->ctx = ctx;
	if (st->unread.len) {
		st->offer_again = true;
		server_stream_dirty(st);
	}
}

void stream_write(struct stream *st, const void *bytes, size_t len)
{
	if (st->failed || st->closing || !len)
		return;
	bytes_append(&st->out, bytes, len);
	st->drained_due = true;
	server_stream_dirty(st);
}

size_t stream_queued(const struct stream *st)
{
	return st->out.len + st->in_flight;
}

void stream_pause(struct stream *st, bool paused)
{
	if (st->body || st->paused == paused)
		return;
	st->paused = paused;
	stream_raw_read(st);
	if (!paused && st->unread.len) {
		st->offer_again = true;
		server_stream_dirty(st);
	}
}

void stream_close(struct stream *st, int deadline_ms)
{
	if (st->failed)
		return;
	if (st->closing || deadline_ms <= 0) {
		stream_fail(st);
		return;
	}
	st->closing = true;
	st->close_by_ms = clock_ms() + deadline_ms;
	join_closing(st);
	server_stream_dirty(st);
}
