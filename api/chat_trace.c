/* chat_trace.c - see chat_trace.h. */
#include "api/chat_trace.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/id.h"
#include "common/trace.h"

#define OPEN_MAX 4096

struct open_span {
	char message_id[ID_TEXT];
	struct span span;
	UT_hash_handle hh;
};

static struct open_span *open_spans; /* the oldest first */

static void end(struct open_span *o, enum error error)
{
	HASH_DEL(open_spans, o);
	span_end(&o->span, error, NULL);
	free(o);
}

const char *chat_trace_begin(const char *message_id, const char *parent)
{
	static char text[TRACEPARENT_TEXT];
	struct open_span *o = NULL;
	if (!trace_on())
		return parent;
	HASH_FIND_STR(open_spans, message_id, o);
	if (o)
		return o->span.trace;
	if (HASH_COUNT(open_spans) >= OPEN_MAX)
		end(open_spans, ERROR_deadline);
	o = calloc(1, sizeof(*o));
	if (!o)
		abort();
	memcpy(o->message_id, message_id, strnlen(message_id, ID_TEXT - 1));
	span_begin(&o->span, "api.chat", parent);
	HASH_ADD_STR(open_spans, message_id, o);
	memcpy(text, o->span.trace, sizeof(text));
	return text;
}

void chat_trace_frame(const char *type, const char *message_id)
{
	struct open_span *o = NULL;
	if (!open_spans || !message_id || !type || strcmp(type, "ai_message") != 0)
		return;
	HASH_FIND_STR(open_spans, message_id, o);
	if (o)
		end(o, ERROR_none);
}

void chat_trace_stop(void)
{
	while (open_spans)
		end(open_spans, ERROR_cancelled);
}
