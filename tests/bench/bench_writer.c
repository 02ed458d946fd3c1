/* bench_writer.c - CPU time of the built-in writer for a message, on a menu of 500 dishes; the goal is 150 µs. No servers, no clock but the process's own. */
#include <stdio.h>
#include <time.h>

#include "tests/support/menu_fixture.h"
#include "workers/chat_writer.h"

#define DISHES 500
#define ROUNDS 1000

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
	"sesame?",
	"who won the world cup?",
	"lentil",
};

int main(void)
{
	double before = cpu_us();
	struct menu_snapshot *s = menu_fixture_large(DISHES);
	printf("%9.1f us  the snapshot of %d dishes, with making up its JSON\n", cpu_us() - before, DISHES);
	for (size_t m = 0; m < sizeof(messages) / sizeof(*messages); m++) {
		before = cpu_us();
		for (int i = 0; i < ROUNDS; i++) {
			struct arena *a = arena_new();
			struct writer_input in = { .snapshot = s, .message = messages[m], .message_id = "bench" };
			struct answer answer;
			chat_write(a, &in, &answer);
			arena_free(&a);
		}
		printf("%9.1f us  %s\n", (cpu_us() - before) / ROUNDS, messages[m]);
	}
	menu_snapshot_drop(&s);
	return 0;
}
