/* socket_frames.c - see socket_priv.h: what a client's frame means. Each row of frames.def from a client has its schema and its on_<type>() here. */
#include <string.h>

#include "api/api.h"
#include "api/live.h"
#include "api/socket_priv.h"
#include "api/watch.h"
#include "common/id.h"
#include "common/log.h"
#include "common/metric.h"
#include "schemas.h"

/* --- what the broker says --- */

static void send_refusal(struct socket *s, enum error e, const char *message_id)
{
	socket_send_error(s, e, error_row(e)->title, message_id, CHAT_RETRY_S);
}

static void on_confirmed(void *ctx, const char *session_id, const char *message_id, enum error e)
{
	struct socket *s = ctx;

	(void)session_id;
	s->unconfirmed--;
	if (e != ERROR_none)
		send_refusal(s, e, message_id);
}

static void on_message_confirmed(void *ctx, const char *session_id, const char *message_id, enum error e)
{
	struct accepted frame = { .type = "accepted", .session_id = session_id, .message_id = message_id };
	struct socket *s = ctx;
	struct buf b;

	on_confirmed(ctx, session_id, message_id, e);
	if (e != ERROR_none)
		return;
	s->answers++;
	buf_init(&b, SOCKET_FRAME_MAX);
	if (schema_encode(&b, &schema_accepted, &frame) == ERROR_none)
		socket_send(s, buf_text(&b), b.len);
	buf_free(&b);
}

/* Has the socket, or its address, too much under way? Then it was told. */
static bool refused(struct socket *s, const char *session_id, const char *message_id, bool is_message)
{
	int retry_after_s = 0;
	enum error e;

	if (s->unconfirmed >= SOCKET_UNCONFIRMED_MAX) {
		send_refusal(s, ERROR_overloaded, message_id);
		return true;
	}
	if (is_message)
		e = chat_admit(s->address, s->room->place.restaurant_id, session_id, &retry_after_s);
	else
		e = chat_admit_address(s->address, &retry_after_s);
	if (e != ERROR_none)
		socket_send_error(s, e, error_row(e)->title, message_id, retry_after_s);
	return e != ERROR_none;
}

/* An event was handed over, or refused at once. */
static void handed_over(struct socket *s, enum error e, const char *message_id)
{
	if (e == ERROR_none)
		s->unconfirmed++;
	else
		send_refusal(s, e, message_id);
	metric_set(METRIC_active_conversations, (double)hub_sessions(the_api.hub));
}

/* --- frames --- */

static void on_chat_message(struct socket *s, struct arena *a, const struct chat_message *in)
{
	struct chat_question question = {
		.session_id = in->session_id,
		.message_id = chat_message_id(a, in->message_id),
		.message = in->message,
		.bot = s->bot,
	};

	if (!refused(s, in->session_id, question.message_id, true))
		handed_over(s, chat_ask(s->subscriber, &s->room->place, &question, on_message_confirmed, s), question.message_id);
}

static void on_join(struct socket *s, struct arena *a, const struct join *in)
{
	(void)a;
	if (!refused(s, in->session_id, NULL, false))
		handed_over(s, chat_join(s->subscriber, &s->room->place, in->session_id, in->last, on_confirmed, s), NULL);
}

static void on_stop(struct socket *s, struct arena *a, const struct stop *in)
{
	const char *message_id = chat_message_id(a, in->message_id);

	if (!refused(s, in->session_id, message_id, false))
		handed_over(s, chat_stop(s->subscriber, &s->room->place, in->session_id, message_id, on_confirmed, s), message_id);
}

/* The answer is a new `joined` frame to the session's live sockets, so one that is not among them joins first. */
static void on_profile_remove(struct socket *s, struct arena *a, const struct profile_remove *in)
{
	const char *key = arena_printf(a, "%s/%s", s->room->place.restaurant_id, in->session_id);

	if (refused(s, in->session_id, NULL, false))
		return;
	if (hub_state(s->subscriber, key) == HUB_NONE)
		handed_over(s, chat_join(s->subscriber, &s->room->place, in->session_id, NULL, on_confirmed, s), NULL);
	if (s->closing)
		return;
	handed_over(s, chat_profile_remove(s->subscriber, &s->room->place, in->session_id, in->kind, in->value, on_confirmed, s), NULL);
}

