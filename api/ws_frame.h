/* ws_frame.h - WebSocket framing of the server's side (RFC 6455, version 13, no extensions): bytes in, messages out; and heads of frames to send.
 *
 * Pure: no I/O, no clock, no allocation but one: while a message comes in several fragments, the pieces so far are kept (at most WS_MESSAGE_MAX).
 * A parser between two messages is 24 bytes and owns nothing, which is what makes an idle socket small.
 *
 * ws_parse() looks at the bytes that the stream holds and takes one frame at a time, only when all of it is there; until then it says WS_MORE and
 * must be called again with the same bytes and more behind them. Limits are decided from the head, before the payload comes:
 *     message over WS_MESSAGE_MAX bytes, all fragments together     close 1009
 *     more than WS_FRAGMENTS_MAX fragments                          close 1008
 *     more than WS_CONTROLS_MAX pings and pongs in a second         close 1008
 *     unmasked, reserved bit or opcode, fragmented or long control frame, fragments out of order, length not in its shortest form    close 1002
 *     text that is not UTF-8 (looked at when the message is whole)  close 1007
 * Control frames may come between fragments. After WS_CLOSE or WS_VIOLATION the parser must not be called again.
 */
#ifndef API_WS_FRAME_H
#define API_WS_FRAME_H

#include <stddef.h>
#include <stdint.h>

#define WS_MESSAGE_MAX (16 << 10)
#define WS_FRAGMENTS_MAX 16
#define WS_CONTROLS_MAX 10
#define WS_CONTROL_BYTES_MAX 125
#define WS_REASON_MAX 123
#define WS_HEAD_MAX 10 /* of a frame from the server */

enum ws_opcode { WS_OP_MORE = 0,
	         WS_OP_TEXT = 1,
	         WS_OP_BINARY = 2,
	         WS_OP_CLOSE = 8,
	         WS_OP_PING = 9,
	         WS_OP_PONG = 10 };

/* Close codes that this server sends. */
enum ws_code {
	WS_CODE_NORMAL = 1000,
	WS_CODE_AWAY = 1001,
	WS_CODE_PROTOCOL = 1002,
	WS_CODE_NOT_UTF8 = 1007,
	WS_CODE_POLICY = 1008,
	WS_CODE_TOO_BIG = 1009,
	WS_CODE_INTERNAL = 1011,
	WS_CODE_RESTART = 1012,
	WS_CODE_BUSY = 1013
};

enum ws_kind {
	WS_MORE, /* nothing taken: more bytes are needed */
	WS_PART, /* a fragment was taken; its message is not whole yet */
	WS_TEXT, /* a whole message, valid UTF-8 */
	WS_BINARY,
	WS_PING, /* the payload is to be sent back in a pong */
	WS_PONG,
	WS_CLOSE,    /* `code` is to be sent back: the client's own, or 1002/1007 when its frame was wrong */
	WS_VIOLATION /* `code` and `why` are for our close frame */
};

struct ws_parser {
	char *partial; /* payloads of the fragments so far */
	uint32_t partial_len;
	uint32_t second; /* in which `controls` were counted */
	uint8_t controls, fragments;
	uint8_t opcode; /* of the message under way; 0 = none */
};

struct ws_input {
	enum ws_kind kind;
	size_t used;         /* bytes taken */
	const char *payload; /* in `scratch` or in the parser: valid until the next call; not terminated */
	size_t len;
	int code;
	const char *why;
};

/* All zero is a new parser. Frees what it holds; the parser is new again. */
void ws_parser_clear(struct ws_parser *p);

/* `scratch` holds WS_MESSAGE_MAX bytes and may be shared by all parsers; `now_s` is any clock in seconds. */
struct ws_input ws_parse(struct ws_parser *p, const char *bytes, size_t len, char *scratch, uint32_t now_s);

/* The head of one unfragmented frame of `len` payload bytes; returns its length. The payload follows unchanged. */
size_t ws_head(char out[WS_HEAD_MAX], enum ws_opcode opcode, uint64_t len);
/* A whole close frame; a longer reason is cut on a character's boundary. Returns its length. */
size_t ws_close_frame(char out[WS_HEAD_MAX + WS_CONTROL_BYTES_MAX], int code, const char *reason);

/* May a close frame carry this code? */
int ws_code_valid(int code);

#endif
