/* test_correction.c - who was told what the menu takes back is told again: at once when they are there, on their next join when they are not. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/id.h"
#include "tests/support/edit_kit.h"
#include "tests/support/ws_client.h"

#define QUIET_MS 700 /* how long to look for what must not come */

static struct kit k;

static void open_kit(void)
{
	edit_kit_open(&k, NULL);
}

static void close_kit(void)
{
	edit_kit_close(&k);
}

TestSuite(corrections, .init = open_kit, .fini = close_kit, .timeout = 180);

static json_t *next(struct ws_client *c, const char *type, int64_t ms)
{
	for (;;) {
		const char *text = ws_client_read(c, ms);
		json_t *frame = text ? json_loads(text, 0, NULL) : NULL;
		if (!frame || !strcmp(kit_text(frame, "type"), type))
			return frame;
		json_decref(frame);
	}
}

static struct ws_client *connect_guest(void)
{
	struct ws_client *c = ws_client_open(k.port, "/ws/" KIT_SLUG, KIT_MS);
	cr_assert(c);
	return c;
}

/* Asks and waits for the whole answer; its message id, static. */
static const char *ask(struct ws_client *c, const char *session, const char *question)
{
	static char ids[8][ID_TEXT];
	static unsigned at;
	char *id = ids[at++ % 8], text[600];
	id_uuid(id);
	snprintf(text, sizeof(text), "{\"type\":\"chat_message\",\"session_id\":\"%s\",\"message_id\":\"%s\",\"message\":\"%s\"}", session, id, question);
	ws_client_send(c, text);
	json_t *answer = next(c, "ai_message", KIT_MS);
	cr_assert(answer, "an answer to %s", question);
	json_decref(answer);
	return id;
}

static void join(struct ws_client *c, const char *session)
{
	char text[200];
	snprintf(text, sizeof(text), "{\"type\":\"join\",\"session_id\":\"%s\"}", session);
	ws_client_send(c, text);
}

static void edit(const char *body)
{
	json_decref(kit_must(&k, "manager", "PATCH", kit_path("/api/v1/menu/items/%s", k.item), NULL, body, 200));
}

/* The next correction, which must be of this answer and say this. */
static void see(struct ws_client *c, const char *message_id, const char *words, const char *field, const char *value)
{
	json_t *frame = next(c, "correction", KIT_MS);
	cr_assert(frame, "a correction of %s: %s", message_id, words);
	cr_expect_str_eq(kit_text(frame, "message_id"), message_id);
	cr_expect(strstr(kit_text(frame, "content"), words), "\"%s\" in: %s", words, kit_text(frame, "content"));
	size_t i, found = 0;
	json_t *claim;
	json_array_foreach(json_object_get(frame, "claims"), i, claim)
	{
		char *said = json_dumps(json_object_get(claim, "value"), JSON_ENCODE_ANY);
		found += !strcmp(kit_text(claim, "field"), field) && !strcmp(said, value) && !strcmp(kit_text(claim, "item_id"), k.item);
		free(said);
	}
	cr_expect_eq(found, 1, "the claim %s %s", field, value);
	json_decref(frame);
}

static void see_none(struct ws_client *c)
{
	json_t *frame = next(c, "correction", QUIET_MS);
	cr_expect_null(frame, "no correction was due: %s", frame ? kit_text(frame, "content") : "");
	json_decref(frame);
}

static const char *item_name(void)
{
	static char name[200];
	snprintf(name, sizeof(name), "%s", kit_value(&k, "SELECT name FROM menu_item WHERE id = '%s'", k.item));
	return name;
}

Test(corrections, reach_who_is_there_and_who_comes_back)
{
	char about[300], price[300];
	snprintf(about, sizeof(about), "tell me about the %s", item_name());
	snprintf(price, sizeof(price), "was kostet %s?", item_name());
	edit("{\"price\":5.50,\"is_available\":true,\"allergen_info\":{\"contains\":[\"milk\"],\"may_contain\":[],\"free_of\":[],\"reviewed\":true}}");

	struct ws_client *anna = connect_guest(), *ben = connect_guest();
	const char *annas = ask(anna, "anna", about), *bens = ask(ben, "ben", about);
	ws_client_close(&ben);
	edit("{\"allergen_info\":{\"contains\":[\"milk\",\"sesame\"],\"reviewed\":true}}");
	see(anna, annas, "contains sesame", "allergen", "\"contains\"");
	edit("{\"description\":\"Changed, but no worse.\"}");
	see_none(anna);
	ben = connect_guest();
	join(ben, "ben");
	see(ben, bens, "contains sesame", "allergen", "\"contains\"");

	const char *prices = ask(anna, "anna", price);
	edit("{\"price\":5.25}");
	see_none(anna);
	edit("{\"price\":6.25}");
	json_t *first = next(anna, "correction", KIT_MS); /* both of her answers named the price */
	cr_assert(first && strstr(kit_text(first, "content"), "6.25"), "%s", first ? kit_text(first, "content") : "nothing");
	json_decref(first);
	see(anna, prices, "kostet $6.25", "price", "6.25");
	see(ben, bens, "costs $6.25", "price", "6.25");

	edit("{\"is_available\":false}");
	see(ben, bens, "sold out today", "availability", "false");
	ws_client_close(&anna);
	ws_client_close(&ben);
}

