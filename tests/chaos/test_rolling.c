/* test_rolling.c - a new version goes out under load: two apis behind the gateway and two workers, restarted one after the other while guests chat. No request fails, every
 * guest is back by itself, every answer is complete and stored once. */
#include <criterion/criterion.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/edit_kit.h"
#include "tests/support/gateway.h"
#include "tests/support/guest.h"

#define GUESTS 200
#define LANES 10 /* threads; each has GUESTS / LANES guests, who ask in turn */
#define READERS 2

static struct stack *stack;
static struct gateway *gateway;
static atomic_bool over;
static atomic_int asked, answered, read_ok, read_failed, resumed;

static void start(void)
{
	stack = stack_start(&(struct stack_options){ .apis = 2, .workers = 2 });
	gateway = gateway_start(stack, 2);
}

static void stop(void)
{
	gateway_stop(&gateway);
	stack_stop(&stack);
}

TestSuite(rolling, .init = start, .fini = stop, .timeout = 400);

/* Guests keep their sockets open between their questions: those see each restart of their api. */
static void *chat(void *nothing)
{
	struct guest *guests = calloc(GUESTS / LANES, sizeof(*guests));
	for (size_t i = 0; i < GUESTS / LANES; i++)
		guest_init(&guests[i], gateway_port(gateway));
	for (size_t i = 0; !over; i = (i + 1) % (GUESTS / LANES)) {
		guest_ask(&guests[i], "Tell me about your cookies");
		asked++;
		answered += guest_wait(&guests[i], KIT_MS);
	}
	for (size_t i = 0; i < GUESTS / LANES; i++) {
		resumed += guests[i].resumes;
		guest_close(&guests[i]);
	}
	free(guests);
	return nothing;
}

static void *read_menus(void *nothing)
{
	while (!over) {
		struct http_client *c = http_client_open(gateway_port(gateway));
		bool fine = c && http_client_say(c, "GET /api/v1/restaurants/" KIT_SLUG "/menu HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n") && http_client_read(c, 20000).status == 200;
		http_client_close(&c);
		(fine ? &read_ok : &read_failed)[0]++;
		usleep(5000);
	}
	return nothing;
}

static void wait_for_answers(int more)
{
	int until = answered + more;
	for (int i = 0; i < 1200 && answered < until; i++)
		usleep(50000);
	cr_expect_geq(answered, until, "guests are answered");
}

static void restart(enum stack_kind kind, int index)
{
	stack_terminate(stack, kind, index);
	stack_launch(stack, kind, index);
	stack_wait_ready(stack, kind, index);
	wait_for_answers(50);
}

Test(rolling, a_restart_of_each_is_not_noticed)
{
	pthread_t threads[LANES + READERS];
	for (int i = 0; i < LANES + READERS; i++)
		cr_assert_eq(pthread_create(&threads[i], NULL, i < LANES ? chat : read_menus, NULL), 0);
	wait_for_answers(GUESTS);
	restart(STACK_API, 0);
	restart(STACK_WORKER, 0);
	restart(STACK_API, 1);
	restart(STACK_WORKER, 1);
	over = true;
	for (int i = 0; i < LANES + READERS; i++)
		pthread_join(threads[i], NULL);
	cr_expect_eq(answered, asked, "every question was answered, whole");
	cr_expect_gt(resumed, 0, "else no socket was cut, and this proves nothing");
	cr_expect_gt(read_ok, 100);
	cr_expect_eq(read_failed, 0, "no request failed");
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM message WHERE sender_type = 'assistant'"), asked, "each answer is stored once");
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM message q WHERE q.sender_type = 'user' AND NOT EXISTS (SELECT FROM message a WHERE a.message_id = q.message_id AND a.sender_type = 'assistant')"), 0);
	char sql[200];
	snprintf(sql, sizeof(sql), "SELECT sum(n) FROM analytics_hour WHERE metric = 'message'");
	char all[20];
	snprintf(all, sizeof(all), "%d", asked);
	stack_expect(stack, sql, all, KIT_MS);
}
