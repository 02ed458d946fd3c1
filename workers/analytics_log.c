/* analytics_log.c - see analytics_log.h. */
#include "workers/analytics_log.h"

#include <stdlib.h>
#include <string.h>

#include "common/bus_scan.h"
#include "common/clock.h"
#include "common/event.h"
#include "common/log.h"
#include "common/metric.h"
#include "common/pg_copy.h"
#include "common/pg_session.h"
#include "workers/analytics_rows.h"

#define GROUP "analytics" /* of role.c */
#define OPEN_MS 15000
#define STATEMENT_MS (10 * 60 * 1000)
#define LOG_MAX_MS (60 * 60 * 1000)
#define BEFORE_MS (60 * 60 * 1000) /* what is read before the day */
#define PAUSE_SHARE 3              /* a pause, in slices */
#define RECORDS_FULL 2000000       /* of more, only a part of all ids is looked at */
#define MASK_MAX 255
#define ROWS_FULL ((size_t)1 << 20)
#define ROWS_MAX ((size_t)4 << 20)
#define TOLD_MAX 20 /* differences that get a log line each */
#define COPY "COPY analytics_log (restaurant_id, id, kind, at, finished) FROM STDIN"

struct analytics_log {
	struct worker *worker;
	struct pg_session *session;
	struct bus_scan *scan;
	struct flow *flow; /* NULL: at rest */
	struct analytics_log_open_row about;
	struct buf rows; /* of the slice; the thread's while one is under way */
	unsigned mask;
	int64_t began_ms, slice_ms, events;
};

STEP_DECLARE(analytics_log, open)
STEP_DECLARE(analytics_log, ask)
STEP_DECLARE(analytics_log, scan)
STEP_DECLARE(analytics_log, measure)
STEP_DECLARE(analytics_log, read)
STEP_DECLARE(analytics_log, copy)
STEP_DECLARE(analytics_log, put)
STEP_DECLARE(analytics_log, end)
STEP_DECLARE(analytics_log, rest)
STEP_DECLARE(analytics_log, compare)
STEP_DECLARE(analytics_log, tell)

static struct analytics_log *of(struct flow *f)
{
	return flow_state(f, struct analytics_log);
}

static void on_session(void *ctx, const struct pg_session_result *result)
{
	struct analytics_log *l = ctx;
	l->flow->result.rows[0] = result->decoded;
	flow_resume(l->flow, result->error, result->detail);
}

static void on_scan(void *ctx, enum error error)
{
	flow_resume(((struct analytics_log *)ctx)->flow, error, error ? "the log" : NULL);
}

/* --- in a thread: a record's events as rows --- */

static bool is_looked_at(const struct analytics_log *l, const char *id)
{
	size_t len = strlen(id);
	return len >= 2 && !(strtoul(id + len - 2, NULL, 16) & l->mask);
}

static void put_row(struct analytics_log *l, const char *restaurant_id, const char *id, const char *kind, int64_t at_ms, bool finished)
{
	char at[CLOCK_TEXT];
	if (at_ms >= l->about.until_ms || !is_looked_at(l, id))
		return;
	clock_text(at_ms, at);
	pg_copy_field(&l->rows, restaurant_id);
	pg_copy_field(&l->rows, id);
	pg_copy_field(&l->rows, kind);
	pg_copy_field(&l->rows, at);
	buf_str(&l->rows, finished ? "t\n" : "f\n");
	l->events++;
}

/* What cannot be read was buried by those who tried before. */
static bool on_record(void *ctx, const struct bus_record *record, bool finished)
{
	struct analytics_log *l = ctx;
	struct arena *a = arena_new();
	struct event event;
	const char *why;
	enum error error = event_decode(a, record, &event, &why);
	if (!error && event.id == EVENT_interactions) {
		const struct interactions *in = event.payload;
		for (size_t i = 0; i < in->events.n; i++) {
			const struct interaction *e = in->events.v[i];
			put_row(l, in->restaurant_id, e->id, analytics_rows_kind(e), e->at_ms, finished);
		}
	} else if (!error && event.id == EVENT_chat_outcome) {
		const struct chat_outcome *in = event.payload;
		put_row(l, in->restaurant_id, in->id, ANALYTICS_KIND_OUTCOME, in->at_ms, finished);
	}
	arena_free(&a);
	return l->rows.len < ROWS_FULL;
}