static void on_watch(struct socket *s, struct arena *a, const struct watch *in)
{
	(void)a;
	if (refused(s, NULL, NULL, false))
		return;
	if (in->import_id != NULL)
		watch_import(s, in->token, in->import_id);
	else if (in->slug != NULL)
		live_watch(s, in->token, in->slug);
	else
		socket_send_error(s, ERROR_invalid, "A watch frame needs import_id or slug.", NULL, 0);
}

static void on_ping(struct socket *s, struct arena *a, const struct ping *in)
{
	static const char pong[] = "{\"type\":\"pong\"}";

	(void)a, (void)in;
	socket_send(s, pong, sizeof(pong) - 1);
}

/* --- from text to frame --- */

struct frame_row {
	const char *type;
	const struct schema *schema;
	size_t size;
	void (*take)(struct socket *s, struct arena *a, const void *in);
};

#define FRAME(id, direction) FRAME_##direction(id)
#define FRAME_SERVER(id)
#define FRAME_CLIENT(id) \
	static void take_##id(struct socket *s, struct arena *a, const void *in) \
	{ \
		on_##id(s, a, in); \
	}
#include "api/frames.def"
#undef FRAME_CLIENT

#define FRAME_CLIENT(id) { #id, &schema_##id, sizeof(struct id), take_##id },
static const struct frame_row frame_rows[] = {
#include "api/frames.def"
};
#undef FRAME_CLIENT
#undef FRAME_SERVER
#undef FRAME

static const struct frame_row *find_row(const char *type)
{
	for (size_t i = 0; i < sizeof(frame_rows) / sizeof(frame_rows[0]); i++)
		if (strcmp(frame_rows[i].type, type) == 0)
			return &frame_rows[i];
	return NULL;
}

/* "/message: must be at most 2000 characters long; /session_id: is required" */
static const char *in_words(struct arena *a, const struct schema_problems *problems)
{
	const char *text = "";

	for (size_t i = 0; i < problems->n; i++)
		text = arena_printf(a, "%s%s%s%s%s", text, i == 0 ? "" : "; ", problems->v[i].pointer, problems->v[i].pointer[0] == '\0' ? "" : ": ",
		                    problems->v[i].message);
	return text;
}

/* The id of a frame that is wrong elsewhere, so that its sender knows which one. */
static const char *readable_id(struct arena *a, const json_t *value)
{
	const json_t *id = json_object_get(value, "message_id");

	if (!json_is_string(id) || !id_is_uuid(json_string_value(id), json_string_length(id)))
		return NULL;
	return chat_message_id(a, json_string_value(id));
}

static void take_value(struct socket *s, struct arena *a, const json_t *value)
{
	struct schema_problems problems = { .n = 0 };
	struct frame_head head;

	if (schema_decode_value(a, &schema_frame_head, value, &head, &problems) != ERROR_none) {
		socket_send_error(s, ERROR_invalid_frame, in_words(a, &problems), readable_id(a, value), 0);
		return;
	}
	const struct frame_row *row = find_row(head.type);
	if (row == NULL) {
		socket_send_error(s, ERROR_invalid_frame, "/type: is not a type of frame that this server knows", readable_id(a, value), 0);
		return;
	}
	void *in = arena_alloc(a, row->size);
	if (schema_decode_value(a, row->schema, value, in, &problems) != ERROR_none)
		socket_send_error(s, ERROR_invalid, in_words(a, &problems), readable_id(a, value), 0);
	else
		row->take(s, a, in);
}

void socket_on_text(struct socket *s, const char *text, size_t len)
{
	struct arena *a = arena_new();
	struct schema_problems problems = { .n = 0 };
	json_t *value;

	if (schema_parse(a, text, len, &value, &problems) == ERROR_none) {
		take_value(s, a, value);
		json_decref(value);
	} else {
		socket_send_error(s, ERROR_malformed_json, in_words(a, &problems), NULL, 0);
	}
	arena_free(&a);
}
