/* Faults: whatever is killed or cut, and whenever, there is exactly one stored answer, the guest has it byte for byte, and the offsets move on. */
#include <criterion/criterion.h>
#include <librdkafka/rdkafka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "common/clock.h"
#include "tests/support/guest.h"
#include "tests/support/stack.h"
#include "tests/support/stack_broker.h"
#include "tests/support/ws_client.h"

#define KILLS 20
#define CUTS 100
#define ANSWER_MS 40000
#define REPLY_LOCKS "7301" /* API_REPLY_LOCK_SPACE of api/api.h */
#define QUESTION "Tell me about your cookies"
/* 20 tokens in 200 ms: long enough to be hit in the middle. */
#define SLOW_MODEL "--persona bench --tokens 20 --token-delay-ms 10"

static struct stack *stack;

static void start(const struct stack_options *options)
{
	stack = stack_start(options);
}

static void start_slow(void)
{
	start(&(struct stack_options){ .model = SLOW_MODEL, .env = { "KAFKA_SESSION_MS=1500", NULL } });
}

static void stop(void)
{
	stack_stop(&stack);
}

static void nap(int64_t ms)
{
	nanosleep(&(struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 }, NULL);
}

static int below(int n)
{
	return (int)(random() % n);
}

/* --- what must hold after every fault --- */

static void check_stored(const struct guest *g)
{
	char sql[200], stored[16384];
	snprintf(sql, sizeof(sql), "SELECT count(*) FROM message WHERE message_id='%s' AND sender_type='assistant'", g->message_id);
	cr_assert_eq(stack_count(stack, sql), 1, "message %s has not exactly one stored answer", g->message_id);
	snprintf(sql, sizeof(sql), "SELECT content FROM message WHERE message_id='%s' AND sender_type='assistant'", g->message_id);
	snprintf(stored, sizeof(stored), "%s", stack_query(stack, sql));
	cr_assert_str_eq(g->content, stored, "the guest's text is not the stored one");
	cr_assert_gt(strlen(stored), 0);
}

static void answered(struct guest *g)
{
	cr_assert(guest_wait(g, ANSWER_MS), "message %s was not answered within %d ms", g->message_id, ANSWER_MS);
	check_stored(g);
}

/* Sum over partitions of (end of log - committed offset) of the chat group. */
static int64_t lag(void)
{
	char topic[120], error[200];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set(conf, "bootstrap.servers", stack_brokers(stack), error, sizeof(error));
	snprintf(topic, sizeof(topic), "%schat", stack_topic_prefix(stack));
	rd_kafka_conf_set(conf, "group.id", topic, error, sizeof(error));
	rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof(error));
	cr_assert(rk, "%s", error);
	snprintf(topic, sizeof(topic), "%schat.requests", stack_topic_prefix(stack));
	rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(4);
	for (int i = 0; i < 4; i++)
		rd_kafka_topic_partition_list_add(list, topic, i);
	/* After a restart the broker may still load its groups: as good as a lag. */
	rd_kafka_resp_err_t failed = rd_kafka_committed(rk, list, 10000);
	int64_t sum = failed ? 1 : 0;
	for (int i = 0; i < 4 && !failed; i++) {
		int64_t low = 0, high = 0;
		cr_assert_eq(rd_kafka_query_watermark_offsets(rk, topic, i, &low, &high, 10000), RD_KAFKA_RESP_ERR_NO_ERROR);
		sum += high - (list->elems[i].offset < 0 ? low : list->elems[i].offset);
	}
	rd_kafka_topic_partition_list_destroy(list);
	rd_kafka_destroy(rk);
	return sum;
}

static void offsets_move_on(void)
{
	int64_t rest = 0;
	for (int64_t until = clock_ms() + 15000; (rest = lag()) != 0; nap(200))
		cr_assert_lt(clock_ms(), until, "%lld events are not committed", (long long)rest);
	cr_assert_eq(stack_count(stack, "SELECT count(*) FROM (SELECT message_id FROM message WHERE sender_type='assistant' "
	                                "GROUP BY restaurant_id, message_id HAVING count(*) > 1) doubled"),
	             0);
}

/* --- processes --- */

TestSuite(faults, .timeout = 600);

