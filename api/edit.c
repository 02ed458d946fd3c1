/* edit.c - see edit.h. */
#include "api/edit.h"

#include <stdio.h>
#include <string.h>

#include "common/event.h"
#include "schemas.h"

#include "api/access.h"
#include "api/api.h"
#include "api/edit_wait.h"
#include "api/operation_id.h"
#include "api/router.h"

struct headers {
	const char *key; /* NULL: none */
	const char *const *tags;
	size_t tag_count;
};

/* --- headers --- */

static bool key_fits(const char *key)
{
	size_t len = strlen(key);
	for (size_t i = 0; i < len; i++)
		if (key[i] < '!' || key[i] > '~')
			return false;
	return len >= 1 && len <= EDIT_KEY_MAX;
}

/* `"a", W/"b", *` without quotes. NULL: not a list of tags. */
static const char *const *read_tags(struct arena *a, const char *list, size_t *n_r)
{
	const char **tags = arena_array(a, EDIT_MATCH_MAX, sizeof(*tags));
	*n_r = 0;
	for (const char *p = list;;) {
		p += strspn(p, " \t,");
		if (!*p)
			return *n_r ? tags : NULL;
		if (*n_r == EDIT_MATCH_MAX)
			return NULL;
		if (*p == '*') {
			tags[(*n_r)++] = "*";
			p++;
			continue;
		}
		if (strncmp(p, "W/", 2) == 0)
			p += 2;
		const char *end = *p == '"' ? strchr(p + 1, '"') : NULL;
		if (!end)
			return NULL;
		tags[(*n_r)++] = arena_strndup(a, p + 1, (size_t)(end - p - 1));
		p = end + 1;
	}
}

/* False: answered. */
static bool read_headers(struct request *r, struct headers *h)
{
	const char *match = request_header(r, "if-match");
	*h = (struct headers){ .key = request_header(r, "idempotency-key") };
	if (h->key && !key_fits(h->key)) {
		request_reply_error(r, ERROR_malformed_request, "Idempotency-Key must be 1 to 255 visible ASCII characters.", NULL, 0);
		return false;
	}
	if (match)
		h->tags = read_tags(request_arena(r), match, &h->tag_count);
	if (match && !h->tags)
		request_reply_error(r, ERROR_malformed_request, "If-Match must be a list of at most 20 entity tags, each in quotes.", NULL, 0);
	return !match || h->tags;
}

/* --- the event --- */

static void name_operation(struct request *r, const struct headers *h, struct edit_wait *w)
{
	const struct principal *p = request_principal(r);
	bool makes = edit_rows[w->edit].target == EDIT_TARGET_NEW;
	if (h->key)
		operation_id_of(w->operation_id, p->user_id ? p->user_id : "", method_name(request_method(r)), request_path(r), h->key);
	else
		operation_id_new(w->operation_id);
	if (makes && h->key)
		operation_object_id(w->target_id, w->operation_id);
	else if (makes)
		id_uuid(w->target_id);
	else if (edit_rows[w->edit].target == EDIT_TARGET_PATH)
		snprintf(w->target_id, sizeof(w->target_id), "%s", request_param(r, "id"));
	else
		snprintf(w->target_id, sizeof(w->target_id), "%s", p->restaurant_id);
	snprintf(w->restaurant_id, sizeof(w->restaurant_id), "%s", w->edit == EDIT_restaurant_create ? w->target_id : p->restaurant_id);
}

static void publish(struct request *r, const struct headers *h, struct edit_wait *w)
{
	const struct principal *p = request_principal(r);
	size_t len;
	const char *body = request_body(r, &len);
	char hash[OPERATION_HASH_TEXT];
	struct reply_to to = { .partition = the_api.reply_partition, .socket = hub_address(w->subscriber) };
	operation_hash(hash, body, len);
	struct menu_edit edit = {
		.operation_id = w->operation_id,
		.restaurant_id = w->restaurant_id,
		.slug = p->slug,
		.user_id = p->user_id,
		.user_email = p->email,
		.action = edit_rows[w->edit].name,
		.target_id = w->target_id,
		.body = edit_rows[w->edit].schema ? arena_strndup(request_arena(r), body, len) : NULL,
		.if_match = { h->tags, h->tag_count },
		.request_hash = hash,
		.reply_to = &to,
	};
	struct event event = {
		.id = EVENT_menu_edit,
		.trace = request_trace(r),
		.source = "api",
		.key = w->restaurant_id,
		.payload = &edit,
	};
	enum error error = event_publish(the_api.bus, &event, edit_wait_delivered, w);
	if (error)
		edit_wait_failed(w, error);
}

static enum error check_room(void)
{
	if (the_api.ending)
		return ERROR_draining;
	if (edit_wait_count() >= EDIT_WAITING_MAX || the_api.reply_partition < 0)
		return ERROR_overloaded;
	return bus_up(the_api.bus) ? ERROR_none : ERROR_bus_unavailable;
}

void edit_request(struct request *r, enum edit_id edit)
{
	struct headers headers;
	size_t len;
	request_body(r, &len);
	enum error error = len > EDIT_BODY_MAX ? ERROR_too_large : check_room();
	if (error) {
		request_reply_error(r, error, error == ERROR_too_large ? "The body of a change may have 256 KiB." : NULL, NULL, 0);
		return;
	}
	if (!read_headers(r, &headers))
		return;
	struct edit_wait *w = edit_wait_new(r, edit);
	name_operation(r, &headers, w);
	publish(r, &headers, w);
}

void edit_stop(void)
{
	edit_wait_stop();
}
