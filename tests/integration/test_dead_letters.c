/* test_dead_letters.c - an event that was given up is found, shown and handed over once more; twice does no harm. */
#include <criterion/criterion.h>
#include <jansson.h>
#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/edit_kit.h"

#define MESSAGE "018f0000-0000-7000-9000-00000000aa01"
#define LETTERS "/api/v1/admin/dead-letters"

static struct kit k;

static void start(void)
{
	edit_kit_open(&k, NULL);
}

static void stop(void)
{
	edit_kit_close(&k);
}

TestSuite(dead_letters, .init = start, .fini = stop, .timeout = 180);

/* A question as it stands on chat.requests.dead after its database was away for too long. */
static void bury(const char *value)
{
	char topic[120], key[120], now[40];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set(conf, "bootstrap.servers", stack_brokers(k.stack), NULL, 0);
	rd_kafka_t *producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, NULL, 0);
	snprintf(now, sizeof(now), "%s", kit_value(&k, "SELECT to_char(now(), 'YYYY-MM-DD\"T\"HH24:MI:SS.000\"Z\"')"));
	snprintf(topic, sizeof(topic), "%schat.requests.dead", stack_topic_prefix(k.stack));
	snprintf(key, sizeof(key), "%s/dead-1", k.restaurant);
	rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, strlen(key)), RD_KAFKA_V_VALUE((void *)value, strlen(value)), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
	                  RD_KAFKA_V_HEADER("ce_id", "018f0000-0000-7000-9000-00000000aa02", -1), RD_KAFKA_V_HEADER("ce_type", "chat.asked", -1), RD_KAFKA_V_HEADER("ce_source", "api", -1),
	                  RD_KAFKA_V_HEADER("ce_specversion", "1.0", -1), RD_KAFKA_V_HEADER("ce_time", now, -1), RD_KAFKA_V_HEADER("content-type", "application/json", -1),
	                  RD_KAFKA_V_HEADER("error_reason", "db_failed", -1), RD_KAFKA_V_HEADER("error_detail", "out of memory", -1), RD_KAFKA_V_HEADER("source_topic", "chat.requests", -1),
	                  RD_KAFKA_V_HEADER("retry_count", "3", -1), RD_KAFKA_V_END);
	cr_assert_eq(rd_kafka_flush(producer, KIT_MS), RD_KAFKA_RESP_ERR_NO_ERROR);
	rd_kafka_destroy(producer);
}

/* `worker dead ...` as an operator runs it; what it says, errors too, static. */
static const char *command_ends(int code, const char *const *words)
{
	static char out[20000];
	int pipes[2], status;
	char *argv[12] = { "worker", "dead" };
	for (size_t i = 0; words[i] && i < 9; i++)
		argv[i + 2] = (char *)words[i];
	cr_assert_eq(pipe(pipes), 0);
	pid_t pid = fork();
	if (pid == 0) {
		char program[300];
		dup2(pipes[1], 1);
		dup2(pipes[1], 2);
		setenv("DATABASE_URL", stack_database_url(k.stack), 1);
		setenv("KAFKA_BROKERS", stack_brokers(k.stack), 1);
		setenv("KAFKA_TOPIC_PREFIX", stack_topic_prefix(k.stack), 1);
		snprintf(program, sizeof(program), "%s/worker", getenv("BUILD"));
		execv(program, argv);
		_exit(127);
	}
	close(pipes[1]);
	size_t len = 0;
	for (ssize_t n; len < sizeof(out) - 1 && (n = read(pipes[0], out + len, sizeof(out) - 1 - len)) > 0;)
		len += (size_t)n;
	out[len] = '\0';
	close(pipes[0]);
	waitpid(pid, &status, 0);
	cr_expect(WIFEXITED(status) && WEXITSTATUS(status) == code, "worker dead %s: %s", words[0], out);
	return out;
}
#define ENDS(code, ...) command_ends(code, (const char *const[]){ __VA_ARGS__, NULL })
#define command(...) ENDS(0, __VA_ARGS__)
#define SAYS(text, said) \
	do { \
		const char *words_ = (said); \
		cr_expect(strstr(words_, text), "no \"%s\" in: %s", text, words_); \
	} while (0)

