/* dead.c - see dead.h. */
#include "workers/dead.h"

#include <string.h>

#include "common/dead_letter.h"
#include "common/id.h"
#include "common/log.h"

#define RETRY_MS 1000
#define TRIES 5

struct dead {
	struct worker *worker;
	struct receipt *receipt;
	struct dead_letter_put_params params;
	int tries;
};

STEP_DECLARE(dead, put)
STEP_DECLARE(dead, kept)

static const struct step *dead_put(struct flow *f)
{
	struct dead *d = flow_state(f, struct dead);
	return flow_query(f, d->worker->pg, NULL, &(struct pg_statement){ QUERY_dead_letter_put, &d->params }, 1, &dead_kept_step);
}

static const struct step *dead_kept(struct flow *f)
{
	struct dead *d = flow_state(f, struct dead);
	if (f->result.error && (error_row(f->result.error)->policy == ERROR_WAITING || d->tries++ < TRIES))
		return flow_sleep(f, RETRY_MS, &dead_put_step);
	return f->result.error ? flow_fail(f, f->result.error, f->result.detail) : FLOW_END;
}

/* It stays on its topic in any case; there is nothing behind this to give it to. */
static void on_done(struct flow *f, enum error error, const char *detail)
{
	struct dead *d = flow_state(f, struct dead);
	if (error)
		log_event(LOG_error, "dead.not_kept", LOG_S("id", d->params.id), LOG_S("error", error_row(error)->name), LOG_S("detail", detail));
	consumer_finish(d->receipt);
}

/* Text columns take no NUL: it ends there. */
static const char *source_of(struct arena *a, const struct bus_record *record)
{
	const char *given = dead_letter_header(a, record, "source_topic"), *name = topic_rows[record->topic].name;
	return *given ? given : arena_strndup(a, name, strlen(name) - strlen(".dead"));
}

void dead_on_record(struct worker *w, struct arena *arena, struct receipt *receipt)
{
	const struct bus_record *record = &receipt->record;
	struct dead *d = arena_new_of(arena, struct dead);
	struct buf headers;
	char *id = arena_alloc(arena, ID_TEXT);
	buf_init(&headers, BUS_RECORD_MAX);
	dead_letter_headers(&headers, record);
	id_derive(id, arena_printf(arena, "dead/%s/%d/%lld", topic_rows[record->topic].name, (int)record->partition, (long long)record->offset));
	char *kept = arena_alloc(arena, headers.len + 1);
	memcpy(kept, buf_text(&headers), headers.len);
	*d = (struct dead){ .worker = w, .receipt = receipt };
	d->params = (struct dead_letter_put_params){
		.id = id,
		.topic = topic_rows[record->topic].name,
		.source_topic = source_of(arena, record),
		.type_ = dead_letter_header(arena, record, "ce_type"),
		.reason = dead_letter_header(arena, record, "error_reason"),
		.detail = dead_letter_header(arena, record, "error_detail"),
		.key = { record->key, record->key_len },
		.headers = { kept, headers.len },
		.value = { record->value, record->value_len },
	};
	buf_free(&headers);
	struct flow *f = flow_new(w->flows, "dead", arena, d, on_done);
	flow_start(f, &dead_put_step);
}
