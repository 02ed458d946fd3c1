/* POST /api/v1/menu/items, PUT, PATCH and DELETE .../{id} */
#include <string.h>

#include "api/access.h"
#include "api/edit.h"
#include "api/request.h"
#include "api/router.h"

void item_post_handle(struct request *r, const struct item_new *body)
{
	(void)body;
	edit_request(r, EDIT_item_create);
}

void item_put_handle(struct request *r, const struct item_change *body)
{
	(void)body;
	edit_request(r, EDIT_item_update);
}

/* Only whether it can be had, and from when again: what a waiter knows. */
static bool is_about_availability(struct request *r)
{
	size_t len;
	const char *key, *text = request_body(r, &len);
	json_t *body = NULL, *value;
	bool only = true;
	if (schema_parse(request_arena(r), text, len, &body, NULL))
		return false;
	json_object_foreach(body, key, value)
		only = only && (!strcmp(key, "is_available") || !strcmp(key, "available_again_at"));
	json_decref(body);
	return only;
}

void item_patch_handle(struct request *r, const struct item_change *body)
{
	const struct principal *p = request_principal(r);
	(void)body;
	if (!p->platform && p->role < ROLE_MANAGER && !is_about_availability(r))
		request_reply_error(r, ERROR_forbidden, "Staff may change is_available and available_again_at only.", NULL, 0);
	else
		edit_request(r, EDIT_item_update);
}

void item_delete_handle(struct request *r, const struct none *body)
{
	(void)body;
	edit_request(r, EDIT_item_delete);
}
