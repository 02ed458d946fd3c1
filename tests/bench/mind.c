/* mind.c - CPU time of the assistant's own thinking, no servers: a message understood and answered, a sentence of a model checked. One core, a menu of 500 dishes. */
#include "tests/bench/mind.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "common/arena.h"
#include "schemas.h"
#include "tests/bench/table.h"
#include "tests/support/menu_fixture.h"
#include "workers/chat_gate_check.h"
#include "workers/chat_writer.h"

#define DISHES 500
#define ROUNDS 400
#define SENTENCE_ROUNDS 3000

static double cpu_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static const char *const messages[] = {
	"hi",
	"how much is the Smoked Halibut Terrine?",
	"crispyy aubergin parcles pleese",
	"I'm allergic to nuts, what can I eat?",
	"do you have ramen?",
	"what do you have?",
	"Ich bin gegen Sesam allergisch, was empfehlen Sie mir?",
	"¿qué me recomienda que no sea muy caro?",
	"y a-t-il du poisson dans la soupe ?",
	"who won the world cup in 1990, and can you write a poem about it?",
	"sesame?",
	"lentil",
};
#define MESSAGES (sizeof(messages) / sizeof(*messages))

static void ask(const struct menu_snapshot *s, const char *message)
{
	struct arena *a = arena_new();
	struct writer_input in = { .snapshot = s, .message = message, .message_id = "bench" };
	struct answer answer;
	chat_write(a, &in, &answer);
	arena_free(&a);
}

static void bench_messages(const struct menu_snapshot *s)
{
	double sum = 0, worst = 0;
	for (size_t m = 0; m < MESSAGES; m++) {
		ask(s, messages[m]); /* tables are built at the first use */
		double before = cpu_us();
		for (int i = 0; i < ROUNDS; i++)
			ask(s, messages[m]);
		double each = (cpu_us() - before) / ROUNDS;
		printf("  %7.1f us  %s\n", each, messages[m]);
		sum += each;
		worst = each > worst ? each : worst;
	}
	table_add(&(struct table_row){ .id = "message", .what = "understand, facts, write: a message, menu of 500 (mean)", .unit = "us", .value = sum / MESSAGES, .floor = worst, .floor_what = "us, the slowest", .original = -1, .goal = 200, .direction = TABLE_AT_MOST });
}

static const char *sentence_of(struct arena *a, const struct menu_snapshot *s, int i)
{
	static const char *const forms[] = { "The %s is lovely and very popular.", "Our %s costs 9.50 today.", "%s contains milk and eggs.", "I would gladly recommend the %s, which many of our guests like.", "Das %s ist heute sehr zu empfehlen.",
		                             "Our chef is really proud of everything in this house." };
	return arena_printf(a, forms[i % 6], s->dishes[(size_t)i * 7 % s->dish_count].item->name);
}

static void bench_sentences(const struct menu_snapshot *s)
{
	struct arena *texts = arena_new();
	static struct chat_question q;
	const char *text[60];
	for (int i = 0; i < 60; i++)
		text[i] = sentence_of(texts, s, i);
	double before = 0;
	for (int i = -60; i < SENTENCE_ROUNDS; i++) {
		if (!i)
			before = cpu_us();
		struct arena *a = arena_new();
		struct gate_ground ground = { s, &q, GATE_NO_DISH };
		struct gate_manner manner = { .careful = false };
		struct gate_reading *r = arena_new_of(a, struct gate_reading);
		gate_read(a, &ground, text[(i + 60) % 60], r);
		(void)!gate_check(a, &ground, &manner, r);
		arena_free(&a);
	}
	table_add(&(struct table_row){ .id = "sentence", .what = "gate: one sentence of a model, menu of 500", .unit = "us", .value = (cpu_us() - before) / SENTENCE_ROUNDS, .floor = -1, .floor_what = "", .original = -1, .goal = 20, .direction = TABLE_AT_MOST });
	arena_free(&texts);
}

void bench_mind(void)
{
	struct menu_snapshot *s = menu_fixture_large(DISHES);
	bench_messages(s);
	bench_sentences(s);
	menu_snapshot_drop(&s);
}
