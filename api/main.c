/* main.c - the api process: options, settings, start, the loop, end (drain.c). */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/probe.h"
#include "common/process.h"
#include "common/trace.h"

#include "api/access.h"
#include "api/account.h"
#include "api/api.h"
#include "api/drain.h"
#include "api/large.h"
#include "api/menu_watch.h"
#include "api/print.h"
#include "api/reply_claim.h"
#include "api/router.h"
#include "api/server.h"
#include "api/site.h"
#include "api/socket.h"

#define SESSION_BUCKETS 100000
#define ADDRESS_BUCKETS 50000
#define READY_MS 3000 /* then we serve although the broker or the database is not there yet: health says so */

static struct {
	uv_timer_t patience;
	uv_signal_t signals[4];
	int waiting_for;
	bool serving;
} start;

static void usage(FILE *out)
{
	fprintf(out, "api: the HTTP and WebSocket server. Settings come from the environment:\n\n");
	config_help(CONFIG_API, out);
	fprintf(out, "\n--help, --version, --healthy URL, --print WHAT, where WHAT is one of ");
	fflush(out);
	print_names();
	fprintf(out, "\n");
}

/* The exit status when the options were all there was to do, else -1. */
static int options(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--help")) {
		usage(stdout);
		return 0;
	}
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		puts(API_VERSION);
		return 0;
	}
	if (argc == 3 && !strcmp(argv[1], "--healthy"))
		return probe_command(argv[2]);
	if (argc == 3 && !strcmp(argv[1], "--print") && print_what(argv[2]))
		return 0;
	if (argc == 1)
		return -1;
	usage(stderr);
	return 2;
}

static bool config_usable(const struct config *config, const char **why_r)
{
	if (!access_start(config, why_r))
		return false;
	*why_r = account_admin_fault(config);
	return !*why_r;
}

static bool load_config(void)
{
	struct config *config;
	const char *why;
	if (config_load(CONFIG_API, &config, &why) || !config_usable(config, &why)) {
		fprintf(stderr, "api: %s\n", why);
		return false;
	}
	the_api.config = config;
	log_init("api", (enum log_level)log_level_parse(config->log_level));
	config_log(config, CONFIG_API);
	return true;
}

/* For whoever started us with port 0: written beside its place and moved, so that it is never seen half. */
static void write_port_file(void)
{
	const char *name = the_api.config->api_port_file;
	char beside[1100];
	if (!*name)
		return;
	snprintf(beside, sizeof(beside), "%s.new", name);
	FILE *file = fopen(beside, "w");
	bool fine = file && fprintf(file, "%d\n", server_port(the_api.server, 0)) > 0;
	if (file)
		fine = !fclose(file) && fine;
	if (!fine || rename(beside, name))
		log_event(LOG_error, "api.port_file", LOG_S("file", name));
}

static void serve(void)
{
	const char *why;
	if (start.serving)
		return;
	start.serving = true;
	uv_close((uv_handle_t *)&start.patience, NULL);
	if (the_api.draining)
		return;
	if (server_listen(the_api.server, &why)) {
		fprintf(stderr, "api: %s\n", why);
		drain_start();
		return;
	}
	write_port_file();
	site_pack(the_api.site);
	log_event(LOG_info, "api.serving", LOG_I("port", server_port(the_api.server, 0)), LOG_I("start_ms", clock_ms() - the_api.started_ms),
	          LOG_I("not_ready", start.waiting_for), LOG_I("files", site_files(the_api.site)));
}

static void on_ready(void *ctx)
{
	(void)ctx;
	if (!--start.waiting_for)
		serve();
}

static void on_patience(uv_timer_t *timer)
{
	(void)timer;
	log_event(LOG_warn, "api.serving_unready", LOG_I("not_ready", start.waiting_for));
	serve();
}

static void on_signal(uv_signal_t *handle, int number)
{
	(void)handle;
	if (number == SIGUSR1 || number == SIGUSR2)
		log_step(number == SIGUSR1 ? 1 : -1);
	else
		drain_start();
}

static void watch_signals(void)
{
	static const int numbers[] = { SIGTERM, SIGINT, SIGUSR1, SIGUSR2 };
	signal(SIGPIPE, SIG_IGN);
	for (int i = 0; i < 4; i++) {
		uv_signal_init(the_api.loop, &start.signals[i]);
		uv_signal_start(&start.signals[i], on_signal, numbers[i]);
		uv_unref((uv_handle_t *)&start.signals[i]);
	}
}

