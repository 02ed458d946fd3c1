/* launch - what `make run` stays in: PostgreSQL, broker, api and worker of one machine.
 *
 * It runs in the project's folder, knows no options, and takes its settings from the environment, then from .env:
 *   RUN_DIR (.run)     data, logs and secrets
 *   DATABASE_URL       a PostgreSQL that is there already; otherwise a private one in RUN_DIR/postgres
 *   KAFKA_BROKERS      a Kafka that is there already; otherwise
 *   KAFKA=real         Apache Kafka in RUN_DIR/kafka; otherwise the embedded broker, which forgets everything when it stops
 * and what api and worker take is theirs. It starts things in the order in which they need each other, stops them the other way round, and starts again what dies.
 * RUN_DIR/ready holds the base address while it is up. Exit status 0 after SIGINT or SIGTERM, 1 when something could not be started.
 */
#include <glob.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "common/arena.h"
#include "deploy/dev/launch_child.h"
#include "deploy/dev/launch_ready.h"
#include "deploy/dev/launch_script.h"
#include "deploy/dev/launch_server.h"
#include "deploy/dev/launch_settings.h"

#define WORKER_ROLES "chat,menu,analytics"
#define SAMPLES "deploy/dev/samples/*.json"
#define SAMPLES_MAX (CHILD_ARGS_MAX - 3)

enum broker { BROKER_EMBEDDED,
	      BROKER_REAL,
	      BROKER_GIVEN };
enum stage { STAGE_BASE,
	     STAGE_PREPARE,
	     STAGE_WORK,
	     STAGE_STOP_WORK,
	     STAGE_STOP_BROKER,
	     STAGE_STOP_DATABASE };

static struct launch {
	struct arena *texts;
	uv_loop_t loop;
	uv_signal_t signals[3];
	uv_fs_event_t folder;
	uint64_t started_ms;
	const char *build, *run, *commands_log, *broker_file, *port_file, *ready_file;
	const char *samples[SAMPLES_MAX + 1];
	const char *host;
	int ports[SETTINGS_PORTS_MAX];
	size_t port_count;
	enum broker broker_kind;
	enum stage stage;
	bool database_up, broker_up;
	struct server postgres, kafka;
	struct child broker, api, worker;
	struct ready *ready;
	bool was_ready;
	int status;
} the;

static void go_on(void);
static void stop_all(void);

/* A string for the whole life of the process. */
static const char *text(const char *format, ...)
{
	char line[4096];
	va_list args;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	if (!the.texts)
		the.texts = arena_new();
	return arena_strdup(the.texts, line);
}

static void fail(const char *what, const char *where)
{
	if (the.stage >= STAGE_STOP_WORK)
		return;
	printf("%s, see %s\n", what, where);
	the.status = 1;
	stop_all();
}

/* ---- stopping: work first, then the broker, then the database ---- */

static void stop_database(void)
{
	the.stage = STAGE_STOP_DATABASE;
	if (the.postgres.dir)
		server_stop(&the.postgres, &the.loop);
	else
		uv_stop(&the.loop);
}

static void stop_broker(void)
{
	the.stage = STAGE_STOP_BROKER;
	if (the.broker_kind == BROKER_EMBEDDED)
		child_stop(&the.broker);
	else if (the.broker_kind == BROKER_REAL)
		server_stop(&the.kafka, &the.loop);
	else
		stop_database();
}

static void stop_all(void)
{
	if (the.stage >= STAGE_STOP_WORK)
		return;
	the.stage = STAGE_STOP_WORK;
	unlink(the.ready_file);
	ready_free(&the.ready);
	child_stop(&the.api);
	child_stop(&the.worker);
}

static void on_work_stopped(void *ctx)
{
	(void)ctx;
	if (the.stage < STAGE_STOP_WORK)
		go_on();
	else if (the.api.state == CHILD_IDLE && the.worker.state == CHILD_IDLE)
		stop_broker();
}

static void on_broker_stopped(void *ctx)
{
	(void)ctx;
	stop_database();
}

static void on_database_stopped(void *ctx)
{
	(void)ctx;
	uv_stop(&the.loop);
}

static void on_signal(uv_signal_t *handle, int number)
{
	(void)handle;
	(void)number;
	if (the.stage < STAGE_STOP_WORK) {
		printf("\nstopping\n");
		stop_all();
	} else {
		child_kill(&the.api);
		child_kill(&the.worker);
		child_kill(&the.broker);
	}
}

/* ---- starting ---- */

static void on_health(void *ctx, bool healthy)
{
	(void)ctx;
	ready_free(&the.ready);
	if (!healthy) {
		fail("the api does not get healthy", the.api.log_path);
		return;
	}
	the.was_ready = true;
	uv_update_time(&the.loop);
	ready_announce(the.ready_file, the.host, the.ports[0], the.samples, (int64_t)(uv_now(&the.loop) - the.started_ms));
}

