/* test_chat_queries.c - what the statements of the chat do, in a real database. */
#include <criterion/criterion.h>
#include <string.h>

#include "tests/support/pg_fixture.h"


static struct pg_fixture f;

static void open_fixture(void)
{
	pg_fixture_open(&f);
}

static void close_fixture(void)
{
	pg_fixture_close(&f);
}

TestSuite(chat_queries, .init = open_fixture, .fini = close_fixture, .timeout = 120);

static const char *new_id(void)
{
	char *id = arena_alloc(f.arena, ID_TEXT);
	id_uuid(id);
	return id;
}

static const struct chat_begin_row *begin(const char *session, const char *message, const char *text, int64_t partition)
{
	return pg_fixture_row(&f, f.olive, chat_begin, .session_ids = TEXTS(session), .conversation_ids = TEXTS(new_id()),
	                      .question_ids = TEXTS(new_id()), .message_ids = TEXTS(message), .contents = TEXTS(text),
	                      .reply_partitions = INTS(partition), .want_history = BOOLS(true));
}

static size_t store(const char *message, int64_t attempt, const char *text)
{
	const struct pg_result *r =
		pg_fixture_query(&f, f.olive, chat_store, .answer_ids = TEXTS(new_id()), .message_ids = TEXTS(message), .attempts = INTS(attempt),
	                         .contents = TEXTS(text), .statuses = TEXTS("complete"), .claims = TEXTS("[]"), .metas = TEXTS("{\"seq\": 3}"),
	                         .menu_versions = INTS(7), .providers = TEXTS("builtin"), .tokens_in = INTS(-1), .tokens_out = INTS(12));
	cr_assert_eq(r->error, ERROR_none, "%s", r->detail);
	return r->rows[0].n;
}

Test(chat_queries, a_question_is_stored_and_its_attempts_are_numbered)
{
	const char *message = new_id();
	const struct chat_begin_row *row = begin("s1", message, "Hello?", 5);
	cr_assert_eq(row->attempt, 1);
	cr_expect_str_eq(row->message_id, message);
	cr_expect_str_eq(row->profile, "{\"diets\": [], \"allergies\": []}");
	cr_expect_str_eq(row->partitions, "[5]");
	cr_expect_str_eq(row->history, "[]");
	const char *conversation = row->conversation_id;
	row = begin("s1", message, "Hello?", 5);
	cr_expect_eq(row->attempt, 2);
	cr_expect_str_eq(row->conversation_id, conversation);
	cr_expect_eq(begin("s1", message, "Hello?", 5)->attempt, 3);
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT count(*) FROM message"), "1");
}

Test(chat_queries, a_message_id_belongs_to_its_session_and_text)
{
	const char *message = new_id();
	cr_assert_eq(begin("mine", message, "Hello?", -1)->attempt, 1);
	const struct chat_begin_row *row = begin("theirs", message, "Hello?", 3);
	cr_expect_eq(row->attempt, 0);
	cr_expect_null(row->conversation_id);
	cr_expect_null(row->history);
	cr_expect_null(row->profile);
	cr_expect_eq(begin("mine", message, "Something else", 3)->attempt, 0);
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT string_agg(session_id || reply_partitions::text, ' ') FROM conversation"), "mine{}",
	                 "nothing of the refused ones is stored");
	cr_expect_eq(begin("mine", message, "Hello?", -1)->attempt, 2);
}

