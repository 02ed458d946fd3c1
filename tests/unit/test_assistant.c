/* test_assistant.c - whatever a model says, nothing false about the menu arrives: the cases of tests/data, asked of no model and of every double. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "common/buf.h"
#include "schemas.h"
#include "tests/support/answer_judge.h"
#include "tests/support/gate_kit.h"
#include "tests/support/menu_fixture.h"
#include "tests/support/persona.h"
#include "workers/chat_profile.h"

#define IDS 8
#define TURNS_MAX 30
#define HISTORY 12 /* turns that a session remembers */

static const struct assistant_case {
	const char *menu, *turns[TURNS_MAX];
	const char *must[6], *must_not[6];
} cases[] = {
#define MUST(...) \
	{ \
		__VA_ARGS__ \
	}
#define NOT(...) \
	{ \
		__VA_ARGS__ \
	}
#define TURNS(...) \
	{ \
		__VA_ARGS__ \
	}
#define CASE(menu, message, must, not ) { menu, { message }, must, not },
#include "tests/data/assistant_cases.def"
#undef CASE
#define TALK(menu, turns, must, not ) { menu, turns, must, not },
#include "tests/data/assistant_talks.def"
#undef TALK
};
#define CASES (sizeof(cases) / sizeof(*cases))

static const char *const personas[] = { NULL, "honest", "lying", "obedient", "broken" };

/* The broken one dies after 40 words, as its server does. */
static const char *cut(struct arena *a, const char *text)
{
	size_t words = 0, at = 0;
	while (text[at] && words < 40)
		words += text[at++] == ' ';
	return arena_strndup(a, text, at);
}

static struct answer answer_of(struct arena *a, const struct writer_input *in, const char *persona, unsigned seed)
{
	struct answer answer;
	if (!persona) {
		chat_write(a, in, &answer);
		return answer;
	}
	struct llm_prompt prompt;
	chat_prompt_build(a, in->snapshot, in->profile, in->history, in->history_count, in->message, CHAT_PROMPT_TOKENS, &prompt);
	bool broken = !strcmp(persona, "broken");
	/* The seed is part of what the double hears, so that each message id gets other lies. */
	const char *text = persona_text(a, persona, prompt.v[0].content, arena_printf(a, "%s%.*s", in->message, (int)seed, "        "));
	return gate_kit_run(a, in, broken ? cut(a, text) : text, broken ? CHAT_GATE_BROKEN : CHAT_GATE_WHOLE, seed).answer;
}

static size_t judge(struct arena *a, const struct assistant_case *c, const struct writer_input *in, const struct answer *answer, const char *who, bool last)
{
	const char *bad = answer_judge(a, in->snapshot, answer, in->message, in->profile);
	cr_expect_null(bad, "%s, \"%s\": %s in: %s", who, in->message, bad, answer->content);
	size_t faults = bad != NULL;
	for (size_t i = 0; last && i < 6; i++) {
		bool missing = c->must[i] && !strcasestr(answer->content, c->must[i]), there = c->must_not[i] && strcasestr(answer->content, c->must_not[i]);
		cr_expect(!missing, "%s, \"%s\" must say \"%s\": %s", who, in->message, c->must[i], answer->content);
		cr_expect(!there, "%s, \"%s\" must not say \"%s\": %s", who, in->message, c->must_not[i], answer->content);
		faults += missing + there;
	}
	return faults;
}

/* One conversation; every answer is judged, the last one by the case as well. */
static size_t check(struct arena *a, const struct assistant_case *c, const struct menu_snapshot *s, const char *persona, unsigned seed)
{
	struct chat_turn turns[2 * TURNS_MAX];
	size_t n = 0, faults = 0;
	const struct profile *profile = NULL;
	for (size_t t = 0; t < TURNS_MAX && c->turns[t]; t++) {
		size_t kept = n < HISTORY ? n : HISTORY;
		const char *id = arena_printf(a, "0194c0de-0000-7000-8000-0000000%02zu00%u", t, seed);
		struct writer_input in = { .snapshot = s, .message = c->turns[t], .message_id = id, .profile = profile, .history = turns + n - kept, .history_count = kept };
		struct answer answer = answer_of(a, &in, persona, seed);
		faults += judge(a, c, &in, &answer, persona ? persona : "no model", t + 1 == TURNS_MAX || !c->turns[t + 1]);
		if (answer.told)
			profile = chat_profile_merge(a, profile, answer.told);
		turns[n++] = (struct chat_turn){ "user", in.message };
		turns[n++] = (struct chat_turn){ "assistant", answer.content };
	}
	return faults;
}

/* Every model and every message id; a case that failed once is not asked again. */
static bool case_holds(const struct assistant_case *c, const struct menu_snapshot *s)
{
	size_t faults = 0;
	for (size_t p = 0; p < sizeof(personas) / sizeof(*personas); p++)
		for (unsigned seed = 0; seed < IDS && !faults; seed++) {
			struct arena *a = arena_new();
			faults += check(a, c, s, personas[p], seed);
			arena_free(&a);
		}
	return !faults;
}

Test(assistant, the_cases_hold_with_every_model_and_with_none, .timeout = 300)
{
	struct menu_snapshot *olive = menu_fixture(OLIVE), *jar = menu_fixture(JAR);
	size_t failed = 0;
	for (size_t i = 0; i < CASES; i++)
		failed += !case_holds(&cases[i], strcmp(cases[i].menu, OLIVE) ? jar : olive);
	printf("%zu cases, %zu doubles, %d message ids, %zu failed\n", CASES, sizeof(personas) / sizeof(*personas), IDS, failed);
	menu_snapshot_drop(&olive);
	menu_snapshot_drop(&jar);
}
