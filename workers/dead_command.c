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
#define LIST_MAX 1000
#define REPLAY_MAX 10000
#define TEXT_OF(n) #n
#define LIMIT(n) " LIMIT " TEXT_OF(n)

/* Texts for the statement; NULL: any. */
struct filter {
	const char *topic, *reason, *older;
};
#define FILTER_WHERE "($1::text IS NULL OR source_topic = $1) AND ($2::text IS NULL OR reason = $2) AND ($3::text IS NULL OR died_at < now() - $3::interval)"

static int failed(const struct pg_script *s)
{
	fprintf(stderr, "worker: %s\n", pg_script_error(s));
	return 1;
}

static int unknown(const char *id)
{
	fprintf(stderr, "worker: there is no dead letter %s (worker dead list shows them; they are kept for 30 days)\n", id);
	return 1;
}

/* Guests' texts: nothing of them may move a terminal's cursor. C1 controls are two bytes in UTF-8. */
static void put_safe(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i], next = i + 1 < len ? (unsigned char)text[i + 1] : 0;
		bool c1 = c == 0xc2 && next >= 0x80 && next < 0xa0;
		putchar((c < ' ' && c != '\n' && c != '\t') || c == 0x7f || c1 ? '?' : c);
		i += c1;
	}
}

static void put_line(const char *text)
{
	put_safe(text, strcspn(text, "\r\n"));
	putchar('\n');
}

static const char *age_text(char out[32], const char *seconds)
{
	long long s = strtoll(seconds, NULL, 10);
	if (s < 60)
		snprintf(out, 32, "%llds", s);
	else if (s < 3600)
		snprintf(out, 32, "%lldm %02llds", s / 60, s % 60);
	else if (s < 86400)
		snprintf(out, 32, "%lldh %02lldm", s / 3600, s / 60 % 60);
	else
		snprintf(out, 32, "%lldd %02lldh", s / 86400, s / 3600 % 24);
	return out;
}

/* --- list --- */

static int list(struct pg_script *s, const struct filter *f)
{
	const char *const params[] = { f->topic, f->reason, f->older };
	char age[32];
	if (pg_script_query(s, "SELECT id, floor(extract(epoch FROM now() - died_at)), source_topic, coalesce(event_type, '-'), reason, CASE replays WHEN 0 THEN 'no' ELSE replays || 'x' END, left(detail, 200),"
	                       " count(*) OVER (), count(*) FILTER (WHERE replays = 0) OVER () FROM dead_letter WHERE " FILTER_WHERE " ORDER BY died_at DESC, id" LIMIT(LIST_MAX),
	                    params, 3))
		return failed(s);
	size_t n = pg_script_rows(s);
	if (!n) {
		printf("no dead letters%s\n", f->topic || f->reason || f->older ? " that the filter lets through" : "");
		return 0;
	}
	printf("%-36s  %-8s  %-16s  %-22s  %-16s  %-8s  %s\n", "ID", "AGE", "TOPIC", "EVENT", "REASON", "REPLAYED", "DETAIL");
	for (size_t i = 0; i < n; i++) {
		printf("%-36s  %-8s  %-16s  %-22s  %-16s  %-8s  ", pg_script_cell(s, i, 0), age_text(age, pg_script_cell(s, i, 1)), pg_script_cell(s, i, 2), pg_script_cell(s, i, 3), pg_script_cell(s, i, 4),
		       pg_script_cell(s, i, 5));
		put_line(pg_script_cell(s, i, 6));
	}
	const char *all = pg_script_cell(s, 0, 7);
	printf("%s dead letters, %s of them not replayed", all, pg_script_cell(s, 0, 8));
	if (n < strtoull(all, NULL, 10))
		printf("; these are the newest %zu", n);
	printf("\n");
	return 0;
}

/* --- show --- */

static void put_record(const struct bus_record *record)
{
	printf("key         ");
	put_safe(record->key ? record->key : "-", record->key ? record->key_len : 1);
	for (size_t i = 0; i < record->header_count; i++) {
		printf("\nheader      %s: ", record->headers[i].name);
		put_safe(record->headers[i].value, record->headers[i].len);
	}
	printf("\nvalue       %zu bytes\n", record->value_len);
	put_safe(record->value, record->value_len);
	printf("\n");
}

