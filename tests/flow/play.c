/* play.c - see play.h. */
#include "tests/flow/play.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "common/id.h"
#include "common/log.h"
#include "tests/flow/fakes.h"
#include "workers/chat.h"
#include "workers/chat_db.h"
#include "workers/chat_stream.h"
#include "workers/join.h"
#include "workers/menu_store.h"
#include "workers/outbox.h"
#include "workers/profile.h"
#include "workers/session.h"
#include "workers/turnstile.h"

struct worker play_worker;
static struct config config;
static struct consumer *consumer;
static const enum topic_id topics[] = { TOPIC_chat_requests };
static event_handler *const handlers[EVENT_COUNT] = {
	[EVENT_chat_asked] = chat_on_asked,
	[EVENT_chat_joined] = join_on_joined,
	[EVENT_chat_stopped] = chat_on_stopped,
	[EVENT_chat_profile_removed] = profile_on_removed,
};

static const char restaurant_json[] =
	"{\"id\":\"" PLAY_R "\",\"name\":\"Test Jar\",\"slug\":\"test-jar\",\"cuisine_type\":null,\"description\":null,\"currency\":\"USD\","
	"\"timezone\":\"UTC\",\"hours\":null,\"max_price\":1000,\"allowed_origins\":[],\"theme\":{},\"avatar_config\":{\"name\":\"Chip\"},"
	"\"metadata\":{},\"is_active\":true,\"menu_version\":3,\"etag\":\"e\",\"created_at\":\"2026-01-01T00:00:00Z\","
	"\"updated_at\":\"2026-01-01T00:00:00Z\"}";
static const char categories_json[] =
	"[{\"id\":\"" PLAY_C1 "\",\"restaurant_id\":\"" PLAY_R "\",\"name\":\"Cookies\",\"description\":null,\"display_order\":1,\"is_active\":true,"
	"\"etag\":\"e\",\"created_at\":\"2026-01-01T00:00:00Z\",\"items\":[{\"id\":\"01890000-0000-7000-8000-0000000000d1\","
	"\"restaurant_id\":\"" PLAY_R "\",\"category_id\":\"" PLAY_C1 "\",\"external_id\":null,\"name\":\"Oatmeal Cookie\",\"description\":\"Chewy.\","
	"\"price\":2.50,\"image_url\":null,\"is_signature\":true,\"spice_level\":null,\"allergen_info\":{\"contains\":[\"gluten\"],"
	"\"may_contain\":[],\"free_of\":[],\"reviewed_at\":null,\"reviewed_by\":null},\"tags\":[],\"ingredients\":[],\"etag\":\"e\","
	"\"display_order\":1,\"is_available\":true,\"available_again_at\":null,\"created_at\":\"2026-01-01T00:00:00Z\","
	"\"updated_at\":\"2026-01-01T00:00:00Z\"}]}]";
static const struct menu_document_row menu_row = { .menu_version = 3, .restaurant = restaurant_json, .categories = categories_json };

void play_setup(void)
{
	log_init("flow", LOG_error);
	fakes_reset();
	play_worker = (struct worker){ .loop = uv_default_loop(), .config = &config };
	play_worker.sessions = sessions_new();
	cr_assert_eq(flows_new(play_worker.loop, &play_worker.flows), ERROR_none);
	cr_assert_eq(chat_db_new(&play_worker, &play_worker.chat_db), ERROR_none);
	cr_assert_eq(outbox_new(&play_worker, &play_worker.outbox), ERROR_none);
	cr_assert_eq(chat_stream_new(&play_worker, &play_worker.stream), ERROR_none);
	cr_assert_eq(menu_store_new(&play_worker, &play_worker.menus), ERROR_none);
	config.ai_first_ms = 8000;
	cr_assert_eq(turnstile_new(play_worker.loop, 4, &play_worker.turnstile), ERROR_none);
	struct consumer_config c = { .group = "chat", .topics = topics, .topic_count = 1, .handlers = handlers, .limit = 20 };
	cr_assert_eq(consumer_new(&play_worker, &c, &consumer), ERROR_none);
	clock_set(1000000, 1767323045678);
}

static void ignore(void *ctx)
{
	(void)ctx;
}

void play_teardown(void)
{
	sessions_drop_waiting(play_worker.sessions, chat_drop);
	flows_free(&play_worker.flows);
	chat_stream_free(&play_worker.stream);
	chat_db_free(&play_worker.chat_db);
	outbox_free(&play_worker.outbox);
	menu_store_free(&play_worker.menus);
	turnstile_free(&play_worker.turnstile);
	sessions_free(&play_worker.sessions);
	consumer_drain(&consumer, 0, ignore, NULL);
	clock_unset();
	for (int i = 0; i < 5; i++)
		uv_run(play_worker.loop, UV_RUN_NOWAIT);
}

/* Lets the loop turn: batches leave at the end of a turn, ticks come every 20 ms. Frames that would wait for the next millisecond leave now. */
void play_turn(void)
{
	uv_run(play_worker.loop, UV_RUN_NOWAIT);
	outbox_send(play_worker.outbox);
	for (int i = 0; i < 3; i++)
		uv_run(play_worker.loop, UV_RUN_NOWAIT);
}

