/* chat_db.c - see chat_db.h. */
#include "workers/chat_db.h"

#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/id.h"
#include "common/log.h"
#include "workers/chat_final.h"
#include "workers/chat_profile.h"

enum kind { BEGIN,
	    STORE,
	    KIND_COUNT };

struct entry {
	struct chat *chat; /* NULL: its flow was cancelled meanwhile */
	bool single;       /* goes alone: its batch failed */
	struct entry *next;
};

/* What waits of one restaurant and kind. */
struct lane {
	char tenant[ID_TEXT];
	enum kind kind;
	struct entry *waiting, **end;
	int in_flight;
	UT_hash_handle hh;
};

struct chat_db {
	struct worker *worker;
	struct lane *lanes[KIND_COUNT];
	uv_prepare_t *flush; /* runs at the end of a turn in which something was added */
};

struct batch {
	struct chat_db *db;
	struct lane *lane;
	struct arena *arena;
	struct entry *entries[CHAT_DB_BATCH];
	size_t n;
};

static void flush_lane(struct chat_db *db, struct lane *lane);

/* --- parameters --- */

static struct chat_begin_params *begin_params(struct batch *b)
{
	struct arena *a = b->arena;
	const char **sessions = arena_array(a, b->n, sizeof(*sessions)), **conversations = arena_array(a, b->n, sizeof(char *));
	const char **questions = arena_array(a, b->n, sizeof(char *)), **messages = arena_array(a, b->n, sizeof(char *));
	const char **contents = arena_array(a, b->n, sizeof(char *));
	int64_t *partitions = arena_array(a, b->n, sizeof(*partitions));
	bool *want = arena_array(a, b->n, sizeof(*want));
	for (size_t i = 0; i < b->n; i++) {
		const struct chat *c = b->entries[i]->chat;
		char *ids = arena_alloc(a, 2 * ID_TEXT);
		id_uuid(ids);
		id_uuid(ids + ID_TEXT);
		sessions[i] = c->asked->session_id;
		conversations[i] = ids;
		questions[i] = ids + ID_TEXT;
		messages[i] = c->asked->message_id;
		contents[i] = c->asked->message;
		partitions[i] = c->asked->reply_to ? c->asked->reply_to->partition : -1;
		want[i] = !c->session->loaded;
	}
	struct chat_begin_params *p = arena_new_of(a, struct chat_begin_params);
	*p = (struct chat_begin_params){
		.session_ids = { sessions, b->n },
		.conversation_ids = { conversations, b->n },
		.question_ids = { questions, b->n },
		.message_ids = { messages, b->n },
		.contents = { contents, b->n },
		.reply_partitions = { partitions, b->n },
		.want_history = { want, b->n },
	};
	return p;
}

static struct chat_store_params *store_params(struct batch *b)
{
	struct arena *a = b->arena;
	const char **ids = arena_array(a, b->n, sizeof(char *)), **messages = arena_array(a, b->n, sizeof(char *));
	const char **contents = arena_array(a, b->n, sizeof(char *)), **statuses = arena_array(a, b->n, sizeof(char *));
	const char **claims = arena_array(a, b->n, sizeof(char *)), **metas = arena_array(a, b->n, sizeof(char *));
	const char **providers = arena_array(a, b->n, sizeof(char *)), **told = arena_array(a, b->n, sizeof(char *));
	int64_t *attempts = arena_array(a, b->n, sizeof(int64_t)), *versions = arena_array(a, b->n, sizeof(int64_t));
	int64_t *in = arena_array(a, b->n, sizeof(int64_t)), *out = arena_array(a, b->n, sizeof(int64_t));
	for (size_t i = 0; i < b->n; i++) {
		const struct chat *c = b->entries[i]->chat;
		char *id = arena_alloc(a, ID_TEXT);
		id_uuid(id);
		ids[i] = id;
		messages[i] = c->asked->message_id;
		attempts[i] = c->attempt;
		contents[i] = buf_text(&c->text);
		statuses[i] = chat_status_name(c->status);
		claims[i] = chat_claims_json(a, &c->answer);
		metas[i] = chat_meta_json(a, c);
		versions[i] = c->menu->version;
		providers[i] = c->provider;
		told[i] = chat_profile_json(a, c->answer.told);
		in[i] = c->tokens_in;
		out[i] = c->tokens_out;
	}
	struct chat_store_params *p = arena_new_of(a, struct chat_store_params);
	*p = (struct chat_store_params){
		.answer_ids = { ids, b->n },
		.message_ids = { messages, b->n },
		.attempts = { attempts, b->n },
		.contents = { contents, b->n },
		.statuses = { statuses, b->n },
		.claims = { claims, b->n },
		.metas = { metas, b->n },
		.menu_versions = { versions, b->n },
		.providers = { providers, b->n },
		.tokens_in = { in, b->n },
		.tokens_out = { out, b->n },
		.told = { told, b->n },
	};
	return p;
}