static int show(struct pg_script *s, const char *id)
{
	static const char *const names[] = { "id", "topic", "event", "reason", "detail", "died at", "replayed" };
	if (pg_script_query(s, "SELECT id, source_topic, event_type, reason, detail, died_at, CASE replays WHEN 0 THEN 'no' ELSE replays || ' times, the last at ' || replayed_at END,"
	                       " encode(key, 'hex'), encode(headers, 'hex'), encode(value, 'hex') FROM dead_letter WHERE id = $1",
	                    &id, 1))
		return failed(s);
	if (!pg_script_rows(s))
		return unknown(id);
	size_t n = sizeof(names) / sizeof(names[0]);
	for (size_t i = 0; i < n; i++) {
		printf("%-11s ", names[i]);
		put_line(pg_script_cell(s, 0, i) ? pg_script_cell(s, 0, i) : "-");
	}
	struct arena *a = arena_new();
	struct bus_record record;
	const struct dead_letter_get_row row = { .source_topic = pg_script_cell(s, 0, 1), .key = pg_script_cell(s, 0, n), .headers = pg_script_cell(s, 0, n + 1), .value = pg_script_cell(s, 0, n + 2) };
	if (dead_letter_record(a, &row, &record))
		put_record(&record);
	else
		fprintf(stderr, "worker: its headers cannot be read\n");
	arena_free(&a);
	return 0;
}

/* --- replay --- */

struct sending {
	uv_loop_t *loop;
	uv_timer_t patience;
	struct bus *bus;
	enum error error;
	bool done;
	size_t replayed, failed;
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

static int send_found(struct pg_script *s, struct sending *sending, struct arena *a, const char *id)
{
	const char *topic = arena_strdup(a, pg_script_cell(s, 0, 0));
	struct dead_letter_get_row row = { .source_topic = topic, .key = pg_script_cell(s, 0, 1), .headers = pg_script_cell(s, 0, 2), .value = pg_script_cell(s, 0, 3) };
	enum error error = send_row(sending, a, &row);
	if (error) {
		printf("%s  not replayed: %s\n", id, error == ERROR_bus_unavailable ? "the broker does not answer" : error_row(error)->title);
		return 1;
	}
	printf("%s  replayed to %s\n", id, topic);
	return pg_script_query(s, "SELECT dead_letter_replayed($1)", &id, 1) ? failed(s) : 0;
}

static int replay_one(struct pg_script *s, struct sending *sending, const char *id)
{
	struct arena *a = arena_new();
	int code = pg_script_query(s, "SELECT source_topic, key, headers, value FROM dead_letter_get($1)", &id, 1) ? failed(s) : pg_script_rows(s) ? send_found(s, sending, a, id)
	                                                                                                                                           : unknown(id);
	*(code ? &sending->failed : &sending->replayed) += 1;
	fflush(stdout);
	arena_free(&a);
	return code;
}

static int replay_all(struct pg_script *s, struct sending *sending, const struct filter *f)
{
	const char *const params[] = { f->topic, f->reason, f->older };
	int code = 0;
	if (pg_script_query(s, "SELECT id FROM dead_letter WHERE replays = 0 AND " FILTER_WHERE " ORDER BY died_at, id" LIMIT(REPLAY_MAX), params, 3))
		return failed(s);
	size_t n = pg_script_rows(s);
	char(*ids)[ID_TEXT] = calloc(n + 1, sizeof(*ids));
	if (!ids)
		return 1;
	for (size_t i = 0; i < n; i++)
		memcpy(ids[i], pg_script_cell(s, i, 0), ID_TEXT - 1);
	/* A broker that is away makes each of thousands wait: the first failure ends it. */
	for (size_t i = 0; i < n && sending->error != ERROR_bus_unavailable; i++)
		code |= replay_one(s, sending, ids[i]);
	if (sending->replayed + sending->failed < n)
		printf("%zu more were not tried\n", n - sending->replayed - sending->failed);
	free(ids);
	return code;
}

static int replay(const struct config *c, struct pg_script *s, const struct filter *f, int argc, char **argv)
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
	if (strcmp(argv[0], "all") == 0)
		code = replay_all(s, &sending, f);
	for (int i = 0; i < argc && strcmp(argv[0], "all") != 0; i++)
		code |= replay_one(s, &sending, argv[i]);
	printf("%zu replayed, %zu not\n", sending.replayed, sending.failed);
	bus_free(&sending.bus);
	uv_close((uv_handle_t *)&sending.patience, NULL);
	uv_run(sending.loop, UV_RUN_NOWAIT);
	return code;
}

