/* The whole product at once: real api, worker, Kafka and PostgreSQL, with the model doubles. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "tests/support/guest.h"
#include "tests/support/stack.h"
#include "tests/support/ws_client.h"

#define ANSWER_MS 30000
#define QUESTION "Tell me about your cookies"

static struct stack *stack;

static void stop(void)
{
	stack_stop(&stack);
}

static void start(const char *model, const char *setting)
{
	stack = stack_start(&(struct stack_options){ .model = model, .env = { "WORKER_METRICS=127.0.0.1:0", setting, NULL } });
}

static void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
}

static int64_t stored(void)
{
	return stack_count(stack, "SELECT count(*) FROM message WHERE sender_type='assistant'");
}

TestSuite(whole, .fini = stop, .timeout = 300);

Test(whole, the_menu_answers_when_there_is_no_model)
{
	struct guest g;
	start(NULL, NULL);
	guest_init(&g, stack_port(stack, 0));
	guest_ask(&g, QUESTION);
	cr_assert(guest_wait(&g, ANSWER_MS));
	cr_assert_str_eq(g.status, "complete");
	cr_assert_str_eq(g.provider, "builtin");
	cr_assert(strstr(g.content, "Chocolate Chip"), "%s", g.content);
	cr_assert_eq(stored(), 1);
	guest_close(&g);
}

Test(whole, an_honest_model_is_streamed_and_knows_the_menu)
{
	struct guest g;
	start("--persona honest --token-delay-ms 5", NULL);
	guest_init(&g, stack_port(stack, 0));
	guest_ask(&g, QUESTION);
	cr_assert_gt(guest_read(&g, 5, ANSWER_MS), 4, "it is streamed");
	cr_assert_not(g.done);
	cr_assert(guest_wait(&g, ANSWER_MS));
	cr_assert_str_eq(g.status, "complete");
	cr_assert_str_eq(g.provider, "local");
	cr_assert(strstr(g.content, "$") || strstr(g.content, "USD"), "facts came to the model: %s", g.content);
	guest_close(&g);
}

/* Each way to break, several times: an answer comes, is stored once, and says that data took over when it did. */
Test(whole, a_broken_model_never_leaves_a_guest_without_an_answer)
{
	static const char *const status_of[] = { "fallback", "complete" };
	struct guest g;
	int fallbacks = 0;
	start("--persona broken --token-delay-ms 1", "AI_FIRST_MS=700");
	guest_init(&g, stack_port(stack, 0));
	for (int i = 0; i < 14; i++) {
		guest_ask(&g, QUESTION);
		cr_assert(guest_wait(&g, ANSWER_MS), "question %d was not answered", i);
		cr_assert(strcmp(g.status, status_of[0]) == 0 || strcmp(g.status, status_of[1]) == 0, "%s", g.status);
		cr_assert_gt(strlen(g.content), 20);
		fallbacks += strcmp(g.status, "fallback") == 0;
	}
	cr_assert_gt(fallbacks, 7);
	cr_assert_eq(stored(), 14);
	guest_close(&g);
}

static double worker_metric(const char *line_start)
{
	char url[100];
	snprintf(url, sizeof(url), "http://127.0.0.1:%d/metrics", stack_worker_port(stack, 0));
	const char *text = stack_fetch(stack, url), *line = strstr(text, line_start);
	return line ? strtod(strchr(line, '}') + 1, NULL) : 0;
}

static void put_on_topic(const char *type, const char *value, size_t len)
{
	char topic[120], error[200];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set(conf, "bootstrap.servers", stack_brokers(stack), error, sizeof(error));
	rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
	snprintf(topic, sizeof(topic), "%schat.requests", stack_topic_prefix(stack));
	cr_assert_eq(rd_kafka_producev(rk, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_VALUE((void *)value, len),
	                               RD_KAFKA_V_HEADER("ce_type", type, strlen(type)), RD_KAFKA_V_HEADER("ce_id", "1", 1),
	                               RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END),
	             0);
	cr_assert_eq(rd_kafka_flush(rk, 10000), 0);
	rd_kafka_destroy(rk);
}

Test(whole, poison_is_buried_and_counted_and_the_partition_lives_on)
{
	struct guest g;
	start(NULL, NULL);
	put_on_topic("chat.asked", "{\"unknown\":\"schema\"}", 20);
	put_on_topic("chat.asked", "\xff\xfe\x00 bytes", 9);
	put_on_topic("nobody.knows", "{}", 2);
	double dead = 0;
	for (int64_t until = clock_ms() + 15000; dead < 3 && clock_ms() < until; nap())
		dead = worker_metric("dead_letters_total{topic=\"chat.requests\",reason=\"invalid_event\"}") +
		       worker_metric("dead_letters_total{topic=\"chat.requests\",reason=\"unknown_event\"}");
	cr_assert_eq(dead, 3, "dead letters counted: %g", dead);
	/* Sessions on all four partitions are still served. */
	for (int i = 0; i < 8; i++) {
		guest_init(&g, stack_port(stack, 0));
		guest_ask(&g, QUESTION);
		cr_assert(guest_wait(&g, ANSWER_MS));
		guest_close(&g);
	}
}

/* Every naughty string as a message: an answer or an error that says what is wrong; nothing dies. */
Test(whole, naughty_strings_as_messages)
{
	start(NULL, NULL);
	json_t *strings = json_load_file("tests/data/naughty-strings/blns.json", 0, NULL);
	cr_assert_gt(json_array_size(strings), 400);
	struct ws_client *ws = ws_client_open(stack_port(stack, 0), "/ws/olive-ember", 5000);
	cr_assert(ws);
	size_t i, answers = 0, errors = 0;
	json_t *text;
	json_array_foreach(strings, i, text)
	{
		json_t *frame = json_pack("{s:s,s:O,s:s}", "type", "chat_message", "message", text, "session_id", "naughty");
		char *line = json_dumps(frame, JSON_COMPACT);
		ws_client_send(ws, line);
		for (const char *reply; (reply = ws_client_read(ws, ANSWER_MS));) {
			json_t *got = json_loads(reply, 0, NULL);
			cr_assert(got, "not JSON: %s", reply);
			const char *type = json_string_value(json_object_get(got, "type"));
			bool answer = strcmp(type, "ai_message") == 0, error = strcmp(type, "error") == 0;
			answers += answer;
			errors += error;
			json_decref(got);
			if (answer || error)
				break;
		}
		cr_assert(ws_client_alive(ws), "the connection is gone after %s", line);
		free(line);
		json_decref(frame);
	}
	cr_assert_eq(answers + errors, json_array_size(strings));
	cr_assert_gt(answers, 400);
	json_decref(strings);
	ws_client_close(&ws);
}