/* --- results --- */

/* Rows mostly come in the order of the batch, so the look starts at the same place. */
static const char *row_message(const struct pg_rows *rows, enum kind kind, size_t i)
{
	return kind == BEGIN ? ((const struct chat_begin_row *)rows->v)[i].message_id
	                     : ((const struct chat_store_row *)rows->v)[i].message_id;
}

static size_t find_row(const struct pg_rows *rows, enum kind kind, const char *message_id, size_t at)
{
	for (size_t k = 0; k < rows->n; k++) {
		size_t i = (at + k) % rows->n;
		if (strcasecmp(row_message(rows, kind, i), message_id) == 0)
			return i;
	}
	return rows->n;
}

static void take_begin(struct chat *c, const struct chat_begin_row *row)
{
	c->begun = row ? row->attempt : 0;
	if (!row || !row->attempt)
		return;
	c->conversation_id = arena_strdup(c->arena, row->conversation_id);
	if (!c->session->loaded)
		session_load(c->session, row->history, row->profile, row->partitions);
}

static void take_store(struct chat *c, const struct chat_store_row *row)
{
	c->stored = row != NULL;
	c->newest_menu = row ? row->menu_version : 0;
}

static void take_row(struct chat *c, enum kind kind, const struct pg_rows *rows, size_t at)
{
	size_t i = rows->n ? find_row(rows, kind, c->asked->message_id, at) : 0;
	bool found = i < rows->n;
	if (kind == BEGIN)
		take_begin(c, found ? &((const struct chat_begin_row *)rows->v)[i] : NULL);
	else
		take_store(c, found ? &((const struct chat_store_row *)rows->v)[i] : NULL);
}

static void add_entry(struct lane *lane, struct entry *e)
{
	e->next = NULL;
	*lane->end = e;
	lane->end = &e->next;
}

static void end_entry(struct batch *b, size_t i, const struct pg_result *result)
{
	struct entry *e = b->entries[i];
	bool apart = result->error == ERROR_db_conflict || result->error == ERROR_db_failed;
	if (e->chat && apart && b->n > 1) {
		e->single = true;
		add_entry(b->lane, e);
		return;
	}
	struct chat *c = e->chat;
	free(e);
	if (!c)
		return;
	if (!result->error)
		take_row(c, b->lane->kind, &result->rows[0], i);
	flow_resume(c->flow, result->error, result->detail);
}

static void on_batch(void *ctx, const struct pg_result *result)
{
	struct batch *b = ctx;
	struct chat_db *db = b->db;
	struct lane *lane = b->lane;
	lane->in_flight--;
	if (result->error)
		log_event(LOG_warn, "chat.batch_failed", LOG_S("error", error_row(result->error)->name),
		          LOG_S("sqlstate", result->sqlstate), LOG_S("detail", result->detail), LOG_I("rows", b->n));
	for (size_t i = 0; i < b->n; i++)
		end_entry(b, i, result);
	arena_free(&b->arena);
	free(b);
	flush_lane(db, lane);
}

/* --- batches --- */

static bool fits(const struct batch *b, const struct entry *e)
{
	return b->n == 0 || (b->n < CHAT_DB_BATCH && !e->single && !b->entries[0]->single);
}

