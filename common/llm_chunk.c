/* llm_chunk.c - see llm_chunk.h. */
#include "common/llm_chunk.h"

#include <stdio.h>
#include <string.h>

#include "common/text.h"

#define DEPTH_MAX 16

/* jansson's own limit is 2,048 levels of recursion; a piece of an answer has five. */
static bool is_deep(const char *json, size_t len)
{
	int depth = 0;
	bool quoted = false;
	for (size_t i = 0; i < len; i++) {
		if (json[i] == '"')
			quoted = !quoted;
		else if (json[i] == '\\')
			i++;
		else if (!quoted && (json[i] == '{' || json[i] == '['))
			depth++;
		else if (!quoted && (json[i] == '}' || json[i] == ']'))
			depth--;
		if (depth > DEPTH_MAX)
			return true;
	}
	return false;
}

static const char *error_message(const json_t *value)
{
	const json_t *error = json_object_get(value, "error");
	const char *message = json_string_value(json_object_get(error, "message"));
	if (!message)
		message = json_string_value(error);
	return message || !error || json_is_null(error) ? message : "an error without a message";
}

static int64_t count(const json_t *usage, const char *name)
{
	const json_t *n = json_object_get(usage, name);
	return json_is_integer(n) ? json_integer_value(n) : -1;
}

/* --- the memo --- */

#define TEXT_KEY "\"content\":\""
#define MEMO_MAX ((size_t)4096)

void llm_chunk_memo_init(struct llm_chunk_memo *memo)
{
	memo->known = false;
	buf_init(&memo->head, MEMO_MAX);
	buf_init(&memo->tail, MEMO_MAX);
}

void llm_chunk_memo_free(struct llm_chunk_memo *memo)
{
	memo->known = false;
	buf_free(&memo->head);
	buf_free(&memo->tail);
}

/* Do these bytes stand for themselves between the quotes of a JSON string? */
static bool is_literal(const char *bytes, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (bytes[i] == '"' || bytes[i] == '\\' || (unsigned char)bytes[i] < 0x20)
			return false;
	return utf8_valid(bytes, len);
}

static bool remembers(const struct llm_chunk_memo *memo, const char *json, size_t len, struct llm_chunk *chunk_r)
{
	const struct buf *head = &memo->head, *tail = &memo->tail;
	if (!memo->known || len <= head->len + tail->len || memcmp(json, head->data, head->len) != 0 || memcmp(json + len - tail->len, tail->data, tail->len) != 0)
		return false;
	const char *text = json + head->len;
	size_t text_len = len - head->len - tail->len;
	if (!is_literal(text, text_len))
		return false;
	*chunk_r = (struct llm_chunk){ .text = text, .text_len = text_len, .tokens_in = -1, .tokens_out = -1 };
	return true;
}

/* Only a piece that says nothing but its text, and where there is no doubt which bytes are the text. */
static void remember(struct llm_chunk_memo *memo, const char *json, size_t len, const struct llm_chunk *chunk)
{
	if (!chunk->text_len || chunk->finish || chunk->failure || chunk->tokens_in >= 0 || chunk->tokens_out >= 0)
		return;
	const char *key = memmem(json, len, TEXT_KEY, strlen(TEXT_KEY));
	const char *text = key ? key + strlen(TEXT_KEY) : NULL, *end = json + len;
	if (!text || key == json || key[-1] == '\\' || memmem(text, (size_t)(end - text), TEXT_KEY, strlen(TEXT_KEY)))
		return;
	if ((size_t)(end - text) <= chunk->text_len || memcmp(text, chunk->text, chunk->text_len) != 0 || text[chunk->text_len] != '"')
		return;
	buf_reset(&memo->head);
	buf_reset(&memo->tail);
	buf_append(&memo->head, json, (size_t)(text - json));
	buf_append(&memo->tail, text + chunk->text_len, (size_t)(end - text) - chunk->text_len);
	memo->known = !memo->head.overflown && !memo->tail.overflown;
}

static bool parse(const char *json, size_t len, struct llm_chunk *chunk_r)
{
	json_t *value = is_deep(json, len) ? NULL : json_loadb(json, len, JSON_REJECT_DUPLICATES, NULL);
	*chunk_r = (struct llm_chunk){ .tokens_in = -1, .tokens_out = -1 };
	if (!json_is_object(value)) {
		json_decref(value);
		return false;
	}
	const json_t *choice = json_array_get(json_object_get(value, "choices"), 0);
	const json_t *content = json_object_get(json_object_get(choice, "delta"), "content");
	const json_t *usage = json_object_get(value, "usage");
	*chunk_r = (struct llm_chunk){ .value = value, .text = json_string_value(content), .text_len = json_string_length(content), .finish = json_string_value(json_object_get(choice, "finish_reason")), .failure = error_message(value), .tokens_in = count(usage, "prompt_tokens"), .tokens_out = count(usage, "completion_tokens") };
	return true;
}

bool llm_chunk_parse(struct llm_chunk_memo *memo, const char *json, size_t len, struct llm_chunk *chunk_r)
{
	if (remembers(memo, json, len, chunk_r))
		return true;
	if (!parse(json, len, chunk_r))
		return false;
	remember(memo, json, len, chunk_r);
	return true;
}

void llm_chunk_free(struct llm_chunk *chunk)
{
	json_decref(chunk->value);
	*chunk = (struct llm_chunk){ .tokens_in = -1, .tokens_out = -1 };
}

void llm_error_text(const char *body, size_t len, char *out, size_t size)
{
	json_t *value = is_deep(body, len) ? NULL : json_loadb(body, len, 0, NULL);
	const char *message = error_message(value);
	if (message)
		snprintf(out, size, "%.*s", (int)utf8_cut(message, strlen(message), size - 1), message);
	else if (utf8_valid(body, len))
		snprintf(out, size, "%.*s", (int)utf8_cut(body, len, size - 1), body);
	else
		snprintf(out, size, "%s", "an unreadable body");
	json_decref(value);
}