Test(faults, worker_killed_in_the_middle_of_an_answer, .init = start_slow, .fini = stop)
{
	struct guest g;
	int restarts = 0;
	srandom(1);
	guest_init(&g, stack_port(stack, 0));
	for (int i = 0; i < KILLS; i++) {
		guest_ask(&g, QUESTION);
		guest_read(&g, 1000, below(250));
		stack_kill(stack, STACK_WORKER, 0);
		stack_launch(stack, STACK_WORKER, 0);
		answered(&g);
		restarts += g.restarts;
		g.restarts = 0;
	}
	cr_assert_gt(restarts, 0, "no kill hit an answer: this test tested nothing");
	guest_close(&g);
	offsets_move_on();
}

Test(faults, api_killed_in_the_middle_of_an_answer, .init = start_slow, .fini = stop)
{
	struct guest g;
	srandom(2);
	guest_init(&g, stack_port(stack, 0));
	for (int i = 0; i < KILLS; i++) {
		guest_ask(&g, QUESTION);
		guest_read(&g, 1000, below(250));
		stack_kill(stack, STACK_API, 0);
		stack_launch(stack, STACK_API, 0);
		answered(&g);
	}
	cr_assert_geq(g.resumes, KILLS / 2, "most kills must have cut the guest off");
	guest_close(&g);
	offsets_move_on();
}

Test(faults, socket_cut_at_random_tokens, .init = start_slow, .fini = stop)
{
	struct guest g;
	srandom(3);
	guest_init(&g, stack_port(stack, 0));
	for (int i = 0; i < CUTS; i++) {
		guest_ask(&g, QUESTION);
		guest_read(&g, below(22), 5000);
		guest_cut(&g);
		answered(&g);
		cr_assert_eq(g.restarts, 0, "a cut socket is no new attempt");
	}
	cr_assert_eq(stack_model_stat(stack, "calls"), CUTS, "one call for each message");
	guest_close(&g);
	offsets_move_on();
}

static void postgres(const char *verb)
{
	char command[600];
	cr_assert(getenv("TEST_POSTGRES_DIR"), "TEST_POSTGRES_DIR is not set: run the tests by tests/run.sh");
	snprintf(command, sizeof(command), "FAST=1 deploy/dev/postgres.sh %s '%s' >/dev/null", verb, getenv("TEST_POSTGRES_DIR"));
	cr_assert_eq(system(command), 0, "%s", command);
}

Test(faults, broker_restarted, .fini = stop)
{
	struct guest g;
	start(&(struct stack_options){ .model = SLOW_MODEL, .own_broker = true, .env = { "KAFKA_SESSION_MS=1500", NULL } });
	srandom(4);
	guest_init(&g, stack_port(stack, 0));
	for (int i = 0; i < 3; i++) {
		guest_ask(&g, QUESTION);
		guest_read(&g, 1000, below(200));
		stack_broker(i == 1 ? "stop" : "kill", stack_broker_dir(stack), NULL, 0);
		stack_broker("start", stack_broker_dir(stack), NULL, 0);
		answered(&g);
	}
	guest_close(&g);
	offsets_move_on();
}

Test(faults, postgres_restarted, .init = start_slow, .fini = stop)
{
	struct guest g;
	srandom(5);
	guest_init(&g, stack_port(stack, 0));
	for (int i = 0; i < 5; i++) {
		guest_ask(&g, QUESTION);
		guest_read(&g, 1000, below(250));
		postgres(i % 2 ? "stop" : "kill");
		postgres("start");
		answered(&g);
	}
	guest_close(&g);
	offsets_move_on();
}

Test(faults, the_same_message_ten_times_at_once_is_one_call, .init = start_slow, .fini = stop)
{
	struct guest g[10];
	guest_init(&g[0], stack_port(stack, 0));
	for (int i = 1; i < 10; i++) {
		guest_init(&g[i], stack_port(stack, 0));
		snprintf(g[i].session, sizeof(g[i].session), "%s", g[0].session);
	}
	char id[ID_TEXT], frame[300];
	id_uuid(id);
	snprintf(frame, sizeof(frame), "{\"type\":\"chat_message\",\"message\":\"" QUESTION "\",\"session_id\":\"%s\",\"message_id\":\"%s\"}",
	         g[0].session, id);
	for (int i = 0; i < 10; i++) {
		memcpy(g[i].message_id, id, sizeof(id));
		ws_client_send(g[i].ws, frame);
	}
	for (int i = 0; i < 10; i++) {
		cr_assert(guest_wait(&g[i], ANSWER_MS));
		check_stored(&g[i]);
		cr_assert_str_eq(g[i].content, g[0].content);
		cr_assert_eq(g[i].resumes, 0);
		guest_close(&g[i]);
	}
	cr_assert_eq(stack_model_stat(stack, "calls"), 1);
	offsets_move_on();
}

