/* ws_frame.c - see ws_frame.h */
#include "api/ws_frame.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"
#include "common/text.h"

#define FIN 0x80
#define RESERVED 0x70
#define OPCODE 0x0f
#define MASKED 0x80
#define LENGTH 0x7f
#define KEY_BYTES 4

struct head {
	bool fin;
	uint8_t opcode;
	size_t head_len, payload_len;
	unsigned char key[KEY_BYTES];
};

static struct ws_input violation(int code, const char *why)
{
	return (struct ws_input){ .kind = WS_VIOLATION, .code = code, .why = why };
}

static bool is_control(uint8_t opcode)
{
	return opcode & 0x8;
}

static bool is_known(uint8_t opcode)
{
	return opcode <= WS_OP_BINARY || (opcode >= WS_OP_CLOSE && opcode <= WS_OP_PONG);
}

void ws_parser_clear(struct ws_parser *p)
{
	free(p->partial);
	memset(p, 0, sizeof(*p));
}

/* What the first two bytes alone decide. */
static struct ws_input check_start(const struct ws_parser *p, unsigned char first, unsigned char second)
{
	uint8_t opcode = first & OPCODE;

	if (first & RESERVED)
		return violation(WS_CODE_PROTOCOL, "a reserved bit is set");
	if (!is_known(opcode))
		return violation(WS_CODE_PROTOCOL, "the opcode is reserved");
	if (!(second & MASKED))
		return violation(WS_CODE_PROTOCOL, "frames from a client must be masked");
	if (is_control(opcode)) {
		if (!(first & FIN) || (second & LENGTH) > WS_CONTROL_BYTES_MAX)
			return violation(WS_CODE_PROTOCOL, "a control frame must be short and whole");
	} else if ((opcode == WS_OP_MORE) != (p->opcode != 0)) {
		return violation(WS_CODE_PROTOCOL, "fragments are out of order");
	} else if (p->fragments == WS_FRAGMENTS_MAX) {
		return violation(WS_CODE_POLICY, "a message may have 16 fragments");
	} else if ((second & LENGTH) == 127) {
		return violation(WS_CODE_TOO_BIG, "a message may have 16384 bytes");
	}
	return (struct ws_input){ .kind = WS_PART };
}

/* WS_PART: *h is known. */
static struct ws_input read_head(const struct ws_parser *p, const unsigned char *b, size_t len, struct head *h)
{
	if (len < 2)
		return (struct ws_input){ .kind = WS_MORE };
	struct ws_input in = check_start(p, b[0], b[1]);
	if (in.kind != WS_PART)
		return in;
	h->fin = b[0] & FIN;
	h->opcode = b[0] & OPCODE;
	h->payload_len = b[1] & LENGTH;
	h->head_len = 2;
	if (h->payload_len == 126) {
		if (len < 4)
			return (struct ws_input){ .kind = WS_MORE };
		h->payload_len = (size_t)b[2] << 8 | b[3];
		h->head_len = 4;
		if (h->payload_len < 126)
			return violation(WS_CODE_PROTOCOL, "the length is not in its shortest form");
	}
	if (!is_control(h->opcode) && p->partial_len + h->payload_len > WS_MESSAGE_MAX)
		return violation(WS_CODE_TOO_BIG, "a message may have 16384 bytes");
	h->head_len += KEY_BYTES;
	if (len < h->head_len)
		return (struct ws_input){ .kind = WS_MORE };
	memcpy(h->key, b + h->head_len - KEY_BYTES, KEY_BYTES);
	return in;
}

static void unmask(char *out, const unsigned char *in, size_t len, const unsigned char key[KEY_BYTES])
{
	uint64_t wide, word;
	size_t i = 0;

	memcpy(&wide, key, KEY_BYTES);
	memcpy((char *)&wide + KEY_BYTES, key, KEY_BYTES);
	for (; i + sizeof(word) <= len; i += sizeof(word)) {
		memcpy(&word, in + i, sizeof(word));
		word ^= wide;
		memcpy(out + i, &word, sizeof(word));
	}
	for (; i < len; i++)
		out[i] = (char)(in[i] ^ key[i % KEY_BYTES]);
}

static bool is_flood(struct ws_parser *p, uint32_t now_s)
{
	if (p->second != now_s) {
		p->second = now_s;
		p->controls = 0;
	}
	return ++p->controls > WS_CONTROLS_MAX;
}

