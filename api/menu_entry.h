/* menu_entry.h - the insides of the menu cache: menu_cache.c keeps entries and those who wait, menu_load.c fills entries. */
#ifndef API_MENU_ENTRY_H
#define API_MENU_ENTRY_H

#include <stdbool.h>

#include "common/id.h"

#include "api/menu_cache.h"

#define MENU_CACHE_SLOTS 512
#define MENU_LOAD_MS 3000
#define MENU_LOAD_TRIES 3
#define MENU_ETAG_TEXT 110

struct menu_load;

struct menu_entry {
	struct menu_cache *cache;
	struct menu_entry *next;          /* of the same slot */
	struct menu_entry *newer, *older; /* by last use */
	struct menu_wait *waiting;
	struct menu_load *load; /* NULL when none is under way */
	struct arena *arena;    /* of the decoded restaurant */
	struct menu_restaurant restaurant;
	struct menu_ready menu;
	bool has_restaurant, has_menu, unknown;
	int pinned;               /* callbacks are running: it must not go */
	char version_of[ID_TEXT]; /* the restaurant that `version` is of: a slug may come to another one */
	int64_t version;          /* the newest known: nothing older is handed out */
	int64_t outdated_wall_ms; /* then a dish comes back and the menu is another; 0: none does */
	int64_t read_ms;          /* when it was last read from the database */
	size_t bytes;             /* of bodies */
	char etag[MENU_ETAG_TEXT], menu_etag[MENU_ETAG_TEXT], menu_gzip_etag[MENU_ETAG_TEXT];
	char slug[];
};

struct menu_cache {
	uv_loop_t *loop;
	struct pg *pg;
	struct menu_entry *slots[MENU_CACHE_SLOTS];
	struct menu_entry *newest, *oldest;
	size_t entries, bytes, waiters;
	struct menu_wait *due; /* asked for what is there already */
	struct menu_load *loads;
	uv_timer_t due_timer, load_timer;
	int handles;
	bool watched; /* changes are heard of */
};

/* menu_load.c */
/* Reads what those who wait want, or all that the entry has (`refresh`). Nothing when a load is under way: it looks again at its end. */
void menu_load_start(struct menu_entry *e, bool refresh);
/* A change came that this load may not have seen. */
void menu_load_again(struct menu_load *load);
void menu_load_cancel(struct menu_load *load, enum error error);
void menu_load_tick(struct menu_cache *c, int64_t now_ms);

/* menu_cache.c */
bool menu_entry_wants_menu(const struct menu_entry *e);
/* Calls those who wait for the restaurant (or for the menu), with what the entry has, or with the error. */
void menu_entry_deliver(struct menu_entry *e, bool menu, enum error error);
void menu_entry_clear(struct menu_entry *e); /* forgets its contents, not its version */
void menu_entry_grown(struct menu_entry *e, size_t before);

#endif
