/* dead_command.c - see dead_command.h. */
#include "workers/dead_command.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/dead_letter.h"
#include "common/id.h"
#include "common/pg.h"
#include "common/pg_script.h"

#define SEND_MS 15000

static int failed(const struct pg_script *s)
{
	fprintf(stderr, "worker: %s\n", pg_script_error(s));
	return 1;
}

static int list(struct pg_script *s)
{
	if (pg_script_query(s, "SELECT id, to_char(now() - died_at, 'DD\"d\" HH24:MI:SS'), source_topic, coalesce(event_type, '-'), reason, detail,"
	                       " CASE WHEN replays > 0 THEN 'replayed ' || replays || 'x' ELSE '' END FROM dead_letter ORDER BY died_at DESC LIMIT 1000",
	                    NULL, 0))
		return failed(s);
	for (size_t i = 0; i < pg_script_rows(s); i++)
		printf("%s  %s  %-20s %-24s %-20s %s %s\n", pg_script_cell(s, i, 0), pg_script_cell(s, i, 1), pg_script_cell(s, i, 2), pg_script_cell(s, i, 3), pg_script_cell(s, i, 4),
		       pg_script_cell(s, i, 5), pg_script_cell(s, i, 6));
	printf("%zu dead letters\n", pg_script_rows(s));
	return 0;
}

static int show(struct pg_script *s, const char *id)
{
	static const char *const names[] = { "id", "topic", "source", "type", "reason", "detail", "died at", "key", "headers", "value" };
	if (pg_script_query(s, "SELECT id, topic, source_topic, event_type, reason, detail, died_at, dead_letter_text(key), dead_letter_text(headers), left(dead_letter_text(value), 20000)"
	                       " FROM dead_letter WHERE id = $1",
	                    &id, 1))
		return failed(s);
	for (size_t i = 0; pg_script_rows(s) && i < sizeof(names) / sizeof(names[0]); i++)
		printf("%-8s %s\n", names[i], pg_script_cell(s, 0, i) ? pg_script_cell(s, 0, i) : "-");
	if (!pg_script_rows(s))
		fprintf(stderr, "worker: there is no dead letter %s\n", id);
	return pg_script_rows(s) ? 0 : 1;
}

/* --- replay --- */

struct sending {
	uv_loop_t *loop;
	uv_timer_t patience;
	struct bus *bus;
	enum error error;
	bool done;
};

static void on_delivered(void *ctx, enum error error)
{
	struct sending *s = ctx;
	s->error = error;
	s->done = true;
	uv_stop(s->loop);
}

static void on_patience(uv_timer_t *timer)
{
	uv_stop(timer->loop);
}

static enum error send_row(struct sending *s, struct arena *a, const struct dead_letter_get_row *row)
{
	s->done = false;
	s->error = ERROR_bus_unavailable;
	enum error error = dead_letter_replay(a, s->bus, row, on_delivered, s);
	if (error)
		return error;
	uv_timer_start(&s->patience, on_patience, SEND_MS, 0);
	while (!s->done && uv_is_active((uv_handle_t *)&s->patience))
		uv_run(s->loop, UV_RUN_ONCE);
	uv_timer_stop(&s->patience);
	return s->error;
}

static int replay_one(struct pg_script *s, struct sending *sending, const char *id)
{
	struct arena *a = arena_new();
	int code = 1;
	if (pg_script_query(s, "SELECT source_topic, key, headers, value FROM dead_letter_get($1)", &id, 1)) {
		failed(s);
	} else if (!pg_script_rows(s)) {
		fprintf(stderr, "worker: there is no dead letter %s\n", id);
	} else {
		struct dead_letter_get_row row = { .source_topic = arena_strdup(a, pg_script_cell(s, 0, 0)), .key = pg_script_cell(s, 0, 1), .headers = pg_script_cell(s, 0, 2), .value = pg_script_cell(s, 0, 3) };
		enum error error = send_row(sending, a, &row);
		code = error || pg_script_query(s, "SELECT dead_letter_replayed($1)", &id, 1);
		printf("%s  %s\n", id, error ? error_row(error)->title : "replayed");
	}
	arena_free(&a);
	return code;
}

static int replay_all(struct pg_script *s, struct sending *sending)
{
	int code = 0;
	if (pg_script_query(s, "SELECT id FROM dead_letter WHERE replays = 0 ORDER BY died_at LIMIT 10000", NULL, 0))
		return failed(s);
	size_t n = pg_script_rows(s);
	char(*ids)[ID_TEXT] = calloc(n + 1, sizeof(*ids));
	if (!ids)
		return 1;
	for (size_t i = 0; i < n; i++)
		memcpy(ids[i], pg_script_cell(s, i, 0), ID_TEXT - 1);
	for (size_t i = 0; i < n; i++)
		code |= replay_one(s, sending, ids[i]);
	free(ids);
	return code;
}

static int replay(const struct config *c, struct pg_script *s, int argc, char **argv)
{
	struct sending sending = { .error = ERROR_none };
	int code = 0;
	sending.loop = uv_default_loop();
	uv_timer_init(sending.loop, &sending.patience);
	struct bus_config bus = { .loop = sending.loop, .brokers = c->kafka_brokers, .client_id = "worker", .topic_prefix = c->kafka_topic_prefix, .embedded = c->kafka_embedded };
	if (bus_new(&bus, &sending.bus)) {
		fprintf(stderr, "worker: the broker's client cannot be made\n");
		return 1;
	}
	for (int i = 0; i < argc; i++)
		code |= strcmp(argv[i], "all") == 0 ? replay_all(s, &sending) : replay_one(s, &sending, argv[i]);
	bus_free(&sending.bus);
	uv_close((uv_handle_t *)&sending.patience, NULL);
	uv_run(sending.loop, UV_RUN_NOWAIT);
	return code;
}

static int usage(void)
{
	fprintf(stderr, "usage: worker dead list | show ID | replay ID... | replay all\n");
	return 2;
}

int dead_command(const struct config *config, int argc, char **argv)
{
	struct pg_script *s = NULL;
	int code;
	bool lists = argc == 1 && strcmp(argv[0], "list") == 0, shows = argc == 2 && strcmp(argv[0], "show") == 0, replays = argc >= 2 && strcmp(argv[0], "replay") == 0;
	if (!lists && !shows && !replays)
		return usage();
	if (pg_script_open(pg_conninfo(config), "worker", &s))
		code = failed(s);
	else
		code = lists ? list(s) : shows ? show(s, argv[1])
		                               : replay(config, s, argc - 1, argv + 1);
	pg_script_close(&s);
	return code;
}
