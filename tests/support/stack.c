/* stack.c - see stack.h. */
#include "tests/support/stack.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/id.h"
#include "tests/support/stack_broker.h"
#include "tests/support/stack_internal.h"
#include "tests/support/stack_token.h"

#define STOP_MS 32000
#define ENV_MAX 64

static const char *const kind_names[] = { "api", "worker", "modeldouble", "devbroker" };

void stack_fail(const char *format, ...)
{
	va_list args;
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	abort();
}

const char *stack_need(const char *name)
{
	const char *value = getenv(name);
	if (!value || !*value)
		stack_fail("%s is not set: run the tests by tests/run.sh", name);
	return value;
}

static const char *build_dir(void)
{
	const char *build = getenv("BUILD");
	return build && *build ? build : "build";
}

void stack_nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 10000000 }, NULL);
}

/* --- environment of the processes --- */

struct environment {
	char *v[ENV_MAX];
	size_t n;
};

static void env_add(struct environment *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void env_add(struct environment *e, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	CHECK(e->n + 1 < ENV_MAX);
	CHECK(vasprintf(&e->v[e->n++], format, args) > 0);
	e->v[e->n] = NULL;
	va_end(args);
}

static void env_inherit(struct environment *e, const char *name)
{
	const char *value = getenv(name);
	if (value)
		env_add(e, "%s=%s", name, value);
}

static void env_build(const struct stack *s, enum stack_kind kind, int index, struct environment *e)
{
	static const char *const inherited[] = { "PATH", "HOME", "ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "GCOV_PREFIX" };
	for (size_t i = 0; i < sizeof(inherited) / sizeof(*inherited); i++)
		env_inherit(e, inherited[i]);
	env_add(e, "DATABASE_URL=%s", s->url);
	env_add(e, "KAFKA_BROKERS=%s", s->brokers);
	env_add(e, "KAFKA_TOPIC_PREFIX=%s", s->prefix);
	env_add(e, "KAFKA_PARTITIONS=%d", STACK_PARTITIONS);
	env_add(e, "KAFKA_EMBEDDED=%s", s->options.embedded ? "yes" : "no");
	env_add(e, "JWT_SECRET_KEY=" STACK_SECRET);
	env_add(e, "API_PORTS=%d", s->processes[STACK_API][index].port);
	env_add(e, "API_PORT_FILE=%s", s->processes[STACK_API][index].file);
	env_add(e, "WORKER_READY_FILE=%s", s->processes[STACK_WORKER][index].file);
	if (!s->options.limits_on) {
		env_add(e, "CHAT_RATE_LIMIT=off");
		env_add(e, "CHAT_ADDRESS_LIMIT=off");
		env_add(e, "LOGIN_RATE_LIMIT=off");
		env_add(e, "LOGIN_ADDRESS_LIMIT=off");
	}
	if (s->options.model && kind != STACK_MODEL)
		env_add(e, "AI_BASE_URL=http://127.0.0.1:%d/v1", s->processes[STACK_MODEL][0].port);
	for (size_t i = 0; s->options.env[i]; i++)
		env_add(e, "%s", s->options.env[i]);
}

/* --- processes --- */

static void child_exec(const struct stack *s, enum stack_kind kind, int index, char **argv, const struct environment *e)
{
	char path[400];
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(path, sizeof(path), "%s/%s-%d.log", s->dir, kind_names[kind], index);
	int log = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600), null = open("/dev/null", O_RDONLY);
	dup2(null, 0);
	dup2(log, 1);
	dup2(log, 2);
	for (int fd = 3; fd < 1024; fd++)
		close(fd);
	snprintf(path, sizeof(path), "%s/%s", build_dir(), kind_names[kind]);
	execve(path, argv, (char **)e->v);
	dprintf(2, "%s: %s\n", path, strerror(errno));
	_exit(127);
}

static pid_t spawn(const struct stack *s, enum stack_kind kind, int index, char **argv)
{
	struct environment e = { .n = 0 };
	env_build(s, kind, index, &e);
	pid_t pid = fork();
	CHECK(pid >= 0, "fork: %s", strerror(errno));
	if (pid == 0)
		child_exec(s, kind, index, argv, &e);
	for (size_t i = 0; i < e.n; i++)
		free(e.v[i]);
	return pid;
}

static int split(char *words, char **argv, int n)
{
	for (char *save = NULL, *word = strtok_r(words, " ", &save); word && n < 30; word = strtok_r(NULL, " ", &save))
		argv[n++] = word;
	argv[n] = NULL;
	return n;
}

void stack_launch(struct stack *s, enum stack_kind kind, int index)
{
	char words[600];
	char *argv[32] = { (char *)kind_names[kind], NULL };
	struct process *p = &s->processes[kind][index];
	words[0] = '\0';
	if (kind == STACK_WORKER)
		snprintf(words, sizeof(words), "chat,menu,analytics");
	if (kind == STACK_MODEL)
		snprintf(words, sizeof(words), "--port 0 --port-file %s %s", p->file, s->options.model);
	if (kind == STACK_BROKER)
		snprintf(words, sizeof(words), "--partitions %d --port-file %s", STACK_PARTITIONS, p->file);
	split(words, argv, 1);
	unlink(p->file);
	p->pid = spawn(s, kind, index, argv);
}

static bool exited(struct process *p, int *status_r)
{
	return p->pid > 0 && waitpid(p->pid, status_r, WNOHANG) == p->pid;
}

static bool file_ready(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && st.st_size > 0;
}

void stack_wait_ready(struct stack *s, enum stack_kind kind, int index)
{
	struct process *p = &s->processes[kind][index];
	int status = 0;
	for (int64_t until = clock_ms() + STACK_READY_MS; !file_ready(p->file); stack_nap()) {
		if (exited(p, &status)) {
			p->pid = 0;
			stack_fail("%s ended at its start with status %d; see %s", kind_names[kind], status, s->dir);
		}
		if (clock_ms() > until)
			stack_fail("%s did not get ready within %d ms; see %s", kind_names[kind], STACK_READY_MS, s->dir);
	}
	if (kind == STACK_WORKER)
		return;
	FILE *file = fopen(p->file, "r");
	CHECK(file);
	char line[200] = "";
	CHECK(fgets(line, sizeof(line), file));
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	if (kind == STACK_BROKER)
		snprintf(s->brokers, sizeof(s->brokers), "%s", line);
	else
		p->port = (int)strtol(strrchr(line, ':') ? strrchr(line, ':') + 1 : line, NULL, 10);
}

static void start_process(struct stack *s, enum stack_kind kind, int index)
{
	stack_launch(s, kind, index);
	stack_wait_ready(s, kind, index);
}

void stack_signal(struct stack *s, enum stack_kind kind, int index, int signal)
{
	CHECK(s->processes[kind][index].pid > 0);
	kill(s->processes[kind][index].pid, signal);
}

void stack_kill(struct stack *s, enum stack_kind kind, int index)
{
	struct process *p = &s->processes[kind][index];
	stack_signal(s, kind, index, SIGKILL);
	waitpid(p->pid, NULL, 0);
	p->pid = 0;
}

void stack_terminate(struct stack *s, enum stack_kind kind, int index)
{
	struct process *p = &s->processes[kind][index];
	int status = 0;
	/* One that was just launched may not listen to signals yet. */
	for (int64_t until = clock_ms() + STACK_READY_MS; !file_ready(p->file) && clock_ms() < until;)
		stack_nap();
	stack_signal(s, kind, index, SIGTERM);
	for (int64_t until = clock_ms() + STOP_MS; !exited(p, &status); stack_nap()) {
		if (clock_ms() > until) {
			stack_kill(s, kind, index);
			stack_fail("%s did not stop within %d ms of SIGTERM; see %s", kind_names[kind], STOP_MS, s->dir);
		}
	}
	p->pid = 0;
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0, "%s stopped with status 0x%x; see %s", kind_names[kind],
	      status, s->dir);
}

