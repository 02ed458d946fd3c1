/* test_log.c - every line is one JSON object, however long, broken or unwelcome it is. stderr is a pipe here. */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <jansson.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "common/clock.h"
#include "common/log.h"

#define CAPTURE_MAX (4 << 20)

static int pipe_fds[2], real_stderr;
static char *captured;
static size_t captured_len;

static void capture(void)
{
	cr_assert_eq(pipe(pipe_fds), 0);
	real_stderr = dup(STDERR_FILENO);
	dup2(pipe_fds[1], STDERR_FILENO);
	fcntl(pipe_fds[0], F_SETFL, O_NONBLOCK);
	captured = calloc(1, CAPTURE_MAX);
	captured_len = 0;
	log_init("test", LOG_info);
}

static void release(void)
{
	dup2(real_stderr, STDERR_FILENO);
	close(real_stderr);
	close(pipe_fds[0]);
	close(pipe_fds[1]);
	free(captured);
}

TestSuite(log, .init = capture, .fini = release);

/* What came since the last call, as text. */
static char *drain(void)
{
	char *start = captured + captured_len;
	ssize_t n;

	while ((n = read(pipe_fds[0], captured + captured_len, CAPTURE_MAX - 1 - captured_len)) > 0)
		captured_len += (size_t)n;
	captured[captured_len] = '\0';
	return start;
}

/* The one line that came, parsed. */
static json_t *line(void)
{
	char *text = drain(), *end = strchr(text, '\n');

	cr_assert(end && end[1] == '\0', "not one line: %s", text);
	json_t *v = json_loadb(text, (size_t)(end - text), JSON_REJECT_DUPLICATES, NULL);
	cr_assert(v, "not JSON: %s", text);
	return v;
}

static const char *text_of(const json_t *v, const char *key)
{
	const char *s = json_string_value(json_object_get(v, key));

	return s ? s : "(none)";
}

Test(log, a_line_has_its_fields)
{
	clock_set(0, 1767323045678);
	log_event(LOG_warn, "chat.accepted", LOG_S("id", "x\"\\\n\t\x01\xc3\xa9"), LOG_I("n", INT64_MIN), LOG_F("f", 0.25), LOG_F("nan", NAN), LOG_S("none", NULL));
	clock_unset();
	json_t *v = line();
	cr_expect_str_eq(text_of(v, "time"), "2026-01-02T03:04:05.678Z");
	cr_expect_str_eq(text_of(v, "level"), "warn");
	cr_expect_str_eq(text_of(v, "program"), "test");
	cr_expect_str_eq(text_of(v, "event"), "chat.accepted");
	cr_expect_str_eq(text_of(v, "id"), "x\"\\\n\t\x01\xc3\xa9");
	cr_expect_eq(json_integer_value(json_object_get(v, "n")), INT64_MIN);
	cr_expect_eq(json_real_value(json_object_get(v, "f")), 0.25);
	cr_expect(json_is_null(json_object_get(v, "nan")) && json_is_null(json_object_get(v, "none")));
	cr_expect_null(json_object_get(v, "cut"));
	json_decref(v);
}

Test(log, no_fields_at_all)
{
	log_event(LOG_info, "start");
	json_t *v = line();
	cr_expect_str_eq(text_of(v, "event"), "start");
	json_decref(v);
}

static int evaluated(void)
{
	static int n;

	return ++n;
}

Test(log, what_is_not_shown_is_not_evaluated)
{
	log_event(LOG_debug, "hidden", LOG_I("n", evaluated()));
	cr_expect_str_eq(drain(), "");
	cr_expect_eq(evaluated(), 1);
	log_step(1);
	cr_expect_eq(log_level(), LOG_debug);
	log_step(1);
	cr_expect_eq(log_level(), LOG_debug);
	log_event(LOG_debug, "shown", LOG_I("n", evaluated()));
	json_decref(line());
	for (int i = 0; i < 5; i++)
		log_step(-1);
	cr_expect_eq(log_level(), LOG_error);
}

Test(log, level_names)
{
	cr_expect_eq(log_level_parse("error"), LOG_error);
	cr_expect_eq(log_level_parse("debug"), LOG_debug);
	cr_expect_eq(log_level_parse("loud"), -1);
	cr_expect_eq(log_level_parse(NULL), -1);
}

Test(log, bound_fields_are_in_every_line_until_unbound)
{
	struct log_binding b = { .trace_id = "t", .session_id = "s", .flow = "chat", .step = "chat.ask" };

	log_bind(&b);
	log_event(LOG_info, "one");
	json_t *v = line();
	cr_expect_str_eq(text_of(v, "trace_id"), "t");
	cr_expect_str_eq(text_of(v, "session_id"), "s");
	cr_expect_str_eq(text_of(v, "step"), "chat.ask");
	cr_expect_null(json_object_get(v, "request_id"));
	json_decref(v);
	log_unbind();
	log_event(LOG_info, "two");
	v = line();
	cr_expect_null(json_object_get(v, "trace_id"));
	json_decref(v);
}

