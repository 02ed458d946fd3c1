/* test_ws_frame.c - frames as bytes on the wire, whole, in every pair of pieces, and one byte at a time. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/ws_frame.h"

#define WIRE_MAX (64 << 10)

static char scratch[WS_MESSAGE_MAX];

struct wire {
	unsigned char bytes[WIRE_MAX];
	size_t len;
};

/* One masked frame; `first` is its first byte. */
static void put_frame(struct wire *w, unsigned char first, const void *payload, size_t len)
{
	static const unsigned char key[4] = { 0x37, 0xfa, 0x21, 0x3d };
	const unsigned char *p = payload;

	w->bytes[w->len++] = first;
	if (len < 126) {
		w->bytes[w->len++] = (unsigned char)(0x80 | len);
	} else {
		w->bytes[w->len++] = 0x80 | 126;
		w->bytes[w->len++] = (unsigned char)(len >> 8);
		w->bytes[w->len++] = (unsigned char)len;
	}
	memcpy(w->bytes + w->len, key, 4);
	w->len += 4;
	for (size_t i = 0; i < len; i++)
		w->bytes[w->len++] = p[i] ^ key[i % 4];
}

/* What came out, as text: "T:hello " for a text message, "P:", "O:" ping and pong, "B:" binary, "C1000 " close, "!1002 " violation. */
struct outcome {
	char text[WIRE_MAX];
	size_t len;
	bool over;
};

static void note(struct outcome *o, const struct ws_input *in)
{
	static const char letters[] = { [WS_TEXT] = 'T', [WS_BINARY] = 'B', [WS_PING] = 'P', [WS_PONG] = 'O' };

	if (in->kind == WS_PART)
		return;
	if (in->kind == WS_CLOSE || in->kind == WS_VIOLATION) {
		o->len += (size_t)snprintf(o->text + o->len, 16, "%c%d ", in->kind == WS_CLOSE ? 'C' : '!', in->code);
		o->over = true;
		return;
	}
	o->text[o->len++] = letters[in->kind];
	o->text[o->len++] = ':';
	memcpy(o->text + o->len, in->payload, in->len);
	o->len += in->len;
	o->text[o->len++] = ' ';
}

/* Gives the parser `wire` in pieces that end at the given places, the way a stream does: what it did not use is offered again. */
static void feed(struct ws_parser *p, struct outcome *o, const struct wire *w, const size_t *ends, size_t n)
{
	size_t at = 0;

	for (size_t i = 0; i < n && !o->over; i++) {
		while (!o->over) {
			/* a copy of exactly what has arrived, so that reading beyond it is seen by the sanitizer */
			char *arrived = malloc(ends[i] - at + 1);
			memcpy(arrived, w->bytes + at, ends[i] - at);
			struct ws_input in = ws_parse(p, arrived, ends[i] - at, scratch, 1);
			free(arrived);
			if (in.kind == WS_MORE)
				break;
			note(o, &in);
			at += in.used;
		}
	}
	o->text[o->len] = '\0';
}

static void expect(const struct wire *w, const char *want)
{
	static struct outcome o;

	for (size_t cut = 0; cut <= w->len; cut++) {
		if (w->len > 400 && cut % 97 != 0)
			continue;
		struct ws_parser p = { 0 };
		memset(&o, 0, sizeof(o));
		feed(&p, &o, w, (size_t[]){ cut, w->len }, 2);
		cr_assert_str_eq(o.text, want, "cut at %zu", cut);
		ws_parser_clear(&p);
	}
	struct ws_parser p = { 0 };
	memset(&o, 0, sizeof(o));
	for (size_t end = 0, at = 0; end <= w->len && !o.over; end++) {
		struct ws_input in = ws_parse(&p, (const char *)w->bytes + at, end - at, scratch, 1);
		if (in.kind != WS_MORE)
			note(&o, &in);
		at += in.used;
	}
	o.text[o.len] = '\0';
	cr_assert_str_eq(o.text, want, "byte by byte");
	ws_parser_clear(&p);
}

struct frame {
	unsigned char first;
	const char *payload;
	size_t len;
};
#define F(first, text) \
	{ \
		(first), (text), sizeof(text) - 1 \
	}