static bool open_server(void)
{
	const struct config *c = the_api.config;
	struct server_config server = {
		.loop = the_api.loop,
		.listen = c->api_listen,
		.ports = c->api_ports,
		.max_connections = c->api_max_connections,
		.on_request = router_request,
		.on_large_body = large_body_allowed,
	};
	const char *why;
	if (server_new(&server, &the_api.server, &why)) {
		fprintf(stderr, "api: %s\n", why);
		return false;
	}
	return true;
}

static bool open_database_and_broker(void)
{
	const struct config *c = the_api.config;
	struct pg_config pg = { .loop = the_api.loop, .conninfo = pg_conninfo(c), .pool = (int)c->postgres_pool, .program = "api" };
	struct bus_config bus = { .loop = the_api.loop, .brokers = c->kafka_brokers, .client_id = "api", .topic_prefix = c->kafka_topic_prefix, .embedded = c->kafka_embedded };
	trace_start(the_api.loop, "api", c);
	enum error error = pg_new(&pg, &the_api.pg);
	if (!error)
		error = bus_new(&bus, &the_api.bus);
	if (error)
		fprintf(stderr, "api: DATABASE_URL or KAFKA_BROKERS cannot be used: %s\n", error_row(error)->title);
	return !error;
}

/* Without the broker's metadata the first question would wait for it. */
static void on_warm(void *ctx, enum error error)
{
	if (error)
		log_event(LOG_warn, "api.broker_cold", LOG_S("error", error_row(error)->name));
	on_ready(ctx);
}

/* Only now: while menu.changes is read, the broker answers other questions on that connection after up to half a second. */
static void on_claimed(void *ctx)
{
	menu_watch_start();
	on_ready(ctx);
}

/* Each takes a few milliseconds of waiting: at the same time. */
static void become_ready(void)
{
	start.waiting_for = 3;
	uv_timer_init(the_api.loop, &start.patience);
	uv_timer_start(&start.patience, on_patience, READY_MS, 0);
	reply_claim_start(on_claimed, NULL);
	account_admin_start(on_ready, NULL);
	bus_warm_up(the_api.bus, READY_MS, on_warm, NULL);
}

static void open_rest(void)
{
	const struct config *c = the_api.config;
	id_uuid(the_api.process);
	the_api.hub = hub_new(the_api.process);
	the_api.menus = menu_cache_new(the_api.loop, the_api.pg);
	the_api.session_limit = limit_new("session", c->chat_rate_limit, SESSION_BUCKETS);
	the_api.address_limit = limit_new("address", c->chat_address_limit, ADDRESS_BUCKETS);
	the_api.events_limit = limit_new("events", c->events_address_limit, ADDRESS_BUCKETS);
	the_api.login_limit = limit_new("login", c->login_rate_limit, ADDRESS_BUCKETS);
	the_api.login_address_limit = limit_new("login_address", c->login_address_limit, ADDRESS_BUCKETS);
	the_api.site = site_load(the_api.loop, c->web_dir);
	if (c->kafka_embedded)
		log_event(LOG_warn, "api.embedded_broker", LOG_S("meaning", "accepted messages live in memory only; for demonstration and development"));
	router_start();
	sockets_start();
}

#define CLOSING_TURNS 4

/* Handles that still close, then the rest. The server's memory goes with the process: h2o's timers still stand in the loop. */
static _Noreturn void end(void)
{
	for (int i = 0; i < 4; i++)
		uv_close((uv_handle_t *)&start.signals[i], NULL);
	for (int i = 0; i < CLOSING_TURNS; i++)
		uv_run(the_api.loop, UV_RUN_NOWAIT);
	log_event(LOG_info, "api.stopped");
	struct config *config = (struct config *)the_api.config;
	config_free(&config);
	process_end(0);
}

int main(int argc, char **argv)
{
	int status = options(argc, argv);
	if (status >= 0)
		return status;
	if (!load_config())
		return 1;
	the_api.started_ms = clock_ms();
	the_api.loop = uv_default_loop();
	watch_signals();
	if (!open_server() || !open_database_and_broker())
		return 1;
	open_rest();
	become_ready();
	uv_run(the_api.loop, UV_RUN_DEFAULT);
	end();
}
