/* hub_held.c - see hub_held.h. A frame is kept as its length, its type with NUL, its bytes. */
#include "api/hub_held.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/hub.h"
#include "common/buf.h"
#include "common/log.h"

struct hub_held {
	struct hub_held *next;
	struct buf frames;
	size_t read;
	int holds;
	char message_id[];
};

static struct hub_held *find(struct hub_held *list, const char *message_id)
{
	while (list != NULL && (message_id == NULL || strcmp(list->message_id, message_id) != 0))
		list = list->next;
	return list;
}

void hub_held_hold(struct hub_held **list, const char *message_id)
{
	struct hub_held *h = find(*list, message_id);

	if (h == NULL) {
		size_t len = strlen(message_id);
		h = calloc(1, sizeof(*h) + len + 1);
		if (h == NULL) {
			log_event(LOG_error, "memory.exhausted", LOG_S("where", "hub"));
			abort();
		}
		memcpy(h->message_id, message_id, len + 1);
		buf_init(&h->frames, HUB_HELD_BYTES_MAX);
		h->next = *list;
		*list = h;
	}
	h->holds++;
}

static size_t bytes_held(const struct hub_held *list)
{
	size_t n = 0;

	for (; list != NULL; list = list->next)
		n += list->frames.len;
	return n;
}

enum hub_held_result hub_held_add(struct hub_held *list, const struct hub_frame *f)
{
	struct hub_held *h = find(list, f->message_id);
	size_t type_len = strlen(f->type) + 1;

	if (h == NULL)
		return HUB_HELD_NOT;
	if (bytes_held(list) + sizeof(f->len) + type_len + f->len > HUB_HELD_BYTES_MAX)
		return HUB_HELD_LOST;
	buf_append(&h->frames, &f->len, sizeof(f->len));
	buf_append(&h->frames, f->type, type_len);
	buf_append(&h->frames, f->bytes, f->len);
	return HUB_HELD_KEPT;
}

bool hub_held_any(const struct hub_held *list, const char *message_id)
{
	const struct hub_held *h = find((struct hub_held *)list, message_id);
	return h != NULL && h->frames.len > 0;
}

struct hub_held *hub_held_take(struct hub_held **list, const char *message_id)
{
	struct hub_held *h = find(*list, message_id), **at = list;

	if (h == NULL || --h->holds > 0)
		return NULL;
	while (*at != h)
		at = &(*at)->next;
	*at = h->next;
	h->next = NULL;
	return h;
}

bool hub_held_next(struct hub_held *taken, struct hub_frame *f_r)
{
	if (taken == NULL || taken->read == taken->frames.len)
		return false;
	const char *at = taken->frames.data + taken->read;
	memcpy(&f_r->len, at, sizeof(f_r->len));
	f_r->type = at + sizeof(f_r->len);
	f_r->bytes = f_r->type + strlen(f_r->type) + 1;
	f_r->message_id = taken->message_id;
	taken->read = (size_t)(f_r->bytes + f_r->len - taken->frames.data);
	return true;
}

void hub_held_clear(struct hub_held **list)
{
	while (*list != NULL) {
		struct hub_held *h = *list;
		*list = h->next;
		buf_free(&h->frames);
		free(h);
	}
}
