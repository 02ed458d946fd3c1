/* chat_gate_read.c - see chat_gate_read.h. */
#include "workers/chat_gate_read.h"

#include <string.h>
#include <utf8proc.h>

#include "schemas.h"
#include "workers/menu_facts.h"

#define CANDIDATES_MAX 2000 /* dishes that share one word and are compared by name */

enum use { USE_open,
	   USE_name, /* of the restaurant or the assistant */
	   USE_dish,
	   USE_other };

struct reader {
	struct arena *a;
	const struct gate_ground *ground;
	const struct menu_snapshot *s;
	struct gate_reading *r;
};

/* --- characters --- */

static bool ascii_is_plain(unsigned char c)
{
	return c == ' ' || c == '\n' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr(".,;:!?'\"()-/&", c);
}

static bool is_plain(int32_t point)
{
	utf8proc_category_t category = utf8proc_category(point);
	bool letter = category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO;
	bool mark = category >= UTF8PROC_CATEGORY_PC && category <= UTF8PROC_CATEGORY_PO;
	return letter || mark || category == UTF8PROC_CATEGORY_SO || category == UTF8PROC_CATEGORY_ZS || point == 0x200d;
}

static bool characters_are_plain(const char *text, const char *sign)
{
	size_t sign_length = sign ? strlen(sign) : 0;
	for (const char *at = text; *at;) {
		int32_t point;
		if (sign_length && !strncmp(at, sign, sign_length)) {
			at += sign_length;
			continue;
		}
		utf8proc_ssize_t n = utf8proc_iterate((const utf8proc_uint8_t *)at, -1, &point);
		if (n <= 0 || (point < 0x80 ? !ascii_is_plain((unsigned char)point) : !is_plain(point)))
			return false;
		at += n;
	}
	return true;
}

/* Does something stand between the word and the one before it that keeps them apart: more than blanks, "&", quotes or a hyphen? */
static bool apart(const struct gate_reading *r, size_t word)
{
	if (!word)
		return true;
	for (size_t i = r->words.v[word - 1].to; i < r->words.v[word].from; i++)
		if (strchr(",;:()/.!?\n", r->text[i]))
			return true;
	return false;
}

/* --- names --- */

static void add_mention(struct reader *rd, uint32_t dish, size_t first, size_t end)
{
	struct gate_reading *r = rd->r;
	memset(r->use + first, USE_dish, end - first);
	if (r->mention_count == GATE_MENTIONS)
		r->strange = true;
	else
		r->mentions[r->mention_count++] = (struct gate_mention){ dish, first, end };
}

static bool same_word(const char *name, size_t n, const char *said)
{
	size_t m = strlen(said);
	n -= n > 3 && name[n - 1] == 's';
	m -= m > 3 && said[m - 1] == 's';
	return n == m && !memcmp(name, said, n);
}

/* How many words from `first` are this folded name (" soup of the day "); 0: they are not. */
static size_t name_at(const struct gate_reading *r, size_t first, const char *folded)
{
	size_t at = first;
	for (const char *word = folded + 1; *word; at++) {
		size_t length = strcspn(word, " ");
		if (at >= r->words.n || r->use[at] != USE_open || !same_word(word, length, r->words.v[at].text))
			return 0;
		word += length + 1;
	}
	return at - first;
}

static void mark_name(struct reader *rd, const char *name)
{
	if (!name || !*name)
		return;
	const char *folded = words_line(rd->a, words_of(rd->a, name, GATE_WORDS_MAX));
	for (size_t i = 0; i < rd->r->words.n && folded[1]; i++)
		memset(rd->r->use + i, USE_name, name_at(rd->r, i, folded));
}

/* How many words of the name come before the one that was found in it. */
static size_t words_before(const char *folded, const char *text)
{
	size_t n = 0;
	for (const char *word = folded + 1; *word; n++) {
		size_t length = strcspn(word, " ");
		if (same_word(word, length, text))
			return n;
		word += length + 1;
	}
	return 0;
}

/* The longest whole name of a dish that has its first telling word here. */
static void find_full(struct reader *rd, size_t i, const struct menu_word *word)
{
	size_t best = 0, best_first = 0;
	uint32_t dish = 0;
	for (uint32_t j = 0; j < word->named_count && j < CANDIDATES_MAX; j++) {
		const char *folded = rd->s->dishes[word->named[j]].folded;
		size_t before = words_before(folded, rd->r->words.v[i].text);
		size_t n = before <= i ? name_at(rd->r, i - before, folded) : 0;
		if (n <= best)
			continue;
		best = n;
		best_first = i - before;
		dish = word->named[j];
	}
	if (best)
		add_mention(rd, dish, best_first, best_first + best);
}

