/* ws_client.h - a WebSocket client for tests: blocking, every call with a deadline, no thread, no loop.
 *
 * Speaks to 127.0.0.1. It can misbehave on purpose: raw bytes, any first byte of a frame, no mask, no pongs, a small receive buffer that nobody reads.
 * Frames to the client are checked as they come (no mask, no reserved bit, lengths in their shortest form); a server that breaks the protocol ends the program.
 * Needs no Criterion, so benchmarks and chaos tests use it too.
 */
#ifndef TESTS_WS_CLIENT_H
#define TESTS_WS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ws_client;

struct ws_client_options {
	int port;
	const char *path;
	const char *headers; /* further ones, each ending in \r\n; NULL for none */
	const char *version; /* of the protocol; NULL: 13 */
	int receive_buffer;  /* bytes; 0: the system's */
	bool no_pongs;
};

/* NULL when there was no 101 within `ms`; *status_r (may be NULL) is the HTTP status then, 0 when none came. */
struct ws_client *ws_client_open_with(const struct ws_client_options *options, int64_t ms, int *status_r);
struct ws_client *ws_client_open(int port, const char *path, int64_t ms);

/* One masked text frame. What the server does not take within 5 s is given up: the connection then is not alive. */
void ws_client_send(struct ws_client *c, const char *text);
/* `first` is the frame's first byte: 0x81 text, 0x82 binary, 0x01 and 0x00 fragments, 0x89 ping, 0x88 close. */
void ws_client_send_frame(struct ws_client *c, unsigned char first, const void *payload, size_t len);
void ws_client_send_bytes(struct ws_client *c, const void *bytes, size_t len);

/* The next text message, terminated, valid until the next call; pings are answered meanwhile. NULL: none within `ms`, or not alive any more. */
const char *ws_client_read(struct ws_client *c, int64_t ms);
/* Reads up to `ms` for the server to close; what else comes is dropped. The code of its close frame; 1006 when it went without one; 0 when it did not go. */
int ws_client_wait_close(struct ws_client *c, int64_t ms);
int ws_client_close_code(const struct ws_client *c); /* as ws_client_wait_close(); 0: it is not closed */
const char *ws_client_close_reason(const struct ws_client *c);
bool ws_client_alive(const struct ws_client *c);
int ws_client_fd(const struct ws_client *c);
int ws_client_pings(const struct ws_client *c); /* that came so far */
int ws_client_pongs(const struct ws_client *c);

void ws_client_close(struct ws_client **c); /* says goodbye and waits for the answer, at most 2 s; NULL is fine */
void ws_client_abort(struct ws_client **c); /* cuts the connection with a reset; NULL is fine */

#endif