Test(chat_queries, a_batch_answers_for_each_question)
{
	const char *known = new_id(), *one = new_id(), *two = new_id();
	begin("a", known, "first", 1);
	const struct pg_result *r =
		pg_fixture_query(&f, f.olive, chat_begin, .session_ids = TEXTS("b", "a", "c"), .conversation_ids = TEXTS(new_id(), new_id(), new_id()),
	                         .question_ids = TEXTS(new_id(), new_id(), new_id()), .message_ids = TEXTS(one, known, two),
	                         .contents = TEXTS("x", "first", "y"), .reply_partitions = INTS(-1, 2, 3), .want_history = BOOLS(false, true, false));
	cr_assert_eq(r->error, ERROR_none, "%s", r->detail);
	cr_assert_eq(r->rows[0].n, 3);
	const struct chat_begin_row *rows = r->rows[0].v;
	for (size_t i = 0; i < 3; i++) {
		bool is_known = strcmp(rows[i].message_id, known) == 0;
		cr_expect_eq(rows[i].attempt, is_known ? 2 : 1);
		cr_expect_eq(rows[i].history != NULL, is_known);
		cr_expect_str_eq(rows[i].partitions, is_known ? "[1,2]" : strcmp(rows[i].message_id, one) == 0 ? "[]"
		                                                                                               : "[3]");
	}
}

Test(chat_queries, the_newest_four_partitions_are_kept)
{
	static const int64_t order[] = { 1, 2, 3, 4, 5, 3, 3, -1 };
	static const char *const expected[] = { "{1}", "{1,2}", "{1,2,3}", "{1,2,3,4}", "{2,3,4,5}", "{2,4,5,3}", "{2,4,5,3}", "{2,4,5,3}" };
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		begin("s", new_id(), "text", order[i]);
		cr_expect_str_eq(pg_fixture_value(&f, "SELECT reply_partitions FROM conversation"), expected[i]);
	}
	const struct session_attach_row *row = pg_fixture_row(&f, f.olive, session_attach, .session_id = "s", .partition = 9);
	cr_expect(row->known);
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT reply_partitions FROM conversation"), "{4,5,3,9}");
	row = pg_fixture_row(&f, f.olive, session_attach, .session_id = "nobody", .partition = 9);
	cr_expect_not(row->known);
}

static void say(const char *session, int i)
{
	const char *message = new_id();
	begin(session, message, arena_printf(f.arena, "question %d", i), -1);
	store(message, 1, arena_printf(f.arena, "answer \"%d\"", i));
}

Test(chat_queries, the_history_is_the_twelve_messages_before)
{
	for (int i = 1; i <= 7; i++)
		say("s", i);
	say("other", 99);
	const char *message = new_id(), *history = begin("s", message, "now", -1)->history;
	cr_expect(strncmp(history, "[{\"role\" : \"user\", \"content\" : \"question 2\"}", 44) == 0, "%s", history);
	cr_expect(strstr(history, "{\"role\" : \"assistant\", \"content\" : \"answer \\\"7\\\"\"}]"), "%s", history);
	cr_expect_null(strstr(history, "99"));
	cr_expect_null(strstr(history, "now"));
	say("s", 8);
	cr_expect_str_eq(begin("s", message, "now", -1)->history, history, "a second attempt sees what the first one saw");
}

Test(chat_queries, only_the_newest_attempt_stores_and_only_once)
{
	const char *message = new_id();
	begin("s", message, "text", -1);
	begin("s", message, "text", -1);
	cr_expect_eq(store(message, 1, "old"), 0);
	cr_expect_eq(store(message, 3, "from the future"), 0);
	cr_expect_eq(store(message, 2, "new"), 1);
	cr_expect_eq(store(message, 2, "again"), 0);
	begin("s", message, "text", -1);
	cr_expect_eq(store(message, 3, "third"), 0);
	cr_expect_eq(store(new_id(), 1, "no question"), 0);
	const struct chat_recall_row *row = pg_fixture_row(&f, f.olive, chat_recall, .message_ids = TEXTS(new_id(), message));
	cr_expect_str_eq(row->content, "new");
	cr_expect_str_eq(row->status, "complete");
	cr_expect_str_eq(row->claims, "[]");
	cr_expect_str_eq(row->meta_data, "{\"seq\": 3}");
	cr_expect_str_eq(row->provider, "builtin");
	cr_expect_eq(row->attempt, 2);
	cr_expect_eq(row->menu_version, 7);
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT (tokens_in IS NULL) || ',' || tokens_out FROM message WHERE sender_type = 'assistant'"), "true,12");
}

