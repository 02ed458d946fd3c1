/* chat_ordinal.c - see chat_ordinal.h. */
#include "workers/chat_ordinal.h"

#include <string.h>

#include "schemas.h"

#define TURNS_BACK 8 /* how far back a list may be */
#define NAMED_MAX 24 /* dishes of one turn that are looked at */
#define BOTH_MAX 3   /* "they" are no more than that */
#define POINTS_WORDS 10

#define ORDINALS (MEANS(first) | MEANS(second) | MEANS(third) | MEANS(last))

/* The dishes that a turn names, in the order in which it does. */
struct named {
	uint32_t v[NAMED_MAX];
	size_t n;
};

static struct named named_in(struct arena *a, const struct menu_snapshot *s, const char *text)
{
	struct named named;
	const char *at[NAMED_MAX], *line = words_line(a, words_of(a, text, WORDS_MAX * 2));
	named.n = chat_named_dishes(a, s, text, named.v, NAMED_MAX);
	for (size_t i = 0; i < named.n; i++) {
		uint32_t dish = named.v[i];
		const char *where = strstr(line, s->dishes[dish].folded);
		size_t k = i;
		for (; k && at[k - 1] > where; k--) {
			at[k] = at[k - 1];
			named.v[k] = named.v[k - 1];
		}
		at[k] = where;
		named.v[k] = dish;
	}
	return named;
}

static bool has(const struct named *named, uint32_t dish)
{
	for (size_t i = 0; i < named->n; i++)
		if (named->v[i] == dish)
			return true;
	return false;
}

static size_t oldest(const struct writer_input *in)
{
	return in->history_count > TURNS_BACK ? in->history_count - TURNS_BACK : 0;
}

/* The newest turn before `before` that names so many dishes, this one among them (UINT32_MAX: any): where it is, 0 for none, counted from 1. */
static size_t find_list(struct arena *a, const struct writer_input *in, size_t before, size_t least, uint32_t with, struct named *named_r)
{
	for (size_t i = before; i > oldest(in); i--) {
		*named_r = named_in(a, in->snapshot, in->history[i - 1].content);
		if (named_r->n >= least && (with == UINT32_MAX || has(named_r, with)))
			return i;
	}
	return 0;
}

static void take(struct chat_question *q, const uint32_t *v, size_t n)
{
	q->dish_count = n;
	memcpy(q->dishes, v, n * sizeof(*v));
	q->from_history = true;
	q->category_count = 0;
	q->theme = NULL;
	q->food = FOOD_none;
	q->meanings &= ~(MEANS(main) | MEANS(recommend));
}

static bool take_place(struct arena *a, const struct writer_input *in, struct chat_question *q)
{
	size_t place = question_means(q, MEANS(third)) ? 2 : question_means(q, MEANS(second)) ? 1
	                                                                                      : 0;
	struct named list;
	if (!find_list(a, in, in->history_count, place + 1 > 2 ? place + 1 : 2, UINT32_MAX, &list))
		return false;
	bool last = question_means(q, MEANS(last)) && !question_means(q, MEANS(first) | MEANS(second) | MEANS(third));
	take(q, &list.v[last ? list.n - 1 : place], 1);
	return true;
}

/* Of those that were named together, the one that was not talked about since. */
static bool take_other(struct arena *a, const struct writer_input *in, struct chat_question *q)
{
	struct named newest, list;
	size_t at = find_list(a, in, in->history_count, 1, UINT32_MAX, &newest);
	/* An answer tells first about what was asked; the question before it is not the list. */
	size_t earlier = at > 1 ? at - 2 : 0;
	if (!at || (!find_list(a, in, earlier, 2, newest.v[0], &list) && !find_list(a, in, in->history_count, 2, newest.v[0], &list)))
		return false;
	uint32_t others[NAMED_MAX];
	size_t n = 0;
	for (size_t i = 0; i < list.n; i++)
		if (list.v[i] != newest.v[0])
			others[n++] = list.v[i];
	take(q, others, list.n > BOTH_MAX ? 1 : n);
	return true;
}

/* In the last question or its answer. */
static bool take_both(struct arena *a, const struct writer_input *in, struct chat_question *q)
{
	for (size_t i = in->history_count; i && i + 2 > in->history_count; i--) {
		struct named list = named_in(a, in->snapshot, in->history[i - 1].content);
		size_t n = list.n;
		if (!n || !strcmp(in->history[i - 1].role, "user")) {
			struct chat_question meant;
			chat_question_topic(a, in->snapshot, in->history[i - 1].content, &meant);
			n = meant.dish_count < NAMED_MAX ? meant.dish_count : 0;
			memcpy(list.v, meant.dishes, n * sizeof(*list.v));
		}
		if (n < 2 || n > BOTH_MAX)
			continue;
		take(q, list.v, n);
		return true;
	}
	return false;
}

bool chat_ordinal(struct arena *a, const struct writer_input *in, struct chat_question *q)
{
	uint64_t facts = MEANS(price) | MEANS(cheap) | MEANS(dear) | MEANS(contents) | MEANS(contain) | MEANS(spicy) | MEANS(available) | MEANS(about);
	if (q->dish_count || q->word_count > POINTS_WORDS || !in->history_count || question_means(q, MEANS(sufferer) | MEANS(without) | MEANS(rules)))
		return false;
	if (question_means(q, ORDINALS))
		return take_place(a, in, q);
	if (question_means(q, MEANS(other)) && !question_means(q, MEANS(recommend)))
		return take_other(a, in, q);
	return question_means(q, MEANS(both)) && (question_means(q, facts) || q->asked_count) && take_both(a, in, q);
}
