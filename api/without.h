/* without.h - "?without=peanuts,milk": what a dish must be known to be free of, made ready for the query item_list.
 *
 * The verdict is the one of common/allergen.h (tests/integration/test_without.c compares the two over all cases): what a list says; else unknown when an ingredient's
 * word stands for it, or when a sibling of its group is listed; else free_of, or a review where that tells. The database holds no words of ingredients, so their names
 * are read first (without_ask) and those that stand for an allergen that is asked for become `suspects`: no dish with one of them is known to be free. So do
 * ingredients that themselves are declared to contain it.
 */
#ifndef API_WITHOUT_H
#define API_WITHOUT_H

#include <stdbool.h>

#include "common/allergen.h"
#include "common/arena.h"
#include "common/query.h"

struct request;

#define WITHOUT_MAX 40 /* allergens after synonyms: "nuts" is two */

struct without {
	struct allergen_set family;   /* what is asked for, with all members */
	struct query_texts listed;    /* wire names that may stand in no list: those, their siblings and groups */
	struct query_texts asked;     /* wire names */
	struct query_texts above;     /* of each one asked: the group that it is a member of, or "" */
	struct query_bools regulated; /* of each one asked */
	struct query_texts suspects;  /* ids of ingredients; after without_ask() */
};

/* Words separated by commas. False, and *why_r a plain sentence: one is not understood; or there are too many. All memory is the arena's. */
bool without_parse(struct arena *a, const char *text, struct without *w, const char **why_r);

/* Reads the restaurant's ingredients and sets the suspects; then `next`, later. A database that is away is answered here, a client that goes away is forgotten, and `next` is
 * not called. `w` and `ctx` must live in the request's arena. */
typedef void without_fn(struct request *r, void *ctx);
void without_ask(struct request *r, const char *restaurant_id, struct without *w, without_fn *next, void *ctx);

#endif
