/* replies.c - see replies.h */
#include "api/replies.h"

#include <string.h>

#include "api/api.h"
#include "api/socket.h"
#include "common/event.h"
#include "common/log.h"
#include "common/metric.h"

#define TEXT_MAX 200 /* of a header that we use */

static struct bus_reader *reader;

struct texts {
	char session[TEXT_MAX], socket[TEXT_MAX], message[TEXT_MAX], frame[TEXT_MAX];
};

/* Header values are not terminated. One that is too long is none of ours. */
static void copy(char out[TEXT_MAX], const struct bus_header *h)
{
	if (h->len >= TEXT_MAX)
		return;
	memcpy(out, h->value, h->len);
	out[h->len] = '\0';
}

static void read_headers(const struct bus_record *record, struct texts *t)
{
	t->session[0] = t->socket[0] = t->message[0] = t->frame[0] = '\0';
	for (size_t i = 0; i < record->header_count; i++) {
		const struct bus_header *h = &record->headers[i];
		if (strncmp(h->name, "ce_", 3) != 0)
			continue;
		if (strcmp(h->name, "ce_session") == 0)
			copy(t->session, h);
		else if (strcmp(h->name, "ce_socket") == 0)
			copy(t->socket, h);
		else if (strcmp(h->name, "ce_message") == 0)
			copy(t->message, h);
		else if (strcmp(h->name, "ce_frame") == 0)
			copy(t->frame, h);
	}
}

static const char *or_null(const char *s)
{
	return s[0] == '\0' ? NULL : s;
}

static void on_record(void *ctx, const struct bus_record *record)
{
	struct texts t;

	(void)ctx;
	read_headers(record, &t);
	if (t.session[0] == '\0' || t.frame[0] == '\0') {
		log_event(LOG_warn, "replies.unreadable", LOG_I("offset", record->offset));
		return;
	}
	metric_add(METRIC_events_consumed, 1, event_rows[EVENT_chat_replied].name);
	hub_deliver(the_api.hub, t.session, or_null(t.socket), t.frame, or_null(t.message), record->value, record->value_len);
}

enum error replies_start(bus_delivered_fn *ready, void *ctx)
{
	static int32_t before = -1;

	/* workers send what open sockets wait for to the old partition */
	if (before >= 0 && before != the_api.reply_partition)
		sockets_reconnect();
	before = the_api.reply_partition;
	return bus_reader_start(the_api.bus, TOPIC_replies, the_api.reply_partition, BUS_FROM_END, on_record, ready, ctx, &reader);
}

void replies_stop(void)
{
	bus_reader_stop(&reader);
}
