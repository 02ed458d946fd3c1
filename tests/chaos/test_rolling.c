/* test_rolling.c - a new version goes out under load: two apis behind the gateway and two workers, restarted one after the other while 200 guests chat. No request fails, every
 * socket is back within BACK_MS, every answer is complete, is what the guest saw, and is stored once.
 *
 * A guest waits before it connects again as the web app does (web/src/lib/backoff.ts is read for it), and its time runs from the moment that its socket is gone until the api says
 * welcome on the next one. Each guest has a thread: it sees its socket go at once.
 */
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
#define CLIENTS 3
#define BACK_MS 3000
#define ANSWERS_MAX 200 /* of a guest */
#define STACK_BYTES (512 << 10)

struct answer {
	char message_id[ID_TEXT];
	char *content;
};
struct chatter {
	pthread_t thread;
	struct guest guest;
	unsigned seed;
	struct answer answers[ANSWERS_MAX];
	size_t n;
};

static struct stack *stack;
static struct gateway *gateway;
static struct guest_backoff backoff;
static struct chatter *chatters;
static atomic_bool over;
static atomic_int asked, answered, said_ok, said_badly;

/* "base_ms: 15_000": the number behind the name, without underscores. */
static int64_t number_of(const char *text, const char *name)
{
	const char *at = strstr(text, name);
	int64_t n = 0;
	cr_assert(at, "web/src/lib/backoff.ts has no %s", name);
	for (at += strlen(name); *at == ' ' || *at == '_' || (*at >= '0' && *at <= '9'); at++)
		if (*at >= '0' && *at <= '9')
			n = n * 10 + (*at - '0');
	return n;
}

static void read_backoff(void)
{
	static char text[10000];
	FILE *file = fopen("web/src/lib/backoff.ts", "r");
	cr_assert(file, "tests run in the project's folder");
	text[fread(text, 1, sizeof(text) - 1, file)] = '\0';
	fclose(file);
	const char *plan = strstr(text, "BACKOFF: Backoff = {");
	cr_assert(plan);
	backoff = (struct guest_backoff){ number_of(plan, "base_ms:"), number_of(plan, "cap_ms:"), number_of(plan, "spread_ms:") };
	cr_assert(backoff.base_ms && backoff.cap_ms && backoff.spread_ms);
}

static void start(void)
{
	read_backoff();
	stack = stack_start(&(struct stack_options){ .apis = 2, .workers = 2 });
	gateway = gateway_start(stack, 2);
	chatters = calloc(GUESTS, sizeof(*chatters));
}

static void stop(void)
{
	for (size_t i = 0; i < GUESTS; i++)
		for (size_t j = 0; j < chatters[i].n; j++)
			free(chatters[i].answers[j].content);
	free(chatters);
	gateway_stop(&gateway);
	stack_stop(&stack);
}

TestSuite(rolling, .init = start, .fini = stop, .timeout = 400);

/* Asks, reads, thinks; the socket stays open meanwhile. */
static void *chat(void *arg)
{
	struct chatter *c = arg;
	guest_init(&c->guest, gateway_port(gateway));
	c->guest.backoff = &backoff;
	while (!over && c->n < ANSWERS_MAX) {
		guest_ask(&c->guest, "Tell me about your cookies");
		asked++;
		if (!guest_wait(&c->guest, KIT_MS))
			break;
		struct answer *a = &c->answers[c->n++];
		snprintf(a->message_id, sizeof(a->message_id), "%s", c->guest.message_id);
		a->content = strdup(c->guest.content);
		answered++;
		guest_stay(&c->guest, 2000 + rand_r(&c->seed) % 6000);
	}
	for (int i = 0; c->guest.lost_ms && i < 100; i++)
		guest_stay(&c->guest, 100);
	return NULL;
}

/* What browsers, sites and admins ask for meanwhile: each on a connection of its own or on one that is kept; reads and writes. */
static void *say(void *arg)
{
	static const char *const requests[] = {
		"GET /api/v1/restaurants/" KIT_SLUG "/menu HTTP/1.1\r\nHost: x\r\n%s\r\n",
		"GET /api/v1/restaurants HTTP/1.1\r\nHost: x\r\n%s\r\n",
		"GET /api/v1/chat/" KIT_SLUG "/suggestions HTTP/1.1\r\nHost: x\r\n%s\r\n",
		"POST /api/v1/chat/" KIT_SLUG "/message?wait=true HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 42\r\n%s\r\n{\"message\":\"hello\",\"session_id\":\"s-%05d\"}",
	};
	bool kept = *(const int *)arg % 2;
	struct http_client *c = NULL;
	unsigned seed = (unsigned)*(const int *)arg + 1;
	for (size_t i = 0; !over; i++) {
		char text[1000];
		if (!c)
			c = http_client_open(gateway_port(gateway));
		snprintf(text, sizeof(text), requests[i % 4], kept ? "" : "Connection: close\r\n", rand_r(&seed) % 100000);
		int status = c && http_client_say(c, text) ? http_client_read(c, KIT_MS).status : 0;
		if (status >= 200 && status < 300) {
			said_ok++;
		} else {
			said_badly++;
			fprintf(stderr, "status %d: %s\n", status, text);
		}
		if (!kept || status < 200 || status >= 300 || i % 500 == 499)
			http_client_close(&c);
		usleep(10000);
	}
	http_client_close(&c);
	return NULL;
}

