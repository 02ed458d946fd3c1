/* test_rls.c - no restaurant sees or changes what is another's. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/pg_bind.h"
#include "common/pg_libpq.h"
#include "tests/support/pg_fixture.h"

#define SECRET "only-olive-knows"
#define CLAIMS "[{\"item_id\":\"018f3c2e-7d4a-7abc-8def-0123456789ab\",\"item\":\"" SECRET "\",\"field\":\"existence\",\"value\":true,\"menu_version\":1}]"
#define IMPORT "018f3c2e-7d4a-7abc-8def-0123456789ab"

static struct pg_fixture f;
static const char *message, *unanswered, *member_id;

static const char *new_id(void)
{
	char *id = arena_alloc(f.arena, ID_TEXT);
	id_uuid(id);
	return id;
}

static struct chat_begin_params *begin_params(const char *id, const char *text)
{
	struct chat_begin_params *p = arena_new_of(f.arena, struct chat_begin_params);
	static const int64_t partition = 1;
	static const bool want = true;
	static const char *const session = "secret-session";
	const char **texts = arena_array(f.arena, 4, sizeof(*texts));
	memcpy(texts, (const char *[]){ new_id(), new_id(), id, text }, 4 * sizeof(*texts));
	*p = (struct chat_begin_params){ .session_ids = { &session, 1 }, .conversation_ids = { &texts[0], 1 }, .question_ids = { &texts[1], 1 }, .message_ids = { &texts[2], 1 }, .contents = { &texts[3], 1 }, .reply_partitions = { &partition, 1 }, .want_history = { &want, 1 } };
	return p;
}

static struct chat_store_params *store_params(const char *id)
{
	struct chat_store_params *p = arena_new_of(f.arena, struct chat_store_params);
	static const int64_t one = 1;
	static const char *const words[] = { SECRET, "complete", CLAIMS, "{}", "builtin" };
	const char **ids = arena_array(f.arena, 2, sizeof(*ids));
	ids[0] = new_id();
	ids[1] = id;
	*p = (struct chat_store_params){ .answer_ids = { &ids[0], 1 }, .message_ids = { &ids[1], 1 }, .attempts = { &one, 1 }, .contents = { &words[0], 1 }, .statuses = { &words[1], 1 }, .claims = { &words[2], 1 }, .metas = { &words[3], 1 }, .menu_versions = { &one, 1 }, .providers = { &words[4], 1 }, .tokens_in = { &one, 1 }, .tokens_out = { &one, 1 } };
	return p;
}

static struct edit_apply_params *edit_params(void);
static const void *correction_params_of(enum query_id query);

static void open_fixture(void)
{
	pg_fixture_open(&f);
	message = new_id();
	unanswered = new_id();
	pg_fixture_first(pg_fixture_run(&f, f.olive, &(struct pg_statement){ QUERY_chat_begin, begin_params(message, SECRET) }, 1));
	pg_fixture_first(pg_fixture_run(&f, f.olive, &(struct pg_statement){ QUERY_chat_store, store_params(message) }, 1));
	pg_fixture_first(pg_fixture_run(&f, f.olive, &(struct pg_statement){ QUERY_chat_begin, begin_params(unanswered, SECRET) }, 1));
	struct edit_apply_params *edit = edit_params();
	edit->body = "{\"description\": \"" SECRET "\"}";
	pg_fixture_first(pg_fixture_run(&f, f.olive, &(struct pg_statement){ QUERY_edit_apply, edit }, 1));
	pg_fixture_first(pg_fixture_query(&f, f.olive, import_receive, .import_id = IMPORT, .data = { SECRET, strlen(SECRET) }, .open_max = 3));
	pg_fixture_first(pg_fixture_run(&f, f.olive, &(struct pg_statement){ QUERY_correction_store, correction_params_of(QUERY_correction_store) }, 1));
	member_id = arena_strdup(f.arena, pg_fixture_value(&f, "INSERT INTO app_user (id, email, name) VALUES (gen_random_uuid(), 'a@b.c', '" SECRET "') RETURNING id"));
	pg_fixture_value(&f, arena_printf(f.arena, "INSERT INTO membership (restaurant_id, user_id, role) VALUES ('%s', '%s', 'owner')", f.olive, member_id));
	pg_fixture_value(&f, "UPDATE conversation SET profile = '{\"allergies\": [\"" SECRET "\"], \"diets\": []}'");
	pg_fixture_value(&f, "UPDATE menu_item i SET name = '" SECRET "' FROM restaurant r WHERE r.id = i.restaurant_id AND r.slug = 'olive-ember'");
}

static void close_fixture(void)
{
	pg_fixture_close(&f);
}

TestSuite(rls, .init = open_fixture, .fini = close_fixture, .timeout = 120);

/* A dish of olive-ember's: another restaurant has none of this id. */
static struct edit_apply_params *edit_params(void)
{
	static struct edit_apply_params p;
	p = (struct edit_apply_params){ .operation_id = new_id(), .action = "item_update", .body = "{\"name\": \"a stranger's\"}", .request_hash = "h" };
	p.target_id = arena_strdup(f.arena, pg_fixture_value(&f, "SELECT i.id FROM menu_item i JOIN restaurant r ON r.id = i.restaurant_id WHERE r.slug = 'olive-ember' LIMIT 1"));
	return &p;
}

