/* socket_room.c - see socket_priv.h: the sockets of each restaurant, and draining them. */
#include "api/socket_priv.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"
#include "common/log.h"
#include "common/metric.h"
#include "schemas.h"

#define BUCKETS 256
#define DRAIN_STEP_MS 50
#define DRAIN_WAIT_MAX_MS 20000    /* the longest that a client is told to wait */
#define DRAIN_WAIT_PER_SOCKET_MS 2 /* so that 500 a second come back */

static struct room *buckets[BUCKETS];
static size_t socket_count;

static size_t bucket_of(const char *id)
{
	uint32_t h = 2166136261u;

	for (; *id != '\0'; id++)
		h = (h ^ (unsigned char)*id) * 16777619u;
	return h % BUCKETS;
}

struct room *room_find(const char *restaurant_id)
{
	struct room *room = buckets[bucket_of(restaurant_id)];

	while (room != NULL && strcmp(room->place.restaurant_id, restaurant_id) != 0)
		room = room->next;
	return room;
}

static char *copy(const char *s)
{
	char *c = strdup(s);

	if (c == NULL) {
		log_event(LOG_error, "memory.exhausted", LOG_S("where", "room"));
		abort();
	}
	return c;
}

static struct room *room_make(const struct chat_place *place)
{
	size_t bucket = bucket_of(place->restaurant_id);
	struct room *room = calloc(1, sizeof(*room));

	if (room == NULL) {
		log_event(LOG_error, "memory.exhausted", LOG_S("where", "room"));
		abort();
	}
	room->place.restaurant_id = copy(place->restaurant_id);
	room->place.slug = copy(place->slug);
	room->next = buckets[bucket];
	buckets[bucket] = room;
	return room;
}

static void room_free(struct room *room)
{
	struct room **at = &buckets[bucket_of(room->place.restaurant_id)];

	while (*at != room)
		at = &(*at)->next;
	*at = room->next;
	free((char *)room->place.restaurant_id);
	free((char *)room->place.slug);
	free(room);
}

struct room *room_join(struct socket *s, const struct chat_place *place)
{
	struct room *room = room_find(place->restaurant_id);

	if (room == NULL)
		room = room_make(place);
	if (place->menu_version > room->place.menu_version)
		room->place.menu_version = place->menu_version;
	s->next = room->first;
	s->link = &room->first;
	if (s->next != NULL)
		s->next->link = &s->next;
	room->first = s;
	room->sockets++;
	socket_count++;
	metric_set(METRIC_sockets, (double)socket_count);
	return room;
}

void room_leave(struct socket *s)
{
	struct room *room = s->room;

	*s->link = s->next;
	if (s->next != NULL)
		s->next->link = s->link;
	s->room = NULL;
	socket_count--;
	metric_set(METRIC_sockets, (double)socket_count);
	if (--room->sockets == 0)
		room_free(room);
}

size_t sockets_open(void)
{
	return socket_count;
}

void rooms_cut(void)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct room *room = buckets[i]; room != NULL; room = room->next)
			for (struct socket *s = room->first; s != NULL; s = s->next) {
				wheel_clear(&s->wheel);
				stream_close(s->stream, 0);
			}
}

/* --- the menu changed --- */

void sockets_menu_changed(const struct menu_changed *change)
{
	struct room *room = room_find(change->restaurant_id);
	struct menu_updated frame = { .type = "menu_updated", .menu_version = change->menu_version };
	struct buf b;

	if (room == NULL || change->menu_version < room->place.menu_version)
		return;
	room->place.menu_version = change->menu_version;
	frame.items.v = change->items.v;
	frame.items.n = change->items.n;
	buf_init(&b, SOCKET_FRAME_MAX);
	if (schema_encode(&b, &schema_menu_updated, &frame) != ERROR_none) {
		frame.items.n = 0; /* too many changes for one frame: clients fetch the menu anew */
		buf_reset(&b);
		schema_encode(&b, &schema_menu_updated, &frame);
	}
	/* sending may close a slow socket but never frees one: that comes later, from its stream */
	for (struct socket *s = room->first; s != NULL; s = s->next)
		socket_send(s, buf_text(&b), b.len);
	buf_free(&b);
}

/* --- draining --- */

static struct drain {
	uv_timer_t timer;
	bool running;
	int64_t steps_left;
	int wait_ms; /* the longest wait that clients are told */
} drain;

static void close_for_restart(struct socket *s)
{
	char reason[WS_REASON_MAX];

	snprintf(reason, sizeof(reason), "restarting; retry_after_ms=%d", rand() % drain.wait_ms);
	socket_close(s, WS_CODE_RESTART, reason);
}

/* Closes `most` sockets at most; those with an answer under way only when `all`. */
static void close_some(size_t most, bool all)
{
	for (size_t i = 0; i < BUCKETS; i++)
		for (struct room *room = buckets[i]; room != NULL; room = room->next)
			for (struct socket *s = room->first; s != NULL && most > 0; s = s->next) {
				if (s->closing || (s->answers > 0 && !all))
					continue;
				close_for_restart(s);
				most--;
			}
}

static void on_drain_closed(uv_handle_t *handle)
{
	(void)handle;
	drain.running = false;
}

static void drain_step(uv_timer_t *timer)
{
	if (--drain.steps_left > 0) {
		close_some(socket_count / (size_t)drain.steps_left + 1, false);
		return;
	}
	close_some(socket_count, true);
	uv_close((uv_handle_t *)timer, on_drain_closed);
}

static int longest_wait_ms(void)
{
	size_t ms = socket_count * DRAIN_WAIT_PER_SOCKET_MS + 1;
	return ms > DRAIN_WAIT_MAX_MS ? DRAIN_WAIT_MAX_MS : (int)ms;
}

void sockets_reconnect(void)
{
	drain.wait_ms = longest_wait_ms();
	close_some(socket_count, true);
}

void sockets_drain(int64_t over_ms)
{
	if (drain.running)
		return;
	drain.running = true;
	drain.steps_left = over_ms / DRAIN_STEP_MS + 1;
	drain.wait_ms = longest_wait_ms();
	log_event(LOG_info, "sockets.drain", LOG_I("sockets", socket_count), LOG_I("over_ms", over_ms));
	uv_timer_init(the_api.loop, &drain.timer);
	uv_timer_start(&drain.timer, drain_step, 0, DRAIN_STEP_MS);
	uv_unref((uv_handle_t *)&drain.timer);
}
