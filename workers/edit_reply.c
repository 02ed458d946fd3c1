/* edit_reply.c - see edit_reply.h. */
#include "workers/edit_reply.h"

#include <string.h>

#include "common/event.h"
#include "common/log.h"
#include "schemas.h"
#include "workers/outbox.h"

const char *edit_refusal(struct arena *a, int status, const char *detail, const struct schema_problems *problems)
{
	struct buf json;
	buf_init(&json, BUS_RECORD_MAX);
	buf_printf(&json, "{\"status\":%d,\"problems\":[", status);
	for (size_t i = 0; problems && i < problems->n; i++) {
		buf_str(&json, i ? ",{\"pointer\":" : "{\"pointer\":");
		buf_json_string(&json, problems->v[i].pointer);
		buf_str(&json, ",\"message\":");
		buf_json_string(&json, problems->v[i].message);
		buf_char(&json, '}');
	}
	buf_char(&json, ']');
	if (detail) {
		buf_str(&json, ",\"detail\":");
		buf_json_string(&json, detail);
	}
	buf_char(&json, '}');
	const char *text = buf_error(&json) ? arena_printf(a, "{\"status\":%d,\"problems\":[]}", status) : arena_strdup(a, buf_text(&json));
	buf_free(&json);
	return text;
}

enum error edit_announce_change(struct worker *w, const struct menu_edit *ask, const struct edit_apply_row *outcome, bus_delivered_fn *done, void *ctx)
{
	struct event event = {
		.id = EVENT_menu_changed,
		.source = "worker",
		.key = ask->restaurant_id,
		.raw = outcome->changed,
		.raw_len = strlen(outcome->changed),
	};
	return event_publish(w->bus, &event, done, ctx);
}

/* [{"pointer", "message"}] as the database keeps it. */
static void add_problems(struct arena *a, struct operation_done *reply, const char *json)
{
	void *const *v;
	size_t n;
	if (!json || schema_decode_list(a, &schema_problem_error, json, strlen(json), &v, &n, NULL))
		return;
	reply->problems.v = (const struct problem_error *const *)v;
	reply->problems.n = n;
}

static const char *slug_of(struct arena *a, const struct edit_apply_row *outcome)
{
	struct menu_changed changed;
	if (!outcome->changed || schema_decode(a, &schema_menu_changed, outcome->changed, strlen(outcome->changed), &changed, NULL))
		return NULL;
	return changed.slug;
}

enum error edit_send_reply(struct worker *w, const struct menu_edit *ask, const struct edit_apply_row *outcome, bus_delivered_fn *done, void *ctx)
{
	if (!ask->reply_to || !ask->reply_to->socket)
		return ERROR_not_found;
	struct arena *a = arena_new();
	struct operation_done reply = {
		.operation_id = ask->operation_id,
		.status = outcome->status,
		.body = outcome->result,
		.etag = outcome->etag,
		.menu_version = outcome->menu_version,
		.has_menu_version = outcome->menu_version > 0,
		.slug = slug_of(a, outcome),
		.detail = outcome->detail,
	};
	add_problems(a, &reply, outcome->problems);
	struct frames_head head = { .type = "operation_done", .message_id = ask->operation_id, .socket = ask->reply_to->socket };
	struct buf json;
	buf_init(&json, OUTBOX_FRAME_MAX);
	enum error error = schema_encode(&json, &schema_operation_done, &reply);
	if (!error)
		error = outbox_put(w->outbox, (int32_t)ask->reply_to->partition, &head, buf_text(&json), json.len, done, ctx);
	buf_free(&json);
	if (error)
		log_event(LOG_warn, "edit.reply_lost", LOG_S("operation_id", ask->operation_id), LOG_S("error", error_row(error)->name));
	arena_free(&a);
	return error;
}
