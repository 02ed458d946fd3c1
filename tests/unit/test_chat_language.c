/* test_chat_language.c - the language of a message, for a table of them, whatever the restaurant speaks. */
#include <criterion/criterion.h>

#include "workers/chat_language.h"

static const struct {
	enum language language;
	const char *text;
} messages[] = {
#define MESSAGE(language, text) { LANGUAGE_##language, text },
#include "tests/data/language_messages.def"
#undef MESSAGE
};

static enum language language_of(const char *text, enum language otherwise)
{
	struct arena *a = arena_new();
	enum language found = chat_language(words_of(a, text, WORDS_MAX), otherwise);
	arena_free(&a);
	return found;
}

Test(chat_language, of_the_messages_in_the_table)
{
	for (size_t i = 0; i < sizeof(messages) / sizeof(*messages); i++)
		for (int home = 0; home < LANGUAGE_COUNT; home++) {
			enum language found = language_of(messages[i].text, (enum language)home);
			cr_expect(found == messages[i].language, "\"%s\" is %s at a restaurant that speaks %s, taken for %s", messages[i].text, language_tags[messages[i].language], language_tags[home], language_tags[found]);
		}
}

Test(chat_language, what_tells_nothing_or_as_much_for_another_is_the_restaurants)
{
	static const char *const texts[] = { "", "🥜?", "xyzzy 12", "pizza", "sesam?" /* German and Dutch */ };
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++)
		cr_expect_eq(language_of(texts[i], LANGUAGE_tr), LANGUAGE_tr, "%s", texts[i]);
}

Test(chat_language, of_a_tag)
{
	cr_expect_eq(language_of_tag("de-DE", LANGUAGE_en), LANGUAGE_de);
	cr_expect_eq(language_of_tag("PT_br", LANGUAGE_en), LANGUAGE_pt);
	cr_expect_eq(language_of_tag("deu", LANGUAGE_en), LANGUAGE_en);
	cr_expect_eq(language_of_tag("", LANGUAGE_nl), LANGUAGE_nl);
	cr_expect_eq(language_of_tag(NULL, LANGUAGE_nl), LANGUAGE_nl);
}
