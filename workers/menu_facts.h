/* menu_facts.h - the menu in words: money, the text for prompts, and which free text of a menu may be repeated. Pure. */
#ifndef WORKERS_MENU_FACTS_H
#define WORKERS_MENU_FACTS_H

#include "common/buf.h"
#include "workers/menu_snapshot.h"

/* Digits behind the point by ISO 4217; 2 for a currency that is not known. */
int money_decimals(const char *currency);
/* "€"; NULL when amounts carry the currency's code instead. */
const char *money_sign(const char *currency);
/* "€14.90", "$3.50", "¥900", "14.90 CHF". */
const char *money_text(struct arena *a, const char *currency, double amount);

/* One line about a dish: its number (for slots), name, price or "market price, ask", availability, allergens with what is unknown, tags, ingredients. No description: those are
 * anybody's text. */
void menu_facts_dish(struct buf *b, const struct menu_snapshot *s, const struct menu_dish *dish);
/* The dishes `first` (each once) and then the others in the order of the menu, as many as fit into `max` bytes; whole lines, with the names of categories. *told_r: how many. */
const char *menu_facts_some(struct arena *a, const struct menu_snapshot *s, const uint32_t *first, size_t n, size_t max, size_t *told_r);
/* The same with nothing first, at most MENU_FACTS_MAX, in the snapshot's arena; sets facts and facts_dishes. */
void menu_facts_build(struct menu_snapshot *s);

/* May this text be repeated to a guest? Only plain prose: no instruction, promise, price, number, link or markup, nothing on what is absent, and no allergen
 * but those that the dish declares as contained. `allergens` NULL: no allergen at all. */
bool menu_prose_harmless(struct arena *scratch, const char *text, const struct allergen_facts *allergens);

#endif