int ws_code_valid(int code)
{
	return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
}

static struct ws_input closing(struct ws_input in)
{
	const unsigned char *b = (const unsigned char *)in.payload;

	in.kind = WS_CLOSE;
	in.code = WS_CODE_NORMAL;
	if (in.len == 0)
		return in;
	in.code = in.len == 1 ? 0 : b[0] << 8 | b[1];
	if (!ws_code_valid(in.code))
		in.code = WS_CODE_PROTOCOL;
	else if (!utf8_valid(in.payload + 2, in.len - 2))
		in.code = WS_CODE_NOT_UTF8;
	return in;
}

static struct ws_input take_control(struct ws_parser *p, uint8_t opcode, struct ws_input in, uint32_t now_s)
{
	if (opcode == WS_OP_CLOSE)
		return closing(in);
	if (is_flood(p, now_s))
		return violation(WS_CODE_POLICY, "too many pings");
	in.kind = opcode == WS_OP_PING ? WS_PING : WS_PONG;
	return in;
}

static void keep_fragment(struct ws_parser *p, const char *bytes, size_t len)
{
	if (len == 0)
		return;
	char *grown = realloc(p->partial, p->partial_len + len);
	if (grown == NULL) {
		log_event(LOG_error, "memory.exhausted", LOG_S("where", "ws_frame"));
		abort();
	}
	memcpy(grown + p->partial_len, bytes, len);
	p->partial = grown;
	p->partial_len += (uint32_t)len;
}

/* The message is whole: its pieces, when there were several, move to the scratch and the parser is idle again. */
static struct ws_input take_message(struct ws_parser *p, struct ws_input in, char *scratch)
{
	uint8_t opcode = p->opcode;

	if (p->fragments > 1) {
		if (p->partial_len > 0)
			memcpy(scratch, p->partial, p->partial_len);
		in.payload = scratch;
		in.len = p->partial_len;
		free(p->partial);
		p->partial = NULL;
		p->partial_len = 0;
	}
	p->fragments = 0;
	p->opcode = 0;
	if (opcode == WS_OP_TEXT && !utf8_valid(in.payload, in.len))
		return violation(WS_CODE_NOT_UTF8, "the text is not UTF-8");
	in.kind = opcode == WS_OP_TEXT ? WS_TEXT : WS_BINARY;
	return in;
}

struct ws_input ws_parse(struct ws_parser *p, const char *bytes, size_t len, char *scratch, uint32_t now_s)
{
	const unsigned char *b = (const unsigned char *)bytes;
	struct head h;
	struct ws_input in = read_head(p, b, len, &h);

	if (in.kind != WS_PART)
		return in;
	if (len - h.head_len < h.payload_len)
		return (struct ws_input){ .kind = WS_MORE };
	unmask(scratch, b + h.head_len, h.payload_len, h.key);
	in.used = h.head_len + h.payload_len;
	in.payload = scratch;
	in.len = h.payload_len;
	if (is_control(h.opcode))
		return take_control(p, h.opcode, in, now_s);
	if (p->opcode == 0)
		p->opcode = h.opcode;
	p->fragments++;
	if (!h.fin || p->fragments > 1)
		keep_fragment(p, scratch, h.payload_len);
	return h.fin ? take_message(p, in, scratch) : in;
}

size_t ws_head(char out[WS_HEAD_MAX], enum ws_opcode opcode, uint64_t len)
{
	out[0] = (char)(FIN | opcode);
	if (len < 126) {
		out[1] = (char)len;
		return 2;
	}
	if (len <= UINT16_MAX) {
		out[1] = 126;
		out[2] = (char)(len >> 8);
		out[3] = (char)len;
		return 4;
	}
	out[1] = 127;
	for (int i = 0; i < 8; i++)
		out[2 + i] = (char)(len >> (56 - 8 * i));
	return WS_HEAD_MAX;
}

size_t ws_close_frame(char out[WS_HEAD_MAX + WS_CONTROL_BYTES_MAX], int code, const char *reason)
{
	size_t n = utf8_cut(reason, strlen(reason), WS_REASON_MAX);
	size_t head = ws_head(out, WS_OP_CLOSE, n + 2);

	out[head] = (char)(code >> 8);
	out[head + 1] = (char)code;
	memcpy(out + head + 2, reason, n);
	return head + 2 + n;
}