static const struct {
	const char *name;
	struct frame frames[6];
	const char *want;
} cases[] = {
	{ "text", { F(0x81, "hello") }, "T:hello " },
	{ "empty text", { F(0x81, "") }, "T: " },
	{ "binary", { F(0x82, "\xff\xfe") }, "B:\xff\xfe " },
	{ "two messages", { F(0x81, "one"), F(0x81, "two") }, "T:one T:two " },
	{ "three fragments", { F(0x01, "a"), F(0x00, "b"), F(0x80, "c") }, "T:abc " },
	{ "a ping between fragments", { F(0x01, "a"), F(0x89, "x"), F(0x80, "c") }, "P:x T:ac " },
	{ "empty fragments", { F(0x01, ""), F(0x00, ""), F(0x80, "") }, "T: " },
	{ "a character over two fragments", { F(0x01, "\xe2\x82"), F(0x80, "\xac") }, "T:\xe2\x82\xac " },
	{ "ping and pong", { F(0x89, ""), F(0x8a, "late") }, "P: O:late " },
	{ "message after a fragmented one", { F(0x01, "a"), F(0x80, "b"), F(0x81, "c") }, "T:ab T:c " },
	{ "close without code", { F(0x88, "") }, "C1000 " },
	{ "close with code and reason", { F(0x88, "\x03\xe9going") }, "C1001 " },
	{ "close with one byte", { F(0x88, "\x03") }, "C1002 " },
	{ "close with a reserved code", { F(0x88, "\x03\xed") }, "C1002 " },
	{ "close with code 999", { F(0x88, "\x03\xe7") }, "C1002 " },
	{ "close with code 4000", { F(0x88, "\x0f\xa0") }, "C4000 " },
	{ "close with a bad reason", { F(0x88, "\x03\xe8\xff") }, "C1007 " },
	{ "reserved bit", { F(0xc1, "x") }, "!1002 " },
	{ "reserved opcode", { F(0x83, "x") }, "!1002 " },
	{ "reserved control opcode", { F(0x8b, "x") }, "!1002 " },
	{ "fragmented ping", { F(0x09, "x") }, "!1002 " },
	{ "continuation of nothing", { F(0x80, "x") }, "!1002 " },
	{ "text inside a message", { F(0x01, "a"), F(0x81, "b") }, "!1002 " },
	{ "bad UTF-8", { F(0x81, "\xc3\x28") }, "!1007 " },
	{ "a surrogate", { F(0x81, "\xed\xa0\x80") }, "!1007 " },
	{ "half a character", { F(0x81, "\xe2\x82") }, "!1007 " },
	{ "bad UTF-8 in fragments", { F(0x01, "a"), F(0x80, "\xff") }, "!1007 " },
	{ "good, then bad", { F(0x81, "ok"), F(0xf1, "") }, "T:ok !1002 " },
};

Test(ws_frame, table)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static struct wire w;
		w.len = 0;
		for (const struct frame *f = cases[i].frames; f->payload != NULL; f++)
			put_frame(&w, f->first, f->payload, f->len);
		cr_log_info("%s", cases[i].name);
		expect(&w, cases[i].want);
	}
}

/* Heads that no helper makes: a violation must come from these bytes alone, without a payload. */
static const struct {
	const char *name, *bytes;
	size_t len;
	int code;
} heads[] = {
	{ "unmasked", "\x81\x05hello", 2, 1002 },
	{ "16,385 bytes", "\x81\xfe\x40\x01", 4, 1009 },
	{ "64 KiB and more", "\x81\xff", 2, 1009 },
	{ "2 GiB", "\x82\xff\x00\x00\x00\x00\x80\x00\x00\x00", 10, 1009 },
	{ "126 bytes of ping", "\x89\xfe", 2, 1002 },
	{ "125 in two bytes", "\x81\xfe\x00\x7d", 4, 1002 },
};

Test(ws_frame, heads_are_judged_before_the_payload)
{
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++) {
		struct ws_parser p = { 0 };
		struct ws_input in = ws_parse(&p, heads[i].bytes, heads[i].len, scratch, 1);
		cr_assert_eq(in.kind, WS_VIOLATION, "%s", heads[i].name);
		cr_assert_eq(in.code, heads[i].code, "%s: %d", heads[i].name, in.code);
		cr_assert_not_null(in.why);
	}
}

