/* test_frames.c - what is written can be read, whole or cut anywhere. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/frames.h"

#define SESSION "018f0000-0000-7000-8000-000000000001/anna"

static struct buf value;

static void init(void)
{
	buf_init(&value, 1000);
}

static void fini(void)
{
	buf_free(&value);
}

TestSuite(frames, .init = init, .fini = fini);

static void add(const char *type, const char *session, const char *message_id, const char *socket, const char *bytes)
{
	struct frames_head head = { type, session, message_id, socket };
	cr_assert_eq(frames_add(&value, &head, bytes, strlen(bytes)), ERROR_none);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static void expect(struct frames *f, const char *type, const char *session, const char *message_id, const char *socket, const char *bytes)
{
	struct frames_head head;
	const char *found;
	size_t len;
	cr_assert_eq(frames_next(f, &head, &found, &len), FRAMES_ONE);
	cr_assert(same(head.type, type) && same(head.session, session) && same(head.message_id, message_id) && same(head.socket, socket));
	cr_assert(len == strlen(bytes) && memcmp(found, bytes, len) == 0);
}

static enum frames_step last_step(const char *bytes, size_t len)
{
	struct frames f;
	struct frames_head head;
	enum frames_step step;
	const char *found;
	size_t n;
	frames_begin(&f, bytes, len);
	while ((step = frames_next(&f, &head, &found, &n)) == FRAMES_ONE)
		cr_assert(found >= bytes && found + n < bytes + len && strlen(head.type) > 0);
	return step;
}

Test(frames, come_as_they_were_put)
{
	struct frames f;
	struct frames_head head;
	const char *bytes;
	size_t len;
	add("token", SESSION, "m-1", NULL, "{\"text\":\"a\\nb\"}");
	add("joined", SESSION, NULL, "api-1-1", "two\nlines\n");
	add("operation_done", NULL, NULL, "api-2-1", "");
	frames_begin(&f, value.data, value.len);
	expect(&f, "token", SESSION, "m-1", NULL, "{\"text\":\"a\\nb\"}");
	expect(&f, "joined", SESSION, NULL, "api-1-1", "two\nlines\n");
	expect(&f, "operation_done", NULL, NULL, "api-2-1", "");
	cr_assert_eq(frames_next(&f, &head, &bytes, &len), FRAMES_END);
	cr_assert_eq(frames_next(&f, &head, &bytes, &len), FRAMES_END);
}

Test(frames, read_as_they_are_documented)
{
	struct frames f;
	add("pong", SESSION, NULL, NULL, "{}");
	cr_assert_str_eq(value.data, "pong " SESSION " - - 2\n{}\n");
	frames_begin(&f, value.data, value.len);
	expect(&f, "pong", SESSION, NULL, NULL, "{}");
}

Test(frames, nothing_is_added_that_could_not_be_read)
{
	static char long_word[FRAMES_WORD_MAX + 2];
	memset(long_word, 'x', FRAMES_WORD_MAX + 1);
	const struct frames_head bad[] = {
		{ NULL, SESSION, NULL, NULL },
		{ "", SESSION, NULL, NULL },
		{ "to ken", SESSION, NULL, NULL },
		{ "token", NULL, "m", NULL },
		{ "token", "-", NULL, NULL },
		{ "token", SESSION, "m\n", NULL },
		{ "token", SESSION, NULL, "a b" },
		{ "token", SESSION, "\x80", NULL },
		{ "token", SESSION, NULL, "" },
		{ long_word, SESSION, NULL, NULL },
	};
	add("token", SESSION, NULL, NULL, "x");
	size_t before = value.len;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_assert_eq(frames_add(&value, &bad[i], "x", 1), ERROR_invalid, "%zu", i);
	cr_assert_eq(value.len, before);
}

Test(frames, a_full_value_stays_as_it_is)
{
	struct frames_head head = { .type = "token", .session = SESSION };
	char bytes[300] = "";
	enum error error = ERROR_none;
	size_t before = 0, n = 0;
	for (; !error; n++) {
		before = value.len;
		error = frames_add(&value, &head, bytes, sizeof(bytes));
	}
	cr_assert(error == ERROR_too_big_to_store && n > 1 && value.len == before);
	cr_assert_eq(last_step(value.data, value.len), FRAMES_END);
	cr_assert_eq(frames_add(&value, &head, "x", 1), ERROR_none, "a small one still fits");
	cr_assert_eq(last_step(value.data, value.len), FRAMES_END);
}

Test(frames, cut_anywhere_is_bad)
{
	add("token", SESSION, "m-1", NULL, "{}");
	size_t first = value.len;
	add("pong", SESSION, NULL, "api-1-1", "{\"type\":\"pong\"}");
	for (size_t len = 1; len < value.len; len++) {
		char *copy = malloc(len); /* so that a sanitizer sees who reads too far */
		memcpy(copy, value.data, len);
		cr_assert_eq(last_step(copy, len), len == first ? FRAMES_END : FRAMES_BAD, "%zu", len);
		free(copy);
	}
	cr_assert_eq(last_step(NULL, 0), FRAMES_END);
}

Test(frames, strangers_are_bad)
{
	static const char *const bad[] = {
		"{\"type\":\"token\"}",
		"{\"type\":\"token\"}\n",
		"token s - - \n\n",
		"token s - - x\nx\n",
		"token s - - -1\nx\n",
		"token s - - 1\nxy",
		"token s - - 1 \nx\n",
		"token s - - 1 1\nx\n",
		"token s -  - 1\nx\n",
		"token - - - 1\nx\n",
		" token s - - 1\nx\n",
		"\n",
		"token s - - 99999999999999999999999999\nx\n",
		"token s - - 18446744073709551615\nx\n",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		cr_assert_eq(last_step(bad[i], strlen(bad[i])), FRAMES_BAD, "%s", bad[i]);
	cr_assert_eq(last_step("token s\0x - - 1\nx\n", 18), FRAMES_BAD);
}

Test(frames, a_line_without_end_is_bad)
{
	char line[5000];
	memset(line, 'x', sizeof(line));
	line[sizeof(line) - 1] = '\n';
	cr_assert_eq(last_step(line, sizeof(line)), FRAMES_BAD);
}