/* Values of every length around every limit, of characters that escape to one, two, three, four and six bytes. */
Test(log, long_values_are_cut_and_the_line_stays_json)
{
	static const char *const pieces[] = { "x", "\"", "\xe2\x82\xac", "\xf0\x9f\x8d\xaa", "\x01", "\xff" };
	static char value[16000];

	for (size_t p = 0; p < sizeof(pieces) / sizeof(*pieces); p++) {
		for (size_t bytes = 400; bytes < 10000; bytes += bytes < 4000 ? 97 : 1711) {
			value[0] = '\0';
			for (size_t len = 0; len < bytes; len += strlen(pieces[p]))
				memcpy(value + len, pieces[p], strlen(pieces[p]) + 1);
			log_event(LOG_info, "long", LOG_S("a", value), LOG_S("b", value), LOG_I("i", 5), LOG_S("c", value), LOG_S("d", value), LOG_I("last", 7));
			size_t before = captured_len;
			json_t *v = line();
			cr_assert_leq(captured_len - before, 8192);
			cr_assert(json_is_string(json_object_get(v, "a")));
			bool whole = strcmp(text_of(v, "d"), value) == 0 && json_object_get(v, "last");
			cr_assert(whole || json_is_true(json_object_get(v, "cut")) || *pieces[p] == '\xff', "%zu of %zu", bytes, p);
			json_decref(v);
			captured_len = 0;
		}
	}
}

Test(log, many_fields_beyond_the_line_are_left_out)
{
	struct log_field fields[2001];

	for (int i = 0; i < 2000; i++)
		fields[i] = LOG_I("number", i);
	fields[2000] = (struct log_field){ .kind = LOG_END };
	log_write(LOG_info, "many", fields);
	char *text = drain();
	cr_expect_leq(strlen(text), 8192);
	json_t *v = json_loads(text, 0, NULL);
	cr_assert(v);
	cr_expect(json_is_true(json_object_get(v, "cut")));
	json_decref(v);
}

Test(log, a_full_stderr_drops_lines_and_does_not_block)
{
	static char value[2500];
	uint64_t dropped = log_dropped();
	size_t lines = 0;

	memset(value, 'x', sizeof(value) - 1);
	int64_t start = clock_ms();
	for (int i = 0; i < 200; i++)
		log_event(LOG_info, "flood", LOG_I("i", i), LOG_S("a", value), LOG_S("b", value));
	cr_expect_lt(clock_ms() - start, 5000);
	dropped = log_dropped() - dropped;
	cr_expect_gt(dropped, 100);
	char *text = drain();
	log_event(LOG_info, "after");
	drain();
	for (char *end; (end = strchr(text, '\n')); text = end + 1) {
		json_t *v = json_loadb(text, (size_t)(end - text), 0, NULL);
		lines += v != NULL;
		if (v && !end[1])
			cr_expect_str_eq(text_of(v, "event"), "after");
		json_decref(v);
	}
	cr_expect_str_eq(text, "");
	cr_expect_eq(lines, 201 - dropped);
}

static void *write_lines(void *name)
{
	for (int i = 0; i < 50; i++)
		log_event(LOG_info, name, LOG_I("i", i));
	return NULL;
}

Test(log, other_threads_may_write_and_have_no_bound_fields)
{
	struct log_binding b = { .trace_id = "t" };
	pthread_t threads[4];
	size_t lines = 0, bound = 0;

	log_bind(&b);
	for (int i = 0; i < 4; i++)
		pthread_create(&threads[i], NULL, write_lines, "thread");
	write_lines("loop");
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	char *text = drain();
	for (char *end; (end = strchr(text, '\n')); text = end + 1) {
		json_t *v = json_loadb(text, (size_t)(end - text), 0, NULL);
		cr_assert(v);
		bound += json_object_get(v, "trace_id") != NULL;
		json_decref(v);
		lines++;
	}
	cr_expect_eq(lines, 250);
	cr_expect_eq(bound, 50);
	log_unbind();
}

Test(log, a_closed_stderr_does_no_harm)
{
	signal(SIGPIPE, SIG_IGN);
	close(pipe_fds[0]);
	uint64_t dropped = log_dropped();
	log_event(LOG_info, "nobody reads");
	cr_expect_eq(log_dropped(), dropped + 1);
	pipe_fds[0] = open("/dev/null", O_RDONLY);
}
