/* test_hub.c - who gets which frame, in which order. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "api/hub.h"

#define MESSAGE "0190aaaa-0000-7000-8000-000000000001"
#define OTHER "0190aaaa-0000-7000-8000-000000000002"

/* A subscriber that writes down what it gets: "type=bytes " */
struct eye {
	struct hub_subscriber *s;
	char seen[4096];
	bool leave; /* at the next frame */
	bool lost;
};

static void on_frame(void *ctx, const char *type, const char *message_id, const char *bytes, size_t len)
{
	struct eye *e = ctx;
	size_t at = strlen(e->seen);

	(void)message_id;
	if (type == NULL) {
		e->lost = true;
		return;
	}
	snprintf(e->seen + at, sizeof(e->seen) - at, "%s=%.*s ", type, (int)(len > 20 ? 20 : len), bytes);
	if (e->leave)
		hub_remove(&e->s);
}

static struct hub *hub;

static void setup(void)
{
	hub = hub_new("p1");
}

static void teardown(void)
{
	hub_free(&hub);
	cr_assert_null(hub);
}

TestSuite(hub, .init = setup, .fini = teardown);

static void open_eye(struct eye *e)
{
	memset(e, 0, sizeof(*e));
	e->s = hub_add(hub, on_frame, e);
}

static void send_frame(const char *session, const char *address, const char *type, const char *message_id, const char *text)
{
	hub_deliver(hub, session, address, type, message_id, text, strlen(text));
}

static void make_live(struct eye *e, const char *session)
{
	cr_assert_eq(hub_subscribe(e->s, session, true), ERROR_none);
	char address[HUB_ADDRESS_TEXT];
	snprintf(address, sizeof(address), "%s", hub_address(e->s));
	send_frame(session, address, "attached", NULL, "");
	cr_assert_eq(hub_state(e->s, session), HUB_LIVE);
}

Test(hub, a_subscriber_without_a_session_gets_what_is_addressed_to_it)
{
	struct eye a;
	open_eye(&a);
	send_frame(NULL, hub_address(a.s), "operation_done", NULL, "1");
	send_frame("r/1", NULL, "token", NULL, "2");
	cr_assert_str_eq(a.seen, "operation_done=1 ");
}

Test(hub, pending_sees_what_is_addressed_and_live_sees_the_session)
{
	struct eye a, b;

	open_eye(&a);
	open_eye(&b);
	cr_assert_eq(hub_state(a.s, "r/1"), HUB_NONE);
	cr_assert_eq(hub_subscribe(a.s, "r/1", true), ERROR_none);
	cr_assert_eq(hub_state(a.s, "r/1"), HUB_PENDING);
	send_frame("r/1", NULL, "token", MESSAGE, "early");
	cr_assert_str_eq(a.seen, "");
	send_frame("r/1", hub_address(a.s), "joined", NULL, "j");
	send_frame("r/1", hub_address(a.s), "token", MESSAGE, "caught-up");
	send_frame("r/1", NULL, "token", MESSAGE, "live");
	send_frame("r/2", NULL, "token", MESSAGE, "not mine");
	cr_assert_str_eq(a.seen, "joined=j token=caught-up token=live ");
	cr_assert_str_eq(b.seen, "");
}

Test(hub, two_sockets_of_a_session_see_the_same)
{
	struct eye a, b;

	open_eye(&a);
	open_eye(&b);
	make_live(&a, "r/1");
	make_live(&b, "r/1");
	send_frame("r/1", NULL, "token", MESSAGE, "x");
	send_frame("r/1", hub_address(b.s), "error", NULL, "only b");
	cr_assert_str_eq(a.seen, "token=x ");
	cr_assert_str_eq(b.seen, "token=x error=only b ");
	cr_assert_eq(hub_sessions(hub), 1);
	hub_remove(&a.s);
	cr_assert_null(a.s);
	send_frame("r/1", NULL, "token", MESSAGE, "y");
	cr_assert_str_eq(b.seen, "token=x error=only b token=y ");
	hub_remove(&b.s);
	cr_assert_eq(hub_sessions(hub), 0);
	cr_assert_eq(hub_subscribers(hub), 0);
}

