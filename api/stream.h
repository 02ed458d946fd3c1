/* stream.h - a byte stream to one client after its head is answered: a WebSocket's raw bytes, or a chunked body.
 *
 * Writes are queued and go out together at the end of the loop turn: one system call for all that a turn wrote. What waits in the queue is
 * bounded by the owner: it looks at stream_queued() (bytes not taken by the kernel yet) after each write.
 * `on_read` gets bytes as they come (upgraded connections only); it returns how many it used up; the rest is kept and
 * offered again with more. An idle stream holds no buffers. `on_closed` comes exactly once, later, when the connection is gone for whatever reason; the stream is
 * dead when it returns. Loop thread only.
 */
#ifndef API_STREAM_H
#define API_STREAM_H

#include <stddef.h>
#include <stdbool.h>

struct stream;

typedef size_t stream_read_fn(void *ctx, const char *bytes, size_t len);
typedef void stream_event_fn(void *ctx);

void stream_listen(struct stream *s, stream_read_fn *on_read, stream_event_fn *on_drained, stream_event_fn *on_closed, void *ctx); /* on_drained: queue became empty */
void stream_write(struct stream *s, const void *bytes, size_t len);                                                                /* copies */
size_t stream_queued(const struct stream *s);
void stream_pause(struct stream *s, bool paused); /* stops reading: back-pressure to the client */
/* Sends what is queued, then closes; at most deadline_ms. A second call or 0 ms cuts at once. */
void stream_close(struct stream *s, int deadline_ms);

#endif
