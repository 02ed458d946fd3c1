/* main.c - the server of modeldouble; see double.h. */
#include <getopt.h>
#include <h2o.h>
#include <jansson.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include "common/buf.h"
#include "tests/doubles/double.h"

#define OUT_MAX ((size_t)1 << 20)
#define DIES_AFTER 40
#define STALLS_AFTER 5

static struct options options = { .persona = "bench", .tokens = 20, .broken_mode = -1 };
static h2o_globalconf_t config;
static h2o_context_t context;
static h2o_accept_ctx_t accept_context;
static int64_t calls, open_calls;
static char *last_prompt;

/* One call under way. */
struct job {
	h2o_generator_t generator;
	h2o_req_t *req; /* NULL: the client is gone */
	uv_timer_t timer;
	struct arena *arena;
	struct speech speech;
	size_t said;
	int mode; /* enum broken_mode, -1: not broken */
	struct buf out;
	bool begun, last_sent;
};

static void free_job(uv_handle_t *handle)
{
	struct job *job = handle->data;
	buf_free(&job->out);
	arena_free(&job->arena);
	free(job);
	open_calls--;
}

static void on_gone(void *p)
{
	struct job *job = *(struct job **)p;
	job->req = NULL;
	uv_close((uv_handle_t *)&job->timer, free_job);
}

/* --- what goes out --- */

static void put_word(struct job *job, const char *word)
{
	buf_str(&job->out, "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"choices\":[{\"index\":0,\"delta\":{\"content\":");
	buf_json_string(&job->out, word);
	buf_str(&job->out, "},\"finish_reason\":null}]}\n\n");
}

static void put_end(struct job *job)
{
	buf_printf(&job->out,
	           "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n"
	           "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":100,\"completion_tokens\":%zu}}\n\ndata: [DONE]\n\n",
	           job->speech.n);
}

static void begin(struct job *job)
{
	job->req->res.status = 200;
	job->req->res.reason = "OK";
	h2o_add_header(&job->req->pool, &job->req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, H2O_STRLIT("text/event-stream"));
	h2o_start_response(job->req, &job->generator);
	job->begun = true;
}

static void send_out(struct job *job, h2o_send_state_t state)
{
	if (!job->begun)
		begin(job);
	h2o_iovec_t body = h2o_strdup(&job->req->pool, buf_text(&job->out), job->out.len);
	buf_reset(&job->out);
	job->last_sent = state != H2O_SEND_STATE_IN_PROGRESS;
	h2o_send(job->req, &body, 1, state);
}

static bool breaks_here(const struct job *job)
{
	return (job->mode == BROKEN_die && job->said == DIES_AFTER) || (job->mode == BROKEN_stall && job->said == STALLS_AFTER);
}

/* The next word, or all of them when there is no delay between words. */
static void on_time(uv_timer_t *timer)
{
	struct job *job = timer->data;
	if (!job->req || job->last_sent)
		return;
	do {
		if (job->said < job->speech.n)
			put_word(job, job->speech.words[job->said++]);
	} while (!options.token_delay_ms && job->said < job->speech.n && !breaks_here(job));
	if (breaks_here(job)) {
		send_out(job, job->mode == BROKEN_die ? H2O_SEND_STATE_ERROR : H2O_SEND_STATE_IN_PROGRESS);
		job->last_sent = true;
		return;
	}
	bool end = job->said >= job->speech.n;
	if (end)
		put_end(job);
	send_out(job, end ? H2O_SEND_STATE_FINAL : H2O_SEND_STATE_IN_PROGRESS);
}

/* h2o took what was sent: more may follow. */
static void on_proceed(h2o_generator_t *generator, h2o_req_t *req)
{
	struct job *job = H2O_STRUCT_FROM_MEMBER(struct job, generator, generator);
	(void)req;
	if (!job->last_sent)
		uv_timer_start(&job->timer, on_time, (uint64_t)options.token_delay_ms, 0);
}

static void on_stop(h2o_generator_t *generator, h2o_req_t *req)
{
	(void)generator;
	(void)req;
}

/* --- requests --- */