Test(dead_letters, are_listed_shown_and_replayed)
{
	char value[700], id[40];
	snprintf(value, sizeof(value), "{\"restaurant_id\":\"%s\",\"slug\":\"" KIT_SLUG "\",\"session_id\":\"dead-1\",\"message_id\":\"" MESSAGE "\",\"message\":\"Tell me about your cookies\"}", k.restaurant);
	bury(value);
	stack_expect(k.stack, "SELECT count(*) FROM dead_letter", "1", KIT_MS);
	json_t *list = kit_must(&k, "platform", "GET", LETTERS, NULL, NULL, 200);
	const json_t *letter = json_array_get(list, 0);
	cr_expect_str_eq(kit_text(letter, "topic"), "chat.requests");
	cr_expect_str_eq(kit_text(letter, "reason"), "db_failed");
	cr_expect_str_eq(kit_text(letter, "type"), "chat.asked");
	snprintf(id, sizeof(id), "%s", kit_text(letter, "id"));
	json_decref(list);
	cr_expect(strstr(command("list"), id));
	cr_expect(strstr(command("show", id), "Tell me about your cookies"));
	json_decref(kit_must(&k, "platform", "POST", kit_path(LETTERS "/%s/replay", id), NULL, NULL, 202));
	stack_expect(k.stack, "SELECT count(*) FROM message WHERE message_id = '" MESSAGE "' AND sender_type = 'assistant'", "1", KIT_MS);
	cr_expect(strstr(command("replay", id), "replayed"));
	stack_expect(k.stack, "SELECT attempt FROM message WHERE message_id = '" MESSAGE "' AND sender_type = 'user'", "2", KIT_MS);
	stack_expect(k.stack, "SELECT n FROM analytics_day WHERE metric = 'message'", "1", KIT_MS);
	cr_expect_eq(stack_count(k.stack, "SELECT count(*) FROM message WHERE message_id = '" MESSAGE "' AND sender_type = 'assistant'"), 1, "once, however often it is replayed");
	cr_expect_eq(stack_count(k.stack, "SELECT replays FROM dead_letter"), 2);
	cr_expect_eq(kit_ask(&k, "platform", "POST", LETTERS "/" MESSAGE "/replay", NULL, NULL).status, 404);
	cr_expect_eq(kit_ask(&k, "owner", "GET", LETTERS, NULL, NULL).status, 403);
}

/* What cannot be read goes there by itself, and a replay brings it back to the same place. */
Test(dead_letters, poison_comes_back)
{
	bury("no JSON at all");
	stack_expect(k.stack, "SELECT count(*) FROM dead_letter", "1", KIT_MS);
	cr_expect(strstr(command("replay", "all"), "replayed"));
	stack_expect(k.stack, "SELECT count(*) FROM dead_letter WHERE reason = 'invalid_event'", "1", KIT_MS);
	stack_expect(k.stack, "SELECT count(*) FROM dead_letter", "2", KIT_MS);
}

/* What an operator types, rightly and not. */
Test(dead_letters, filters_choose_what_is_listed_and_replayed)
{
	bury("no JSON \x1b[2J \xc2\x9b");
	bury("no JSON either");
	stack_expect(k.stack, "SELECT count(*) FROM dead_letter", "2", KIT_MS);
	kit_value(&k, "UPDATE dead_letter SET reason = 'internal', died_at = died_at - interval '3 hours 5 minutes' WHERE dead_letter_text(value) LIKE '%%either'");
	SAYS("2 dead letters, 2 of them not replayed", command("list"));
	SAYS("3h 05m    chat.requests     chat.asked              internal          no        out of memory\n", command("list", "--older", "2h"));
	SAYS("1 dead letters", command("list", "--older", "2h", "--topic", "chat.requests", "--reason", "internal"));
	SAYS("no dead letters that the filter lets through", command("list", "--topic", "menu.changes"));
	SAYS("such are chat.requests menu.edits menu.imports analytics.events menu.changes\n", ENDS(2, "list", "--topic", "chat"));
	SAYS("is no reason", ENDS(2, "list", "--reason", "no_such"));
	SAYS("is no age", ENDS(2, "replay", "all", "--older", "1 hour"));
	SAYS("is no filter", ENDS(2, "list", "everything"));
	SAYS("is no id", ENDS(2, "show", "1"));
	SAYS("is no id", ENDS(2, "replay", "1"));
	SAYS("usage:", ENDS(2, "replay"));
	SAYS("there is no dead letter " MESSAGE, ENDS(1, "show", MESSAGE));
	SAYS("0 replayed, 1 not", ENDS(1, "replay", MESSAGE));
	char id[40];
	snprintf(id, sizeof(id), "%s", kit_value(&k, "SELECT id FROM dead_letter WHERE reason = 'db_failed'"));
	const char *shown = command("show", id);
	SAYS("no JSON ?[2J ?\n", shown);
	SAYS("\nheader      error_reason: db_failed\n", shown);
	SAYS("/dead-1\n", shown);
	SAYS("0 replayed, 0 not", command("replay", "all", "--older", "7d"));
	SAYS("1 replayed, 0 not", command("replay", "all", "--older", "2h", "--reason", "internal"));
	cr_expect_eq(stack_count(k.stack, "SELECT count(*) FROM dead_letter WHERE replays > 0 AND reason = 'internal'"), 1);
	cr_expect_eq(stack_count(k.stack, "SELECT count(*) FROM dead_letter WHERE replays > 0"), 1);
}