static void wait_for_answers(int more)
{
	int until = answered + more;
	for (int i = 0; i < 2400 && answered < until; i++)
		usleep(50000);
	cr_expect_geq(answered, until, "guests are answered");
}

static void restart(enum stack_kind kind, int index)
{
	stack_terminate(stack, kind, index);
	stack_launch(stack, kind, index);
	stack_wait_ready(stack, kind, index);
	wait_for_answers(GUESTS / 2);
}

static pthread_t spawn(void *(*run)(void *), void *arg)
{
	pthread_t thread;
	pthread_attr_t attr;
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, STACK_BYTES);
	cr_assert_eq(pthread_create(&thread, &attr, run, arg), 0);
	pthread_attr_destroy(&attr);
	return thread;
}

static void check_sockets(void)
{
	int64_t slowest = 0;
	int never = 0;
	for (size_t i = 0; i < GUESTS; i++) {
		const struct guest *g = &chatters[i].guest;
		slowest = g->slowest_back_ms > slowest ? g->slowest_back_ms : slowest;
		never += g->resumes == 0;
		cr_expect_eq(g->lost_ms, 0, "guest %zu did not come back", i);
	}
	cr_log_info("the slowest socket was back after %lld ms", (long long)slowest);
	cr_expect_leq(slowest, BACK_MS, "a socket was away for %lld ms", (long long)slowest);
	cr_expect_eq(never, 0, "%d sockets were never cut: both apis went, so this proves nothing about them", never);
}

/* What each guest saw is what is stored, once. */
static void check_answers(void)
{
	stack_query(stack, "CREATE TEMP TABLE told (message_id uuid PRIMARY KEY, content text)");
	for (size_t i = 0; i < GUESTS; i++)
		for (size_t j = 0; j < chatters[i].n; j++) {
			char sql[17000];
			snprintf(sql, sizeof(sql), "INSERT INTO told VALUES ('%s', $told$%s$told$)", chatters[i].answers[j].message_id, chatters[i].answers[j].content);
			stack_query(stack, sql);
		}
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM told"), answered);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM told t WHERE 1 <> (SELECT count(*) FROM message m WHERE m.message_id = t.message_id AND m.sender_type = 'assistant' AND m.content = t.content)"), 0,
	             "an answer is not stored once, as its guest saw it");
	cr_expect_eq(stack_count(stack, "SELECT count(*) - count(DISTINCT message_id) FROM message WHERE sender_type = 'assistant'"), 0);
	cr_expect_eq(stack_count(stack, "SELECT count(*) FROM message q WHERE q.sender_type = 'user' AND NOT EXISTS (SELECT FROM message a WHERE a.message_id = q.message_id AND a.sender_type = 'assistant')"), 0);
	char all[30];
	snprintf(all, sizeof(all), "%s", stack_query(stack, "SELECT count(*) FROM message WHERE sender_type = 'assistant'"));
	stack_expect(stack, "SELECT sum(n) FROM analytics_hour WHERE metric = 'message'", all, KIT_MS);
}

Test(rolling, a_restart_of_each_is_not_noticed)
{
	pthread_t clients[CLIENTS];
	int numbers[CLIENTS];
	for (int i = 0; i < CLIENTS; i++) {
		numbers[i] = i;
		clients[i] = spawn(say, &numbers[i]);
	}
	for (int i = 0; i < GUESTS; i++) {
		chatters[i].seed = (unsigned)i;
		chatters[i].thread = spawn(chat, &chatters[i]);
	}
	wait_for_answers(GUESTS);
	restart(STACK_API, 0);
	restart(STACK_WORKER, 0);
	restart(STACK_API, 1);
	restart(STACK_WORKER, 1);
	over = true;
	for (int i = 0; i < GUESTS; i++)
		pthread_join(chatters[i].thread, NULL);
	for (int i = 0; i < CLIENTS; i++)
		pthread_join(clients[i], NULL);
	cr_expect_eq(answered, asked, "every question was answered, whole");
	cr_expect_gt(said_ok, 500);
	cr_expect_eq(said_badly, 0, "%d requests of %d failed", said_badly, said_ok + said_badly);
	check_sockets();
	check_answers();
	for (int i = 0; i < GUESTS; i++)
		guest_close(&chatters[i].guest);
}
