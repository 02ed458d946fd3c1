/* scene.c - see scene.h. */
#include "tests/integration/scene.h"

#include <criterion/criterion.h>
#include <arpa/inet.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "common/clock.h"

#define TEXT_MAX (64 << 10)

void scene_open(struct scene *s, const char *const *env, bool limits_on)
{
	struct stack_options options = { .workers = -1, .limits_on = limits_on };

	for (size_t i = 0; env != NULL && env[i] != NULL; i++)
		options.env[i] = env[i];
	memset(s, 0, sizeof(*s));
	s->stack = stack_start(&options);
	s->worker = stand_in_new(stack_brokers(s->stack), stack_topic_prefix(s->stack));
	s->port = stack_port(s->stack, 0);
	snprintf(s->restaurant_id, sizeof(s->restaurant_id), "%s", stack_query(s->stack, "SELECT id FROM restaurant WHERE slug = '" SCENE_SLUG "'"));
	cr_assert_eq(strlen(s->restaurant_id), 36);
}

void scene_close(struct scene *s)
{
	stand_in_free(&s->worker);
	stack_stop(&s->stack);
}

/* --- guests --- */

struct ws_client *scene_guest(const struct scene *s)
{
	struct ws_client *c = ws_client_open(s->port, "/ws/" SCENE_SLUG, SCENE_MS);

	cr_assert_not_null(c, "no connection");
	scene_see(c, "welcome");
	return c;
}

void scene_say(struct ws_client *c, const char *format, ...)
{
	static char text[TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	ws_client_send(c, text);
}

json_t *scene_expect(struct ws_client *c, const char *type)
{
	const char *text = ws_client_read(c, SCENE_MS);

	cr_assert_not_null(text, "no %s came; closed: %d %s", type, ws_client_wait_close(c, 0), ws_client_close_reason(c));
	json_t *frame = json_loads(text, 0, NULL);
	cr_assert_not_null(frame, "no JSON: %s", text);
	cr_assert_str_eq(scene_text(frame, "type"), type, "expected %s: %s", type, text);
	return frame;
}

void scene_see(struct ws_client *c, const char *type)
{
	json_decref(scene_expect(c, type));
}

void scene_see_error(struct ws_client *c, const char *code, const char *word)
{
	json_t *frame = scene_expect(c, "error");

	cr_assert_str_eq(scene_text(frame, "code"), code, "%s: %s", scene_text(frame, "code"), scene_text(frame, "message"));
	if (word != NULL)
		cr_assert_not_null(strstr(scene_text(frame, "message"), word), "\"%s\" is not in \"%s\"", word, scene_text(frame, "message"));
	json_decref(frame);
}

void scene_see_alive(struct ws_client *c)
{
	scene_say(c, "{\"type\":\"ping\"}");
	scene_see(c, "pong");
}

const char *scene_text(const json_t *frame, const char *member)
{
	const char *text = json_string_value(json_object_get(frame, member));
	return text == NULL ? "" : text;
}

int64_t scene_number(const json_t *frame, const char *member)
{
	return json_integer_value(json_object_get(frame, member));
}

const struct wish *scene_wish(struct scene *s, const char *type)
{
	const struct wish *w = stand_in_next(s->worker, SCENE_MS);

	cr_assert_not_null(w, "no %s was published", type);
	cr_assert_str_eq(w->type, type);
	return w;
}

/* --- HTTP --- */

int scene_http_send(const struct scene *s, const char *method, const char *path, const char *headers, const char *body)
{
	static char text[TEXT_MAX];
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)s->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	cr_assert_eq(connect(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	int n = snprintf(text, sizeof(text), "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s%sContent-Length: %zu\r\n\r\n%s", method, path,
	                 headers == NULL ? "" : headers, body == NULL ? "" : "Content-Type: application/json\r\n", body == NULL ? 0 : strlen(body),
	                 body == NULL ? "" : body);
	cr_assert_eq(send(fd, text, (size_t)n, MSG_NOSIGNAL), n);
	return fd;
}

const char *scene_http_read(int fd, const char *until)
{
	static char text[1 << 20];
	static size_t len;
	static int of = -1;
	int64_t deadline = clock_ms() + SCENE_MS;

	if (of != fd)
		len = 0;
	of = fd;
	for (;;) {
		text[len] = '\0';
		if (until != NULL && strstr(text, until) != NULL)
			return text;
		struct pollfd p = { .fd = fd, .events = POLLIN };
		int64_t left = deadline - clock_ms();
		cr_assert(left > 0 && poll(&p, 1, (int)left) > 0, "no answer, so far: %s", text);
		ssize_t n = recv(fd, text + len, sizeof(text) - len - 1, 0);
		cr_assert(n > 0 || until == NULL, "closed before %s: %s", until, text);
		if (n <= 0) {
			of = -1;
			return text;
		}
		len += (size_t)n;
	}
}

int scene_http_status(const char *answer)
{
	int status = 0;

	sscanf(answer, "HTTP/1.1 %d", &status);
	return status;
}

const char *scene_http(const struct scene *s, const char *method, const char *path, const char *headers, const char *body, int *status_r)
{
	int fd = scene_http_send(s, method, path, headers, body);
	const char *answer = scene_http_read(fd, NULL);

	close(fd);
	*status_r = scene_http_status(answer);
	return answer;
}

double scene_metric(const struct scene *s, const char *line)
{
	char start[300];
	int status;
	const char *text = scene_http(s, "GET", "/metrics", NULL, NULL, &status), *at;

	snprintf(start, sizeof(start), "\n%s ", line);
	at = strstr(text, start);
	return at == NULL ? 0 : strtod(at + strlen(start), NULL);
}
