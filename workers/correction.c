/* correction.c - see correction.h. */
#include "workers/correction.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/clock.h"
#include "common/id.h"
#include "common/log.h"
#include "common/metric.h"
#include "schemas.h"
#include "workers/chat_final.h"
#include "workers/correction_text.h"
#include "workers/menu_store.h"
#include "workers/reply.h"

#define GATHER_MS 100     /* changes of one restaurant that come together are looked into together */
#define PAUSE_MAX_MS 1000 /* after a look over many answers, see pause_ms() */
#define PAGE 200          /* answers of one query */
#define BACKOFF_MS 500
#define TRIES 20 /* of a step that PostgreSQL refuses; who joins later is then told nothing */

/* An event that waits for the end of a look. */
struct waiting {
	struct arena *arena; /* holds this too */
	struct receipt *receipt;
	struct waiting *next;
};

/* A restaurant whose menu changed. */
struct place {
	char restaurant_id[ID_TEXT];
	struct corrections *owner;
	struct waiting *waiting, *looked; /* for the next look; for the one under way */
	int64_t version;                  /* newest that was asked for */
	int64_t began_ms, took_ms;        /* of the last look */
	bool more;                        /* the look goes on, with the answers before this time */
	char before[40];
	bool running;
	UT_hash_handle hh;
};

struct corrections {
	struct worker *worker;
	struct place *places;
};

struct look {
	struct worker *worker;
	struct place *place;
	struct menu_snapshot *menu;
	const struct dish_index *index;
	int64_t version;
	const struct correction_find_row *rows; /* one page: each has a flow of its own, and so its memory */
	size_t found;
	struct correction_store_params store;
	int tries;
};

STEP_DECLARE(correction, gather)
STEP_DECLARE(correction, find)
STEP_DECLARE(correction, found)
STEP_DECLARE(correction, menu)
STEP_DECLARE(correction, send)
STEP_DECLARE(correction, store)
STEP_DECLARE(correction, stored)

static void start(struct place *place);

/* --- the end --- */

static void finish_all(struct waiting *list)
{
	while (list) {
		struct waiting *w = list;
		list = w->next;
		consumer_finish(w->receipt);
		struct arena *arena = w->arena;
		arena_free(&arena);
	}
}

static void on_dispose(struct flow *f)
{
	menu_snapshot_drop(&flow_state(f, struct look)->menu);
}

static void on_done(struct flow *f, enum error error, const char *detail)
{
	struct look *l = flow_state(f, struct look);
	struct place *place = l->place;
	if (error)
		log_event(LOG_warn, "correction.failed", LOG_S("restaurant_id", place->restaurant_id), LOG_S("error", error_row(error)->name), LOG_S("detail", detail));
	place->running = false;
	if (error)
		place->more = false;
	if (!place->more) {
		place->took_ms = clock_ms() - place->began_ms;
		finish_all(place->looked);
		place->looked = NULL;
	}
	if (place->more || place->waiting || place->version > l->version) {
		start(place);
		return;
	}
	HASH_DEL(place->owner->places, place);
	free(place);
}

static const struct step *try_again(struct flow *f, const struct step *step)
{
	struct look *l = flow_state(f, struct look);
	if (error_row(f->result.error)->policy != ERROR_WAITING && l->tries++ >= TRIES)
		return flow_fail(f, f->result.error, f->result.detail);
	return flow_sleep(f, BACKOFF_MS, step);
}

/* --- answers that may be wrong --- */

/* Where one edit follows the other, looks take half of the time at most, and the edits have the rest. */
static int64_t pause_ms(const struct place *place)
{
	int64_t ms = place->took_ms > GATHER_MS ? place->took_ms : GATHER_MS;
	return ms < PAUSE_MAX_MS ? ms : PAUSE_MAX_MS;
}

static const struct step *correction_gather(struct flow *f)
{
	const struct place *place = flow_state(f, struct look)->place;
	return place->more ? &correction_find_step : flow_sleep(f, pause_ms(place), &correction_find_step);
}

/* All that came until now is looked into now. */
static void take_waiting(struct look *l)
{
	struct place *place = l->place;
	struct waiting **end = &place->looked;
	while (*end)
		end = &(*end)->next;
	*end = place->waiting;
	place->began_ms = clock_ms();
	place->waiting = NULL;
	l->version = place->version;
}

