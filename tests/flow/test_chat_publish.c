/* test_chat_publish.c - api/chat.c with a broker under our hand: what is published, subscribed and held, and what becomes of it when the broker says no. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "api/api.h"
#include "api/chat.h"
#include "schemas.h"
#include "tests/flow/fakes.h"

#define RESTAURANT "0190bbbb-0000-7000-8000-000000000001"
#define KEY RESTAURANT "/anna"
#define ONE "0190aaaa-0000-7000-8000-000000000001"
#define TWO "0190aaaa-0000-7000-8000-000000000002"

struct api the_api;

static const struct chat_place place = { .restaurant_id = RESTAURANT, .slug = "corner", .menu_version = 7 };

/* A guest who writes down everything, in order. */
static struct guest {
	struct hub_subscriber *s;
	char seen[2000];
} guest;

static void note(const char *what, const char *more)
{
	size_t at = strlen(guest.seen);

	snprintf(guest.seen + at, sizeof(guest.seen) - at, "%s=%s ", what, more);
}

static void on_frame(void *ctx, const char *type, const char *message_id, const char *bytes, size_t len)
{
	char text[20];

	(void)ctx, (void)message_id;
	snprintf(text, sizeof(text), "%.*s", (int)len, bytes);
	note(type, text);
}

static void on_done(void *ctx, const char *session_id, const char *message_id, enum error e)
{
	(void)ctx, (void)message_id;
	cr_assert_str_eq(session_id, "anna");
	note("done", error_row(e)->name);
}

static void setup(void)
{
	struct config_rate two = { .count = 2, .per_ms = 60000 }, three = { .count = 3, .per_ms = 60000 };

	fakes_reset();
	memset(&guest, 0, sizeof(guest));
	the_api.hub = hub_new("p1");
	the_api.reply_partition = 5;
	the_api.session_limit = limit_new("session", two, 100);
	the_api.address_limit = limit_new("address", three, 100);
	guest.s = hub_add(the_api.hub, on_frame, &guest);
}

static void teardown(void)
{
	fake_bus_confirm(ERROR_none);
	hub_free(&the_api.hub);
	limit_free(&the_api.session_limit);
	limit_free(&the_api.address_limit);
}

TestSuite(chat_publish, .init = setup, .fini = teardown);

static enum error ask(const char *message_id)
{
	struct chat_question q = { .session_id = "anna", .message_id = message_id, .message = "Hungry?" };
	return chat_ask(guest.s, &place, &q, on_done, NULL);
}

static void deliver(const char *address, const char *type, const char *message_id, const char *text)
{
	hub_deliver(the_api.hub, KEY, address, type, message_id, text, strlen(text));
}

static void attach(void)
{
	char address[HUB_ADDRESS_TEXT];

	snprintf(address, sizeof(address), "%s", hub_address(guest.s));
	deliver(address, "attached", NULL, "");
}

static bool published(size_t i, const char *text)
{
	return strstr(fake_bus_record(i)->value, text) != NULL;
}

Test(chat_publish, the_event_says_where_the_answer_goes)
{
	cr_assert_eq(ask(ONE), ERROR_none);
	cr_assert_eq(ask(TWO), ERROR_none);
	cr_assert_eq(chat_unconfirmed(), 2);
	cr_assert_eq(fake_bus_count(), 2);
	cr_assert_eq(fake_bus_record(0)->topic, TOPIC_chat_requests);
	cr_assert_str_eq(fake_bus_record(0)->message_id, ONE);
	cr_assert(published(0, "\"menu_version\":7"));
	cr_assert(published(0, "\"partition\":5"));
	cr_assert(published(0, "\"socket\":\"p1-0-1\""));
	cr_assert(published(0, "\"attach\":true"));
	cr_assert_not(published(1, "\"attach\":true"), "one event attaches");
	cr_assert_eq(hub_state(guest.s, KEY), HUB_PENDING);
	cr_assert_str_eq(guest.seen, "", "nothing completes at once");
	fake_bus_confirm(ERROR_none);
	cr_assert_eq(chat_unconfirmed(), 0);
}

Test(chat_publish, frames_wait_for_the_confirmation)
{
	cr_assert_eq(ask(ONE), ERROR_none);
	attach();
	deliver(NULL, "token", ONE, "1");
	deliver(NULL, "token", TWO, "other");
	cr_assert_str_eq(guest.seen, "token=other ");
	fake_bus_confirm(ERROR_none);
	deliver(NULL, "token", ONE, "2");
	cr_assert_str_eq(guest.seen, "token=other done=none token=1 token=2 ");
}

Test(chat_publish, frames_prove_that_an_event_is_stored)
{
	cr_assert_eq(ask(ONE), ERROR_none);
	attach();
	deliver(NULL, "token", ONE, "1");
	fake_bus_confirm(ERROR_bus_unknown);
	cr_assert_str_eq(guest.seen, "done=none token=1 ");
	cr_assert_eq(hub_state(guest.s, KEY), HUB_LIVE);
}

Test(chat_publish, a_failed_event_leaves_no_subscription)
{
	cr_assert_eq(ask(ONE), ERROR_none);
	fake_bus_confirm(ERROR_bus_unavailable);
	cr_assert_str_eq(guest.seen, "done=bus_unavailable ");
	cr_assert_eq(hub_state(guest.s, KEY), HUB_NONE);
	cr_assert_eq(ask(TWO), ERROR_none);
	cr_assert(published(1, "\"attach\":true"), "so the next one attaches");
}

