/* frames.c - see frames.h. */
#include "common/frames.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#define WORDS 5
#define ABSENT "-"

/* --- writing --- */

static bool writable(const char *word)
{
	size_t len = 0;
	for (; word[len]; len++)
		if (word[len] <= ' ' || word[len] >= 0x7f)
			return false;
	return len > 0 && len <= FRAMES_WORD_MAX && strcmp(word, ABSENT) != 0;
}

static bool good(const struct frames_head *h)
{
	const char *const words[] = { h->type, h->session, h->message_id, h->socket };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
		if (words[i] && !writable(words[i]))
			return false;
	return h->type && (h->session || h->socket);
}

static void add_word(struct buf *b, const char *word)
{
	buf_str(b, word ? word : ABSENT);
	buf_char(b, ' ');
}

enum error frames_add(struct buf *b, const struct frames_head *head, const char *bytes, size_t len)
{
	size_t before = b->len;
	if (!good(head))
		return ERROR_invalid;
	if (b->overflown)
		return ERROR_too_big_to_store;
	add_word(b, head->type);
	add_word(b, head->session);
	add_word(b, head->message_id);
	add_word(b, head->socket);
	buf_int(b, (int64_t)len);
	buf_char(b, '\n');
	buf_append(b, bytes, len);
	buf_char(b, '\n');
	enum error error = buf_error(b);
	if (error) {
		b->overflown = false;
		b->len = before;
		if (b->data)
			b->data[before] = '\0';
	}
	return error;
}

/* --- reading --- */

void frames_begin(struct frames *f, const void *value, size_t len)
{
	f->at = value;
	f->end = f->at + len;
}

/* Copies the line and cuts it into words; false when it is none of ours. */
static bool read_line(struct frames *f, const char *words[WORDS])
{
	size_t left = (size_t)(f->end - f->at), most = left < sizeof(f->line) ? left : sizeof(f->line);
	const char *newline = memchr(f->at, '\n', most);
	if (!newline)
		return false;
	size_t len = (size_t)(newline - f->at);
	memcpy(f->line, f->at, len);
	f->line[len] = '\0';
	f->at = newline + 1;
	char *word = f->line;
	for (size_t n = 0; n < WORDS; n++) {
		char *end = strchrnul(word, ' ');
		words[n] = word;
		if (end == word || end - word > FRAMES_WORD_MAX)
			return false;
		if (n == WORDS - 1 || !*end)
			return n == WORDS - 1 && end == f->line + len;
		*end = '\0';
		word = end + 1;
	}
	return false;
}

static bool read_size(const char *word, size_t *size_r)
{
	size_t size = 0;
	for (; *word; word++) {
		if (*word < '0' || *word > '9' || size > SIZE_MAX / 100)
			return false;
		size = size * 10 + (size_t)(*word - '0');
	}
	*size_r = size;
	return true;
}

static const char *or_null(const char *word)
{
	return strcmp(word, ABSENT) == 0 ? NULL : word;
}

enum frames_step frames_next(struct frames *f, struct frames_head *head_r, const char **bytes_r, size_t *len_r)
{
	const char *words[WORDS];
	if (f->at == f->end)
		return FRAMES_END;
	if (!read_line(f, words) || !read_size(words[4], len_r))
		return FRAMES_BAD;
	if (*len_r >= (size_t)(f->end - f->at) || f->at[*len_r] != '\n')
		return FRAMES_BAD;
	*head_r = (struct frames_head){ words[0], or_null(words[1]), or_null(words[2]), or_null(words[3]) };
	*bytes_r = f->at;
	f->at += *len_r + 1;
	return head_r->session || head_r->socket ? FRAMES_ONE : FRAMES_BAD;
}