Test(chat_queries, texts_come_back_as_they_were)
{
	static const char *const texts[] = { "", "{\"a\",NULL}", "back\\slash 'quote' \"double\" {brace}, comma", "NULL", "Küche 寿司 🍪\n\ttab", " space " };
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		const char *message = new_id();
		begin("s", message, texts[i], -1);
		cr_assert_eq(store(message, 1, texts[i]), 1);
		cr_expect_str_eq(pg_fixture_row(&f, f.olive, chat_recall, .message_ids = TEXTS(message))->content, texts[i]);
		cr_expect_str_eq(pg_fixture_row(&f, f.olive, message_owner, .message_id = message)->content, texts[i]);
	}
	const char *message = new_id();
	begin("s", message, "question", -1);
	const struct pg_result *r =
		pg_fixture_query(&f, f.olive, chat_store, .answer_ids = TEXTS(new_id()), .message_ids = TEXTS(message), .attempts = INTS(1),
	                         .contents = TEXTS("answer"), .statuses = TEXTS("fallback"), .claims = TEXTS(NULL), .metas = TEXTS(NULL),
	                         .menu_versions = INTS(1), .providers = TEXTS(NULL), .tokens_in = INTS(1), .tokens_out = INTS(2));
	cr_assert_eq(r->rows[0].n, 1, "%s", r->detail);
	const struct chat_recall_row *row = pg_fixture_row(&f, f.olive, chat_recall, .message_ids = TEXTS(message));
	cr_expect_null(row->provider);
	cr_expect_str_eq(row->claims, "[]");
	r = pg_fixture_query(&f, f.olive, chat_recall, .message_ids = { NULL, 0 });
	cr_expect_eq(r->error, ERROR_none);
	cr_expect_eq(r->rows[0].n, 0);
}

static size_t answers(const char *session, const char *last, const struct session_answers_row **rows_r)
{
	const struct pg_result *r = pg_fixture_query(&f, f.olive, session_answers, .session_id = session, .last = last);
	cr_assert_eq(r->error, ERROR_none, "%s", r->detail);
	*rows_r = r->rows[0].v;
	return r->rows[0].n;
}

Test(chat_queries, a_session_resumes_from_the_question_it_saw_last)
{
	const char *ids[4];
	const struct session_answers_row *rows;
	for (int i = 0; i < 4; i++) {
		ids[i] = new_id();
		begin("s", ids[i], "question", -1);
	}
	cr_expect_eq(answers("s", NULL, &rows), 0);
	cr_expect_eq(answers("nobody", NULL, &rows), 0);
	store(ids[2], 1, "answer 2");
	store(ids[0], 1, "answer 0");
	cr_assert_eq(answers("s", ids[0], &rows), 2);
	cr_expect_str_eq(rows[0].content, "answer 0", "in the order of the questions");
	cr_expect_str_eq(rows[1].content, "answer 2");
	cr_assert_eq(answers("s", ids[1], &rows), 1);
	cr_expect_str_eq(rows[0].content, "answer 2");
	cr_expect_eq(answers("s", ids[3], &rows), 0, "known, but nothing is stored yet");
	cr_assert_eq(answers("s", NULL, &rows), 1);
	cr_expect_str_eq(rows[0].content, "answer 0", "the newest answer");
	cr_assert_eq(answers("s", new_id(), &rows), 1, "an unknown message is like none");
	begin("t", new_id(), "question", -1);
	cr_expect_eq(answers("t", ids[0], &rows), 0, "another session's message is like none");
}