Test(ws_frame, largest_message_passes_and_one_byte_more_does_not)
{
	static struct wire w;
	static char payload[WS_MESSAGE_MAX + 1], want[WS_MESSAGE_MAX + 8];

	memset(payload, 'x', sizeof(payload));
	snprintf(want, sizeof(want), "T:%.*s ", WS_MESSAGE_MAX, payload);
	put_frame(&w, 0x81, payload, WS_MESSAGE_MAX);
	expect(&w, want);
	w.len = 0;
	put_frame(&w, 0x81, payload, WS_MESSAGE_MAX + 1);
	expect(&w, "!1009 ");
	w.len = 0;
	put_frame(&w, 0x01, payload, WS_MESSAGE_MAX - 1);
	put_frame(&w, 0x80, payload, 1);
	expect(&w, want);
	w.len = 0;
	put_frame(&w, 0x01, payload, WS_MESSAGE_MAX);
	put_frame(&w, 0x80, payload, 1);
	expect(&w, "!1009 ");
}

Test(ws_frame, sixteen_fragments_pass_and_seventeen_do_not)
{
	static struct wire w;

	put_frame(&w, 0x01, "0", 1);
	for (int i = 1; i < WS_FRAGMENTS_MAX - 1; i++)
		put_frame(&w, 0x00, "0", 1);
	put_frame(&w, 0x80, "1", 1);
	expect(&w, "T:0000000000000001 ");
	w.bytes[w.len - 7] = 0x00; /* the sixteenth is not the last */
	put_frame(&w, 0x80, "2", 1);
	expect(&w, "!1008 ");
}

Test(ws_frame, control_frames_are_counted_by_the_second)
{
	static struct wire w;
	struct ws_parser p = { 0 };

	put_frame(&w, 0x89, "x", 1);
	for (uint32_t second = 5; second < 8; second++)
		for (int i = 0; i < WS_CONTROLS_MAX; i++)
			cr_assert_eq(ws_parse(&p, (char *)w.bytes, w.len, scratch, second).kind, WS_PING);
	struct ws_input in = ws_parse(&p, (char *)w.bytes, w.len, scratch, 7);
	cr_assert_eq(in.kind, WS_VIOLATION);
	cr_assert_eq(in.code, WS_CODE_POLICY);
}

Test(ws_frame, an_idle_parser_is_small_and_owns_nothing)
{
	static struct wire w;
	struct ws_parser p = { 0 };
	size_t at = 0;

	put_frame(&w, 0x01, "abc", 3);
	put_frame(&w, 0x80, "def", 3);
	while (at < w.len)
		at += ws_parse(&p, (char *)w.bytes + at, w.len - at, scratch, 1).used;
	cr_assert_null(p.partial);
	cr_assert_eq(p.partial_len, 0);
	cr_assert_leq(sizeof(p), 24);
}

Test(ws_frame, heads_of_the_server)
{
	char out[WS_HEAD_MAX];

	cr_assert_eq(ws_head(out, WS_OP_TEXT, 0), 2);
	cr_assert_arr_eq(out, "\x81\x00", 2);
	cr_assert_eq(ws_head(out, WS_OP_TEXT, 125), 2);
	cr_assert_eq(ws_head(out, WS_OP_PONG, 3), 2);
	cr_assert_arr_eq(out, "\x8a\x03", 2);
	cr_assert_eq(ws_head(out, WS_OP_TEXT, 126), 4);
	cr_assert_arr_eq(out, "\x81\x7e\x00\x7e", 4);
	cr_assert_eq(ws_head(out, WS_OP_TEXT, 65535), 4);
	cr_assert_eq(ws_head(out, WS_OP_TEXT, 65536), 10);
	cr_assert_arr_eq(out, "\x81\x7f\x00\x00\x00\x00\x00\x01\x00\x00", 10);
}

Test(ws_frame, close_frames_of_the_server)
{
	char out[WS_HEAD_MAX + WS_CONTROL_BYTES_MAX], reason[200];

	cr_assert_eq(ws_close_frame(out, 1012, "bye"), 7);
	cr_assert_arr_eq(out, "\x88\x05\x03\xf4"
	                      "bye",
	                 7);
	memset(reason, 'a', sizeof(reason));
	memcpy(reason + 122, "\xc3\xa9", 2); /* would be cut in the middle */
	reason[199] = '\0';
	cr_assert_eq(ws_close_frame(out, 1000, reason), 2 + 2 + 122);
	cr_assert_eq(out[1], 124);
}

Test(ws_frame, which_codes_a_close_may_carry)
{
	static const int good[] = { 1000, 1001, 1003, 1007, 1011, 1012, 1014, 3000, 4999 }, bad[] = { 0, 999, 1004, 1005, 1006, 1015, 2000, 5000, 65535 };

	for (size_t i = 0; i < 9; i++) {
		cr_assert(ws_code_valid(good[i]), "%d", good[i]);
		cr_assert_not(ws_code_valid(bad[i]), "%d", bad[i]);
	}
}