/* --- HTTP --- */

static size_t collect(char *bytes, size_t size, size_t n, void *ctx)
{
	fwrite(bytes, size, n, ctx);
	return size * n;
}

static char *fetch(const char *url, int *status_r)
{
	char *body = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&body, &len);
	CURL *curl = curl_easy_init();
	curl_easy_setopt(curl, CURLOPT_URL, url);
	curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, 5000L);
	curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
	curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
	long status = 0;
	if (curl_easy_perform(curl) == CURLE_OK)
		curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_cleanup(curl);
	fclose(out);
	*status_r = (int)status;
	return body;
}

const char *stack_get(struct stack *s, int api, const char *path, int *status_r)
{
	char url[400];
	snprintf(url, sizeof(url), "http://127.0.0.1:%d%s", stack_port(s, api), path);
	free(s->text);
	s->text = fetch(url, status_r);
	return s->text;
}

const char *stack_fetch(struct stack *s, const char *url)
{
	int status = 0;
	free(s->text);
	s->text = fetch(url, &status);
	CHECK(status == 200, "%s answers %d", url, status);
	return s->text;
}

int stack_worker_port(const struct stack *s, int worker)
{
	int port = 0;
	FILE *file = fopen(s->processes[STACK_WORKER][worker].file, "r");
	CHECK(file && fscanf(file, "%d", &port) == 1 && port > 0, "worker %d has no metrics", worker);
	fclose(file);
	return port;
}

