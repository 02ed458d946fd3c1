/* import_scene.h - a worker with an import on its way: what tests of imports say in one line each. Everything that must come has IMPORT_SCENE_MS. */
#ifndef TESTS_SUPPORT_IMPORT_SCENE_H
#define TESTS_SUPPORT_IMPORT_SCENE_H

#include "tests/support/import_kit.h"
#include "tests/support/stack.h"

#define IMPORT_SCENE_MS 60000

struct import_scene {
	struct stack *stack;
	struct import_kit *kit;
	char restaurant_id[ID_TEXT];
	char import[ID_TEXT];    /* the newest */
	char operation[ID_TEXT]; /* the newest */
};

void import_scene_open(struct import_scene *s, const struct stack_options *options); /* of the sample restaurant olive-ember, which gets the currency EUR; its menu is emptied */
void import_scene_close(struct import_scene *s);

void import_scene_upload(struct import_scene *s, const struct import_file_sent *file);                      /* does not wait */
void import_scene_status(struct import_scene *s, const char *status);                                       /* waits for it */
void import_scene_preview(struct import_scene *s, const char *mode, const char *on_error, const char *csv); /* until it is ready */
/* Does the edit and waits for its outcome: the HTTP status. */
int import_scene_edit(struct import_scene *s, const char *action, const char *target_id, const char *body);
int import_scene_apply(struct import_scene *s, const char *body); /* of the newest import */
int import_scene_undo(struct import_scene *s);
/* Of the newest operation: what it told. */
const char *import_scene_told(struct import_scene *s);

/* "create 1, update 2, ..." of the newest import, those that are 0 left out. */
const char *import_scene_counts(struct import_scene *s);
/* One value; %s is the newest import's id, wherever it stands. */
const char *import_scene_value(struct import_scene *s, const char *sql);
/* A file of that many new dishes with allergens and tags, prices from `price` on; the caller frees it. */
char *import_scene_file(size_t rows, int price, size_t *len_r);

/* Everything of the menu that a guest could see, as a hash: revisions and times do not count. */
const char *import_scene_menu(struct import_scene *s);

#endif
