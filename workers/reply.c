/* reply.c - see reply.h. */
#include "workers/reply.h"

#include "common/log.h"
#include "schemas.h"
#include "workers/outbox.h"

enum error reply_send(struct worker *w, const struct session *session, const struct reply *reply, const struct schema *s,
                      const void *value, bus_delivered_fn *done, void *ctx, size_t *records_r)
{
	static struct buf json; /* one loop thread, copied by the outbox: its memory is kept for the next frame */
	struct frames_head head = { .type = reply->frame, .session = session->key, .message_id = reply->message_id, .socket = reply->to ? reply->to->socket : NULL };
	if (!json.max_bytes)
		buf_init(&json, OUTBOX_FRAME_MAX);
	buf_reset(&json);
	schema_encode(&json, s, value);
	enum error error = buf_error(&json);
	size_t records = 0, n = reply->to ? 1 : session->partition_count;
	for (size_t i = 0; i < n && !error; i++) {
		int32_t partition = reply->to ? reply->to->partition : session->partitions[i];
		error = outbox_put(w->outbox, partition, &head, buf_text(&json), json.len, done, ctx);
		records += !error;
	}
	if (records_r)
		*records_r = records;
	return error;
}

void reply_try(struct worker *w, const struct session *session, const struct reply *reply, const struct schema *s,
               const void *value)
{
	enum error error = reply_send(w, session, reply, s, value, NULL, NULL, NULL);
	if (error)
		log_event(LOG_warn, "reply.lost", LOG_S("frame", reply->frame), LOG_S("error", error_row(error)->name));
}

void reply_error(struct worker *w, const struct session *session, const struct reply_address *to, const char *message_id,
                 enum error error, const char *text)
{
	struct error_frame frame = { .type = "error", .code = error_row(error)->wire, .message = text, .message_id = message_id };
	reply_try(w, session, &(struct reply){ .frame = "error", .message_id = message_id, .to = to }, &schema_error_frame,
	          &frame);
}