Test(chat_publish, a_stored_event_attaches_when_the_one_that_should_have_failed)
{
	char address[HUB_ADDRESS_TEXT];

	cr_assert_eq(ask(ONE), ERROR_none);
	cr_assert_eq(ask(TWO), ERROR_none);
	fake_bus_confirm_first(ERROR_bus_unavailable);
	cr_assert_eq(hub_state(guest.s, KEY), HUB_NONE);
	fake_bus_confirm_first(ERROR_none);
	cr_assert_eq(fake_bus_count(), 3);
	cr_assert_not(published(2, "\"message\""), "it joins: %s", fake_bus_record(2)->value);
	cr_assert_eq(hub_state(guest.s, KEY), HUB_PENDING);
	snprintf(address, sizeof(address), "%s", hub_address(guest.s));
	deliver(address, "joined", NULL, "nobody asked for this");
	deliver(NULL, "token", TWO, "1");
	cr_assert_str_eq(guest.seen, "done=bus_unavailable done=none token=1 ");
}

Test(chat_publish, joining_a_live_session_again_keeps_it_live)
{
	char address[HUB_ADDRESS_TEXT];

	cr_assert_eq(chat_join(guest.s, &place, "anna", NULL, on_done, NULL), ERROR_none);
	snprintf(address, sizeof(address), "%s", hub_address(guest.s));
	deliver(address, "joined", NULL, "1");
	fake_bus_confirm(ERROR_none);
	cr_assert_eq(chat_join(guest.s, &place, "anna", &(struct last_seen){ .message_id = ONE, .attempt = 1, .seq = 3 }, on_done, NULL), ERROR_none);
	cr_assert(published(1, "\"last\":{\"message_id\":\"" ONE "\",\"attempt\":1,\"seq\":3}"));
	fake_bus_confirm(ERROR_bus_unavailable);
	cr_assert_eq(hub_state(guest.s, KEY), HUB_LIVE, "a failed second join costs nothing");
	deliver(NULL, "token", ONE, "x");
	cr_assert_str_eq(guest.seen, "joined=1 done=none done=bus_unavailable token=x ");
}

Test(chat_publish, what_cannot_be_published_is_refused_at_once)
{
	the_api.ending = true;
	cr_assert_eq(ask(ONE), ERROR_draining);
	the_api.ending = false;
	fake_bus_is_down = true;
	cr_assert_eq(ask(ONE), ERROR_bus_unavailable);
	fake_bus_is_down = false;
	the_api.reply_partition = -1;
	cr_assert_eq(ask(ONE), ERROR_overloaded);
	the_api.reply_partition = 5;
	fake_bus_refuse(ERROR_overloaded);
	cr_assert_eq(ask(ONE), ERROR_overloaded);
	cr_assert_eq(chat_join(guest.s, &place, "anna", NULL, on_done, NULL), ERROR_overloaded);
	cr_assert_eq(chat_stop(guest.s, &place, "anna", ONE, on_done, NULL), ERROR_overloaded);
	cr_assert_eq(chat_profile_remove(guest.s, &place, "anna", "diet", "vegan", on_done, NULL), ERROR_overloaded);
	cr_assert_eq(fake_bus_count(), 0);
	cr_assert_eq(chat_unconfirmed(), 0);
	cr_assert_eq(hub_state(guest.s, KEY), HUB_NONE);
	cr_assert_str_eq(guest.seen, "");
}

Test(chat_publish, a_subscriber_that_left_is_not_called)
{
	cr_assert_eq(ask(ONE), ERROR_none);
	hub_remove(&guest.s);
	fake_bus_confirm(ERROR_none);
	cr_assert_str_eq(guest.seen, "");
	cr_assert_eq(chat_unconfirmed(), 0);
	struct chat_question q = { .session_id = "anna", .message_id = TWO, .message = "x" };
	cr_assert_eq(chat_ask(NULL, &place, &q, on_done, NULL), ERROR_none);
	cr_assert_not(published(1, "reply_to"));
	fake_bus_confirm(ERROR_none);
	cr_assert_str_eq(guest.seen, "done=none ");
}

Test(chat_publish, limits_of_sessions_and_addresses)
{
	int wait_s = 0;

	cr_assert_eq(chat_admit("1.2.3.4", RESTAURANT, "anna", &wait_s), ERROR_none);
	cr_assert_eq(chat_admit("1.2.3.4", RESTAURANT, "anna", &wait_s), ERROR_none);
	cr_assert_eq(chat_admit("1.2.3.4", RESTAURANT, "anna", &wait_s), ERROR_rate_limited);
	cr_assert(wait_s > 0 && wait_s <= 31, "%d", wait_s);
	cr_assert_eq(chat_admit("1.2.3.4", RESTAURANT, "bert", &wait_s), ERROR_none, "a refused message does not count for the address");
	cr_assert_eq(chat_admit_address("1.2.3.4", &wait_s), ERROR_rate_limited);
	cr_assert_eq(chat_admit("5.6.7.8", RESTAURANT, "bert", &wait_s), ERROR_none);
}

Test(chat_publish, ids_are_in_lower_case_or_new)
{
	struct arena *a = arena_new();
	const char *made = chat_message_id(a, NULL);

	cr_assert_str_eq(chat_message_id(a, "0190AAAA-0000-7000-8000-00000000ABCD"), "0190aaaa-0000-7000-8000-00000000abcd");
	cr_assert(id_is_uuid(made, strlen(made)));
	arena_free(&a);
}
