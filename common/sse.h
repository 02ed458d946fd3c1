/* sse.h - splits a stream of server-sent events (WHATWG HTML, section 9.2.6) that arrives in any pieces.
 *
 * Pure: bytes in, callback for each event's data out. Understands \n, \r\n and \r, comments, a BOM, several data lines
 * (joined by \n); ignores id, retry and unknown fields. An event longer than `max_bytes` fails with ERROR_http_too_large and the splitter stays failed.
 * `data` is NUL-terminated and valid only during the callback. The callback returns false to stop: the rest of the piece is dropped.
 */
#ifndef COMMON_SSE_H
#define COMMON_SSE_H

#include <stdbool.h>
#include <stddef.h>

#include "common/buf.h"

typedef bool sse_event_fn(void *ctx, const char *event /* "" = message */, const char *data, size_t len);

struct sse {
	struct buf line, data;
	char event[32];
	sse_event_fn *on_event;
	void *ctx;
	bool failed, stopped, after_cr, begun, has_data;
};

void sse_init(struct sse *s, size_t max_bytes, sse_event_fn *on_event, void *ctx);
enum error sse_feed(struct sse *s, const char *bytes, size_t len);
void sse_free(struct sse *s);

#endif
