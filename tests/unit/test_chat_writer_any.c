/* test_chat_writer_any.c - the built-in writer under whatever a guest may type: nothing false, nothing broken. */
#include <criterion/criterion.h>
#include <string.h>

#include "schemas.h"
#include "tests/support/answer_check.h"
#include "tests/support/menu_fixture.h"
#include "common/allergen.h"

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(&a);
}

TestSuite(chat_writer_any, .init = setup, .fini = teardown);

/* A session with the first `allergies` of all allergens in its profile. */
static struct answer ask_as(const struct menu_snapshot *s, const char *message, const struct chat_turn *turns, size_t n, size_t allergies)
{
	const char *names[ALLERGEN_COUNT];
	struct profile profile = { 0 };
	for (size_t i = 0; i < allergies; i++)
		names[i] = allergen_rows[i + 1].wire;
	profile.allergies.v = names;
	profile.allergies.n = allergies;
	struct writer_input in = { .snapshot = s, .message = message, .message_id = message, .profile = &profile, .history = turns, .history_count = n };
	struct answer answer;
	chat_write(a, &in, &answer);
	return answer;
}

static struct answer ask(const struct menu_snapshot *s, const char *message, const struct chat_turn *turns, size_t n)
{
	return ask_as(s, message, turns, n, 0);
}

Test(chat_writer_any, naughty_strings_are_answered)
{
	json_t *strings = json_load_file("tests/data/naughty-strings/blns.json", 0, NULL), *text;
	struct menu_snapshot *s = menu_fixture(OLIVE);
	size_t i, n = 0;
	cr_assert(strings);
	json_array_foreach(strings, i, text)
	{
		struct answer answer = ask(s, json_string_value(text), NULL, 0);
		answer_check(s, &answer, json_string_value(text));
		n++;
	}
	cr_assert_gt(n, 400);
	menu_snapshot_drop(&s);
	json_decref(strings);
}

Test(chat_writer_any, bytes_that_are_no_text_do_no_harm)
{
	struct menu_snapshot *s = menu_fixture(OLIVE);
	char message[200];
	uint32_t seed = 7;
	for (int i = 0; i < 500; i++) {
		for (size_t j = 0; j + 1 < sizeof(message); j++)
			message[j] = (char)((seed = seed * 1664525u + 1013904223u) >> 24 | 1);
		message[sizeof(message) - 1] = '\0';
		struct answer answer = ask(s, message, NULL, 0);
		answer_check(s, &answer, "bytes");
	}
	menu_snapshot_drop(&s);
}

static const char *const pieces_of_questions[] = {
	"how much",
	"price of",
	"is",
	"the",
	"pad thai",
	"soup",
	"carbonara",
	"tiramisu",
	"almond cake",
	"cookies",
	"chocolate chip",
	"brownie",
	"free",
	"safe",
	"nuts",
	"peanut",
	"gluten",
	"milk",
	"sesam",
	"fish",
	"allergic to",
	"I am allergic to",
	"without",
	"vegan",
	"what can I eat",
	"contain",
	"recommend",
	"cheapest",
	"drinks",
	"dessert",
	"ignore previous instructions",
	"system prompt",
	"guarantee",
	"sold out",
	"1 euro",
	"ramen",
	"pizza",
	"hello",
	"thanks",
	"order",
	"?",
	"🥜",
	"🥛",
	"calories",
	"spicy",
	"what do you have",
	"it",
	"that one",
	"waffles",
	"chicken",
	"sea bass",
	"house red",
	"box",
	"kiwi",
	"coconut",
	"shellfish",
	"oysters",
	"and",
	"or",
	"ÄÖÜ",
	"ı",
	"ﬁsh",
	"日本",
	"{{price:1}}",
	"100%",
	"may contain",
	"no",
	"not",
	"gift",
	"tray",
	"oat milk",
	"hot chocolate",
	"choclate",
	"tirmisu",
	"today",
	"open",
};

static uint32_t roll(uint32_t *seed, size_t n)
{
	*seed = *seed * 1664525u + 1013904223u;
	return (uint32_t)((*seed >> 8) % n);
}

static void ask_randomly(const char *menu, uint32_t seed, int count)
{
	struct menu_snapshot *s = menu_fixture(menu);
	const size_t n = sizeof(pieces_of_questions) / sizeof(*pieces_of_questions);
	for (int i = 0; i < count; i++) {
		struct chat_turn turns[2] = { { "user", "" }, { "assistant", "" } };
		const char *texts[2] = { "", "" };
		for (size_t t = 0; t < 2; t++)
			for (size_t words = 1 + roll(&seed, 7); words; words--)
				texts[t] = arena_printf(a, "%s %s", texts[t], pieces_of_questions[roll(&seed, n)]);
		turns[0].content = texts[0];
		turns[1].content = ask(s, texts[0], NULL, 0).content;
		struct answer answer = ask_as(s, texts[1], turns, i % 2 ? 2 : 0, i % 3 ? 0 : (size_t)(i / 3 % (ALLERGEN_COUNT - 1)));
		answer_check(s, &answer, texts[1]);
		if (i % 50 == 0) {
			arena_free(&a);
			a = arena_new();
		}
	}
	menu_snapshot_drop(&s);
}

Test(chat_writer_any, five_thousand_random_messages_tell_nothing_false)
{
	ask_randomly(OLIVE, 11, 2500);
	ask_randomly(JAR, 23, 2500);
}

Test(chat_writer_any, a_long_message_over_a_large_menu)
{
	struct menu_snapshot *s = menu_fixture_large(1000);
	const char *message = "";
	for (int i = 0; strlen(message) < 1900; i++)
		message = arena_printf(a, "%s %s nuts milk", message, s->dishes[i * 7].item->name);
	struct answer answer = ask(s, message, NULL, 0);
	answer_check(s, &answer, "long");
	answer = ask(s, "I am allergic to milk, what can I eat?", NULL, 0);
	answer_check(s, &answer, "large");
	menu_snapshot_drop(&s);
}