int64_t stack_model_stat(struct stack *s, const char *name)
{
	char url[100];
	int status = 0;
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/stats", s->processes[STACK_MODEL][0].port);
	char *body = fetch(url, &status);
	CHECK(status == 200, "the model double does not answer");
	json_t *stats = json_loads(body, 0, NULL);
	int64_t value = json_integer_value(json_object_get(stats, name));
	json_decref(stats);
	free(body);
	return value;
}

/* --- the whole --- */

static void name_files(struct stack *s)
{
	char hex[13];
	id_random_hex(hex, 6);
	snprintf(s->name, sizeof(s->name), "stack_%s", hex);
	snprintf(s->prefix, sizeof(s->prefix), "%s.", s->name);
	snprintf(s->dir, sizeof(s->dir), "%s/stack-logs", build_dir());
	mkdir(s->dir, 0700);
	snprintf(s->dir, sizeof(s->dir), "%s/stack-logs/%s", build_dir(), s->name);
	CHECK(mkdir(s->dir, 0700) == 0, "%s: %s", s->dir, strerror(errno));
	for (int kind = 0; kind < STACK_KINDS; kind++)
		for (int i = 0; i < STACK_PROCESSES_MAX; i++)
			snprintf(s->processes[kind][i].file, sizeof(s->processes[kind][i].file), "%s/%s-%d.ready", s->dir,
			         kind_names[kind], i);
}

static void start_broker(struct stack *s)
{
	snprintf(s->broker_dir, sizeof(s->broker_dir), "%s/kafka", s->dir);
	if (s->options.embedded)
		start_process(s, STACK_BROKER, 0);
	else if (s->options.own_broker)
		stack_broker("start", s->broker_dir, s->brokers, sizeof(s->brokers));
	else
		snprintf(s->brokers, sizeof(s->brokers), "%s", stack_need("TEST_KAFKA_BROKERS"));
}

static void stop_broker(struct stack *s)
{
	if (s->options.own_broker)
		stack_broker("stop", s->broker_dir, NULL, 0);
	else if (!s->options.embedded)
		stack_forget_topics(s->brokers, s->prefix);
}

struct stack *stack_start(const struct stack_options *options)
{
	struct stack *s = calloc(1, sizeof(*s));
	CHECK(s);
	s->options = *options;
	s->options.apis = options->apis ? options->apis : 1;
	s->options.workers = options->workers ? options->workers : 1;
	name_files(s);
	stack_make_database(s);
	start_broker(s);
	if (options->model)
		start_process(s, STACK_MODEL, 0);
	if (!s->options.embedded)
		stack_make_topics(s->brokers, s->prefix, STACK_PARTITIONS);
	for (int i = 0; i < s->options.workers; i++)
		stack_launch(s, STACK_WORKER, i);
	for (int i = 0; i < s->options.apis; i++)
		stack_launch(s, STACK_API, i);
	for (int i = 0; i < s->options.workers; i++)
		stack_wait_ready(s, STACK_WORKER, i);
	for (int i = 0; i < s->options.apis; i++)
		stack_wait_ready(s, STACK_API, i);
	return s;
}

void stack_stop(struct stack **stack)
{
	struct stack *s = *stack;
	for (int kind = 0; kind < STACK_KINDS; kind++)
		for (int i = 0; i < STACK_PROCESSES_MAX; i++)
			if (s->processes[kind][i].pid > 0)
				stack_terminate(s, (enum stack_kind)kind, i);
	stop_broker(s);
	stack_drop_database(s);
	free(s->text);
	free(s);
	*stack = NULL;
}

int stack_port(const struct stack *s, int api)
{
	return s->processes[STACK_API][api].port;
}

pid_t stack_pid(const struct stack *s, enum stack_kind kind, int index)
{
	return s->processes[kind][index].pid;
}

const char *stack_database_url(const struct stack *s)
{
	return s->url;
}

const char *stack_brokers(const struct stack *s)
{
	return s->brokers;
}

const char *stack_broker_dir(const struct stack *s)
{
	return s->broker_dir;
}

const char *stack_topic_prefix(const struct stack *s)
{
	return s->prefix;
}