Test(chat_queries, a_profile_loses_what_is_removed)
{
	begin("s", new_id(), "text", -1);
	pg_fixture_value(&f, "UPDATE conversation SET profile = '{\"allergies\": [\"milk\", \"kiwi\"], \"diets\": [\"vegan\"]}'");
	cr_expect_str_eq(pg_fixture_row(&f, f.olive, profile_remove, .session_id = "s", .kind = "allergy", .value = "milk")->profile,
	                 "{\"diets\": [\"vegan\"], \"allergies\": [\"kiwi\"]}");
	cr_expect_str_eq(pg_fixture_row(&f, f.olive, profile_remove, .session_id = "s", .kind = "diet", .value = "vegan")->profile,
	                 "{\"diets\": [], \"allergies\": [\"kiwi\"]}");
	cr_expect_str_eq(pg_fixture_row(&f, f.olive, profile_remove, .session_id = "s", .kind = "diet", .value = "absent")->profile,
	                 "{\"diets\": [], \"allergies\": [\"kiwi\"]}");
	cr_expect_str_eq(pg_fixture_row(&f, f.olive, session_profile, .session_id = "s")->profile, "{\"diets\": [], \"allergies\": [\"kiwi\"]}");
	const struct pg_result *r = pg_fixture_query(&f, f.olive, profile_remove, .session_id = "s", .kind = "mood", .value = "kiwi");
	cr_expect(r->error == ERROR_none && r->rows[0].n == 0);
	r = pg_fixture_query(&f, f.olive, session_profile, .session_id = "nobody");
	cr_expect(r->error == ERROR_none && r->rows[0].n == 0);
}

static void check_window(int64_t limit, int64_t offset, const char *first, const char *last)
{
	const struct message_list_row *row = pg_fixture_row(&f, f.olive, message_list, .session_id = "s", .limit_ = limit, .offset_ = offset);
	cr_expect_eq(row->total, 6);
	const char *a = strstr(row->body, first), *b = strstr(row->body, last);
	cr_expect(a && b && a <= b, "%s", row->body);
}

Test(chat_queries, messages_are_listed_as_they_were_said)
{
	for (int i = 1; i <= 3; i++)
		say("s", i);
	say("other", 9);
	check_window(50, 0, "question 1", "answer \\\"3\\\"");
	check_window(2, 0, "question 3", "answer \\\"3\\\"");
	check_window(2, 2, "question 2", "answer \\\"2\\\"");
	const struct message_list_row *row = pg_fixture_row(&f, f.olive, message_list, .session_id = "s", .limit_ = 1, .offset_ = 5);
	cr_expect(strstr(row->body, "question 1") && strstr(row->body, "\"status\" : \"sent\"") && !strstr(row->body, "answer"), "%s", row->body);
	row = pg_fixture_row(&f, f.olive, message_list, .session_id = "s", .limit_ = 50, .offset_ = 6);
	cr_expect_str_eq(row->body, "[]");
	row = pg_fixture_row(&f, f.olive, message_list, .session_id = "nobody", .limit_ = 50, .offset_ = 0);
	cr_expect_str_eq(row->body, "[]");
	cr_expect_eq(row->total, 0);
}

Test(chat_queries, a_question_knows_its_owner)
{
	const char *message = new_id();
	begin("s", message, "text", -1);
	const struct message_owner_row *row = pg_fixture_row(&f, f.olive, message_owner, .message_id = message);
	cr_expect_str_eq(row->session_id, "s");
	cr_expect_str_eq(row->content, "text");
	cr_expect_eq(pg_fixture_query(&f, f.olive, message_owner, .message_id = new_id())->rows[0].n, 0);
	cr_expect_eq(pg_fixture_query(&f, f.jar, message_owner, .message_id = message)->rows[0].n, 0);
}

Test(chat_queries, what_does_not_fit_together_is_a_conflict)
{
	const struct pg_result *r =
		pg_fixture_query(&f, new_id(), chat_begin, .session_ids = TEXTS("s"), .conversation_ids = TEXTS(new_id()), .question_ids = TEXTS(new_id()),
	                         .message_ids = TEXTS(new_id()), .contents = TEXTS("x"), .reply_partitions = INTS(1), .want_history = BOOLS(false));
	cr_expect_eq(r->error, ERROR_db_conflict, "a restaurant that does not exist");
	cr_expect_str_eq(r->sqlstate, "23503");
	cr_expect_eq(r->rows[0].n, 0);
}