/* --- the flow --- */

static const struct step *analytics_log_open(struct flow *f)
{
	struct analytics_log *l = of(f);
	const struct pg_session_config config = { .pg = l->worker->pg, .tenant = "", .open_ms = OPEN_MS, .statement_ms = STATEMENT_MS };
	l->began_ms = clock_ms();
	l->events = 0;
	if (pg_session_open(&config, on_session, l, &l->session))
		return flow_fail(f, ERROR_internal, "no session");
	return flow_wait(f, NULL, NULL, 0, &analytics_log_ask_step);
}

static const struct step *analytics_log_ask(struct flow *f)
{
	struct analytics_log *l = of(f);
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	const struct analytics_log_open_params params = { .max_age_ms = l->worker->config->analytics_recount_ms };
	pg_session_query(l->session, f->arena, &(struct pg_statement){ QUERY_analytics_log_open, &params }, on_session);
	return flow_wait(f, NULL, NULL, 0, &analytics_log_scan_step);
}

static void show(int64_t missing, int64_t extra)
{
	metric_set(METRIC_analytics_difference, (double)missing, "row_missing");
	metric_set(METRIC_analytics_difference, (double)extra, "row_extra");
}

static const struct step *analytics_log_scan(struct flow *f)
{
	struct analytics_log *l = of(f);
	if (f->result.error || !f->result.rows[0].n)
		return flow_fail(f, f->result.error ? f->result.error : ERROR_internal, f->result.detail);
	l->about = *(const struct analytics_log_open_row *)f->result.rows[0].v;
	if (!l->about.due) {
		show(l->about.missing, l->about.extra);
		return FLOW_END;
	}
	const struct bus_scan_config config = { .topic = TOPIC_analytics_events, .from_ms = l->about.from_ms - BEFORE_MS, .group = GROUP };
	enum error error = bus_scan_open(l->worker->bus, &config, on_scan, l, &l->scan);
	return error ? flow_fail(f, error, "the log") : flow_wait(f, NULL, NULL, 0, &analytics_log_measure_step);
}

static const struct step *analytics_log_measure(struct flow *f)
{
	struct analytics_log *l = of(f);
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	int64_t records = bus_scan_left(l->scan);
	for (l->mask = 0; l->mask < MASK_MAX && records > RECORDS_FULL; records /= 2)
		l->mask = l->mask * 2 + 1;
	return &analytics_log_read_step;
}

static const struct step *analytics_log_read(struct flow *f)
{
	struct analytics_log *l = of(f);
	if (!bus_scan_left(l->scan))
		return &analytics_log_compare_step;
	if (l->worker->draining)
		return flow_fail(f, ERROR_draining, "the worker ends");
	if (clock_ms() - l->began_ms > LOG_MAX_MS)
		return flow_fail(f, ERROR_deadline, "the log is too long");
	buf_reset(&l->rows);
	l->slice_ms = clock_ms();
	enum error error = bus_scan_read(l->scan, on_record, l, on_scan, l);
	return error ? flow_fail(f, error, "the log") : flow_wait(f, NULL, NULL, 0, &analytics_log_copy_step);
}

static const struct step *analytics_log_copy(struct flow *f)
{
	struct analytics_log *l = of(f);
	l->slice_ms = clock_ms() - l->slice_ms;
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	if (buf_error(&l->rows))
		return flow_fail(f, ERROR_too_big_to_store, "a record");
	if (!l->rows.len)
		return &analytics_log_rest_step;
	pg_session_copy(l->session, COPY, on_session);
	return flow_wait(f, NULL, NULL, 0, &analytics_log_put_step);
}

static const struct step *analytics_log_put(struct flow *f)
{
	struct analytics_log *l = of(f);
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	pg_session_put(l->session, l->rows.data, l->rows.len, on_session);
	return flow_wait(f, NULL, NULL, 0, &analytics_log_end_step);
}