static const void *menu_params_of(enum query_id query)
{
	static const struct category_list_params categories = { .limit_ = 200 };
	static const struct ingredient_list_params ingredients = { .limit_ = 200 };
	static const struct ingredient_names_params ingredient_names = { .after_name = "", .after_id = "00000000-0000-0000-0000-000000000000", .limit_ = 200 };
	static const struct item_export_params export = { .limit_ = 200 };
	static const struct item_list_params items = { .q = SECRET, .limit_ = 200 };
	static const struct audit_list_params audit_page = { .limit_ = 50 };
	switch ((int)query) {
	case QUERY_category_list:
		return &categories;
	case QUERY_ingredient_list:
		return &ingredients;
	case QUERY_ingredient_names:
		return &ingredient_names;
	case QUERY_item_list:
		return &items;
	case QUERY_item_export:
		return &export;
	case QUERY_edit_apply:
		return edit_params();
	case QUERY_audit_list:
		return &audit_page;
	default:
		return NULL;
	}
}

/* An import of olive-ember's; another restaurant has none of this id. What needs a table of a session's own (import_plan) finds none there. */
static const void *import_params_of(enum query_id query)
{
	static const struct import_get_params get = { .import_id = IMPORT };
	static const struct import_rows_params rows = { .import_id = IMPORT, .limit_ = 50 };
	static const struct import_failed_params failed = { .import_id = IMPORT, .limit_ = 50 };
	static const struct import_received_params received = { .import_id = IMPORT };
	static const struct import_of_key_params of_key = { .lowest = IMPORT, .highest = IMPORT };
	static const struct import_chunk_read_params chunk = { .import_id = IMPORT };
	static const struct import_reject_params reject = { .import_id = IMPORT, .reason = "failed" };
	static const struct import_state_params state = { .import_id = IMPORT };
	static const struct import_report_params report = { .import_id = IMPORT };
	static const struct import_watch_params watch = { .import_id = IMPORT, .partition = 1 };
	static const struct import_mark_params mark = { .import_id = IMPORT };
	static const struct import_settle_params settle = { .import_id = IMPORT };
	switch ((int)query) {
	case QUERY_import_get:
		return &get;
	case QUERY_import_rows:
		return &rows;
	case QUERY_import_failed:
		return &failed;
	case QUERY_import_received:
		return &received;
	case QUERY_import_of_key:
		return &of_key;
	case QUERY_import_chunk_read:
		return &chunk;
	case QUERY_import_reject:
		return &reject;
	case QUERY_import_state:
		return &state;
	case QUERY_import_report:
		return &report;
	case QUERY_import_watch:
		return &watch;
	case QUERY_import_mark:
		return &mark;
	case QUERY_import_settle:
		return &settle;
	default:
		return NULL;
	}
}