static const struct step *correction_find(struct flow *f)
{
	struct look *l = flow_state(f, struct look);
	const struct place *place = l->place;
	if (!place->more)
		take_waiting(l);
	struct correction_find_params params = { .version = l->version, .before_ = place->more ? place->before : "infinity", .limit_ = PAGE };
	return flow_query(f, l->worker->pg, l->place->restaurant_id, &(struct pg_statement){ QUERY_correction_find, &params }, 1, &correction_found_step);
}

static void page_end(struct look *l)
{
	struct place *place = l->place;
	place->more = l->found >= PAGE;
	if (place->more)
		snprintf(place->before, sizeof(place->before), "%s", l->rows[l->found - 1].at);
}

static const struct step *correction_found(struct flow *f)
{
	struct look *l = flow_state(f, struct look);
	if (f->result.error)
		return try_again(f, &correction_find_step);
	l->rows = f->result.rows[0].v;
	l->found = f->result.rows[0].n;
	page_end(l);
	return l->found ? &correction_menu_step : FLOW_END;
}

static const struct step *correction_menu(struct flow *f)
{
	struct look *l = flow_state(f, struct look);
	return menu_store_get(f, l->worker->menus, l->place->restaurant_id, l->version, &l->menu, &correction_send_step);
}

/* --- what is sent --- */

static struct told_answer told_of(struct arena *a, const struct correction_find_row *row)
{
	struct told_answer told = { .message_id = row->message_id, .question = row->question };
	void *const *v = NULL;
	if (!schema_decode_list(a, &schema_claim, row->claims, strlen(row->claims), &v, &told.claim_count, NULL))
		told.claims = (const struct claim *const *)v;
	else
		told.claim_count = 0;
	if (!schema_decode_list(a, &schema_claim, row->corrected, strlen(row->corrected), &v, &told.corrected_count, NULL))
		told.corrected = (const struct claim *const *)v;
	else
		told.corrected_count = 0;
	struct answer_meta *meta = arena_new_of(a, struct answer_meta);
	const char *json = arena_printf(a, "{\"seq\":0,\"items\":[],\"warnings\":[],\"suggestions\":[],\"profile\":{\"allergies\":[],\"diets\":[]},\"listed\":%s}", row->listed);
	if (!schema_decode(a, &schema_answer_meta, json, strlen(json), meta, NULL)) {
		told.listed = meta->listed.v;
		told.listed_count = meta->listed.n;
	}
	return told;
}

/* The session as PostgreSQL knows it: this worker need not have it. */
static void send_correction(struct look *l, struct arena *a, const struct correction_find_row *row, const struct answer *answer)
{
	struct session *s = arena_new_of(a, struct session);
	s->key = arena_printf(a, "%s/%s", l->place->restaurant_id, row->session_id);
	s->restaurant_id = l->place->restaurant_id;
	s->session_id = row->session_id;
	s->loaded = true;
	session_load(s, NULL, NULL, row->partitions);
	struct correction frame = { .type = "correction", .session_id = row->session_id, .message_id = row->message_id, .content = answer->content };
	frame.claims.v = answer->claims;
	frame.claims.n = answer->claim_count;
	reply_try(l->worker, s, &(struct reply){ .frame = "correction", .message_id = row->message_id }, &schema_correction, &frame);
}

static void keep(struct look *l, struct arena *a, const char *message_id, const struct answer *answer)
{
	struct correction_store_params *p = &l->store;
	size_t n = p->message_ids.n++;
	((const char **)(void *)p->message_ids.v)[n] = message_id;
	((const char **)(void *)p->contents.v)[n] = answer->content;
	((const char **)(void *)p->claims.v)[n] = chat_claims_json(a, answer);
	p->contents.n = p->claims.n = n + 1;
}

static void correct(struct look *l, struct arena *a, const struct correction_find_row *row)
{
	struct answer answer;
	struct told_answer told = told_of(a, row);
	if (!correction_write(a, l->index, &told, &answer))
		return;
	send_correction(l, a, row, &answer);
	keep(l, a, row->message_id, &answer);
}