static int reply(h2o_req_t *req, int status, const char *type, const char *text, size_t len)
{
	static h2o_generator_t generator;
	h2o_iovec_t body = h2o_strdup(&req->pool, text, len);
	req->res.status = status;
	req->res.reason = "-";
	req->res.content_length = len;
	h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, type, strlen(type));
	h2o_start_response(req, &generator);
	h2o_send(req, &body, 1, H2O_SEND_STATE_FINAL);
	return 0;
}

static const char *content_of(const json_t *messages, const char *role)
{
	const char *content = "";
	size_t i;
	json_t *message;
	json_array_foreach(messages, i, message)
	{
		const char *r = json_string_value(json_object_get(message, "role"));
		const char *c = json_string_value(json_object_get(message, "content"));
		if (r && c && strcmp(r, role) == 0)
			content = c;
		if (r && c && strcmp(role, "system") == 0 && i == 0)
			return c;
	}
	return content;
}

static void listen_to(struct job *job, h2o_req_t *req)
{
	bool looks = strcmp(options.persona, "bench") != 0;
	json_t *body = looks ? json_loadb(req->entity.base, req->entity.len, 0, NULL) : NULL;
	const json_t *messages = json_object_get(body, "messages");
	persona_speak(job->arena, &options, content_of(messages, "system"), content_of(messages, "user"), &job->speech);
	if (looks) {
		free(last_prompt);
		last_prompt = strndup(req->entity.base, req->entity.len);
	}
	json_decref(body);
}

static int refuse(h2o_req_t *req, int mode)
{
	static const char busy[] = "{\"error\":{\"message\":\"slow down\",\"type\":\"rate_limit\"}}";
	static const char crash[] = "<html>Internal Server Error</html>";
	if (mode == BROKEN_429) {
		h2o_add_header_by_str(&req->pool, &req->res.headers, H2O_STRLIT("retry-after"), 0, NULL, H2O_STRLIT("1"));
		return reply(req, 429, "application/json", busy, sizeof(busy) - 1);
	}
	if (mode == BROKEN_500)
		return reply(req, 500, "text/html", crash, sizeof(crash) - 1);
	static const char garbage[] = "data: {\"choices\":[{\"delta\":{\"content\":\"ab\\u12\"}}]\n\ndata: \xff\xfe garbage\n\n";
	return reply(req, 200, "text/event-stream", garbage, sizeof(garbage) - 1);
}

static int on_completion(h2o_handler_t *self, h2o_req_t *req)
{
	(void)self;
	int mode = -1;
	calls++;
	if (strcmp(options.persona, "broken") == 0)
		mode = options.broken_mode >= 0 ? options.broken_mode : (int)((calls - 1) % BROKEN_MODES);
	if (mode == BROKEN_429 || mode == BROKEN_500 || mode == BROKEN_garbage)
		return refuse(req, mode);
	struct job *job = calloc(1, sizeof(*job));
	*job = (struct job){ .generator = { on_proceed, on_stop }, .req = req, .mode = mode, .arena = arena_new() };
	buf_init(&job->out, OUT_MAX);
	uv_timer_init(context.loop, &job->timer);
	job->timer.data = job;
	*(struct job **)h2o_mem_alloc_shared(&req->pool, sizeof(job), on_gone) = job;
	open_calls++;
	listen_to(job, req);
	if (mode == BROKEN_silent)
		return 0;
	if (options.delay_ms)
		uv_timer_start(&job->timer, on_time, (uint64_t)options.delay_ms, 0);
	else
		on_time(&job->timer);
	return 0;
}

static int on_stats(h2o_handler_t *self, h2o_req_t *req)
{
	(void)self;
	json_t *stats = json_pack("{s:I,s:I,s:s}", "calls", (json_int_t)calls, "open", (json_int_t)open_calls, "last_prompt",
	                          last_prompt ? last_prompt : "");
	char *text = stats ? json_dumps(stats, JSON_COMPACT) : NULL;
	int handled = text ? reply(req, 200, "application/json", text, strlen(text)) : -1;
	free(text);
	json_decref(stats);
	return handled;
}

static int on_models(h2o_handler_t *self, h2o_req_t *req)
{
	(void)self;
	static const char models[] = "{\"object\":\"list\",\"data\":[{\"id\":\"double\",\"object\":\"model\"}]}";
	return reply(req, 200, "application/json", models, sizeof(models) - 1);
}

/* --- start --- */