/* What happened in olive-ember; another restaurant has its own numbers, which are all 0. */
static const void *analytics_params_of(enum query_id query)
{
	static const struct analytics_report_params report = { .by_ = "day" };
	static const struct analytics_rows_params rows = { .metric = "message", .limit_ = 50 };
	static const struct analytics_table_params table = { .by_ = "day", .limit_ = 50 };
	static const struct conversation_list_params conversations = { .limit_ = 50 };
	static const struct conversation_get_params session = { .session_id = "secret-session" };
	static const struct session_erase_params erase = { .session_id = "secret-session" };
	static const char nothing;
	switch ((int)query) {
	case QUERY_analytics_report:
		return &report;
	case QUERY_analytics_rows:
		return &rows;
	case QUERY_analytics_table:
		return &table;
	case QUERY_analytics_live:
		return &nothing;
	case QUERY_conversation_list:
		return &conversations;
	case QUERY_conversation_get:
		return &session;
	case QUERY_session_erase:
		return &erase;
	default:
		return import_params_of(query);
	}
}

/* These make what is not there yet (in the restaurant of the tenant), or need a session of their own. */
static bool is_import_write(size_t query)
{
	return query == QUERY_import_receive || query == QUERY_import_begin || query == QUERY_import_stage || query == QUERY_import_plan;
}

static const void *correction_params_of(enum query_id query)
{
	static const char *const text = SECRET, *const claims = "[]";
	static const struct correction_find_params find = { .version = 1000, .before_ = "infinity", .limit_ = 50 };
	static struct correction_store_params store = { .version = 1, .contents = { &text, 1 }, .claims = { &claims, 1 } };
	static const struct session_corrections_params session = { .session_id = "secret-session" };
	static const struct claim_list_params told = { .limit_ = 50 };
	static const struct budget_reserve_params reserve = { .tokens = 1, .ceiling = 10 };
	static const struct budget_settle_params settle = { .month = "2026-01-01", .tokens = 1 };
	store.message_ids = (struct query_texts){ &message, 1 };
	switch ((int)query) {
	case QUERY_correction_find:
		return &find;
	case QUERY_correction_store:
		return &store;
	case QUERY_session_corrections:
		return &session;
	case QUERY_claim_list:
		return &told;
	case QUERY_budget_reserve:
		return &reserve;
	case QUERY_budget_settle:
		return &settle;
	default:
		return NULL;
	}
}

/* Parameters of each TENANT statement which name what belongs to olive-ember. A statement that is not here fails the test: add it. */
static const void *params_of(enum query_id query)
{
	static const struct session_profile_params profile = { .session_id = "secret-session" };
	static struct session_answers_params answers = { .session_id = "secret-session" };
	static const struct session_attach_params attach = { .session_id = "secret-session", .partition = 7 };
	static const struct profile_remove_params removal = { .session_id = "secret-session", .kind = "allergy", .value = SECRET };
	static const struct message_list_params list = { .session_id = "secret-session", .limit_ = 50 };
	static struct message_owner_params owner;
	static struct question_attempt_params attempt;
	static struct chat_recall_params recall;
	static const struct member_list_params members = { .limit_ = 50 };
	static struct member_write_params member = { .action = "update", .role = "viewer" };
	static const struct suggestion_items_params starters;
	static const char nothing;
	answers.last = message;
	owner.message_id = message;
	attempt.message_id = unanswered;
	recall.message_ids = (struct query_texts){ &message, 1 };
	switch ((int)query) {
	case QUERY_menu_document:
	case QUERY_menu_page:
		return &nothing;
	case QUERY_suggestion_items:
		return &starters;
	case QUERY_chat_begin:
		return begin_params(message, "a stranger's");
	case QUERY_chat_store:
		return store_params(unanswered);
	case QUERY_chat_recall:
		return &recall;
	case QUERY_session_answers:
		return &answers;
	case QUERY_session_profile:
		return &profile;
	case QUERY_session_attach:
		return &attach;
	case QUERY_profile_remove:
		return &removal;
	case QUERY_message_list:
		return &list;
	case QUERY_message_owner:
		return &owner;
	case QUERY_question_attempt:
		return &attempt;
	case QUERY_member_list:
		return &members;
	case QUERY_member_write:
		member.id = member_id;
		return &member;
	default:
		if (correction_params_of(query))
			return correction_params_of(query);
		return menu_params_of(query) ? menu_params_of(query) : analytics_params_of(query);
	}
}