void play_sleep_ms(int64_t ms)
{
	clock_advance(ms);
	play_sleep_on(play_worker.loop);
}

/* So many ticks of the loop, however long the machine takes to them. */
void play_sleep_on(uv_loop_t *loop)
{
	const struct timespec tick = { .tv_nsec = FLOW_TICK_MS * 1000000L };
	for (int i = 0; i < 4; i++) {
		nanosleep(&tick, NULL);
		for (int turn = 0; turn < 3; turn++)
			uv_run(loop, UV_RUN_NOWAIT);
	}
}

void play_ask_on(int64_t offset, const char *session, const char *message_id, const char *text, const char *socket)
{
	char json[1024];
	snprintf(json, sizeof(json),
	         "{\"restaurant_id\":\"" PLAY_R "\",\"slug\":\"test-jar\",\"session_id\":\"%s\",\"message_id\":\"%s\",\"message\":\"%s\","
	         "\"menu_version\":3,\"reply_to\":{\"partition\":7,\"socket\":\"%s\",\"attach\":false}}",
	         session, message_id, text, socket);
	fake_bus_deliver("chat.asked", offset, json);
	play_turn();
}

void play_ask(int64_t offset, const char *message_id)
{
	play_ask_on(offset, "anna", message_id, "What do you recommend?", "s-1");
}

void play_stop(int64_t offset, const char *message_id)
{
	char json[512];
	snprintf(json, sizeof(json), "{\"restaurant_id\":\"" PLAY_R "\",\"session_id\":\"anna\",\"message_id\":\"%s\"}", message_id);
	fake_bus_deliver("chat.stopped", offset, json);
	play_turn();
}

void play_join(int64_t offset, const char *last)
{
	char json[512];
	snprintf(json, sizeof(json),
	         "{\"restaurant_id\":\"" PLAY_R "\",\"slug\":\"test-jar\",\"session_id\":\"anna\",%s%s\"reply_to\":{\"partition\":9,\"socket\":\"s-2\"}}",
	         last ? last : "", last ? "," : "");
	fake_bus_deliver("chat.joined", offset, json);
	play_turn();
}

static struct chat_begin_row play_begin_row(const char *message_id, int64_t attempt)
{
	return (struct chat_begin_row){ .message_id = message_id, .attempt = attempt, .conversation_id = PLAY_C1, .profile = "{\"allergies\":[],\"diets\":[]}", .partitions = "[7]", .history = "[]" };
}

void play_expect_query(enum query_id id)
{
	cr_assert_gt(fake_pg_open(), 0, "expected a query %s", query_rows[id].name);
	cr_assert_eq(fake_pg_statement(0)->query, id, "expected %s, got %s", query_rows[id].name,
	             query_rows[fake_pg_statement(0)->query].name);
}

void play_begin(const char *message_id, int64_t attempt)
{
	static struct chat_begin_row row;
	play_expect_query(QUERY_chat_begin);
	row = play_begin_row(message_id, attempt);
	fake_pg_answer(ERROR_none, &row, 1);
	play_turn();
}

void play_load_menu(void)
{
	play_expect_query(QUERY_menu_document);
	fake_pg_answer(ERROR_none, &menu_row, 1);
	play_turn();
}

void play_store(const char *message_id)
{
	static struct chat_store_row row;
	play_expect_query(QUERY_chat_store);
	row.message_id = message_id;
	fake_pg_answer(ERROR_none, &row, message_id != NULL);
	play_turn();
}

void play_confirm(void)
{
	fake_bus_confirm(ERROR_none);
	play_turn();
}

/* Member of the last frame of a type, as text; static. */
const char *play_member(const char *frame, const char *name)
{
	static char text[9000];
	const struct fake_record *r = fake_bus_last(frame);
	cr_assert(r, "no %s was sent", frame);
	json_t *value = json_loads(r->value, 0, NULL);
	cr_assert(value, "not JSON: %s", r->value);
	const json_t *m = json_object_get(value, name);
	if (json_is_string(m))
		snprintf(text, sizeof(text), "%s", json_string_value(m));
	else
		snprintf(text, sizeof(text), "%lld", (long long)json_integer_value(m));
	json_decref(value);
	return text;
}

/* All token texts in order; asserts that seq is dense from `first`. */
const char *play_tokens_to(const char *socket, int64_t first)
{
	static char text[20000];
	text[0] = '\0';
	for (size_t i = 0; i < fake_bus_count(); i++) {
		const struct fake_record *r = fake_bus_record(i);
		if (strcmp(r->frame, "token") != 0 || strcmp(r->socket, socket) != 0)
			continue;
		json_t *value = json_loads(r->value, 0, NULL);
		cr_assert_eq(json_integer_value(json_object_get(value, "seq")), first++);
		size_t len = strlen(text);
		snprintf(text + len, sizeof(text) - len, "%s", json_string_value(json_object_get(value, "text")));
		json_decref(value);
	}
	return text;
}
