/* chat_stream.c - see chat_stream.h. */
#include "workers/chat_stream.h"

#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/event.h"
#include "common/metric.h"
#include "common/text.h"
#include "workers/chat_final.h"
#include "workers/reply.h"

#define PIECES_MAX 512

struct chat_stream {
	struct worker *worker;
	uv_timer_t *beat;
	struct chat *unsent; /* those with text to send */
};

size_t chat_stream_tokens(const struct chat *c)
{
	return c->ends.len / sizeof(size_t);
}

static void send_token(const struct chat *c, const struct reply_address *to, size_t seq, const char *text)
{
	struct token token = { .type = "token", .session_id = c->asked->session_id, .message_id = c->asked->message_id, .attempt = c->attempt, .seq = (int64_t)seq, .text = text };
	reply_try(c->worker, c->session,
	          &(struct reply){ .frame = "token", .message_id = c->asked->message_id, .to = to },
	          &schema_token, &token);
}

/* One token frame with the text up to `end`. */
static void emit(struct chat *c, size_t end)
{
	if (end <= c->sent || buf_append(&c->ends, &end, sizeof(end)))
		return;
	size_t seq = chat_stream_tokens(c);
	char rest = c->text.data[end];
	c->text.data[end] = '\0';
	send_token(c, NULL, seq, c->text.data + c->sent);
	c->text.data[end] = rest;
	c->sent = end;
	if (seq == 1) {
		c->first_ms = clock_wall_ms() - c->event->time_ms;
		metric_observe(METRIC_first_token, (double)c->first_ms / 1e3);
	}
	metric_add(METRIC_tokens, 1);
}

void chat_stream_forget(struct chat *c)
{
	if (!c->unsent)
		return;
	struct chat **at = &c->worker->stream->unsent;
	while (*at != c)
		at = &(*at)->next_unsent;
	*at = c->next_unsent;
	c->unsent = false;
}

void chat_stream_flush(struct chat *c)
{
	chat_stream_forget(c);
	emit(c, c->text.len);
}

static void on_beat(uv_timer_t *beat)
{
	struct chat_stream *stream = beat->data;
	while (stream->unsent)
		chat_stream_flush(stream->unsent);
}

static bool busy(const struct chat *c)
{
	return flows_count(c->worker->flows) > CHAT_STREAM_BUSY;
}

static void wait_for_beat(struct chat *c)
{
	struct chat_stream *stream = c->worker->stream;
	if (c->unsent)
		return;
	c->unsent = true;
	c->next_unsent = stream->unsent;
	stream->unsent = c;
	if (!uv_is_active((uv_handle_t *)stream->beat))
		uv_timer_start(stream->beat, on_beat, busy(c) ? CHAT_STREAM_BEAT_MS : 0, 0);
}

void chat_stream_add(struct chat *c, const char *text, size_t len)
{
	size_t room = CHAT_ANSWER_MAX - c->text.len;
	if (len > room)
		len = utf8_cut(text, len, room);
	if (!len || buf_append(&c->text, text, len))
		return;
	if (chat_stream_tokens(c) == 0)
		emit(c, c->text.len);
	else
		wait_for_beat(c);
}

void chat_stream_pieces(struct chat *c, const char *text)
{
	size_t ends[PIECES_MAX], start = c->text.len;
	size_t n = chat_write_pieces(text, ends, PIECES_MAX);
	if (!n || buf_str(&c->text, text))
		return;
	emit(c, start + ends[0]);
	for (size_t i = 1; i < n && !busy(c); i++)
		emit(c, start + ends[i]);
	if (c->sent < c->text.len)
		wait_for_beat(c);
}

void chat_catch_up(const struct chat *c, const struct reply_address *to, int64_t attempt, int64_t seq)
{
	if (!c->attempt)
		return; /* not begun: all of it is still to come */
	size_t known = 0, tokens = chat_stream_tokens(c);
	if (attempt == c->attempt)
		known = seq > 0 ? (size_t)seq : 0;
	else if (c->attempt > 1)
		chat_restart(c, to);
	const size_t *ends = (const size_t *)(const void *)c->ends.data;
	for (size_t i = known; i < tokens; i++) {
		size_t from = i ? ends[i - 1] : 0;
		send_token(c, to, i + 1, arena_strndup(c->arena, c->text.data + from, ends[i] - from));
	}
	if (c->announced)
		reply_try(c->worker, c->session,
		          &(struct reply){ .frame = "ai_message", .message_id = c->asked->message_id, .to = to },
		          &schema_ai_message, chat_final(c, c->arena));
}

void chat_restart(const struct chat *c, const struct reply_address *to)
{
	struct restart frame = { .type = "restart", .session_id = c->asked->session_id, .message_id = c->asked->message_id, .attempt = c->attempt };
	reply_try(c->worker, c->session,
	          &(struct reply){ .frame = "restart", .message_id = c->asked->message_id, .to = to },
	          &schema_restart, &frame);
}

enum error chat_stream_new(struct worker *w, struct chat_stream **stream_r)
{
	struct chat_stream *stream = calloc(1, sizeof(*stream));
	uv_timer_t *beat = calloc(1, sizeof(*beat));
	if (!stream || !beat || uv_timer_init(w->loop, beat)) {
		free(stream);
		free(beat);
		return ERROR_internal;
	}
	stream->worker = w;
	stream->beat = beat;
	beat->data = stream;
	*stream_r = stream;
	return ERROR_none;
}

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

void chat_stream_free(struct chat_stream **stream)
{
	if (!*stream)
		return;
	uv_close((uv_handle_t *)(*stream)->beat, free_handle);
	free(*stream);
	*stream = NULL;
}