/* Does any text of the rows hold the secret, or the id of olive-ember? Numbers alone must not be there at all. */
static bool tells(const struct query_row *row, const struct pg_rows *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		size_t at = 0;
		for (size_t c = 0; c < row->column_count; c++) {
			enum query_type type = row->columns[c].type;
			size_t size = type == QT_bool ? 1 : 8;
			at = (at + size - 1) / size * size;
			const char *text = type <= QT_numeric ? *(const char *const *)((const char *)rows->v + i * row->row_size + at) : NULL;
			if (text && (strstr(text, SECRET) || strstr(text, f.olive)))
				return true;
			at += size;
		}
	}
	return row == &query_rows[QUERY_question_attempt] && rows->n;
}

static const char *fingerprint(void)
{
	return arena_strdup(f.arena, pg_fixture_value(&f, "SELECT md5(string_agg(t, '' ORDER BY t)) FROM (SELECT c::text FROM conversation c, restaurant r WHERE"
	                                                  " r.id = restaurant_id AND r.slug = 'olive-ember' UNION ALL SELECT m::text FROM message m, restaurant r"
	                                                  " WHERE r.id = restaurant_id AND r.slug = 'olive-ember' UNION ALL SELECT i::text FROM menu_item i, restaurant r"
	                                                  " WHERE r.id = restaurant_id AND r.slug = 'olive-ember' UNION ALL SELECT r::text FROM restaurant r WHERE r.slug = 'olive-ember'"
	                                                  " UNION ALL SELECT m::text FROM menu_import m WHERE m.id = '" IMPORT "'"
	                                                  " UNION ALL SELECT c::text FROM import_chunk c WHERE c.import_id = '" IMPORT "'"
	                                                  " UNION ALL SELECT k::text FROM correction k WHERE k.content = '" SECRET "'"
	                                                  " UNION ALL SELECT a::text FROM audit a, restaurant r WHERE r.id = restaurant_id AND r.slug = 'olive-ember' UNION ALL SELECT b::text FROM membership b) x(t)"));
}

static void check_stranger(const char *tenant)
{
	size_t checked = 0;
	const char *before = fingerprint();
	for (size_t q = 0; q < QUERY_COUNT; q++) {
		const struct query_row *row = &query_rows[q];
		if (row->scope != QUERY_TENANT || is_import_write(q))
			continue;
		const void *params = params_of((enum query_id)q);
		cr_assert_not_null(params, "%s has no parameters in this test", row->name);
		const struct pg_result *r = pg_fixture_run(&f, tenant, &(struct pg_statement){ (enum query_id)q, params }, 1);
		cr_expect(r->error == ERROR_none || (!tenant && (q == QUERY_chat_begin || q == QUERY_edit_apply || q == QUERY_budget_reserve)), "%s: %s", row->name, r->detail);
		cr_expect_not(tells(row, &r->rows[0]), "%s tells %s about olive-ember", row->name, tenant ? "the other restaurant" : "nobody");
		checked++;
	}
	cr_expect_geq(checked, 11);
	cr_expect_str_eq(fingerprint(), before, "nothing of olive-ember was changed");
}