Test(hub, attached_is_never_shown_and_joined_only_when_wanted)
{
	struct eye a;

	open_eye(&a);
	cr_assert_eq(hub_subscribe(a.s, "r/1", false), ERROR_none);
	send_frame("r/1", hub_address(a.s), "attached", NULL, "secret");
	cr_assert_eq(hub_state(a.s, "r/1"), HUB_LIVE);
	send_frame("r/1", hub_address(a.s), "joined", NULL, "unwanted");
	cr_assert_str_eq(a.seen, "");
	cr_assert_eq(hub_subscribe(a.s, "r/1", true), ERROR_none);
	cr_assert_eq(hub_state(a.s, "r/1"), HUB_LIVE, "subscribing again leaves it live");
	send_frame("r/1", hub_address(a.s), "joined", NULL, "wanted");
	cr_assert_str_eq(a.seen, "joined=wanted ");
}

Test(hub, frames_of_an_unconfirmed_message_wait_and_others_do_not)
{
	struct eye a;

	open_eye(&a);
	make_live(&a, "r/1");
	hub_hold(a.s, MESSAGE);
	cr_assert_not(hub_holds_frames(a.s, MESSAGE));
	send_frame("r/1", NULL, "token", MESSAGE, "1");
	send_frame("r/1", NULL, "token", OTHER, "o");
	send_frame("r/1", NULL, "menu", NULL, "m");
	send_frame("r/1", NULL, "token", MESSAGE, "2");
	cr_assert_str_eq(a.seen, "token=o menu=m ");
	cr_assert(hub_holds_frames(a.s, MESSAGE));
	cr_assert_not(hub_holds_frames(a.s, OTHER));
	hub_release(a.s, MESSAGE);
	cr_assert_str_eq(a.seen, "token=o menu=m token=1 token=2 ");
	send_frame("r/1", NULL, "token", MESSAGE, "3");
	cr_assert_str_eq(a.seen, "token=o menu=m token=1 token=2 token=3 ");
}

Test(hub, holds_count)
{
	struct eye a;

	open_eye(&a);
	make_live(&a, "r/1");
	hub_hold(a.s, MESSAGE);
	hub_hold(a.s, MESSAGE);
	send_frame("r/1", NULL, "token", MESSAGE, "1");
	hub_release(a.s, MESSAGE);
	cr_assert_str_eq(a.seen, "");
	hub_release(a.s, MESSAGE);
	cr_assert_str_eq(a.seen, "token=1 ");
	hub_release(a.s, MESSAGE); /* one too many does no harm */
	cr_assert_str_eq(a.seen, "token=1 ");
}

Test(hub, too_much_held_is_said_and_what_was_kept_stays)
{
	static char big[HUB_HELD_BYTES_MAX / 2];
	struct eye a;

	open_eye(&a);
	make_live(&a, "r/1");
	hub_hold(a.s, MESSAGE);
	memset(big, 'x', sizeof(big));
	hub_deliver(hub, "r/1", NULL, "token", MESSAGE, big, sizeof(big));
	cr_assert_not(a.lost);
	hub_deliver(hub, "r/1", NULL, "token", MESSAGE, big, sizeof(big));
	cr_assert(a.lost);
	hub_release(a.s, MESSAGE);
	cr_assert_str_eq(a.seen, "token=xxxxxxxxxxxxxxxxxxxx ");
}

Test(hub, a_callback_may_remove_its_subscriber)
{
	struct eye a, b, c;

	open_eye(&a);
	open_eye(&b);
	open_eye(&c);
	make_live(&a, "r/1");
	make_live(&b, "r/1");
	make_live(&c, "r/1");
	a.leave = b.leave = c.leave = true;
	send_frame("r/1", NULL, "token", MESSAGE, "x");
	cr_assert_null(a.s);
	cr_assert_null(b.s);
	cr_assert_null(c.s);
	cr_assert_eq(hub_sessions(hub), 0);
}

