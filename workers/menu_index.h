/* menu_index.h - the words of a menu and where they occur; called by menu_snapshot_new() only. */
#ifndef WORKERS_MENU_INDEX_H
#define WORKERS_MENU_INDEX_H

#include "workers/menu_snapshot.h"

/* Sets words, word_count, and of each dish words, word_count and folded. `scratch` may be freed afterwards. */
void menu_index_build(struct menu_snapshot *s, struct menu_dish *dishes, struct arena *scratch);

#endif
