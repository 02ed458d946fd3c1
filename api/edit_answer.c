/* edit_answer.c - see edit_answer.h. */
#include "api/edit_answer.h"

#include <stdio.h>
#include <string.h>

#include "schemas.h"

#include "api/api.h"
#include "api/compact.h"
#include "api/edit_wait.h"
#include "api/request.h"

#define BODY_BYTES_MAX ((size_t)1 << 20)
#define PENDING_RETRY "1" /* seconds until it is worth asking for the operation */

enum error edit_error_of(int status)
{
	static const enum error errors[] = { ERROR_malformed_request, ERROR_unauthorized, ERROR_forbidden, ERROR_not_found, ERROR_conflict, ERROR_precondition, ERROR_too_large,
		                             ERROR_invalid, ERROR_rate_limited };
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++)
		if (error_row(errors[i])->http == status)
			return errors[i];
	return ERROR_internal;
}

static void refuse(struct request *r, const struct operation_done *done)
{
	struct schema_problems problems = { .n = 0 };
	for (size_t i = 0; i < done->problems.n && problems.n < SCHEMA_MAX_PROBLEMS; i++)
		problems.v[problems.n++] = (struct schema_problem){ done->problems.v[i]->pointer, done->problems.v[i]->message };
	request_reply_error(r, edit_error_of((int)done->status), done->detail, &problems, 0);
}

static const char *location(struct arena *a, const struct edit_wait *w, const struct operation_done *done)
{
	switch (w->edit) {
	case EDIT_restaurant_create:
		return done->slug ? arena_printf(a, "/api/v1/restaurants/%s", done->slug) : NULL;
	case EDIT_category_create:
		return arena_printf(a, "/api/v1/menu/categories/%s", w->target_id);
	case EDIT_item_create:
		return arena_printf(a, "/api/v1/menu/items/%s", w->target_id);
	case EDIT_ingredient_create:
		return arena_printf(a, "/api/v1/menu/ingredients/%s", w->target_id);
	default:
		return NULL;
	}
}

static void reply_body(struct request *r, const struct operation_done *done)
{
	struct buf b;
	buf_init(&b, BODY_BYTES_MAX);
	compact_json(&b, done->body);
	if (buf_error(&b))
		request_reply_error(r, ERROR_too_big_to_store, NULL, NULL, 0);
	else
		request_reply(r, (int)done->status, "application/json", buf_text(&b), b.len);
	buf_free(&b);
}

static void hear_of(const struct edit_wait *w, const struct operation_done *done)
{
	struct menu_changed changed = { .restaurant_id = w->restaurant_id, .slug = done->slug, .menu_version = done->menu_version };
	if (done->has_menu_version)
		menu_cache_changed(the_api.menus, &changed);
}

void edit_answer(struct request *r, const struct edit_wait *w, const struct operation_done *done)
{
	hear_of(w, done);
	if (done->status >= 400) {
		refuse(r, done);
		return;
	}
	const char *at = done->status == 201 ? location(request_arena(r), w, done) : NULL;
	if (at)
		request_set_header(r, "location", at);
	if (done->etag)
		request_set_header(r, "etag", arena_printf(request_arena(r), "\"%s\"", done->etag));
	if (done->body)
		reply_body(r, done);
	else
		request_reply_empty(r, (int)done->status);
}

void edit_answer_pending(struct request *r, const char *operation_id)
{
	struct operation operation = { .id = operation_id, .status = "pending" };
	request_set_header(r, "location", arena_printf(request_arena(r), "/api/v1/operations/%s", operation_id));
	request_set_header(r, "retry-after", PENDING_RETRY);
	request_reply_json(r, 202, &schema_operation, &operation);
}
