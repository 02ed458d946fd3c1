/* chat_trace.h - the api's span of a question: from when it came until its whole answer is on its way to the guest. Bounded; without tracing it does nothing. */
#ifndef API_CHAT_TRACE_H
#define API_CHAT_TRACE_H

/* The traceparent for the event: `parent` as it is without tracing. Static, until the next call. */
const char *chat_trace_begin(const char *message_id, const char *parent);
/* A frame of the replies topic passes. */
void chat_trace_frame(const char *type, const char *message_id);
void chat_trace_stop(void);

#endif
