/* edits.c - see edits.h. PATCHes of one dish's price over kept connections, closed loop: each connection sends the next edit when the one before is answered. */
#include "tests/bench/edits.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"
#include "tests/bench/table.h"
#include "tests/support/http_client.h"
#include "tests/support/stack_token.h"
#include "tests/support/ws_client.h"

#define SLUG "the-cookie-jar"
#define RESTAURANTS 100
#define CONNECTIONS 100
#define RUN_MS 5000
#define WARM_UP_MS 1500
#define NOTICED 300 /* edits that a guest's socket is timed with */
#define ANSWER_MS 20000

struct editor {
	struct http_client *client;
	char item[40];
	int number;
	int64_t sent_us;
};

static struct editor editors[CONNECTIONS];
static char token[2000];

static void send_edit(struct editor *e)
{
	char body[60], text[3000];
	e->number++;
	snprintf(body, sizeof(body), "{\"price\":%d.%02d}", 1 + e->number / 100 % 90, e->number % 100);
	snprintf(text, sizeof(text), "PATCH /api/v1/menu/items/%s HTTP/1.1\r\nHost: bench\r\n%sContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s", e->item, token, strlen(body), body);
	e->sent_us = clock_us();
	http_client_say(e->client, text);
}

static double part(double *v, size_t n, double share)
{
	table_sort(v, n);
	return n ? v[(size_t)((double)(n - 1) * share)] : 0;
}

struct edit_result {
	double rate, p50_ms, p99_ms;
	int64_t errors;
};

static struct edit_result run(int n)
{
	static double times[200000];
	struct pollfd fds[CONNECTIONS];
	struct edit_result result = { .errors = 0 };
	size_t count = 0;
	int64_t begin = clock_ms() + WARM_UP_MS, end = begin + RUN_MS;
	for (int i = 0; i < n; i++) {
		fds[i] = (struct pollfd){ .fd = http_client_fd(editors[i].client), .events = POLLIN };
		send_edit(&editors[i]);
	}
	while (clock_ms() < end && poll(fds, (nfds_t)n, 1000) >= 0) {
		for (int i = 0; i < n; i++) {
			if (!fds[i].revents)
				continue;
			struct http_answer a = http_client_read(editors[i].client, ANSWER_MS);
			result.errors += a.status != 200;
			if (clock_ms() >= begin && count < sizeof(times) / sizeof(times[0]))
				times[count++] = (double)(clock_us() - editors[i].sent_us) / 1e3;
			send_edit(&editors[i]);
		}
	}
	for (int i = 0; i < n; i++)
		http_client_read(editors[i].client, ANSWER_MS);
	result.rate = (double)count * 1e3 / RUN_MS;
	result.p50_ms = part(times, count, 0.5);
	result.p99_ms = part(times, count, 0.99);
	return result;
}

static void add_row(const char *id, const char *what, const char *unit, double value, enum table_goal direction, double goal)
{
	table_add(&(struct table_row){ .id = id, .what = what, .unit = unit, .value = value, .floor = -1, .original = -1, .goal = goal, .direction = direction });
}

/* A hundred restaurants with one dish each. */
static void make_restaurants(struct stack *stack)
{
	stack_query(stack, "INSERT INTO restaurant (id, name, slug) SELECT ('0190b000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 'Bench ' || i, 'bench-' || i FROM generate_series(1, 100) i");
	stack_query(stack, "INSERT INTO menu_category (restaurant_id, id, name) SELECT id, ('0190b001' || right(id::text, 28))::uuid, 'Dishes' FROM restaurant WHERE slug LIKE 'bench-%'");
	stack_query(stack, "INSERT INTO menu_item (restaurant_id, id, category_id, name, price) SELECT id, ('0190b002' || right(id::text, 28))::uuid, ('0190b001' || right(id::text, 28))::uuid,"
	                   " 'Dish', 5 FROM restaurant WHERE slug LIKE 'bench-%'");
}

static void open_editors(struct stack *stack, bool same)
{
	char item[40];
	snprintf(item, sizeof(item), "%s", stack_query(stack, "SELECT i.id FROM menu_item i JOIN restaurant r ON r.id = i.restaurant_id WHERE r.slug = '" SLUG "' ORDER BY i.id LIMIT 1"));
	for (int i = 0; i < CONNECTIONS; i++) {
		editors[i].client = http_client_open(stack_port(stack, 0));
		if (same)
			snprintf(editors[i].item, sizeof(editors[i].item), "%s", item);
		else
			snprintf(editors[i].item, sizeof(editors[i].item), "0190b002-0000-7000-8000-%012d", i % RESTAURANTS + 1);
	}
}

static void close_editors(void)
{
	for (int i = 0; i < CONNECTIONS; i++)
		http_client_close(&editors[i].client);
}

/* From the edit's transaction (its begin: what is stored) to the frame at a guest: an upper bound of the time from the commit. */
static void bench_notice(struct stack *stack)
{
	static double times[NOTICED];
	struct ws_client *guest = ws_client_open(stack_port(stack, 0), "/ws/" SLUG, ANSWER_MS);
	size_t n = 0;
	ws_client_read(guest, ANSWER_MS);
	for (int i = 0; i < NOTICED; i++) {
		send_edit(&editors[0]);
		const char *frame = ws_client_read(guest, ANSWER_MS);
		int64_t seen_us = clock_wall_ms() * 1000;
		http_client_read(editors[0].client, ANSWER_MS);
		int64_t at_us = stack_count(stack, "SELECT (extract(epoch FROM created_at) * 1000000)::bigint FROM audit ORDER BY created_at DESC LIMIT 1");
		if (frame && strstr(frame, "menu_updated"))
			times[n++] = (double)(seen_us - at_us) / 1e3;
	}
	ws_client_close(&guest);
	add_row("edit_to_socket_p50", "from an edit's transaction to a guest's socket, p50", "ms", part(times, n, 0.5), TABLE_AT_MOST, 100);
	add_row("edit_to_socket_p99", "from an edit's transaction to a guest's socket, p99", "ms", part(times, n, 0.99), TABLE_AT_MOST, 100);
}

void bench_edits(struct stack *stack)
{
	snprintf(token, sizeof(token), "%s", stack_token(stack, SLUG, "platform"));
	make_restaurants(stack);
	open_editors(stack, true);
	struct edit_result one = run(32);
	bench_notice(stack);
	close_editors();
	open_editors(stack, false);
	struct edit_result many = run(CONNECTIONS);
	close_editors();
	printf("  edits: one restaurant, 32 at once: p50 %.1f ms, p99 %.1f ms, %lld errors; 100 restaurants, 100 at once: p50 %.1f ms, p99 %.1f ms, %lld errors\n", one.p50_ms, one.p99_ms,
	       (long long)one.errors, many.p50_ms, many.p99_ms, (long long)many.errors);
	add_row("edits_one_restaurant", "edits a second, answered, one restaurant", "/s", one.rate, TABLE_AT_LEAST, 200);
	add_row("edits_100_restaurants", "edits a second, answered, 100 restaurants", "/s", many.rate, TABLE_AT_LEAST, 500);
}