static void on_accept(uv_stream_t *listener, int status)
{
	uv_tcp_t *connection = h2o_mem_alloc(sizeof(*connection));
	if (status) {
		free(connection);
		return;
	}
	uv_tcp_init(listener->loop, connection);
	if (uv_accept(listener, (uv_stream_t *)connection)) {
		uv_close((uv_handle_t *)connection, (uv_close_cb)free);
		return;
	}
	uv_tcp_nodelay(connection, 1);
	h2o_accept(&accept_context, h2o_uv_socket_create((uv_stream_t *)connection, (uv_close_cb)free));
}

static void add_handler(h2o_hostconf_t *host, const char *path, int (*on_request)(h2o_handler_t *, h2o_req_t *))
{
	h2o_create_handler(h2o_config_register_path(host, path, 0), sizeof(h2o_handler_t))->on_req = on_request;
}

static void write_port(int port)
{
	char path[1024];
	snprintf(path, sizeof(path), "%s.new", options.port_file);
	FILE *file = fopen(path, "w");
	if (!file || fprintf(file, "%d\n", port) < 0 || fclose(file) || rename(path, options.port_file)) {
		perror(options.port_file);
		exit(1);
	}
}

static int parse_mode(const char *name)
{
	static const char *const names[] = { "die", "stall", "garbage", "429", "500", "silent" };
	for (int i = 0; i < BROKEN_MODES; i++)
		if (strcmp(name, names[i]) == 0)
			return i;
	fprintf(stderr, "modeldouble: unknown mode %s\n", name);
	exit(2);
}

static void parse(int argc, char **argv)
{
	static const struct option known[] = {
		{ "port", 1, 0, 'p' },
		{ "port-file", 1, 0, 'f' },
		{ "persona", 1, 0, 'n' },
		{ "delay-ms", 1, 0, 'd' },
		{ "token-delay-ms", 1, 0, 't' },
		{ "tokens", 1, 0, 'k' },
		{ "broken-mode", 1, 0, 'b' },
		{ 0 },
	};
	for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
		switch (c) {
		case 'p':
			options.port = (int)strtol(optarg, NULL, 10);
			break;
		case 'f':
			options.port_file = optarg;
			break;
		case 'n':
			options.persona = optarg;
			break;
		case 'd':
			options.delay_ms = strtol(optarg, NULL, 10);
			break;
		case 't':
			options.token_delay_ms = strtol(optarg, NULL, 10);
			break;
		case 'k':
			options.tokens = strtol(optarg, NULL, 10);
			break;
		case 'b':
			options.broken_mode = parse_mode(optarg);
			break;
		default:
			exit(2);
		}
	}
}

static void on_signal(uv_signal_t *signal, int number)
{
	(void)number;
	uv_stop(signal->loop);
}

int main(int argc, char **argv)
{
	uv_loop_t *loop = uv_default_loop();
	uv_tcp_t listener;
	uv_signal_t terminate;
	struct sockaddr_in address;
	int len = sizeof(address);
	parse(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	h2o_config_init(&config);
	h2o_hostconf_t *host = h2o_config_register_host(&config, h2o_iovec_init(H2O_STRLIT("default")), 65535);
	add_handler(host, "/v1/chat/completions", on_completion);
	add_handler(host, "/v1/models", on_models);
	add_handler(host, "/stats", on_stats);
	h2o_context_init(&context, loop, &config);
	accept_context = (h2o_accept_ctx_t){ .ctx = &context, .hosts = config.hosts };
	uv_ip4_addr("127.0.0.1", options.port, &address);
	uv_tcp_init(loop, &listener);
	if (uv_tcp_bind(&listener, (struct sockaddr *)&address, 0) || uv_listen((uv_stream_t *)&listener, 1024, on_accept)) {
		fputs("modeldouble: cannot listen\n", stderr);
		return 1;
	}
	uv_tcp_getsockname(&listener, (struct sockaddr *)&address, &len);
	if (options.port_file)
		write_port(ntohs(address.sin_port));
	uv_signal_init(loop, &terminate);
	uv_signal_start(&terminate, on_signal, SIGTERM);
	uv_run(loop, UV_RUN_DEFAULT);
	/* Everything goes with the process; `_exit` spares the sanitizers a tour of h2o's pools. */
	_exit(0);
}
