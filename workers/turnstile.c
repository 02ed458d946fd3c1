/* turnstile.c - see turnstile.h. */
#include "workers/turnstile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <uthash.h>

#include "common/id.h"

struct place {
	struct flow *flow; /* NULL: gave up */
	struct place *next;
};

/* One restaurant's line; it exists only while somebody stands in it. Lines form a ring. */
struct line {
	char tenant[ID_TEXT];
	struct place *first, **end;
	struct line *next_line, *previous_line;
	UT_hash_handle hh;
};

struct turnstile {
	size_t limit, inside, waiting;
	struct line *lines;  /* by tenant */
	struct line *turn;   /* whose turn is next; NULL when nobody waits */
	uv_prepare_t *admit; /* runs at the end of a turn in which somebody left */
};

static void *must(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

static struct line *line_of(struct turnstile *t, const char *tenant)
{
	struct line *line = NULL;
	HASH_FIND_STR(t->lines, tenant, line);
	if (line)
		return line;
	line = must(calloc(1, sizeof(*line)));
	memcpy(line->tenant, tenant, strnlen(tenant, ID_TEXT - 1));
	line->end = &line->first;
	HASH_ADD_STR(t->lines, tenant, line);
	if (!t->turn) {
		line->next_line = line->previous_line = t->turn = line;
	} else {
		/* The newest line is the last to have its turn. */
		line->next_line = t->turn;
		line->previous_line = t->turn->previous_line;
		line->previous_line->next_line = line;
		t->turn->previous_line = line;
	}
	return line;
}

static void drop_line(struct turnstile *t, struct line *line)
{
	if (line->next_line == line) {
		t->turn = NULL;
	} else {
		line->previous_line->next_line = line->next_line;
		line->next_line->previous_line = line->previous_line;
		if (t->turn == line)
			t->turn = line->next_line;
	}
	HASH_DEL(t->lines, line);
	free(line);
}

/* The first of the line whose turn it is; NULL when that one gave up. */
static struct flow *next_flow(struct turnstile *t)
{
	struct line *line = t->turn;
	struct place *place = line->first;
	struct flow *f = place->flow;
	t->turn = line->next_line;
	line->first = place->next;
	if (!line->first)
		drop_line(t, line);
	free(place);
	t->waiting--;
	return f;
}

static void give_up(void *operation)
{
	((struct place *)operation)->flow = NULL;
}

const struct step *turnstile_enter(struct flow *f, struct turnstile *t, const char *tenant, int64_t wait_ms,
                                   const struct step *next)
{
	if (t->inside < t->limit && !t->waiting) {
		t->inside++;
		f->result.error = ERROR_none;
		return next;
	}
	struct line *line = line_of(t, tenant);
	struct place *place = must(calloc(1, sizeof(*place)));
	place->flow = f;
	*line->end = place;
	line->end = &place->next;
	t->waiting++;
	return flow_wait(f, give_up, place, wait_ms, next);
}

static void on_turn_end(uv_prepare_t *admit)
{
	struct turnstile *t = admit->data;
	uv_prepare_stop(admit);
	while (t->turn && t->inside < t->limit) {
		struct flow *f = next_flow(t);
		if (!f)
			continue;
		t->inside++;
		flow_resume(f, ERROR_none, "");
	}
}

void turnstile_leave(struct turnstile *t)
{
	assert(t->inside > 0);
	t->inside--;
	if (t->waiting)
		uv_prepare_start(t->admit, on_turn_end);
}

enum error turnstile_new(uv_loop_t *loop, size_t limit, struct turnstile **turnstile_r)
{
	struct turnstile *t = must(calloc(1, sizeof(*t)));
	t->limit = limit;
	t->admit = must(calloc(1, sizeof(*t->admit)));
	t->admit->data = t;
	*turnstile_r = t;
	return uv_prepare_init(loop, t->admit) ? ERROR_internal : ERROR_none;
}

size_t turnstile_inside(const struct turnstile *t)
{
	return t->inside;
}

size_t turnstile_waiting(const struct turnstile *t)
{
	return t->waiting;
}

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

void turnstile_free(struct turnstile **turnstile)
{
	struct turnstile *t = *turnstile;
	if (!t)
		return;
	while (t->turn)
		next_flow(t);
	uv_close((uv_handle_t *)t->admit, free_handle);
	free(t);
	*turnstile = NULL;
}
