/* corrections.c - see corrections.h. */
#include "tests/bench/corrections.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"
#include "common/id.h"
#include "tests/bench/table.h"
#include "tests/support/http_client.h"
#include "tests/support/stack_token.h"
#include "tests/support/ws_client.h"

#define SLUG "the-cookie-jar"
#define DISH "Snickerdoodle"
#define ROUNDS 100
#define ANSWER_MS 20000

static bool read_until(struct ws_client *guest, const char *type)
{
	for (;;) {
		const char *text = ws_client_read(guest, ANSWER_MS);
		if (!text || strstr(text, type))
			return text != NULL;
	}
}

static bool ask(struct ws_client *guest, int round)
{
	char id[ID_TEXT], text[400];
	id_uuid(id);
	snprintf(text, sizeof(text), "{\"type\":\"chat_message\",\"session_id\":\"bench-%d\",\"message_id\":\"%s\",\"message\":\"do you have the " DISH "?\"}", round, id);
	ws_client_send(guest, text);
	return read_until(guest, "\"ai_message\"");
}

static bool sell(struct stack *stack, const char *token, const char *item, bool available)
{
	char path[100];
	snprintf(path, sizeof(path), "/api/v1/menu/items/%s", item);
	return http_ask(stack_port(stack, 0), "PATCH", path, token, available ? "{\"is_available\":true}" : "{\"is_available\":false}").status == 200;
}

static void add_row(const char *id, const char *what, double value)
{
	table_add(&(struct table_row){ .id = id, .what = what, .unit = "ms", .value = value, .floor = -1, .original = -1, .goal = 2000, .direction = TABLE_AT_MOST });
}

void bench_corrections(struct stack *stack)
{
	static double times[ROUNDS];
	char token[2100], item[ID_TEXT];
	size_t n = 0;
	snprintf(token, sizeof(token), "%sContent-Type: application/json\r\n", stack_token(stack, SLUG, "platform"));
	snprintf(item, sizeof(item), "%s", stack_query(stack, "SELECT i.id FROM menu_item i JOIN restaurant r ON r.id = i.restaurant_id WHERE r.slug = '" SLUG "' AND i.name = '" DISH "'"));
	for (int i = 0; i < ROUNDS; i++) {
		struct ws_client *guest = ws_client_open(stack_port(stack, 0), "/ws/" SLUG, ANSWER_MS);
		bool told = guest && ask(guest, i);
		int64_t begin_us = clock_us();
		if (told && sell(stack, token, item, false) && read_until(guest, "\"correction\""))
			times[n++] = (double)(clock_us() - begin_us) / 1e3;
		ws_client_close(&guest);
		if (!sell(stack, token, item, true))
			break;
	}
	if (n < ROUNDS)
		printf("  corrections: %zu of %d came\n", n, ROUNDS);
	table_sort(times, n);
	add_row("correction_p50", "an edit makes an answer false: PATCH sent to correction at the guest, p50", n ? times[n / 2] : -1);
	add_row("correction_p99", "an edit makes an answer false: PATCH sent to correction at the guest, p99", n ? times[(n * 99) / 100] : -1);
}