static const struct step *correction_send(struct flow *f)
{
	struct look *l = flow_state(f, struct look);
	if (f->result.error || !l->menu)
		return try_again(f, &correction_menu_step);
	l->index = dish_index_new(f->arena, l->menu);
	l->store = (struct correction_store_params){ .version = l->menu->version };
	l->store.message_ids.v = arena_array(f->arena, l->found, sizeof(char *));
	l->store.contents.v = arena_array(f->arena, l->found, sizeof(char *));
	l->store.claims.v = arena_array(f->arena, l->found, sizeof(char *));
	for (size_t i = l->found; i-- > 0;) /* a guest hears them in the order of the answers */
		correct(l, f->arena, &l->rows[i]);
	if (!l->store.message_ids.n)
		return FLOW_END;
	metric_add(METRIC_corrections, (double)l->store.message_ids.n);
	log_event(LOG_info, "correction.sent", LOG_S("restaurant_id", l->place->restaurant_id), LOG_I("answers", l->store.message_ids.n), LOG_I("menu_version", l->menu->version));
	return &correction_store_step;
}

static const struct step *correction_store(struct flow *f)
{
	struct look *l = flow_state(f, struct look);
	return flow_query(f, l->worker->pg, l->place->restaurant_id, &(struct pg_statement){ QUERY_correction_store, &l->store }, 1, &correction_stored_step);
}

static const struct step *correction_stored(struct flow *f)
{
	return f->result.error ? try_again(f, &correction_store_step) : FLOW_END;
}

/* --- the beginning --- */

static void start(struct place *place)
{
	struct arena *arena = arena_new();
	struct look *l = arena_new_of(arena, struct look);
	*l = (struct look){ .worker = place->owner->worker, .place = place, .version = place->version };
	place->running = true;
	struct flow *f = flow_new(l->worker->flows, "correction", arena, l, on_done);
	f->dispose = on_dispose;
	flow_start(f, &correction_gather_step);
}

static struct place *place_of(struct worker *w, const char *restaurant_id, int64_t version)
{
	struct place *place = NULL;
	HASH_FIND_STR(w->corrections->places, restaurant_id, place);
	if (!place) {
		place = calloc(1, sizeof(*place));
		if (!place)
			abort();
		place->owner = w->corrections;
		memcpy(place->restaurant_id, restaurant_id, strnlen(restaurant_id, ID_TEXT - 1));
		HASH_ADD_STR(w->corrections->places, restaurant_id, place);
	}
	if (version > place->version)
		place->version = version;
	return place;
}

void correction_look(struct worker *w, const char *restaurant_id, int64_t version)
{
	struct place *place = place_of(w, restaurant_id, version);
	if (!place->running)
		start(place);
}

void correction_on_changed(struct worker *w, struct arena *arena, const struct event *event, struct receipt *receipt)
{
	const struct menu_changed *changed = event->payload;
	struct waiting *waiting = arena_new_of(arena, struct waiting);
	*waiting = (struct waiting){ .arena = arena, .receipt = receipt };
	if (w->draining || clock_wall_ms() - event->time_ms > (int64_t)CORRECTION_SECONDS * 1000) {
		if (w->draining)
			consumer_abandon(receipt);
		else
			consumer_finish(receipt);
		arena_free(&arena);
		return;
	}
	struct place *place = place_of(w, changed->restaurant_id, changed->menu_version);
	waiting->next = place->waiting;
	place->waiting = waiting;
	if (!place->running)
		start(place);
}

enum error corrections_new(struct worker *w, struct corrections **corrections_r)
{
	*corrections_r = calloc(1, sizeof(**corrections_r));
	if (!*corrections_r)
		return ERROR_internal;
	(*corrections_r)->worker = w;
	return ERROR_none;
}

static void free_waiting(struct waiting *list)
{
	while (list) {
		struct arena *arena = list->arena;
		list = list->next;
		arena_free(&arena);
	}
}

void corrections_free(struct corrections **corrections)
{
	if (!*corrections)
		return;
	struct place *place, *next;
	HASH_ITER(hh, (*corrections)->places, place, next)
	{
		HASH_DEL((*corrections)->places, place);
		free_waiting(place->waiting);
		free_waiting(place->looked);
		free(place);
	}
	free(*corrections);
	*corrections = NULL;
}