Test(rls, statements_tell_their_own_restaurant)
{
	cr_expect(tells(&query_rows[QUERY_menu_document], &pg_fixture_query(&f, f.olive, menu_document)->rows[0]), "else this test proves nothing");
	cr_expect(tells(&query_rows[QUERY_item_list], &pg_fixture_query(&f, f.olive, item_list, .q = SECRET, .limit_ = 50)->rows[0]));
	cr_expect(tells(&query_rows[QUERY_audit_list], &pg_fixture_query(&f, f.olive, audit_list, .limit_ = 50)->rows[0]));
	cr_expect(tells(&query_rows[QUERY_edit_apply], &pg_fixture_run(&f, f.olive, &(struct pg_statement){ QUERY_edit_apply, edit_params() }, 1)->rows[0]));
	cr_expect(tells(&query_rows[QUERY_member_list], &pg_fixture_query(&f, f.olive, member_list, .limit_ = 50)->rows[0]));
	cr_expect(tells(&query_rows[QUERY_conversation_list], &pg_fixture_query(&f, f.olive, conversation_list, .limit_ = 50)->rows[0]));
	cr_expect(tells(&query_rows[QUERY_conversation_get], &pg_fixture_query(&f, f.olive, conversation_get, .session_id = "secret-session")->rows[0]));
	cr_expect(tells(&query_rows[QUERY_message_list],
	                &pg_fixture_query(&f, f.olive, message_list, .session_id = "secret-session", .limit_ = 50)->rows[0]));
}

Test(rls, statements_tell_another_restaurant_nothing)
{
	check_stranger(f.jar);
}

Test(rls, statements_tell_nobody_anything)
{
	check_stranger(NULL);
}

Test(rls, the_tenant_ends_with_its_run)
{
	pg_fixture_pool(&f, 1);
	cr_expect_eq(pg_fixture_query(&f, f.olive, menu_document)->rows[0].n, 1);
	cr_expect_eq(pg_fixture_query(&f, NULL, menu_document)->rows[0].n, 0, "on the same connection");
	cr_expect_eq(pg_fixture_query(&f, f.jar, message_owner, .message_id = message)->rows[0].n, 0);
}

Test(rls, every_table_is_guarded)
{
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT string_agg(relname, ',') FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace"
	                                      " AND relname <> 'schema_migration' AND NOT (relrowsecurity AND relforcerowsecurity)"),
	                 "");
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT rolsuper OR rolbypassrls OR rolcanlogin FROM pg_roles WHERE rolname = 'restaurant_app'"), "f");
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"), "f",
	                 "the owner of the tables in this test is as powerless as in production");
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT string_agg(proname, ',') FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
	                                      " AND (proconfig IS NULL OR NOT proconfig::text LIKE '%search_path=public, pg_temp%')"),
	                 "", "functions with the owner's rights have a search path of their own");
	cr_expect_str_eq(pg_fixture_value(&f, "SELECT string_agg(proname, ',') FROM pg_proc WHERE pronamespace = 'public'::regnamespace"
	                                      " AND (proacl IS NULL OR proacl::text LIKE '%{=X%' OR proacl::text LIKE '%,=X%')"),
	                 "", "no function is open to everybody");
}

/* As restaurant_app, for one restaurant, with statements that no program of ours has. */
static void check_statement(const char *tenant, const char *sql, const char *sqlstate, const char *value)
{
	struct pg_script *s = pg_fixture_script(&f);
	cr_assert_eq(pg_script_run(s, "BEGIN; SET ROLE restaurant_app"), ERROR_none);
	cr_assert_eq(pg_script_run(s, arena_printf(f.arena, "SELECT set_config('app.tenant', '%s', true)", tenant)), ERROR_none);
	enum error error = pg_script_run(s, sql);
	cr_expect_str_eq(pg_script_sqlstate(s), sqlstate, "%s: %s", sql, pg_script_error(s));
	if (!error && value)
		cr_expect_str_eq(pg_script_cell(s, 0, 0), value, "%s", sql);
	pg_script_close(&s);
}