/* More than two pages of answers, three of each second. */
Test(corrections, of_many_answers_the_newest_come_first_and_none_is_left_out)
{
	char about[300];
	snprintf(about, sizeof(about), "tell me about the %s", item_name());
	edit("{\"price\":5.50,\"is_available\":true,\"allergen_info\":{\"contains\":[\"milk\"],\"may_contain\":[],\"free_of\":[],\"reviewed\":true}}");
	struct ws_client *anna = connect_guest();
	const char *annas = ask(anna, "anna", about);
	kit_value(&k, "INSERT INTO message (restaurant_id, id, conversation_id, message_id, sender_type, content, status, claims, menu_version, meta_data, created_at)"
	              " SELECT m.restaurant_id, gen_random_uuid(), m.conversation_id, md5('old' || g)::uuid, m.sender_type, m.content, m.status, m.claims, m.menu_version, m.meta_data,"
	              " m.created_at - (1 + g / 3) * interval '1 second' FROM message m, generate_series(0, 449) g WHERE m.message_id = '%s' RETURNING 1",
	          annas);
	edit("{\"allergen_info\":{\"contains\":[\"milk\",\"sesame\"],\"reviewed\":true}}");
	bool seen = false; /* in the first page, which is told in the order of the answers */
	for (int i = 0; i < 203 && !seen; i++) {
		json_t *frame = next(anna, "correction", KIT_MS);
		cr_assert(frame, "correction %d", i + 1);
		seen = strcmp(kit_text(frame, "message_id"), annas) == 0;
		json_decref(frame);
	}
	cr_expect(seen);
	stack_expect(k.stack, "SELECT count(*) FROM correction", "451", KIT_MS);
	cr_expect_str_eq(kit_value(&k, "SELECT count(*) FROM correction a JOIN message m ON m.message_id = a.message_id AND m.sender_type = 'assistant'"
	                               " JOIN correction b ON b.created_at < a.created_at JOIN message o ON o.message_id = b.message_id AND o.sender_type = 'assistant' WHERE o.created_at < m.created_at"),
	                 "0");
	ws_client_close(&anna);
}

Test(corrections, and_an_admin_sees_who_was_told_what)
{
	char about[300], path[300];
	snprintf(about, sizeof(about), "does the %s contain sesame?", item_name());
	edit("{\"is_available\":true,\"allergen_info\":{\"contains\":[],\"may_contain\":[],\"free_of\":[],\"reviewed\":true}}");
	struct ws_client *guest = connect_guest();
	const char *message_id = ask(guest, "carla", about);
	edit("{\"allergen_info\":{\"contains\":[\"sesame\"],\"reviewed\":true}}");
	see(guest, message_id, "contains sesame", "allergen", "\"contains\"");
	ws_client_close(&guest);
	stack_expect(k.stack, "SELECT count(*) FROM correction", "1", KIT_MS);

	snprintf(path, sizeof(path), "/api/v1/chat/" KIT_SLUG "/claims?item_id=%s&since=2026-01-01T00:00:00%%2B02:00", k.item);
	json_t *list = kit_must(&k, "manager", "GET", path, NULL, NULL, 200);
	cr_assert_eq(json_array_size(list), 1);
	const json_t *told = json_array_get(list, 0);
	cr_expect_str_eq(kit_text(told, "message_id"), message_id);
	cr_expect_str_eq(kit_text(told, "question"), about);
	cr_expect(*kit_text(told, "corrected_at"));
	cr_expect_gt(json_array_size(json_object_get(told, "claims")), 0);
	char *all = json_dumps(list, 0);
	cr_expect_null(strstr(all, "carla"), "the session is its guest's secret");
	free(all);
	json_decref(list);
	list = kit_must(&k, "manager", "GET", "/api/v1/chat/" KIT_SLUG "/claims?item_id="
	                                      "01890000-0000-7000-8000-000000000009",
	                NULL, NULL, 200);
	cr_expect_eq(json_array_size(list), 0);
	json_decref(list);
	list = kit_must(&k, "manager", "GET", "/api/v1/chat/" KIT_SLUG "/messages?session_id=carla", NULL, NULL, 200);
	cr_expect_gt(json_array_size(json_object_get(json_array_get(list, 1), "claims")), 0, "the guest's own history has them too");
	json_decref(list);
	json_decref(kit_must(&k, "staff", "GET", path, NULL, NULL, 403));
	json_decref(kit_must(&k, NULL, "GET", path, NULL, NULL, 401));
	json_decref(kit_must(&k, "manager", "GET", "/api/v1/chat/" KIT_SLUG "/claims?since=yesterday", NULL, NULL, 422));
	json_decref(kit_must(&k, "manager", "GET", "/api/v1/chat/" KIT_SLUG "/claims?since=2026-02-30T00:00:00Z", NULL, NULL, 422));
	json_decref(kit_must(&k, "manager", "GET", "/api/v1/chat/" KIT_OTHER "/claims", NULL, NULL, 403));
}