static const struct menu_word *menu_word(const struct reader *rd, size_t i)
{
	return menu_snapshot_word(rd->s, rd->r->words.v[i].stem);
}

static void find_full_names(struct reader *rd)
{
	for (size_t i = 0; i < rd->r->words.n; i++) {
		const struct menu_word *word = rd->r->use[i] == USE_open ? menu_word(rd, i) : NULL;
		if (word)
			find_full(rd, i, word);
	}
}

/* --- ingredients --- */

static bool in_list(const uint32_t *v, uint32_t n, uint32_t x)
{
	for (uint32_t i = 0; i < n && v[i] <= x; i++)
		if (v[i] == x)
			return true;
	return false;
}

static bool prose_says(const struct reader *rd, uint32_t dish, const char *text)
{
	const char *words = rd->s->dishes[dish].prose_words;
	return words && strstr(words, arena_printf(rd->a, " %s ", text));
}

static bool made_of(const struct reader *rd, uint32_t dish, size_t i)
{
	const struct menu_word *word = menu_word(rd, i);
	if (word && (in_list(word->made_of, word->made_of_count, dish) || in_list(word->tagged, word->tagged_count, dish)))
		return true;
	return prose_says(rd, dish, rd->r->words.v[i].text);
}

/* Is the word an ingredient of all dishes that the sentence is about? */
static bool is_ground(const struct reader *rd, size_t i)
{
	const struct gate_reading *r = rd->r;
	size_t dishes = 0;
	for (size_t m = 0; m < r->mention_count; m++) {
		if (r->mentions[m].dish == GATE_NO_DISH)
			return false;
		dishes++;
		if (!made_of(rd, r->mentions[m].dish, i))
			return false;
	}
	return dishes || (rd->ground->subject != GATE_NO_DISH && made_of(rd, rd->ground->subject, i));
}

/* Are these words the whole name of an ingredient? The "milk" of "coconut milk" is none. */
static bool is_ingredient(const struct reader *rd, uint32_t dish, size_t first, size_t n)
{
	const struct menu_item *item = rd->s->dishes[dish].item;
	const struct word *v = rd->r->words.v + first;
	for (size_t i = 0; i < item->ingredients.n; i++) {
		struct words name = words_of(rd->a, item->ingredients.v[i]->name, GATE_WORDS_MAX);
		size_t same = 0;
		while (same < name.n && same < n && !strcmp(name.v[same].stem, v[same].stem))
			same++;
		if (same == n && name.n == n)
			return true;
	}
	return false;
}

static bool is_declared(const struct reader *rd, size_t first, size_t n)
{
	const struct gate_reading *r = rd->r;
	for (size_t m = 0; m < r->mention_count; m++)
		if (r->mentions[m].dish == GATE_NO_DISH || !is_ingredient(rd, r->mentions[m].dish, first, n))
			return false;
	return r->mention_count || (rd->ground->subject != GATE_NO_DISH && is_ingredient(rd, rd->ground->subject, first, n));
}

/* --- parts of names --- */

/* May the word be part of a dish's or category's name by itself? One that says something else does not. */
static bool may_name(const struct reader *rd, size_t i)
{
	if (rd->r->use[i] != USE_open)
		return false;
	const struct menu_word *word = menu_word(rd, i);
	if (!word || (!word->named_count && !word->category_count))
		return false;
	struct lexicon_hits hits = lexicon_at(&rd->r->words.v[i], 1);
	return !gate_words_at(&rd->r->words.v[i], 1).words && !allergen_any(&hits.allergens) && !is_ground(rd, i);
}

/* The category whose whole name these words are. */
static bool is_category(const struct reader *rd, size_t first, size_t end)
{
	const struct menu_word *word = menu_word(rd, first);
	for (uint32_t c = 0; c < word->category_count; c++) {
		bool all = rd->s->category_words[word->categories[c]] == end - first;
		for (size_t i = first + 1; i < end && all; i++) {
			const struct menu_word *next = menu_word(rd, i);
			all = in_list(next->categories, next->category_count, word->categories[c]);
		}
		if (all)
			return true;
	}
	return false;
}