static void fill(struct batch *b)
{
	struct lane *lane = b->lane;
	while (lane->waiting && fits(b, lane->waiting)) {
		struct entry *e = lane->waiting;
		lane->waiting = e->next;
		if (!lane->waiting)
			lane->end = &lane->waiting;
		if (e->chat)
			b->entries[b->n++] = e;
		else
			free(e);
	}
}

static void run_batch(struct batch *b)
{
	struct pg *pg = b->db->worker->pg;
	b->lane->in_flight++;
	if (b->lane->kind == BEGIN)
		pg_query(pg, b->arena, b->lane->tenant, chat_begin, begin_params(b), on_batch, b);
	else
		pg_query(pg, b->arena, b->lane->tenant, chat_store, store_params(b), on_batch, b);
}

static void flush_lane(struct chat_db *db, struct lane *lane)
{
	while (lane->waiting && lane->in_flight < CHAT_DB_IN_FLIGHT) {
		struct batch *b = calloc(1, sizeof(*b));
		if (!b)
			abort();
		b->db = db;
		b->lane = lane;
		b->arena = arena_new();
		fill(b);
		if (b->n) {
			run_batch(b);
			continue;
		}
		arena_free(&b->arena);
		free(b);
	}
}

static void on_turn_end(uv_prepare_t *prepare)
{
	struct chat_db *db = prepare->data;
	uv_prepare_stop(prepare);
	for (int kind = 0; kind < KIND_COUNT; kind++)
		for (struct lane *lane = db->lanes[kind]; lane; lane = lane->hh.next)
			flush_lane(db, lane);
}

static struct lane *lane_of(struct chat_db *db, enum kind kind, const char *tenant)
{
	struct lane *lane = NULL;
	HASH_FIND_STR(db->lanes[kind], tenant, lane);
	if (lane)
		return lane;
	lane = calloc(1, sizeof(*lane));
	if (!lane)
		abort();
	memcpy(lane->tenant, tenant, strnlen(tenant, ID_TEXT - 1));
	lane->kind = kind;
	lane->end = &lane->waiting;
	HASH_ADD_STR(db->lanes[kind], tenant, lane);
	return lane;
}

static void forget_entry(void *operation)
{
	((struct entry *)operation)->chat = NULL;
}

static const struct step *enqueue(struct chat *c, enum kind kind, const struct step *next)
{
	struct chat_db *db = c->worker->chat_db;
	struct entry *e = calloc(1, sizeof(*e));
	if (!e)
		abort();
	e->chat = c;
	add_entry(lane_of(db, kind, c->asked->restaurant_id), e);
	uv_prepare_start(db->flush, on_turn_end);
	return flow_wait(c->flow, forget_entry, e, 0, next);
}

const struct step *chat_db_begin(struct chat *c, const struct step *next)
{
	return enqueue(c, BEGIN, next);
}

const struct step *chat_db_store(struct chat *c, const struct step *next)
{
	c->stored = false;
	return enqueue(c, STORE, next);
}

enum error chat_db_new(struct worker *w, struct chat_db **db_r)
{
	struct chat_db *db = calloc(1, sizeof(*db));
	uv_prepare_t *flush = calloc(1, sizeof(*flush));
	if (!db || !flush || uv_prepare_init(w->loop, flush)) {
		free(db);
		free(flush);
		return ERROR_internal;
	}
	db->worker = w;
	db->flush = flush;
	flush->data = db;
	*db_r = db;
	return ERROR_none;
}

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

static void free_lanes(struct lane *lanes)
{
	struct lane *lane, *next;
	HASH_ITER(hh, lanes, lane, next)
	{
		HASH_DEL(lanes, lane);
		for (struct entry *e = lane->waiting, *after; e; e = after) {
			after = e->next;
			free(e);
		}
		free(lane);
	}
}

void chat_db_free(struct chat_db **db)
{
	if (!*db)
		return;
	for (int kind = 0; kind < KIND_COUNT; kind++)
		free_lanes((*db)->lanes[kind]);
	uv_close((uv_handle_t *)(*db)->flush, free_handle);
	free(*db);
	*db = NULL;
}
