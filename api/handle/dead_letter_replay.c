/* POST /api/v1/admin/dead-letters/{id}/replay - the event goes to the topic it came from once more, under its own id; 202 when the broker has it.
 *
 * That it was replayed is written straight into the table: a note about an event, no data of a restaurant. */
#include <stdlib.h>

#include "common/dead_letter.h"
#include "common/log.h"
#include "common/pg.h"

#include "api/access.h"
#include "api/api.h"
#include "api/router.h"

#define RETRY_S 2

/* Lives until the note is written, whether the client is still there or not. */
struct replay {
	struct arena *arena;
	struct request *request; /* NULL: gone */
	const char *id;
};

static void on_gone(void *ctx)
{
	((struct replay *)ctx)->request = NULL;
}

static void end(struct replay *p, enum error error, const char *detail)
{
	struct request *r = p->request;
	if (r) {
		request_on_gone(r, NULL, NULL);
		if (error)
			request_reply_error(r, error, detail, NULL, error == ERROR_not_found ? 0 : RETRY_S);
		else
			request_reply_empty(r, 202);
	}
	struct arena *arena = p->arena;
	arena_free(&arena);
}

static void on_noted(void *ctx, const struct pg_result *result)
{
	if (result->error)
		log_event(LOG_warn, "dead.not_noted", LOG_S("id", ((struct replay *)ctx)->id), LOG_S("error", error_row(result->error)->name));
	end(ctx, ERROR_none, NULL);
}

static void on_delivered(void *ctx, enum error error)
{
	struct replay *p = ctx;
	log_event(LOG_info, "dead.replayed", LOG_S("id", p->id), LOG_S("error", error_row(error)->name));
	if (error)
		end(p, error, NULL);
	else
		pg_query(the_api.pg, p->arena, NULL, dead_letter_replayed, &(struct dead_letter_replayed_params){ .id = p->id }, on_noted, p);
}

static void on_row(void *ctx, const struct pg_result *result)
{
	struct replay *p = ctx;
	const struct dead_letter_get_row *row = result->rows[0].n ? result->rows[0].v : NULL;
	enum error error = result->error ? result->error : row ? ERROR_none
	                                                       : ERROR_not_found;
	if (!error)
		error = dead_letter_replay(p->arena, the_api.bus, row, on_delivered, p);
	if (error)
		end(p, error, error == ERROR_not_found ? "There is no such dead letter." : NULL);
}

void dead_letter_replay_handle(struct request *r, const struct none *body)
{
	struct arena *a = arena_new();
	struct replay *p = arena_new_of(a, struct replay);
	(void)body;
	*p = (struct replay){ .arena = a, .request = r, .id = arena_strdup(a, request_param(r, "id")) };
	request_on_gone(r, on_gone, p);
	pg_query(the_api.pg, a, NULL, dead_letter_get, &(struct dead_letter_get_params){ .id = p->id }, on_row, p);
}
