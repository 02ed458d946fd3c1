/* test_chat_gate.c - what passes between a model and a guest, and what does not. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "schemas.h"
#include "tests/support/answer_check.h"
#include "tests/support/gate_kit.h"
#include "tests/support/menu_fixture.h"

#define ID "0194c0de-0000-7000-8000-000000000001"

static struct arena *a;
static struct menu_snapshot *olive;

static void setup(void)
{
	a = arena_new();
	olive = menu_fixture(OLIVE);
}

static void teardown(void)
{
	menu_snapshot_drop(&olive);
	arena_free(&a);
}

TestSuite(chat_gate, .init = setup, .fini = teardown);

static struct gated run(const char *message, const char *text)
{
	struct writer_input in = { .snapshot = olive, .message = message, .message_id = ID };
	return gate_kit_run(a, &in, text, CHAT_GATE_WHOLE, 7);
}

static const struct {
	enum gate_fault fault;
	const char *message, *sentence;
} sentences[] = {
#define SENTENCE(fault, message, sentence) { GATE_FAULT_##fault, message, sentence },
#include "tests/data/gate_sentences.def"
#undef SENTENCE
};

Test(chat_gate, every_sentence_gets_its_verdict)
{
	for (size_t i = 0; i < sizeof(sentences) / sizeof(*sentences); i++) {
		struct gated g = run(sentences[i].message, sentences[i].sentence);
		enum gate_fault fault = gate_kit_fault(&g);
		cr_expect_eq(fault, sentences[i].fault, "\"%s\" is %s: %s", sentences[i].sentence, gate_fault_names[fault], g.answer.content);
		if (sentences[i].fault == GATE_FAULT_none)
			cr_expect(strstr(g.answer.content, sentences[i].sentence), "\"%s\" is missing in: %s", sentences[i].sentence, g.answer.content);
		else
			cr_expect(!strstr(g.answer.content, sentences[i].sentence), "\"%s\" stands in: %s", sentences[i].sentence, g.answer.content);
		answer_check(olive, &g.answer, sentences[i].sentence);
	}
}

Test(chat_gate, the_fact_stands_in_the_place_of_the_lie_once)
{
	struct gated g = run("what do you recommend?", "Our Tiramisu is great. The Carbonara is only 3.50. The Carbonara costs 4 euro! Enjoy.");
	cr_assert_str_eq(g.answer.content, "Our Tiramisu is great. Spaghetti Carbonara costs €14.90. Enjoy.");
	cr_assert(answer_has_claim(&g.answer, "Spaghetti Carbonara", "price", "14.90"));
	cr_assert(answer_has_claim(&g.answer, "Tiramisu", "existence", "true"));
	g = run("what do you recommend?", "The Pad Thai contains no peanuts. The Almond Cake is available.");
	cr_assert(strstr(g.answer.content, "Pad Thai contains peanuts."), "%s", g.answer.content);
	cr_assert(strstr(g.answer.content, "Almond Cake is sold out today."), "%s", g.answer.content);
}

Test(chat_gate, a_question_about_an_allergen_is_answered_by_the_server_first)
{
	struct gated g = run("does the pad thai contain peanuts?", "No, the Pad Thai contains no peanuts. Pad Thai contains peanuts. It contains fish too.");
	cr_assert_eq(strncmp(g.answer.content, "Pad Thai contains peanuts.", 26), 0, "%s", g.answer.content);
	cr_assert(strstr(g.answer.content, "It contains fish too."), "%s", g.answer.content);
	cr_assert_null(strstr(g.answer.content + 5, "Pad Thai contains peanuts."), "said once: %s", g.answer.content);
	cr_assert(answer_has_claim(&g.answer, "Pad Thai", "allergen", "\"contains\""));
}

Test(chat_gate, slots_are_filled_wherever_they_are_cut)
{
	for (unsigned seed = 0; seed < 50; seed++) {
		struct writer_input in = { .snapshot = olive, .message = "what do you recommend?", .message_id = ID };
		struct gated g = gate_kit_run(a, &in, "I recommend the {{item:1}} for {{price:1}}. {{allergens:1}} The {{item:2}} is {{price:3}}. The {{item:999}} is great.", CHAT_GATE_WHOLE, seed);
		const struct menu_item *first = olive->dishes[0].item;
		cr_assert_eq(strncmp(g.answer.content, arena_printf(a, "I recommend the %s for €%.2f.", first->name, first->price), 30), 0, "%s", g.answer.content);
		cr_assert_null(strstr(g.answer.content, "{{"), "%s", g.answer.content);
		cr_assert(answer_has_claim(&g.answer, first->name, "price", NULL));
		cr_assert(answer_has_claim(&g.answer, first->name, "allergen", NULL), "%s", g.answer.content);
		answer_check(olive, &g.answer, "slots");
	}
}

Test(chat_gate, a_sentence_waits_for_nothing_but_its_end)
{
	struct writer_input in = { .snapshot = olive, .message = "what do you recommend?", .message_id = ID };
	struct gated whole = gate_kit_run(a, &in, "Our Tiramisu is great. Enjoy the Bruschetta.", CHAT_GATE_WHOLE, 1);
	cr_assert_eq(whole.pieces, 2);
	struct gated stopped = gate_kit_run(a, &in, "Our Tiramisu is great. Enjoy the Bru", CHAT_GATE_STOPPED, 1);
	cr_assert_str_eq(stopped.answer.content, "Our Tiramisu is great.");
	struct gated broken = gate_kit_run(a, &in, "Our Tiramisu is great. Enjoy the Bru", CHAT_GATE_BROKEN, 1);
	cr_assert(strstr(broken.answer.content, "Our Tiramisu is great. Sorry"), "%s", broken.answer.content);
	answer_check(olive, &broken.answer, "broken");
	struct gated early = gate_kit_run(a, &in, "Enjoy the Bru", CHAT_GATE_BROKEN, 1);
	cr_assert_null(strstr(early.answer.content, "Sorry"), "%s", early.answer.content);
	answer_check(olive, &early.answer, "early");
}

Test(chat_gate, what_never_ends_is_dropped)
{
	struct buf b;
	buf_init(&b, (size_t)1 << 20);
	for (int i = 0; i < 5000; i++)
		buf_str(&b, "and the Tiramisu ");
	buf_str(&b, "is great. Enjoy the Bruschetta. ");
	for (int i = 0; i < 3000; i++)
		buf_str(&b, "The Tiramisu is lovely. ");
	struct gated g = run("what do you recommend?", buf_text(&b));
	cr_assert_eq(strncmp(g.answer.content, "Enjoy the Bruschetta.", 21), 0, "%.100s", g.answer.content);
	cr_assert_leq(strlen(g.answer.content), CHAT_WRITER_MAX);
	buf_free(&b);
}

Test(chat_gate, no_rule_of_the_prompt_passes)
{
	char line[2000];
	for (const char *at = olive->system; *at;) {
		size_t length = strcspn(at, "\n");
		snprintf(line, sizeof(line), "%.*s", (int)(length < 1900 ? length : 1900), at);
		struct gated g = run("hi", line);
		cr_expect(!*line || !strstr(g.answer.content, line) || strlen(line) < 12, "%s", line);
		at += length + (at[length] == '\n');
	}
}