/* --- what is asked for --- */

static int usage(void)
{
	fprintf(stderr, "usage: worker dead list [FILTER...]\n"
	                "       worker dead show ID\n"
	                "       worker dead replay ID...\n"
	                "       worker dead replay all [FILTER...]   those that were not replayed yet, the oldest first\n"
	                "filters: --topic NAME    the topic that it came from, such as chat.requests\n"
	                "         --reason NAME   such as db_failed (docs/errors.md)\n"
	                "         --older AGE     given up longer ago: 90s, 30m, 2h, 7d\n");
	return 2;
}

static bool refuse(const char *what, const char *value, const char *wanted)
{
	fprintf(stderr, "worker: \"%s\" is no %s%s\n", value, what, wanted);
	return false;
}

/* How long a dead topic's name is without that; 0: it is none. */
static int source_len(const char *topic)
{
	size_t len = strlen(topic), dead = strlen(".dead");
	return len > dead && strcmp(topic + len - dead, ".dead") == 0 ? (int)(len - dead) : 0;
}

/* Does anything of this topic go to a dead one? Else says which ones there are. */
static bool is_topic(const char *name)
{
	for (size_t i = 0; i < TOPIC_COUNT; i++) {
		int len = source_len(topic_rows[i].name);
		if (len && (int)strlen(name) == len && strncmp(topic_rows[i].name, name, (size_t)len) == 0)
			return true;
	}
	fprintf(stderr, "worker: \"%s\" is no topic with dead letters; such are", name);
	for (size_t i = 0; i < TOPIC_COUNT; i++)
		if (source_len(topic_rows[i].name))
			fprintf(stderr, " %.*s", source_len(topic_rows[i].name), topic_rows[i].name);
	fprintf(stderr, "\n");
	return false;
}

static bool is_reason(const char *name)
{
	for (int i = 0; i < ERROR_COUNT; i++)
		if (strcmp(error_row((enum error)i)->name, name) == 0)
			return true;
	return false;
}

static bool is_age(const char *text)
{
	size_t digits = strspn(text, "0123456789");
	return digits > 0 && digits < 8 && strspn(text + digits, "smhd") == 1 && !text[digits + 1];
}

static bool take_filter(struct filter *f, const char *name, const char *value)
{
	if (!value)
		return refuse("filter", name, " without a value");
	if (strcmp(name, "--topic") == 0)
		return (f->topic = value), is_topic(value);
	if (strcmp(name, "--reason") == 0)
		return (f->reason = value), is_reason(value) || refuse("reason", value, "; docs/errors.md lists them");
	if (strcmp(name, "--older") == 0)
		return (f->older = value), is_age(value) || refuse("age", value, "; such as 90s, 30m, 2h or 7d");
	return refuse("filter", name, "; there are --topic, --reason and --older");
}

static bool take_filters(struct filter *f, int argc, char **argv)
{
	for (int i = 0; i < argc; i += 2)
		if (!take_filter(f, argv[i], i + 1 < argc ? argv[i + 1] : NULL))
			return false;
	return true;
}

static bool are_ids(int argc, char **argv)
{
	for (int i = 0; i < argc; i++)
		if (!id_is_uuid(argv[i], strlen(argv[i])))
			return refuse("id", argv[i], "; worker dead list shows them");
	return argc > 0;
}

int dead_command(const struct config *config, int argc, char **argv)
{
	struct pg_script *s = NULL;
	struct filter filter = { NULL, NULL, NULL };
	int code;
	bool lists = argc >= 1 && strcmp(argv[0], "list") == 0, shows = argc == 2 && strcmp(argv[0], "show") == 0, replays = argc >= 2 && strcmp(argv[0], "replay") == 0;
	bool all = replays && strcmp(argv[1], "all") == 0;
	if (!lists && !shows && !replays)
		return usage();
	if (lists || all ? !take_filters(&filter, argc - 1 - all, argv + 1 + all) : !are_ids(argc - 1, argv + 1))
		return 2;
	if (pg_script_open(pg_conninfo(config), "worker", &s))
		code = failed(s);
	else
		code = lists ? list(s, &filter) : shows ? show(s, argv[1])
		                                        : replay(config, s, &filter, argc - 1, argv + 1);
	pg_script_close(&s);
	return code;
}
