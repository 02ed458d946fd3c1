/* phrases.c - see phrases.h. */
#include "common/phrases.h"

#include <stdlib.h>
#include <string.h>

void phrases_init(struct phrases *p, size_t max)
{
	*p = (struct phrases){ .arena = arena_new_max(PHRASES_BYTES_MAX), .max = max };
	p->v = arena_array(p->arena, max, sizeof(*p->v));
}

void phrases_free(struct phrases *p)
{
	arena_free(&p->arena);
	*p = (struct phrases){ 0 };
}

static void add(struct phrases *p, const char *phrase, size_t length, int kind, int id)
{
	struct words words = words_of(p->arena, arena_strndup(p->arena, phrase, length), WORDS_MAX);
	if (!words.n || p->n == p->max)
		return;
	char *text = arena_strdup(p->arena, words.v[0].stem);
	for (size_t i = 1; i < words.n; i++)
		text = arena_printf(p->arena, "%s %s", text, words.v[i].stem);
	char mark = *phrase == '<' || *phrase == '!' ? *phrase : '\0';
	p->v[p->n++] = (struct phrase){ text, kind, id, mark, words.n, strlen(text), words_letters(text) };
}

void phrases_add(struct phrases *p, const char *phrases, int kind, int id)
{
	while (*phrases) {
		size_t length = strcspn(phrases, "|");
		add(p, phrases, length, kind, id);
		phrases += length + (phrases[length] == '|');
	}
}

static int by_text(const void *v, const void *w)
{
	const struct phrase *x = v, *y = w;
	int order = strcmp(x->text, y->text);
	if (!order)
		order = x->kind - y->kind;
	if (!order)
		order = x->id - y->id;
	return order ? order : x->mark - y->mark;
}

void phrases_sort(struct phrases *p)
{
	size_t kept = 0;
	qsort(p->v, p->n, sizeof(*p->v), by_text);
	for (size_t i = 0; i < p->n; i++)
		if (!kept || by_text(&p->v[kept - 1], &p->v[i]))
			p->v[kept++] = p->v[i];
	p->n = kept;
}

size_t phrases_first(const struct phrases *p, const struct word *v)
{
	size_t low = 0, high = p->n;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (strcmp(p->v[middle].text, v->stem) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Does the phrase say what the words say? */
static bool fits(const struct phrase *x, const struct word *v, size_t n)
{
	if (x->words > n)
		return false;
	const char *at = x->text;
	for (size_t i = 0; i < x->words; i++) {
		if (strncmp(at, v[i].stem, v[i].length) || at[v[i].length] != (i + 1 < x->words ? ' ' : '\0'))
			return false;
		at += v[i].length + 1;
	}
	return true;
}

const struct phrase *phrases_next(const struct phrases *p, const struct word *v, size_t n, size_t *at)
{
	for (; *at < p->n; ++*at) {
		const struct phrase *x = &p->v[*at];
		if (strncmp(x->text, v->stem, v->length) || (x->text[v->length] != ' ' && x->text[v->length]))
			return NULL;
		if (fits(x, v, n)) {
			++*at;
			return x;
		}
	}
	return NULL;
}
