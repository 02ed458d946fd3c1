/* test_metric.c - what is counted, and that the printed text is what Prometheus reads. */
#include <criterion/criterion.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/metric.h"

static struct buf out;

static void setup(void)
{
	metric_reset();
	buf_init(&out, 4 << 20);
}

static void teardown(void)
{
	metric_reset();
	buf_free(&out);
}

TestSuite(metric, .init = setup, .fini = teardown);

#define VALUE(id, ...) metric_value((id), (const char *const[]){ __VA_ARGS__ __VA_OPT__(, ) NULL })

static bool printed(const char *line)
{
	buf_reset(&out);
	cr_assert_eq(metric_print(&out), ERROR_none);
	const char *at = strstr(buf_text(&out), line);
	return at && (at == out.data || at[-1] == '\n') && at[strlen(line)] == '\n';
}

Test(metric, counters_and_gauges)
{
	metric_add(METRIC_tokens, 2);
	metric_add(METRIC_tokens, 0.5);
	metric_set(METRIC_sockets, 7);
	metric_add(METRIC_sockets, -2);
	cr_expect_eq(metric_value(METRIC_tokens, NULL), 2.5);
	cr_expect_eq(VALUE(METRIC_sockets), 5);
	cr_expect(printed("chat_token_frames_total 2.5"));
	cr_expect(printed("websocket_connections 5"));
	cr_expect(printed("# TYPE websocket_connections gauge"));
}

Test(metric, labels)
{
	metric_add(METRIC_http_requests, 1, "GET", "/menu", "200");
	metric_add(METRIC_http_requests, 1, "GET", "/menu", "200");
	metric_add(METRIC_http_requests, 1, "GET", "/menu", "404");
	metric_add(METRIC_http_requests, 1, "GE", "T/menu", "404");
	cr_expect_eq(VALUE(METRIC_http_requests, "GET", "/menu", "200"), 2);
	cr_expect_eq(VALUE(METRIC_http_requests, "GE", "T/menu", "404"), 1);
	cr_expect(printed("http_requests_total{method=\"GET\",endpoint=\"/menu\",status=\"404\"} 1"));
}

Test(metric, label_values_are_escaped)
{
	metric_add(METRIC_socket_errors, 1, "a\"b\\c\nd");
	cr_expect(printed("websocket_error_frames_total{code=\"a\\\"b\\\\c\\nd\"} 1"));
}

Test(metric, histograms)
{
	static const double seen[] = { 0.0005, 0.001, 0.0011, 0.3, 60, 61, -1 };

	for (size_t i = 0; i < sizeof(seen) / sizeof(*seen); i++)
		metric_observe(METRIC_answer, seen[i], "groq");
	cr_expect_eq(VALUE(METRIC_answer, "groq"), 7);
	cr_expect(printed("chat_answer_seconds_bucket{provider=\"groq\",le=\"0.001\"} 3"));
	cr_expect(printed("chat_answer_seconds_bucket{provider=\"groq\",le=\"0.0025\"} 4"));
	cr_expect(printed("chat_answer_seconds_bucket{provider=\"groq\",le=\"60\"} 6"));
	cr_expect(printed("chat_answer_seconds_bucket{provider=\"groq\",le=\"+Inf\"} 7"));
	cr_expect(printed("chat_answer_seconds_count{provider=\"groq\"} 7"));
	cr_expect(printed("# TYPE chat_answer_seconds histogram"));
}

Test(metric, too_many_label_sets_become_other)
{
	char label[20];

	for (int i = 0; i < 3 * METRIC_MAX_SERIES; i++) {
		snprintf(label, sizeof(label), "p%d", i);
		metric_add(METRIC_answers, 1, label, "complete");
	}
	cr_expect_eq(VALUE(METRIC_answers, "p0", "complete"), 1);
	cr_expect_eq(VALUE(METRIC_answers, "other", "other"), 2 * METRIC_MAX_SERIES + 1);
	cr_expect(printed("chat_answers_total{provider=\"other\",status=\"other\"} 1025"));
	size_t series = 0;
	for (const char *p = out.data; (p = strstr(p, "\nchat_answers_total{")); p++)
		series++;
	cr_expect_eq(series, METRIC_MAX_SERIES);
}

Test(metric, a_wrong_number_of_labels_is_a_bug, .signal = SIGABRT)
{
	metric_add(METRIC_http_requests, 1, "GET");
}

Test(metric, a_counter_that_goes_down_is_a_bug, .signal = SIGABRT)
{
	metric_add(METRIC_tokens, -1);
}

Test(metric, odd_values_print)
{
	metric_set(METRIC_sockets, INFINITY);
	cr_expect(printed("websocket_connections +Inf"));
	metric_set(METRIC_sockets, -INFINITY);
	cr_expect(printed("websocket_connections -Inf"));
	metric_set(METRIC_sockets, NAN);
	cr_expect(printed("websocket_connections NaN"));
	metric_set(METRIC_sockets, 1e20);
	cr_expect(printed("websocket_connections 1e+20"));
}

static size_t name_length(const char *s)
{
	return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:");
}

/* name{label="value",...} number */
static void check_sample(const char *line)
{
	size_t n = name_length(line);

	cr_assert_gt(n, 0, "%s", line);
	const char *p = line + n;
	if (*p == '{') {
		do {
			p++;
			size_t label = name_length(p);
			cr_assert(label && p[label] == '=' && p[label + 1] == '"', "%s", line);
			for (p += label + 2; *p != '"'; p++) {
				cr_assert(*p, "%s", line);
				p += *p == '\\';
			}
			p++;
		} while (*p == ',');
		cr_assert_eq(*p++, '}', "%s", line);
	}
	char *end;
	cr_assert_eq(*p, ' ', "%s", line);
	strtod(p + 1, &end);
	cr_assert(end != p + 1 && *end == '\0', "%s", line);
}

/* Every row of the table: a HELP, then a TYPE, then samples of that name only; each name once. */
Test(metric, the_whole_text_is_well_formed)
{
	size_t helps = 0, types = 0;

	metric_add(METRIC_retries, 1, "chat_asked");
	metric_observe(METRIC_step_seconds, 0.25, "chat.ask");
	buf_reset(&out);
	cr_assert_eq(metric_print(&out), ERROR_none);
	cr_assert_eq(out.data[out.len - 1], '\n');
	char family[100] = "";
	for (char *line = out.data, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		if (strncmp(line, "# HELP ", 7) == 0) {
			size_t n = name_length(line + 7);
			snprintf(family, sizeof(family), "%.*s", (int)n, line + 7);
			cr_assert_gt(strlen(line), 7 + n + 1);
			helps++;
		} else if (strncmp(line, "# TYPE ", 7) == 0) {
			cr_assert_eq(strncmp(line + 7, family, strlen(family)), 0);
			types++;
		} else {
			cr_assert_eq(strncmp(line, family, strlen(family)), 0, "%s in %s", line, family);
			check_sample(line);
		}
	}
	cr_expect_eq(helps, METRIC_COUNT);
	cr_expect_eq(types, METRIC_COUNT);
}

Test(metric, a_buf_too_small_says_so)
{
	struct buf small;

	buf_init(&small, 100);
	cr_expect_eq(metric_print(&small), ERROR_too_big_to_store);
	buf_free(&small);
}