static bool is_meant(const struct reader *rd, uint32_t dish)
{
	for (size_t i = 0; i < rd->ground->q->dish_count; i++)
		if (rd->ground->q->dishes[i] == dish)
			return true;
	return rd->ground->subject == dish;
}

/* The dish that has all these words in its name: the only one, or the only one that is talked about. *several_r: there are more. */
static uint32_t dish_of(const struct reader *rd, size_t first, size_t end, bool *several_r)
{
	const struct menu_word *word = menu_word(rd, first);
	uint32_t found = GATE_NO_DISH, meant = GATE_NO_DISH;
	size_t n = 0, meant_count = 0;
	for (uint32_t d = 0; d < word->named_count; d++) {
		bool all = true;
		for (size_t i = first + 1; i < end && all; i++) {
			const struct menu_word *next = menu_word(rd, i);
			all = in_list(next->named, next->named_count, word->named[d]);
		}
		if (!all)
			continue;
		found = word->named[d];
		n++;
		meant = is_meant(rd, found) ? found : meant;
		meant_count += is_meant(rd, found);
	}
	*several_r = n > 1;
	if (n == 1)
		return found;
	return meant_count == 1 ? meant : GATE_NO_DISH;
}

static bool touches_a_dish(const struct gate_reading *r, size_t first, size_t end)
{
	return (first && r->use[first - 1] == USE_dish && !apart(r, first)) || (end < r->words.n && r->use[end] == USE_dish && !apart(r, end));
}

static void find_part(struct reader *rd, size_t first, size_t end)
{
	bool several = false;
	bool category = is_category(rd, first, end);
	uint32_t dish = category ? GATE_NO_DISH : dish_of(rd, first, end, &several);
	rd->r->invented |= touches_a_dish(rd->r, first, end) || (!category && dish == GATE_NO_DISH && !several);
	add_mention(rd, dish, first, end);
}

static void find_parts(struct reader *rd)
{
	for (size_t i = 0; i < rd->r->words.n; i++) {
		size_t end = i;
		while (end < rd->r->words.n && may_name(rd, end) && (end == i || !apart(rd->r, end)))
			end++;
		if (end == i)
			continue;
		find_part(rd, i, end);
		i = end - 1;
	}
}

static bool starts_upper(const char *at)
{
	int32_t point;
	return utf8proc_iterate((const utf8proc_uint8_t *)at, -1, &point) > 0 && utf8proc_category(point) == UTF8PROC_CATEGORY_LU;
}

/* "Golden Tiramisu", "Tiramisu Supreme": a word in capitals beside a dish makes another dish of it. Not for a language that writes all nouns so. */
static void find_decorated(struct reader *rd)
{
	struct gate_reading *r = rd->r;
	for (size_t m = 0; m < r->mention_count; m++) {
		size_t first = r->mentions[m].first, end = r->mentions[m].end;
		bool doubled = end < r->words.n && r->use[end] == USE_dish && !apart(r, end);
		bool before = first > 1 && r->use[first - 1] == USE_open && !apart(r, first) && starts_upper(r->text + r->words.v[first - 1].from) &&
		              r->words.v[first - 1].length > 3 && starts_upper(r->text + r->words.v[first].from);
		bool after = end < r->words.n && r->use[end] == USE_open && !apart(r, end) && starts_upper(r->text + r->words.v[end].from);
		r->invented |= doubled || before || (after && r->words.v[end].length > 3);
	}
}

/* --- the rest of the words --- */

static bool is_number(const struct word *w)
{
	return strspn(w->text, "0123456789") == strlen(w->text);
}

/* Words taken. */
static size_t take_amount(struct reader *rd, size_t i)
{
	struct gate_reading *r = rd->r;
	const struct word *v = r->words.v;
	bool fraction = i + 1 < r->words.n && is_number(&v[i + 1]) && v[i + 1].from == v[i].to + 1 && strchr(".,", r->text[v[i].to]);
	size_t n = fraction ? 2 : 1, end = i + n;
	bool more = end < r->words.n && is_number(&v[end]) && v[end].from == v[end - 1].to + 1;
	if (more || r->amount_count == GATE_AMOUNTS) {
		r->strange = true;
		return n;
	}
	const char *text = fraction ? arena_printf(rd->a, "%s.%s", v[i].text, v[i + 1].text) : v[i].text;
	r->amounts[r->amount_count++] = (struct gate_amount){ i, text };
	return n;
}

