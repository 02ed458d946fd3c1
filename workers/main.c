/* main.c - the worker: `worker chat,menu`, and the commands that set up a system. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/config.h"
#include "common/id.h"
#include "common/log.h"
#include "common/metric.h"
#include "common/probe.h"
#include "common/process.h"
#include "common/trace.h"
#include "workers/analytics.h"
#include "workers/chat_db.h"
#include "workers/chat_stream.h"
#include "workers/correction.h"
#include "workers/dead_command.h"
#include "workers/edit.h"
#include "workers/imports.h"
#include "workers/menu_store.h"
#include "workers/migrate.h"
#include "workers/outbox.h"
#include "workers/role.h"
#include "workers/seed.h"
#include "workers/server_metrics.h"
#include "workers/session.h"
#include "workers/turnstile.h"
#include "workers/upkeep.h"

#define HTTP_CALLS_MAX 4096
#define REPLY_TIMEOUT_MS 60000 /* replies outlive a broker that restarts */
#define FLUSH_MS 5000
#define GAUGE_MS 1000

struct process {
	struct worker worker;
	uv_signal_t terminate, interrupt, louder, quieter;
	uv_timer_t gauges;
	struct metrics_server *server;
	int server_port; /* of /metrics; 0 when there is none */
	bool stopping, ready, settled;
};

/* --- the end --- */

static void on_flushed(void *ctx)
{
	struct worker *w = ctx;
	uv_stop(w->loop);
}

static void on_drained(void *ctx)
{
	struct worker *w = ctx;
	outbox_send(w->outbox);
	bus_flush(w->bus, FLUSH_MS, on_flushed, w);
}

static void on_terminate(uv_signal_t *signal, int number)
{
	struct process *p = signal->data;
	struct worker *w = &p->worker;
	if (p->stopping) {
		uv_stop(w->loop); /* asked twice: at once */
		return;
	}
	p->stopping = true;
	w->draining = true;
	log_event(LOG_info, "worker.draining", LOG_I("signal", number), LOG_I("open", roles_open(w->roles)));
	roles_drain(&w->roles, on_drained);
}

static void close_all(struct process *p)
{
	struct worker *w = &p->worker;
	metrics_server_free(&p->server);
	flows_free(&w->flows);
	trace_stop();
	corrections_free(&w->corrections);
	edits_free(&w->edits);
	analytics_free(&w->analytics);
	chat_stream_free(&w->stream);
	chat_db_free(&w->chat_db);
	menu_store_free(&w->menus);
	turnstile_free(&w->turnstile);
	llm_free(&w->llm);
	http_free(&w->http);
	bus_free(&w->bus);
	outbox_free(&w->outbox);
	pg_free(&w->pg);
	imports_free(&w->imports);
	upkeep_free(&w->upkeep);
	sessions_free(&w->sessions);
	uv_close((uv_handle_t *)&p->gauges, NULL);
	uv_run(w->loop, UV_RUN_NOWAIT);
	log_event(LOG_info, "worker.stopped");
	config_free(&w->config);
}

/* --- the beginning --- */

static void on_level(uv_signal_t *signal, int number)
{
	(void)signal;
	log_step(number == SIGUSR1 ? 1 : -1);
}

static void watch_signal(struct process *p, uv_signal_t *handle, uv_signal_cb callback, int number)
{
	uv_signal_init(p->worker.loop, handle);
	handle->data = p;
	uv_signal_start(handle, callback, number);
	uv_unref((uv_handle_t *)handle);
}

static void on_gauges(uv_timer_t *timer)
{
	struct process *p = timer->data;
	struct worker *w = &p->worker;
	if (p->ready && !p->settled)
		process_settle();
	p->settled = p->ready;
	metric_set(METRIC_active_conversations, (double)sessions_count(w->sessions));
	metric_set(METRIC_producer_queue, (double)bus_unconfirmed(w->bus));
	metric_set(METRIC_queued, (double)turnstile_waiting(w->turnstile));
	metric_set(METRIC_db_waiting, (double)pg_waiting(w->pg));
	metric_set(METRIC_log_lines_dropped, (double)log_dropped());
	if (w->roles) {
		roles_measure(w->roles);
		metric_set(METRIC_answers_in_flight, (double)flows_count(w->flows));
	}
}

static void on_ready(void *ctx)
{
	struct worker *w = ctx; /* the first member of its process */
	log_event(LOG_info, "worker.ready");
	((struct process *)w)->ready = true;
	const char *path = w->config->worker_ready_file;
	FILE *file = *path ? fopen(path, "w") : NULL;
	if (*path && !file)
		log_event(LOG_error, "worker.ready_file", LOG_S("path", path));
	if (file) {
		fprintf(file, "%d\n", ((struct process *)w)->server_port);
		fclose(file);
	}
}

