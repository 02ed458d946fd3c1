/* guest.c - see guest.h. */
#include "tests/support/guest.h"

#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "tests/support/ws_client.h"

#define SLUG "the-cookie-jar"
#define CONNECT_MS 1000
#define RECONNECT_PAUSE_MS 50
#define APP_CONNECT_MS 20000 /* a browser waits */
#define STABLE_MS 2000       /* as in the web app's connection.ts */
#define SERVICE_RESTART 1012

static _Thread_local unsigned random_state = 1;

static void broken(const struct guest *g, const char *format, ...) __attribute__((format(printf, 2, 3), noreturn));
static void broken(const struct guest *g, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	fprintf(stderr, "guest %s, message %s, attempt %lld, seq %lld: ", g->session, g->message_id, (long long)g->attempt,
	        (long long)g->seq);
	vfprintf(stderr, format, args);
	fputc('\n', stderr);
	va_end(args);
	abort();
}

static void nap(int64_t ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

/* --- frames --- */

static int64_t number(const json_t *frame, const char *name)
{
	return json_integer_value(json_object_get(frame, name));
}

static const char *string(const json_t *frame, const char *name)
{
	const char *s = json_string_value(json_object_get(frame, name));
	return s ? s : "";
}

static void forget_pieces(struct guest *g, int64_t attempt)
{
	g->attempt = attempt;
	g->seq = 0;
	g->text_len = 0;
	g->text[0] = '\0';
}

static void take_restart(struct guest *g, const json_t *frame)
{
	int64_t attempt = number(frame, "attempt");
	if (attempt <= g->attempt)
		return; /* sent again on a resume */
	g->restarts++;
	forget_pieces(g, attempt);
}

static void take_token(struct guest *g, const json_t *frame)
{
	int64_t attempt = number(frame, "attempt"), seq = number(frame, "seq");
	const char *text = string(frame, "text");
	if (attempt < g->attempt)
		return; /* an earlier attempt: dropped, as the contract says */
	if (attempt > g->attempt && g->seq > 0)
		broken(g, "attempt %lld began without a restart", (long long)attempt);
	if (attempt > g->attempt)
		forget_pieces(g, attempt);
	if (seq != g->seq + 1)
		broken(g, "seq %lld came after %lld", (long long)seq, (long long)g->seq);
	g->seq = seq;
	size_t len = strlen(text);
	if (!len || g->text_len + len >= sizeof(g->text))
		broken(g, "a token of %zu bytes", len);
	memcpy(g->text + g->text_len, text, len + 1);
	g->text_len += len;
}

static void take_final(struct guest *g, const json_t *frame)
{
	int64_t attempt = number(frame, "attempt"), seq = number(frame, "seq");
	const char *content = string(frame, "content");
	if (g->done) {
		if (strcmp(content, g->content) != 0)
			broken(g, "a second answer: \"%s\" after \"%s\"", content, g->content);
		return;
	}
	if (attempt < g->attempt)
		broken(g, "the answer is of attempt %lld", (long long)attempt);
	if (attempt == g->attempt && g->seq > 0) {
		/* A final that comes by a resume may be ahead of what was seen; one in the stream must close it without gap. */
		if (strncmp(content, g->text, g->text_len) != 0)
			broken(g, "the answer \"%s\" does not begin with the pieces \"%s\"", content, g->text);
		if (seq == g->seq + 1 && strcmp(content, g->text) != 0)
			broken(g, "the answer \"%s\" is not its pieces \"%s\"", content, g->text);
		if (seq <= g->seq)
			broken(g, "the answer's seq is %lld", (long long)seq);
	}
	g->done = true;
	g->finals++;
	g->attempt = attempt;
	g->seq = seq;
	snprintf(g->content, sizeof(g->content), "%s", content);
	snprintf(g->status, sizeof(g->status), "%s", string(frame, "status"));
	snprintf(g->provider, sizeof(g->provider), "%s", string(frame, "provider"));
}

static void take_welcome(struct guest *g)
{
	int64_t back_ms = clock_ms() - g->lost_ms;
	g->lost_ms = 0;
	if (back_ms > g->slowest_back_ms)
		g->slowest_back_ms = back_ms;
}

/* Not stored for sure, or not known: the client asks again with the same id. */
static void take_error(struct guest *g, const json_t *frame, const char *text)
{
	if (strcmp(string(frame, "code"), "overloaded") != 0)
		broken(g, "error: %s", text);
	guest_cut(g);
}

static void take_frame(struct guest *g, const char *text)
{
	json_t *frame = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (!frame)
		broken(g, "no JSON: %s", text);
	const char *type = string(frame, "type");
	bool ours = strcasecmp(string(frame, "message_id"), g->message_id) == 0;
	if (strcmp(type, "error") == 0 && (ours || !*string(frame, "message_id")))
		take_error(g, frame, text);
	if (g->lost_ms && strcmp(type, "welcome") == 0)
		take_welcome(g);
	if (ours && strcmp(type, "accepted") == 0)
		g->accepted = true;
	if (ours && strcmp(type, "restart") == 0)
		take_restart(g, frame);
	if (ours && strcmp(type, "token") == 0)
		take_token(g, frame);
	if (ours && strcmp(type, "ai_message") == 0)
		take_final(g, frame);
	json_decref(frame);
}

/* --- connection --- */

static void send_question(struct guest *g)
{
	char text[500];
	snprintf(text, sizeof(text), "{\"type\":\"chat_message\",\"message\":\"%s\",\"session_id\":\"%s\",\"message_id\":\"%s\"}",
	         g->question, g->session, g->message_id);
	ws_client_send(g->ws, text);
}

static void send_join(struct guest *g)
{
	char text[300];
	int n = snprintf(text, sizeof(text), "{\"type\":\"join\",\"session_id\":\"%s\"", g->session);
	if (g->attempt > 0)
		n += snprintf(text + n, sizeof(text) - (size_t)n, ",\"last\":{\"message_id\":\"%s\",\"attempt\":%lld,\"seq\":%lld}",
		              g->message_id, (long long)g->attempt, (long long)g->seq);
	snprintf(text + n, sizeof(text) - (size_t)n, "}");
	ws_client_send(g->ws, text);
}

/* delayBefore() of web/src/lib/backoff.ts */
static int64_t delay_before(const struct guest *g, int close_code)
{
	const struct guest_backoff *b = g->backoff;
	if (!b)
		return 0;
	int64_t most = g->failures < 16 ? b->base_ms << g->failures : b->cap_ms;
	if (most > b->cap_ms)
		most = b->cap_ms;
	if (g->failures == 0 && close_code == SERVICE_RESTART)
		most = b->spread_ms;
	return (int64_t)((double)rand_r(&random_state) / RAND_MAX * (double)most);
}

/* The socket is gone: onGone() of the web app. */
static void lose(struct guest *g)
{
	int code = ws_client_close_code(g->ws);
	guest_cut(g);
	g->lost_ms = g->lost_ms ? g->lost_ms : clock_ms();
	if (clock_ms() - g->opened_ms >= STABLE_MS)
		g->failures = 0;
	g->retry_ms = clock_ms() + delay_before(g, code);
	g->failures++;
}

static bool reconnect(struct guest *g)
{
	if (clock_ms() < g->retry_ms)
		return false;
	g->ws = ws_client_open(g->port, "/ws/" SLUG, g->backoff ? APP_CONNECT_MS : CONNECT_MS);
	if (!g->ws) {
		g->retry_ms = clock_ms() + delay_before(g, 0);
		g->failures++;
		return false;
	}
	g->opened_ms = clock_ms();
	g->resumes++;
	send_join(g);
	if (*g->message_id && !g->accepted)
		send_question(g);
	return true;
}

void guest_init(struct guest *g, int port)
{
	*g = (struct guest){ .port = port, .opened_ms = clock_ms() };
	id_random_hex(g->session, 16);
	g->ws = ws_client_open(port, "/ws/" SLUG, 5000);
	if (!g->ws)
		broken(g, "no connection to port %d", port);
}

void guest_close(struct guest *g)
{
	guest_cut(g);
}

void guest_cut(struct guest *g)
{
	if (g->ws)
		ws_client_abort(&g->ws);
}

void guest_ask(struct guest *g, const char *question)
{
	id_uuid(g->message_id);
	snprintf(g->question, sizeof(g->question), "%s", question);
	g->accepted = g->done = false;
	g->content[0] = '\0';
	forget_pieces(g, 0);
	if (g->ws)
		send_question(g);
}

int guest_read(struct guest *g, int frames, int64_t ms)
{
	int n = 0;
	for (int64_t until = clock_ms() + ms; g->ws && n < frames && clock_ms() < until && !g->done;) {
		const char *text = ws_client_read(g->ws, until - clock_ms());
		if (!text)
			break;
		take_frame(g, text);
		n++;
	}
	return n;
}

/* One look at the socket, or for one. */
static void turn(struct guest *g, int64_t ms)
{
	if (!g->ws && !reconnect(g)) {
		nap(RECONNECT_PAUSE_MS);
		return;
	}
	const char *text = ws_client_read(g->ws, ms < 500 ? ms : 500);
	if (text)
		take_frame(g, text);
	else if (!ws_client_alive(g->ws))
		lose(g);
}

bool guest_wait(struct guest *g, int64_t ms)
{
	for (int64_t until = clock_ms() + ms; !g->done && clock_ms() < until;)
		turn(g, until - clock_ms());
	return g->done;
}

void guest_stay(struct guest *g, int64_t ms)
{
	for (int64_t until = clock_ms() + ms; clock_ms() < until;)
		turn(g, until - clock_ms());
}