/* Its connection to PostgreSQL breaks in the middle of an answer, and with it its claim on a partition of `replies`; somebody else is faster. */
Test(faults, an_api_that_loses_its_reply_partition_takes_another, .fini = stop)
{
	struct guest g;
	char partition[20], sql[400];
	/* 3 s: longer than it takes to see the loss */
	start(&(struct stack_options){ .model = "--persona bench --tokens 60 --token-delay-ms 50" });
	guest_init(&g, stack_port(stack, 0));
	guest_ask(&g, QUESTION);
	answered(&g);
	snprintf(partition, sizeof(partition), "%s", stack_query(stack, "SELECT min(objid::bigint) FROM pg_locks WHERE locktype = 'advisory' AND classid = " REPLY_LOCKS " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"));
	cr_assert(*partition, "nobody holds a partition");
	guest_ask(&g, QUESTION);
	guest_read(&g, 3, 5000);
	cr_assert_not(g.done, "the fault must hit an answer");
	snprintf(sql, sizeof(sql),
	         "SELECT pg_terminate_backend(pid), pg_advisory_lock(" REPLY_LOCKS ", %s) FROM pg_locks WHERE locktype = 'advisory' AND classid = " REPLY_LOCKS
	         " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
	         partition);
	stack_query(stack, sql);
	answered(&g);
	cr_assert_gt(g.resumes, 0, "what comes for the old partition is another's: its sockets must resume");
	guest_ask(&g, QUESTION);
	answered(&g);
	cr_assert_eq(stack_model_stat(stack, "calls"), 3, "no question was asked again");
	guest_close(&g);
	offsets_move_on();
}

/* --- orderly ends --- */

Test(faults, a_terminated_worker_hands_over, .fini = stop)
{
	start(&(struct stack_options){ .model = SLOW_MODEL, .workers = 2, .env = { "KAFKA_SESSION_MS=1500", NULL } });
	struct guest g[20];
	for (int i = 0; i < 20; i++) {
		guest_init(&g[i], stack_port(stack, 0));
		guest_ask(&g[i], QUESTION);
	}
	nap(100);
	stack_terminate(stack, STACK_WORKER, 0);
	for (int i = 0; i < 20; i++) {
		answered(&g[i]);
		guest_close(&g[i]);
	}
	offsets_move_on();
}

Test(faults, a_terminated_api_lets_go_and_another_goes_on, .fini = stop)
{
	start(&(struct stack_options){ .model = SLOW_MODEL, .apis = 2 });
	struct guest g[10];
	for (int i = 0; i < 10; i++) {
		guest_init(&g[i], stack_port(stack, 0));
		guest_ask(&g[i], QUESTION);
		guest_read(&g[i], 1, 5000);
	}
	stack_terminate(stack, STACK_API, 0);
	for (int i = 0; i < 10; i++) {
		g[i].port = stack_port(stack, 1);
		answered(&g[i]);
		guest_close(&g[i]);
	}
	offsets_move_on();
}

Test(faults, a_second_device_on_another_api_sees_the_same_answer, .fini = stop)
{
	start(&(struct stack_options){ .model = SLOW_MODEL, .apis = 2 });
	struct guest phone, desk;
	guest_init(&phone, stack_port(stack, 0));
	guest_init(&desk, stack_port(stack, 1));
	snprintf(desk.session, sizeof(desk.session), "%s", phone.session);
	guest_ask(&phone, QUESTION);
	guest_read(&phone, 4, 5000);
	memcpy(desk.message_id, phone.message_id, sizeof(desk.message_id));
	desk.accepted = true;
	char join[120];
	snprintf(join, sizeof(join), "{\"type\":\"join\",\"session_id\":\"%s\"}", desk.session);
	ws_client_send(desk.ws, join);
	answered(&phone);
	answered(&desk);
	cr_assert_str_eq(phone.content, desk.content);
	cr_assert_eq(desk.resumes, 0);
	guest_close(&phone);
	guest_close(&desk);
}

/* --- the embedded broker --- */

Test(faults, the_embedded_broker_carries_a_chat_and_a_cut, .fini = stop)
{
	start(&(struct stack_options){ .model = SLOW_MODEL, .embedded = true });
	struct guest g;
	srandom(6);
	guest_init(&g, stack_port(stack, 0));
	for (int i = 0; i < 10; i++) {
		guest_ask(&g, QUESTION);
		guest_read(&g, below(22), 5000);
		guest_cut(&g);
		answered(&g);
	}
	guest_close(&g);
}