static const struct step *analytics_log_end(struct flow *f)
{
	pg_session_copy_end(of(f)->session, on_session); /* an error of put is told here */
	return flow_wait(f, NULL, NULL, 0, &analytics_log_rest_step);
}

static const struct step *analytics_log_rest(struct flow *f)
{
	struct analytics_log *l = of(f);
	if (f->result.error)
		return flow_fail(f, f->result.error, f->result.detail);
	return flow_sleep(f, PAUSE_SHARE * l->slice_ms, &analytics_log_read_step);
}

static const struct step *analytics_log_compare(struct flow *f)
{
	struct analytics_log *l = of(f);
	char *window = arena_alloc(f->arena, CLOCK_TEXT);
	clock_text(l->about.from_ms - BEFORE_MS, window);
	const struct analytics_log_compare_params params = { .day = l->about.day, .asked = l->about.asked, .window_ = window, .mask = l->mask, .days = l->worker->config->analytics_retention_days };
	bus_scan_free(&l->scan);
	pg_session_query(l->session, f->arena, &(struct pg_statement){ QUERY_analytics_log_compare, &params }, on_session);
	return flow_wait(f, NULL, NULL, 0, &analytics_log_tell_step);
}

static const char *remedy(const struct analytics_log_compare_row *row)
{
	return row->missing ? "events were not stored: worker dead list --topic analytics.events, then replay; were offsets of the group moved, or rows deleted by hand?"
	                    : "rows were not events: were they written by hand or stored twice, or was the log cut?";
}

static const struct step *analytics_log_tell(struct flow *f)
{
	struct analytics_log *l = of(f);
	const struct analytics_log_compare_row *rows = f->result.rows[0].v, *day = rows;
	size_t n = f->result.rows[0].n;
	if (f->result.error || !n)
		return flow_fail(f, f->result.error ? f->result.error : ERROR_internal, f->result.detail);
	for (size_t i = 1; i < n && i <= TOLD_MAX; i++)
		log_event(LOG_error, "analytics.log_difference", LOG_S("day", l->about.day), LOG_S("restaurant", rows[i].slug), LOG_S("kind", rows[i].kind), LOG_I("logged", rows[i].logged),
		          LOG_I("stored", rows[i].stored), LOG_I("missing", rows[i].missing), LOG_I("extra", rows[i].extra), LOG_S("example", rows[i].example), LOG_S("remedy", remedy(&rows[i])));
	log_event(LOG_info, "analytics.log_counted", LOG_S("day", l->about.day), LOG_I("logged", day->logged), LOG_I("stored", day->stored), LOG_I("read", l->events), LOG_I("one_in", l->mask + 1),
	          LOG_I("ms", clock_ms() - l->began_ms));
	show(day->missing, day->extra);
	metric_add(METRIC_analytics_recounts, 1, "log", n > 1 ? "different" : "equal");
	return FLOW_END;
}

static void stop(struct analytics_log *l)
{
	bus_scan_free(&l->scan);
	pg_session_close(&l->session);
}

static void on_done(struct flow *f, enum error error, const char *detail)
{
	struct analytics_log *l = of(f);
	if (error) {
		metric_add(METRIC_analytics_recounts, 1, "log", "failed");
		log_event(LOG_warn, "analytics.log_failed", LOG_S("error", error_row(error)->name), LOG_S("detail", detail));
	}
	stop(l);
	l->flow = NULL;
}

void analytics_log_start(struct analytics_log *l)
{
	if (l->flow || l->worker->draining)
		return;
	l->flow = flow_new(l->worker->flows, "analytics_log", arena_new(), l, on_done);
	flow_start(l->flow, &analytics_log_open_step);
}

struct analytics_log *analytics_log_new(struct worker *w)
{
	struct analytics_log *l = calloc(1, sizeof(*l));
	if (!l)
		abort();
	l->worker = w;
	buf_init(&l->rows, ROWS_MAX);
	return l;
}

void analytics_log_free(struct analytics_log **log)
{
	struct analytics_log *l = *log;
	*log = NULL;
	if (!l)
		return;
	stop(l);
	buf_free(&l->rows);
	free(l);
}