static void wait_until_healthy(void)
{
	if (the.stage == STAGE_WORK && !the.was_ready && !the.ready && the.ports[0] > 0)
		the.ready = ready_new(&the.loop, the.host, the.ports[0], on_health, NULL);
}

/* What a command said on stdout belongs beside what it said on stderr. */
static void log_output(const char *output)
{
	FILE *file = fopen(the.commands_log, "ae");
	if (file) {
		fprintf(file, "%s\n", output);
		fclose(file);
	}
}

static void on_seeded(void *ctx, bool fine, const char *output)
{
	(void)ctx;
	log_output(output);
	if (!fine) {
		fail("the sample restaurants could not be loaded", the.commands_log);
	} else if (the.stage == STAGE_PREPARE) {
		the.stage = STAGE_WORK;
		go_on();
	}
}

static void seed(void)
{
	const char *args[CHILD_ARGS_MAX] = { text("%s/worker", the.build), "seed" };
	for (size_t i = 0; the.samples[i]; i++)
		args[2 + i] = the.samples[i];
	script_run(&the.loop, args, the.commands_log, true, on_seeded, NULL);
}

static void on_migrated(void *ctx, bool fine, const char *output)
{
	(void)ctx;
	log_output(output);
	if (!fine)
		fail("the database could not be migrated", the.commands_log);
	else if (the.stage == STAGE_PREPARE)
		seed();
}

/* Called whenever something that others wait for has come. */
static void go_on(void)
{
	if (!the.database_up || !the.broker_up)
		return;
	if (the.stage == STAGE_BASE) {
		const char *const args[] = { text("%s/worker", the.build), "migrate", NULL };
		the.stage = STAGE_PREPARE;
		script_run(&the.loop, args, the.commands_log, true, on_migrated, NULL);
	} else if (the.stage == STAGE_WORK) {
		child_start(&the.api);
		child_start(&the.worker);
		wait_until_healthy();
	}
}

static void on_database_up(void *ctx, const char *url)
{
	(void)ctx;
	if (!url) {
		fail("PostgreSQL could not be started", the.postgres.log_path);
		return;
	}
	setenv("DATABASE_URL", url, 1);
	printf("PostgreSQL is up, its data in %s\n", the.postgres.dir);
	the.database_up = true;
	go_on();
}

static void on_kafka_up(void *ctx, const char *brokers)
{
	(void)ctx;
	if (!brokers) {
		fail("Kafka could not be started", the.kafka.log_path);
		return;
	}
	setenv("KAFKA_BROKERS", brokers, 1);
	printf("Apache Kafka is up at %s, its data in %s\n", brokers, the.kafka.dir);
	the.broker_up = true;
	go_on();
}

/* The embedded broker comes back on another port, with nothing in it: api and worker have to start anew. */
static void on_broker_died(void *ctx)
{
	(void)ctx;
	the.broker_up = false;
	unlink(the.broker_file);
	if (the.stage == STAGE_WORK) {
		child_stop(&the.api);
		child_stop(&the.worker);
	}
}

static bool first_line(const char *path, char *line_r, int size)
{
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	bool read = fgets(line_r, size, file) != NULL;
	fclose(file);
	line_r[strcspn(line_r, "\n")] = '\0';
	return read;
}

/* Broker and api say by a file where they can be found. */
static void on_folder(uv_fs_event_t *handle, const char *name, int events, int status)
{
	char line[256] = "";
	(void)handle, (void)name, (void)events, (void)status;
	if (the.broker_kind == BROKER_EMBEDDED && !the.broker_up && first_line(the.broker_file, line, sizeof(line))) {
		setenv("KAFKA_BROKERS", line, 1);
		printf("the embedded broker is up at %s: in memory, for development and demonstration only\n", line);
		the.broker_up = true;
		go_on();
	}
	if (the.stage == STAGE_WORK && the.ports[0] == 0 && first_line(the.port_file, line, sizeof(line))) {
		the.ports[0] = (int)strtol(line, NULL, 10);
		wait_until_healthy();
	}
}

/* ---- setting up, before the loop runs ---- */

static bool read_settings(void)
{
	if (access("deploy/dev/postgres.sh", X_OK) != 0) {
		fprintf(stderr, "launch runs in the project's folder (make run)\n");
		return false;
	}
	settings_load(".env");
	the.build = setting("BUILD", "build");
	the.run = setting("RUN_DIR", ".run");
	the.host = setting("API_LISTEN", "127.0.0.1");
	const char *ports = setting("API_PORTS", "3000,8001,8002,8003");
	if (!settings_ports(ports, the.ports, &the.port_count)) {
		fprintf(stderr, "API_PORTS is \"%s\": expected port numbers separated by commas\n", ports);
		return false;
	}
	if (!settings_ports_free(the.host, the.ports, the.port_count))
		return false;
	if (strcmp(the.host, "0.0.0.0") == 0 || strcmp(the.host, "::") == 0)
		the.host = "127.0.0.1";
	return true;
}

