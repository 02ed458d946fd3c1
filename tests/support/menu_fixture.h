/* menu_fixture.h - snapshots of the sample menus in tests/data/menus, and of menus that a test makes up. Aborts when a file is missing: run from the root of the repository. */
#ifndef TESTS_SUPPORT_MENU_FIXTURE_H
#define TESTS_SUPPORT_MENU_FIXTURE_H

#include <jansson.h>

#include "workers/menu_snapshot.h"

#define OLIVE "olive-ember"
#define JAR "the-cookie-jar"

json_t *menu_fixture_json(const char *name);               /* the caller's; {"restaurant", "menu_version", "categories"} */
struct menu_snapshot *menu_fixture_of(const json_t *menu); /* one reference */
struct menu_snapshot *menu_fixture(const char *name);
/* A menu like the sample's with `dishes` dishes in 20 categories; names are three words out of a vocabulary. */
struct menu_snapshot *menu_fixture_large(size_t dishes);
json_t *menu_fixture_dish(json_t *menu, const char *name); /* borrowed; NULL when there is none */

#endif