/* Describing words of any kind have these ends, foods have not. */
static bool describes(const struct word *w)
{
	static const char *const ends[] = { "fully", "fulli", "ously", "ingly", "ingli", "ously", "ousli", "licious", "mente", "lich", "liche", "lijk", "ement" };
	size_t n = strlen(w->text);
	for (size_t i = 0; i < sizeof(ends) / sizeof(*ends); i++) {
		size_t length = strlen(ends[i]);
		if (n > length + 2 && !strcmp(w->text + n - length, ends[i]))
			return true;
	}
	return false;
}

static bool is_own_emoji(const struct reader *rd, size_t i)
{
	const struct avatar_config *avatar = rd->s->restaurant->avatar_config;
	const char *text = rd->r->words.v[i].text;
	return (unsigned char)*text >= 0x80 && avatar && avatar->emoji && strstr(avatar->emoji, text);
}

static void take_kinds(struct gate_reading *r, size_t i, uint32_t kinds)
{
	r->kinds |= kinds;
	r->loose += (kinds & GATE_IS(plain)) && !(kinds & ~GATE_IS(plain));
	if (kinds & GATE_IS(may) && r->first_may == GATE_WORDS_MAX)
		r->first_may = i;
}

/* What its words say by themselves counts as well: "nut free", "coeliac". */
static size_t take_allergen(struct reader *rd, size_t i, const struct lexicon_hits *hits)
{
	struct gate_reading *r = rd->r;
	for (size_t k = 0; k < hits->allergen_words; k++)
		take_kinds(r, i + k, gate_words_at(&r->words.v[i + k], 1).kinds & ~GATE_IS(product));
	if (r->allergen_count == GATE_ALLERGENS)
		r->strange = true;
	else
		r->allergens[r->allergen_count++] = (struct gate_allergen){ i, hits->allergens, is_declared(rd, i, hits->allergen_words) };
	return hits->allergen_words;
}

/* One word or phrase; how many words it has. */
static size_t take_word(struct reader *rd, size_t i, size_t n)
{
	struct gate_reading *r = rd->r;
	const struct word *v = r->words.v + i;
	struct lexicon_hits hits = lexicon_at(v, n);
	struct gate_hit hit = gate_words_at(v, n);
	if (is_number(v))
		return take_amount(rd, i);
	if (is_own_emoji(rd, i))
		return 1;
	bool product = hit.kinds & GATE_IS(product) && hit.words >= hits.allergen_words;
	if (product) {
		bool declared = is_declared(rd, i, hit.words);
		r->strange |= !declared;
		r->grounded += declared;
		return hit.words;
	}
	if (hits.allergen_words && hits.allergen_words >= hit.words)
		return take_allergen(rd, i, &hits);
	if (!hit.words && is_ground(rd, i)) {
		r->grounded++;
		return 1;
	}
	if (hit.words) {
		take_kinds(r, i, hit.kinds);
		return hit.words;
	}
	r->strange |= !describes(v);
	r->loose++;
	return 1;
}

static void take_words(struct reader *rd)
{
	for (size_t i = 0; i < rd->r->words.n;) {
		size_t end = i;
		while (end < rd->r->words.n && rd->r->use[end] == USE_open && (end == i || !apart(rd->r, end)))
			end++;
		i += end > i ? take_word(rd, i, end - i) : 1;
	}
}

void gate_read(struct arena *a, const struct gate_ground *ground, const char *text, struct gate_reading *reading_r)
{
	struct gate_reading *r = reading_r;
	struct reader rd = { a, ground, ground->s, r };
	*r = (struct gate_reading){ .text = text, .first_may = GATE_WORDS_MAX };
	r->words = words_of(a, text, GATE_WORDS_MAX);
	r->strange = !characters_are_plain(text, money_sign(ground->s->restaurant->currency)) || r->words.n >= GATE_WORDS_MAX;
	if (r->strange)
		return;
	mark_name(&rd, ground->s->restaurant->name);
	find_full_names(&rd);
	mark_name(&rd, ground->s->restaurant->avatar_config ? ground->s->restaurant->avatar_config->name : NULL);
	find_parts(&rd);
	find_decorated(&rd);
	take_words(&rd);
}
