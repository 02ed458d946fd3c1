/* socket.c - see socket_priv.h: one socket's life. */
#include "api/socket.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "api/socket_priv.h"
#include "common/log.h"
#include "common/metric.h"
#include "schemas.h"

#define CLOSING_MS 2000 /* how long we wait for the client's half of the closing */

static struct wheel *wheel;

struct wheel *sockets_wheel(void)
{
	return wheel;
}

void sockets_start(void)
{
	wheel = wheel_new(the_api.loop);
}

void sockets_stop(void)
{
	rooms_cut();
	wheel_free(&wheel);
}

/* --- out --- */

static void count_close(int code)
{
	char text[12];

	snprintf(text, sizeof(text), "%d", code);
	metric_add(METRIC_socket_closes, 1, text);
}

/* What the client still sends is swallowed by the stream until it closes too, or CLOSING_MS are over: closing with bytes unread would reset the connection, and our close
 * frame could be lost. */
static void say_goodbye(struct socket *s, int code, const char *reason)
{
	char frame[WS_HEAD_MAX + WS_CONTROL_BYTES_MAX];

	s->closing = true;
	wheel_clear(&s->wheel);
	hub_remove(&s->subscriber);
	stream_write(s->stream, frame, ws_close_frame(frame, code, reason));
	stream_close(s->stream, CLOSING_MS);
}

void socket_close(struct socket *s, int code, const char *reason)
{
	if (s->closing)
		return;
	say_goodbye(s, code, reason);
	count_close(code);
	log_event(LOG_debug, "socket.close", LOG_I("code", code), LOG_S("reason", reason), LOG_S("address", s->address));
}

static void check_unsent(struct socket *s)
{
	if (stream_queued(s->stream) > SOCKET_UNSENT_MAX)
		socket_close(s, WS_CODE_BUSY, "too slow: connect again and join to resume");
}

static void write_frame(struct socket *s, enum ws_opcode opcode, const char *bytes, size_t len)
{
	char head[WS_HEAD_MAX];

	if (s->closing)
		return;
	stream_write(s->stream, head, ws_head(head, opcode, len));
	stream_write(s->stream, bytes, len);
	check_unsent(s);
}

void socket_send(struct socket *s, const char *bytes, size_t len)
{
	write_frame(s, WS_OP_TEXT, bytes, len);
}

void socket_send_buf(struct socket *s, struct buf *b)
{
	socket_send(s, buf_text(b), b->len);
	buf_free(b);
}

void socket_send_error(struct socket *s, enum error e, const char *message, const char *message_id, int retry_after_s)
{
	struct error_frame frame = {
		.type = "error",
		.code = error_row(e)->wire,
		.message = message,
		.message_id = message_id,
		.retry_after = retry_after_s,
		.has_retry_after = retry_after_s > 0,
	};
	struct buf b;

	if (s->closing)
		return;
	metric_add(METRIC_socket_errors, 1, frame.code);
	buf_init(&b, SOCKET_FRAME_MAX);
	if (schema_encode(&b, &schema_error_frame, &frame) == ERROR_none)
		socket_send(s, buf_text(&b), b.len);
	buf_free(&b);
}

/* --- frames from the hub --- */

static bool ends_answer(const char *type, const char *message_id)
{
	return message_id != NULL && (strcmp(type, "ai_message") == 0 || strcmp(type, "error") == 0);
}

static void on_hub_frame(void *ctx, const char *type, const char *message_id, const char *bytes, size_t len)
{
	struct socket *s = ctx;

	if (type == NULL) {
		socket_close(s, WS_CODE_BUSY, "too much waited: connect again and join to resume");
		return;
	}
	if (s->answers > 0 && ends_answer(type, message_id))
		s->answers--;
	socket_send(s, bytes, len);
}

/* --- in --- */

static void take(struct socket *s, const struct ws_input *in)
{
	switch (in->kind) {
	case WS_TEXT:
		socket_on_text(s, in->payload, in->len);
		break;
	case WS_BINARY:
		socket_send_error(s, ERROR_invalid_frame, "Frames are JSON text; this one was binary.", NULL, 0);
		break;
	case WS_PING:
		write_frame(s, WS_OP_PONG, in->payload, in->len);
		break;
	case WS_CLOSE:
		say_goodbye(s, in->code, "");
		break;
	case WS_VIOLATION:
		socket_close(s, in->code, in->why);
		break;
	case WS_PONG:
	case WS_PART:
	case WS_MORE:
		break;
	}
}

static size_t on_read(void *ctx, const char *bytes, size_t len)
{
	static char scratch[WS_MESSAGE_MAX];
	struct socket *s = ctx;
	size_t used = 0;

	s->heard_s = wheel_now_s(wheel);
	while (!s->closing) {
		struct ws_input in = ws_parse(&s->parser, bytes + used, len - used, scratch, s->heard_s);
		if (in.kind == WS_MORE)
			return used;
		used += in.used;
		take(s, &in);
	}
	return len;
}

static void on_closed(void *ctx)
{
	struct socket *s = ctx;

	wheel_clear(&s->wheel);
	hub_remove(&s->subscriber);
	ws_parser_clear(&s->parser);
	room_leave(s);
	metric_set(METRIC_active_conversations, (double)hub_sessions(the_api.hub));
	free(s);
}

/* --- life --- */

/* Every SOCKET_PING_S: a ping; SOCKET_SILENCE_S after the last byte came: the end. */
static void on_wheel(struct wheel_entry *e)
{
	struct socket *s = (struct socket *)e;
	uint32_t silent = wheel_now_s(wheel) - s->heard_s;

	if (silent >= SOCKET_SILENCE_S) {
		socket_close(s, WS_CODE_AWAY, "no pong");
		return;
	}
	write_frame(s, WS_OP_PING, "", 0);
	if (s->closing)
		return;
	uint32_t left = SOCKET_SILENCE_S - silent;
	wheel_set(wheel, &s->wheel, (left < SOCKET_PING_S ? left : SOCKET_PING_S) - 1, on_wheel);
}

struct socket *socket_new(struct stream *stream, const struct chat_place *place, const char *address)
{
	size_t len = strlen(address) + 1;
	struct socket *s = calloc(1, sizeof(*s) + len);

	if (s == NULL) {
		log_event(LOG_error, "memory.exhausted", LOG_S("where", "socket"));
		abort();
	}
	memcpy(s->address, address, len);
	s->stream = stream;
	s->heard_s = wheel_now_s(wheel);
	s->subscriber = hub_add(the_api.hub, on_hub_frame, s);
	s->room = room_join(s, place);
	wheel_set(wheel, &s->wheel, SOCKET_PING_S - 1, on_wheel);
	stream_listen(stream, on_read, NULL, on_closed, s);
	return s;
}