Test(rls, the_database_refuses_what_the_program_should_not_ask)
{
	check_statement(f.jar, "SELECT count(*) FROM restaurant", "", "1");
	check_statement("", "SELECT count(*) FROM restaurant", "", "0");
	check_statement(f.jar, "SELECT count(*) FROM message", "", "0");
	check_statement(f.jar, "SELECT count(*) FROM conversation", "", "0");
	check_statement(f.jar, arena_printf(f.arena, "SELECT count(*) FROM menu_item WHERE restaurant_id = '%s'", f.olive), "", "0");
	check_statement(f.jar, arena_printf(f.arena, "INSERT INTO conversation (restaurant_id, id, session_id) VALUES ('%s', '%s', 'x')", f.olive, new_id()),
	                "42501", NULL);
	check_statement(f.olive, "UPDATE conversation SET session_id = 'x'", "42501", NULL);
	check_statement(f.olive, "UPDATE message SET content = 'x'", "42501", NULL);
	check_statement(f.olive, "DELETE FROM message", "42501", NULL);
	check_statement(f.olive, "INSERT INTO restaurant (id, name, slug) VALUES (gen_random_uuid(), 'x', 'x')", "42501", NULL);
	check_statement(f.olive, "TRUNCATE message", "42501", NULL);
	check_statement(f.olive, "ALTER TABLE message DISABLE ROW LEVEL SECURITY", "42501", NULL);
	check_statement(f.olive, "SELECT * FROM schema_migration", "42501", NULL);
	check_statement(f.olive, "SELECT * FROM app_user", "42501", NULL);
	check_statement(f.olive, "SELECT * FROM membership", "42501", NULL);
	check_statement(f.olive, "SELECT * FROM refresh_token", "42501", NULL);
	check_statement(f.olive, "SELECT * FROM account_request", "42501", NULL);
	check_statement(f.olive, "SELECT user_create(gen_random_uuid(), 'x@y.z', '', '', true)", "42501", NULL);
}

static void refuse_as_owner(const char *sql)
{
	cr_expect_eq(pg_script_run(f.owner, sql), ERROR_db_conflict, "%s", sql);
	cr_expect_str_eq(pg_script_sqlstate(f.owner), "23503", "%s", sql);
}

Test(rls, no_row_points_at_another_restaurants)
{
	refuse_as_owner("UPDATE menu_item SET category_id = (SELECT c.id FROM menu_category c JOIN restaurant r ON r.id = c.restaurant_id WHERE r.slug = 'olive-ember' LIMIT 1)"
	                " WHERE restaurant_id = (SELECT id FROM restaurant WHERE slug = 'the-cookie-jar')");
	refuse_as_owner("UPDATE message SET restaurant_id = (SELECT id FROM restaurant WHERE slug = 'the-cookie-jar')");
	refuse_as_owner("INSERT INTO menu_item_ingredient (restaurant_id, menu_item_id, ingredient_id)"
	                " SELECT i.restaurant_id, i.id, g.id FROM menu_item i JOIN restaurant r ON r.id = i.restaurant_id AND r.slug = 'the-cookie-jar',"
	                " ingredient g JOIN restaurant o ON o.id = g.restaurant_id AND o.slug = 'olive-ember' LIMIT 1");
	refuse_as_owner("INSERT INTO message_feedback (restaurant_id, message_id, conversation_id, rating, created_at) SELECT r.id, gen_random_uuid(), c.id, 'up', now()"
	                " FROM conversation c, restaurant r WHERE r.slug = 'the-cookie-jar'");
}
