/* chat_wait.c - see chat_wait.h */
#include "api/chat_wait.h"

#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/request.h"
#include "api/socket.h"
#include "api/stream.h"
#include "api/wheel.h"
#include "common/log.h"
#include "common/metric.h"
#include "schemas.h"

#define HEARTBEAT_S 15
#define CLOSE_MS 5000
#define FRAME_MAX (16 << 10)

struct waiter {
	struct wheel_entry wheel; /* first: the callback casts it back */
	enum chat_wait_form form;
	struct request *request; /* NULL once it is a stream */
	struct stream *stream;
	struct hub_subscriber *subscriber; /* NULL once the answer has ended */
	struct arena *arena;
	const char *session_id, *message_id;
	uint32_t silent_s; /* since the last frame */
};

static void waiter_free(struct waiter *w)
{
	wheel_clear(&w->wheel);
	hub_remove(&w->subscriber);
	arena_free(&w->arena);
	free(w);
	metric_set(METRIC_active_conversations, (double)hub_sessions(the_api.hub));
}

static uint32_t patience_s(void)
{
	return (uint32_t)(the_api.config->chat_wait_ms / 1000);
}

void chat_reply_accepted(struct request *r, const char *message_id)
{
	request_reply_json(r, 202, &schema_chat_accepted, &(struct chat_accepted){ .message_id = message_id });
}

/* Answers and ends: the request, not the stream. */
static struct request *take_request(struct waiter *w)
{
	struct request *r = w->request;

	w->request = NULL;
	request_on_gone(r, NULL, NULL);
	return r;
}

/* --- the whole answer --- */

static enum error error_of_code(const char *code)
{
	static const enum error errors[] = { ERROR_conflict, ERROR_rate_limited, ERROR_overloaded, ERROR_not_found, ERROR_invalid_frame };

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (strcmp(error_row(errors[i])->wire, code) == 0)
			return errors[i];
	return ERROR_internal;
}

static void reply_with_error(struct waiter *w, const char *bytes, size_t len)
{
	struct error_frame frame;
	struct request *r = take_request(w);

	if (schema_decode(w->arena, &schema_error_frame, bytes, len, &frame, NULL) != ERROR_none)
		request_reply_error(r, ERROR_internal, NULL, NULL, 0);
	else
		request_reply_error(r, error_of_code(frame.code), frame.message, NULL, frame.has_retry_after ? (int)frame.retry_after : 0);
}

static void whole_on_frame(struct waiter *w, const char *type, const char *bytes, size_t len)
{
	if (strcmp(type, "ai_message") == 0)
		request_reply(take_request(w), 200, "application/json", bytes, len);
	else if (strcmp(type, "error") == 0)
		reply_with_error(w, bytes, len);
	else
		return;
	waiter_free(w);
}

static void whole_on_wheel(struct wheel_entry *e)
{
	struct waiter *w = (struct waiter *)e;

	chat_reply_accepted(take_request(w), w->message_id);
	waiter_free(w);
}

/* --- server-sent events --- */

static void end_events(struct waiter *w)
{
	wheel_clear(&w->wheel);
	hub_remove(&w->subscriber);
	stream_close(w->stream, CLOSE_MS);
}

static void write_event(struct waiter *w, const char *type, const char *bytes, size_t len)
{
	stream_write(w->stream, "event: ", 7);
	stream_write(w->stream, type, strlen(type));
	stream_write(w->stream, "\ndata: ", 7);
	stream_write(w->stream, bytes, len);
	stream_write(w->stream, "\n\n", 2);
}

static void write_error(struct waiter *w, enum error e, const char *message)
{
	struct error_frame frame = {
		.type = "error",
		.code = error_row(e)->wire,
		.message = message,
		.message_id = w->message_id,
		.retry_after = CHAT_RETRY_S,
		.has_retry_after = true,
	};
	struct buf b;

	buf_init(&b, FRAME_MAX);
	if (schema_encode(&b, &schema_error_frame, &frame) == ERROR_none)
		write_event(w, "error", b.data, b.len);
	buf_free(&b);
}

static bool is_slow(struct waiter *w)
{
	if (stream_queued(w->stream) <= SOCKET_UNSENT_MAX)
		return false;
	end_events(w);
	stream_close(w->stream, 0);
	return true;
}

