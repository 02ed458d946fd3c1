/* menu_snapshot.h - one version of one restaurant's menu, ready to be talked about. Pure: no I/O, no loop.
 *
 * What it does: decodes the JSON of query menu_document once, and prepares what every message needs: a flat list of dishes, an index of
 * the words in their names, and the text of the menu for prompts.
 * What it does not do: reload itself, know what is new. It is never changed after menu_snapshot_new(); everything in it lives until the
 * last reference is dropped, so an answer may point into it only while it holds one. References are counted without locks: one thread.
 *
 * Limits: the three texts together at most MENU_SNAPSHOT_JSON_MAX bytes (ERROR_too_big_to_store). All memory is one arena, whose maximum
 * follows from that size.
 */
#ifndef WORKERS_MENU_SNAPSHOT_H
#define WORKERS_MENU_SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/arena.h"
#include "common/error.h"
#include "common/allergen.h"

#define MENU_SNAPSHOT_JSON_MAX ((size_t)192 << 20)
#define MENU_FACTS_MAX ((size_t)12 << 10)

struct restaurant;
struct menu;
struct menu_category;
struct menu_item;

struct menu_dish {
	const struct menu_item *item;
	const struct menu_category *category;
	uint32_t category_index; /* in menu->categories */
	uint32_t word_count;
	const uint32_t *words;   /* the words of its name that say something: indexes into snapshot->words, each once */
	const char *folded;      /* the words of its name, as words.h folds them, one space between, one on either end */
	const char *prose;       /* its description when that is harmless (menu_facts.h), else NULL */
	const char *prose_words; /* the same, as `folded` is of the name */
	struct allergen_facts allergens;
};

/* A word that occurs in names (dishes, categories) or in tags, and where. The lists are ascending. */
struct menu_word {
	const char *text;           /* folded, in its stem */
	uint64_t letters;           /* which characters occur: a quick "no" before an edit distance */
	const uint32_t *named;      /* dishes with it in their name */
	const uint32_t *tagged;     /* dishes with it in a tag */
	const uint32_t *made_of;    /* dishes with it in an ingredient */
	const uint32_t *categories; /* categories with it in their name */
	uint32_t named_count, tagged_count, made_of_count, category_count;
	uint32_t length; /* of text, in bytes */
};

struct menu_snapshot {
	int64_t version;
	const struct restaurant *restaurant;
	const struct menu *menu;
	const struct menu_dish *dishes; /* all of them, in the order of the menu */
	size_t dish_count;
	const struct menu_word *words; /* sorted by text */
	size_t word_count;
	const uint32_t *category_words; /* of each category: how many words of its name say something */
	int decimals;                   /* of the restaurant's currency */
	int64_t utc_offset_min;         /* of its clocks; set by who loaded it, and right for a few minutes */
	const char *facts;              /* the menu for a prompt, at most MENU_FACTS_MAX bytes, whole lines */
	size_t facts_dishes;            /* how many of the first dishes are in it */
	const char *system;             /* the whole system message for a guest without a profile */
	/* private */
	struct arena *arena;
	size_t references;
};

/* With one reference, the caller's. ERROR_malformed_json, ERROR_invalid (not as schemas/ say) or ERROR_too_big_to_store otherwise. */
MUST_CHECK enum error menu_snapshot_new(const char *restaurant_json, const char *categories_json, int64_t version, struct menu_snapshot **snapshot_r);
struct menu_snapshot *menu_snapshot_keep(struct menu_snapshot *snapshot);
void menu_snapshot_drop(struct menu_snapshot **snapshot); /* NULL is fine; sets it to NULL */

/* The word with this stem, or NULL. */
const struct menu_word *menu_snapshot_word(const struct menu_snapshot *s, const char *stem);

#endif