static enum error open_handles(struct worker *w)
{
	const struct config *c = w->config;
	struct pg_config pg = { .loop = w->loop, .conninfo = pg_conninfo(c), .pool = (int)c->postgres_pool, .program = "worker" };
	struct bus_config bus = { .loop = w->loop, .brokers = c->kafka_brokers, .client_id = "worker", .topic_prefix = c->kafka_topic_prefix, .embedded = c->kafka_embedded, .message_timeout_ms = REPLY_TIMEOUT_MS };
	w->sessions = sessions_new();
	enum error error = pg_new(&pg, &w->pg);
	if (!error)
		error = bus_new(&bus, &w->bus);
	if (!error)
		error = http_new(w->loop, HTTP_CALLS_MAX, &w->http);
	if (!error)
		error = llm_new(w->loop, w->http, c, &w->llm);
	if (!error)
		error = flows_new(w->loop, &w->flows);
	if (!error)
		error = chat_db_new(w, &w->chat_db);
	if (!error)
		error = outbox_new(w, &w->outbox);
	if (!error)
		error = chat_stream_new(w, &w->stream);
	if (!error)
		error = menu_store_new(w, &w->menus);
	if (!error)
		error = edits_new(w, &w->edits);
	if (!error)
		error = imports_new(w, &w->imports);
	if (!error)
		error = analytics_new(w, &w->analytics);
	if (!error)
		error = upkeep_new(w, &w->upkeep);
	if (!error)
		error = corrections_new(w, &w->corrections);
	if (!error)
		error = turnstile_new(w->loop, (size_t)c->ai_concurrency, &w->turnstile);
	return error;
}

static int run(struct config *config, const char *roles)
{
	static struct process p;
	p.worker.config = config;
	p.worker.loop = uv_default_loop();
	watch_signal(&p, &p.terminate, on_terminate, SIGTERM);
	watch_signal(&p, &p.interrupt, on_terminate, SIGINT);
	watch_signal(&p, &p.louder, on_level, SIGUSR1);
	watch_signal(&p, &p.quieter, on_level, SIGUSR2);
	uv_timer_init(p.worker.loop, &p.gauges);
	p.gauges.data = &p;
	uv_timer_start(&p.gauges, on_gauges, GAUGE_MS, GAUGE_MS);
	const char *why = "";
	trace_start(p.worker.loop, "worker", config);
	enum error error = metrics_server_new(p.worker.loop, config->worker_metrics, &p.server, &p.server_port, &why);
	if (!error)
		error = open_handles(&p.worker);
	if (!error)
		error = roles_start(&p.worker, roles, on_ready, &p.worker.roles);
	if (error) {
		log_event(LOG_error, "worker.start_failed", LOG_S("error", error_row(error)->name), LOG_S("detail", why));
		return 1;
	}
	uv_run(p.worker.loop, UV_RUN_DEFAULT);
	close_all(&p);
	process_end(0);
}

/* The embedded broker makes its topics itself. */
static int migrate(const struct config *c, int argc, char **argv)
{
	int code = migrate_command(c, argc, argv);
	if (code || c->kafka_embedded)
		return code;
	struct bus_config bus = { .brokers = c->kafka_brokers, .client_id = "worker", .topic_prefix = c->kafka_topic_prefix };
	const char *why = "";
	if (!bus_create_topics(&bus, (int)c->kafka_partitions, (int)c->kafka_replication, &why))
		return 0;
	fprintf(stderr, "worker: %s\n", why);
	return 1;
}

static int usage(FILE *out, int code)
{
	fprintf(out, "usage: worker ROLE[,ROLE...]     run; roles: %s\n"
	             "       worker migrate            bring the database's schema and the broker's topics up to date\n"
	             "       worker seed FILE...       load sample restaurants that are not there yet\n"
	             "       worker dead list          events that were given up, the newest first\n"
	             "       worker dead show ID       one of them, with what it holds\n"
	             "       worker dead replay ID...  hand them over once more; \"all\": all that were not yet\n"
	             "                                 list and all take --topic NAME, --reason NAME, --older 30m (s, m, h, d)\n"
	             "       worker --help | --version\n\n",
	        roles_all());
	config_help(CONFIG_WORKER, out);
	return code;
}

/* Owns `config` from here on. */
static int work(struct config *config, const char *roles)
{
	const char *why = "";
	if (!llm_check(config, &why)) {
		config_log(config, CONFIG_WORKER);
		return run(config, roles);
	}
	fprintf(stderr, "worker: %s\n", why);
	config_free(&config);
	return 1;
}

int main(int argc, char **argv)
{
	if (argc < 2 || strcmp(argv[1], "--help") == 0)
		return argc < 2 ? usage(stderr, 2) : usage(stdout, 0);
	if (strcmp(argv[1], "--version") == 0)
		return puts("worker 1.0.0") < 0;
	if (argc == 3 && strcmp(argv[1], "--healthy") == 0)
		return probe_command(argv[2]);
	signal(SIGPIPE, SIG_IGN);
	struct config *config = NULL;
	const char *why = "";
	if (config_load(CONFIG_WORKER, &config, &why)) {
		fprintf(stderr, "worker: %s\n", why);
		return 1;
	}
	log_init("worker", (enum log_level)log_level_parse(config->log_level));
	int code = 2;
	if (strcmp(argv[1], "migrate") == 0)
		code = migrate(config, argc - 2, argv + 2);
	else if (strcmp(argv[1], "seed") == 0)
		code = seed_command(config, argc - 2, argv + 2);
	else if (strcmp(argv[1], "dead") == 0)
		code = dead_command(config, argc - 2, argv + 2);
	else if (roles_known(argv[1], &why))
		return work(config, argv[1]);
	else
		fprintf(stderr, "worker: %s\n", why);
	config_free(&config);
	return code;
}
