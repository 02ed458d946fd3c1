/* replies.c - see replies.h */
#include "api/replies.h"

#include "api/api.h"
#include "api/chat_trace.h"
#include "common/event.h"
#include "common/frames.h"
#include "common/log.h"
#include "common/metric.h"

static struct bus_reader *reader;

static void on_record(void *ctx, const struct bus_record *record)
{
	struct frames frames;
	struct frames_head head;
	enum frames_step step;
	const char *bytes;
	size_t len;

	(void)ctx;
	metric_add(METRIC_events_consumed, 1, event_rows[EVENT_frames_sent].name);
	frames_begin(&frames, record->value, record->value_len);
	while ((step = frames_next(&frames, &head, &bytes, &len)) == FRAMES_ONE) {
		chat_trace_frame(head.type, head.message_id);
		hub_deliver(the_api.hub, head.session, head.socket, head.type, head.message_id, bytes, len);
	}
	if (step == FRAMES_BAD)
		log_event(LOG_warn, "replies.unreadable", LOG_I("offset", record->offset));
}

enum error replies_start(bus_delivered_fn *ready, void *ctx)
{
	return bus_reader_start(the_api.bus, TOPIC_replies, the_api.reply_partition, BUS_FROM_END, on_record, ready, ctx, &reader);
}

void replies_stop(void)
{
	bus_reader_stop(&reader);
}
