#include "api/menu_watch.h"

#include "common/event.h"
#include "common/log.h"
#include "common/metric.h"

#include "schemas.h"

#include "api/api.h"
#include "api/socket.h"

#define RETRY_MS 500

static struct {
	uv_timer_t retry;
	struct bus_reader *reader;
	bool started;
} watch;

static void begin(uv_timer_t *timer);

static void on_record(void *ctx, const struct bus_record *record)
{
	(void)ctx;
	if (!record->value) /* a tombstone of compaction */
		return;
	struct arena *arena = arena_new();
	struct event event;
	const char *why = "";
	enum error error = event_decode(arena, record, &event, &why);
	if (error || event.id != EVENT_menu_changed) {
		log_event(LOG_warn, "menu.change_unreadable", LOG_S("why", why), LOG_I("partition", record->partition), LOG_I("offset", record->offset));
		menu_cache_forget(the_api.menus);
	} else {
		metric_add(METRIC_events_consumed, 1, event_rows[event.id].name);
		menu_cache_changed(the_api.menus, event.payload);
		sockets_menu_changed(event.payload);
	}
	arena_free(&arena);
}

static void on_ready(void *ctx, enum error error)
{
	(void)ctx;
	if (error) {
		log_event(LOG_warn, "menu.changes_not_read", LOG_S("error", error_row(error)->name));
		bus_reader_stop(&watch.reader);
		uv_timer_start(&watch.retry, begin, RETRY_MS, 0);
		return;
	}
	log_event(LOG_info, "menu.changes_read");
	menu_cache_watched(the_api.menus);
}

static void begin(uv_timer_t *timer)
{
	(void)timer;
	enum error error = bus_reader_start(the_api.bus, TOPIC_menu_changes, BUS_ANY_PARTITION, BUS_FROM_END, on_record, on_ready, NULL, &watch.reader);
	if (error) {
		log_event(LOG_warn, "menu.changes_not_read", LOG_S("error", error_row(error)->name));
		uv_timer_start(&watch.retry, begin, RETRY_MS, 0);
	}
}

void menu_watch_start(void)
{
	watch.started = true;
	uv_timer_init(the_api.loop, &watch.retry);
	begin(&watch.retry);
}

void menu_watch_stop(void)
{
	if (!watch.started)
		return;
	watch.started = false;
	uv_close((uv_handle_t *)&watch.retry, NULL);
	bus_reader_stop(&watch.reader);
}