static void events_on_frame(struct waiter *w, const char *type, const char *bytes, size_t len)
{
	w->silent_s = 0;
	write_event(w, type, bytes, len);
	if (is_slow(w))
		return;
	if (strcmp(type, "ai_message") == 0 || strcmp(type, "error") == 0)
		end_events(w);
}

static uint32_t next_heartbeat_s(const struct waiter *w)
{
	uint32_t left = patience_s() > w->silent_s ? patience_s() - w->silent_s : 0;
	return left < HEARTBEAT_S ? left : HEARTBEAT_S;
}

static void events_on_wheel(struct wheel_entry *e)
{
	struct waiter *w = (struct waiter *)e;

	w->silent_s += next_heartbeat_s(w);
	if (w->silent_s >= patience_s()) {
		write_error(w, ERROR_overloaded, "The answer takes longer; ask again with the same message_id to see it.");
		end_events(w);
		return;
	}
	stream_write(w->stream, ": \n\n", 4);
	if (!is_slow(w))
		wheel_set(sockets_wheel(), &w->wheel, next_heartbeat_s(w), events_on_wheel);
}

static void on_stream_closed(void *ctx)
{
	waiter_free(ctx);
}

static void begin_events(struct waiter *w)
{
	struct accepted frame = { .type = "accepted", .session_id = w->session_id, .message_id = w->message_id };
	struct request *r = take_request(w);
	struct buf b;

	request_set_header(r, "Cache-Control", "no-store");
	request_set_header(r, "X-Accel-Buffering", "no"); /* nginx would hold the events back */
	w->stream = request_begin_stream(r, 200, "text/event-stream; charset=utf-8");
	stream_listen(w->stream, NULL, NULL, on_stream_closed, w);
	buf_init(&b, FRAME_MAX);
	if (schema_encode(&b, &schema_accepted, &frame) == ERROR_none)
		write_event(w, "accepted", b.data, b.len);
	buf_free(&b);
	wheel_set(sockets_wheel(), &w->wheel, next_heartbeat_s(w), events_on_wheel);
}

/* --- both --- */

static void on_frame(void *ctx, const char *type, const char *message_id, const char *bytes, size_t len)
{
	struct waiter *w = ctx;

	if (message_id == NULL || strcmp(message_id, w->message_id) != 0)
		return;
	if (type == NULL) /* too much was held: only possible before the event is confirmed, so there is a request */
		request_reply_error(take_request(w), ERROR_overloaded, NULL, NULL, CHAT_RETRY_S);
	else if (w->form == CHAT_WAIT_EVENTS)
		events_on_frame(w, type, bytes, len);
	else
		whole_on_frame(w, type, bytes, len);
	if (type == NULL)
		waiter_free(w);
}

static void on_confirmed(void *ctx, const char *session_id, const char *message_id, enum error e)
{
	struct waiter *w = ctx;

	(void)session_id, (void)message_id;
	if (e != ERROR_none) {
		request_reply_error(take_request(w), e, NULL, NULL, CHAT_RETRY_S);
		waiter_free(w);
	} else if (w->form == CHAT_WAIT_EVENTS) {
		begin_events(w);
	} else {
		wheel_set(sockets_wheel(), &w->wheel, patience_s(), whole_on_wheel);
	}
}

static void on_gone(void *ctx)
{
	waiter_free(ctx);
}

void chat_wait(struct request *r, enum chat_wait_form form, const struct chat_place *place, const struct chat_question *question)
{
	struct waiter *w = calloc(1, sizeof(*w));

	if (w == NULL) {
		request_reply_error(r, ERROR_overloaded, NULL, NULL, CHAT_RETRY_S);
		return;
	}
	w->form = form;
	w->request = r;
	w->arena = arena_new();
	w->session_id = arena_strdup(w->arena, question->session_id);
	w->message_id = arena_strdup(w->arena, question->message_id);
	w->subscriber = hub_add(the_api.hub, on_frame, w);
	request_on_gone(r, on_gone, w);
	enum error e = chat_ask(w->subscriber, place, question, on_confirmed, w);
	if (e == ERROR_none)
		return;
	request_reply_error(take_request(w), e, NULL, NULL, CHAT_RETRY_S);
	waiter_free(w);
}