static bool make_run_folder(void)
{
	mkdir(the.run, 0755);
	mkdir(text("%s/log", the.run), 0755);
	the.commands_log = text("%s/log/commands.log", the.run);
	the.broker_file = text("%s/broker.port", the.run);
	the.port_file = text("%s/api.port", the.run);
	the.ready_file = text("%s/ready", the.run);
	if (!settings_lock(text("%s/lock", the.run))) {
		fprintf(stderr, "another `make run` is at work in %s (or the folder cannot be written)\n", the.run);
		return false;
	}
	unlink(the.broker_file);
	unlink(the.port_file);
	unlink(the.ready_file);
	settings_rotate(the.commands_log);
	return settings_secrets(text("%s/admin.env", the.run));
}

static void find_samples(void)
{
	glob_t found;
	if (glob(SAMPLES, 0, NULL, &found) != 0)
		return;
	for (size_t i = 0; i < found.gl_pathc && i < SAMPLES_MAX; i++)
		the.samples[i] = text("%s", found.gl_pathv[i]);
	globfree(&found);
}

static void make_child(struct child *c, const char *name, child_fn *on_died, child_fn *on_stopped)
{
	c->name = name;
	c->log_path = text("%s/log/%s.log", the.run, name);
	c->args[0] = text("%s/%s", the.build, name);
	c->on_died = on_died;
	c->on_stopped = on_stopped;
	settings_rotate(c->log_path);
	child_init(c, &the.loop);
}

static void make_children(void)
{
	make_child(&the.api, "api", NULL, on_work_stopped);
	make_child(&the.worker, "worker", NULL, on_work_stopped);
	make_child(&the.broker, "devbroker", on_broker_died, on_broker_stopped);
	the.worker.args[1] = WORKER_ROLES;
	the.broker.args[1] = "--port-file";
	the.broker.args[2] = the.broker_file;
	the.broker.args[3] = "--partitions";
	the.broker.args[4] = setting("KAFKA_PARTITIONS", "32");
	setenv("API_PORT_FILE", the.port_file, 1);
}

static void start_database(void)
{
	if (setting("DATABASE_URL", NULL)) {
		the.database_up = true;
		return;
	}
	the.postgres = (struct server){
		.name = "PostgreSQL",
		.script = "deploy/dev/postgres.sh",
		.dir = text("%s/postgres", the.run),
		.pid_file = text("%s/postgres/data/postmaster.pid", the.run),
		.log_path = the.commands_log,
		.on_up = on_database_up,
		.on_stopped = on_database_stopped,
	};
	server_start(&the.postgres, &the.loop);
}

static void start_broker(void)
{
	if (setting("KAFKA_BROKERS", NULL)) {
		the.broker_kind = BROKER_GIVEN;
		the.broker_up = true;
	} else if (strcmp(setting("KAFKA", ""), "real") == 0) {
		the.broker_kind = BROKER_REAL;
		the.kafka = (struct server){
			.name = "Kafka",
			.script = "deploy/dev/kafka.sh",
			.dir = text("%s/kafka", the.run),
			.pid_file = text("%s/kafka/pid", the.run),
			.log_path = the.commands_log,
			.on_up = on_kafka_up,
			.on_stopped = on_broker_stopped,
		};
		server_start(&the.kafka, &the.loop);
	} else {
		the.broker_kind = BROKER_EMBEDDED;
		setenv("KAFKA_EMBEDDED", "yes", 1);
		child_start(&the.broker);
	}
}

static void watch_signals_and_folder(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	for (size_t i = 0; i < 3; i++) {
		uv_signal_init(&the.loop, &the.signals[i]);
		uv_signal_start(&the.signals[i], on_signal, numbers[i]);
	}
	uv_fs_event_init(&the.loop, &the.folder);
	uv_fs_event_start(&the.folder, on_folder, the.run, 0);
}

int main(int argc, char **argv)
{
	leash_main(argc, argv);
	setvbuf(stdout, NULL, _IOLBF, 0);
	if (!read_settings() || !make_run_folder())
		return 1;
	uv_loop_init(&the.loop);
	the.started_ms = uv_now(&the.loop);
	find_samples();
	watch_signals_and_folder();
	make_children();
	start_database();
	start_broker();
	go_on();
	uv_run(&the.loop, UV_RUN_DEFAULT);
	if (the.status == 0)
		printf("stopped\n");
	return the.status;
}