Test(hub, a_callback_may_remove_its_subscriber_while_released)
{
	struct eye a;

	open_eye(&a);
	make_live(&a, "r/1");
	hub_hold(a.s, MESSAGE);
	send_frame("r/1", NULL, "token", MESSAGE, "1");
	send_frame("r/1", NULL, "token", MESSAGE, "2");
	a.leave = true;
	hub_release(a.s, MESSAGE);
	cr_assert_str_eq(a.seen, "token=1 ");
	cr_assert_null(a.s);
}

Test(hub, addresses_are_never_used_again)
{
	struct eye a, b;
	char old[HUB_ADDRESS_TEXT];

	open_eye(&a);
	make_live(&a, "r/1");
	snprintf(old, sizeof(old), "%s", hub_address(a.s));
	struct hub_ref ref = hub_ref(a.s);
	cr_assert_eq(hub_find(hub, ref), a.s);
	hub_remove(&a.s);
	cr_assert_null(hub_find(hub, ref));
	open_eye(&b);
	make_live(&b, "r/1");
	cr_assert_str_neq(hub_address(b.s), old);
	send_frame("r/1", old, "token", MESSAGE, "late");
	cr_assert_str_eq(b.seen, "");
}

Test(hub, foreign_and_broken_addresses_reach_nobody)
{
	static const char *const addresses[] = { "", "p1", "p1-", "p1-0", "p1-0-", "p1-0-1x", "p2-0-1", "p1-0-0", "p1-ffffffff-1", "p10-0-1", "p1-0-1-", "p1-zz-1",
		                                 "p1-0-100000001" };
	struct eye a;

	open_eye(&a);
	make_live(&a, "r/1");
	cr_assert_str_eq(hub_address(a.s), "p1-0-1");
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		send_frame("r/1", addresses[i], "token", MESSAGE, "x");
	cr_assert_str_eq(a.seen, "");
	cr_assert_null(hub_find(hub, (struct hub_ref){ 0 }));
}

Test(hub, a_subscriber_has_eight_sessions_at_most)
{
	struct eye a;
	char key[20];

	open_eye(&a);
	for (int i = 0; i < HUB_SESSIONS_MAX; i++) {
		snprintf(key, sizeof(key), "r/%d", i);
		cr_assert_eq(hub_subscribe(a.s, key, false), ERROR_none);
	}
	cr_assert_eq(hub_subscribe(a.s, "r/3", false), ERROR_none);
	cr_assert_eq(hub_subscribe(a.s, "r/9", false), ERROR_overloaded);
	hub_unsubscribe_pending(a.s, "r/3");
	cr_assert_eq(hub_state(a.s, "r/3"), HUB_NONE);
	cr_assert_eq(hub_subscribe(a.s, "r/9", false), ERROR_none);
}

Test(hub, only_a_pending_subscription_is_undone)
{
	struct eye a;

	open_eye(&a);
	make_live(&a, "r/1");
	hub_unsubscribe_pending(a.s, "r/1");
	hub_unsubscribe_pending(a.s, "r/unknown");
	cr_assert_eq(hub_state(a.s, "r/1"), HUB_LIVE);
}

Test(hub, thousands_come_and_go)
{
	enum { N = 3000 };
	static struct eye eyes[N];
	char key[20];

	for (int i = 0; i < N; i++) {
		open_eye(&eyes[i]);
		snprintf(key, sizeof(key), "r/%d", i / 2);
		make_live(&eyes[i], key);
	}
	cr_assert_eq(hub_sessions(hub), N / 2);
	for (int i = 0; i < N; i += 2)
		hub_remove(&eyes[i].s);
	for (int i = 0; i < N / 2; i++) {
		snprintf(key, sizeof(key), "r/%d", i);
		send_frame(key, NULL, "token", MESSAGE, key);
	}
	for (int i = 1; i < N; i += 2) {
		char want[40];
		snprintf(want, sizeof(want), "token=r/%d ", i / 2);
		cr_assert_str_eq(eyes[i].seen, want);
		cr_assert_str_eq(eyes[i - 1].seen, "");
	}
	cr_assert_eq(hub_subscribers(hub), N / 2);
}
