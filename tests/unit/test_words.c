/* test_words.c - words, stems, typing errors, and the tables of what words mean. */
#include <criterion/criterion.h>
#include <string.h>

#include "workers/chat_hours.h"
#include "workers/chat_lexicon.h"

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(&a);
}

TestSuite(words, .init = setup, .fini = teardown);

static const char *folded(const char *text)
{
	return words_line(a, words_of(a, text, WORDS_MAX));
}

static const char *stem(const char *word)
{
	return words_of(a, word, 1).v[0].stem;
}

Test(words, folding)
{
	cr_assert_str_eq(folded("Mac & Cheese, I <3 cookies"), " mac cheese i 3 cookies ");
	cr_assert_str_eq(folded("SÉSAME Crème-brûlée"), " sesame creme brulee ");
	cr_assert_str_eq(folded("ﬁsh ＣＡＫＥ Straße Œufs fıstığı İÇ"), " fish cake strasse oeufs fistigi ic ");
	cr_assert_str_eq(folded("🥜🥛!"), " 🥜 🥛 ");
	cr_assert_str_eq(folded(""), " ");
	cr_assert_str_eq(folded("\xff\xfe ok \xc3"), " ok ");
	cr_assert_str_eq(folded("Erdnussallergie glutenfrei frei"), " erdnuss allergie gluten frei frei ");
}

Test(words, long_words_and_long_texts_are_cut)
{
	char text[3000];
	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	struct words words = words_of(a, text, WORDS_MAX);
	cr_assert_eq(words.n, 1);
	cr_assert_leq(strlen(words.v[0].text), WORD_BYTES_MAX);
	for (size_t i = 1; i < sizeof(text) - 1; i += 2)
		text[i] = ' ';
	cr_assert_eq(words_of(a, text, WORDS_MAX).n, WORDS_MAX);
}

Test(words, plurals_have_one_stem)
{
	static const char *const pairs[][2] = { { "cookie", "cookies" }, { "berry", "berries" }, { "brownie", "brownies" }, { "peach", "peaches" }, { "tomato", "tomatoes" }, { "waffle", "waffles" }, { "fry", "fries" }, { "box", "boxes" }, { "egg", "eggs" } };
	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		cr_assert_str_eq(stem(pairs[i][0]), stem(pairs[i][1]));
	cr_assert_str_eq(stem("hummus"), "hummus");
	cr_assert_str_eq(stem("glass"), "glass");
}

static unsigned edits(const char *x, const char *y, unsigned most)
{
	return words_edits(x, strlen(x), y, strlen(y), most);
}

Test(words, edits_are_counted)
{
	cr_assert_eq(edits("waffle", "waffle", 2), 0);
	cr_assert_eq(edits("wafle", "waffle", 2), 1);
	cr_assert_eq(edits("wafflle", "waffle", 2), 1);
	cr_assert_eq(edits("waflfe", "waffle", 2), 1, "a swap is one error");
	cr_assert_eq(edits("wabble", "waffle", 2), 2);
	cr_assert_eq(edits("table", "waffle", 2), 3);
	cr_assert_eq(edits("", "ab", 2), 2);
	cr_assert_eq(edits("a", "abcdef", 2), 3);
}

static bool means_allergen(const char *text, enum allergen x)
{
	struct allergen_set set = lexicon_allergens(a, text);
	return allergen_in(&set, x);
}

Test(words, allergens_in_many_languages)
{
	static const struct {
		enum allergen x;
		const char *words[12];
	} rows[] = {
		{ ALLERGEN_peanuts, { "peanuts", "Erdnüsse", "cacahuetes", "cacahuètes", "arachidi", "amendoim", "yer fıstığı", "pinda's", "🥜" } },
		{ ALLERGEN_milk, { "dairy", "lactose", "Milch", "leche", "lait", "latte", "leite", "süt", "melk", "🥛" } },
		{ ALLERGEN_eggs, { "egg", "Eier", "huevos", "œufs", "uova", "ovos", "yumurta", "eieren", "🥚" } },
		{ ALLERGEN_gluten, { "coeliac", "celiac", "Zöliakie", "celiaco", "cœliaque", "celiachia", "çölyak", "glutenfrei", "🌾" } },
		{ ALLERGEN_tree_nuts, { "nuts", "Nüsse", "frutos secos", "fruits à coque", "frutta a guscio", "kuruyemiş", "noten" } },
		{ ALLERGEN_fish, { "fish", "Fisch", "pescado", "poisson", "pesce", "peixe", "balık", "vis", "🐟" } },
		{ ALLERGEN_crustaceans, { "shellfish", "Krebstiere", "crustáceos", "crustacés", "crostacei seafood" } },
		{ ALLERGEN_molluscs, { "shellfish", "Weichtiere", "moluscos", "mollusques", "molluschi" } },
		{ ALLERGEN_sesame, { "sesame", "Sesam", "sésamo", "sésame", "sesamo", "gergelim", "susam" } },
		{ ALLERGEN_soy, { "soy", "soya", "Soja", "tofu" } },
		{ ALLERGEN_mustard, { "mustard", "Senf", "mostaza", "moutarde", "senape", "mostarda", "hardal", "mosterd" } },
		{ ALLERGEN_celery, { "celery", "Sellerie", "apio", "céleri", "sedano", "aipo", "kereviz", "selderij" } },
		{ ALLERGEN_sulphites, { "sulfites", "Sulfite", "sulfitos", "solfiti" } },
		{ ALLERGEN_lupin, { "lupin", "Lupinen", "altramuces", "lupini" } },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		for (size_t j = 0; j < 12 && rows[i].words[j]; j++)
			cr_expect(means_allergen(rows[i].words[j], rows[i].x), "%s is not %s", rows[i].words[j], allergen_rows[rows[i].x].wire);
}

/* As guests write: with the endings of their language, of one member, of what they buy. */
Test(words, allergens_in_everyday_words)
{
	static const struct {
		const char *said;
		enum allergen x;
	} rows[] = {
		{ "prawns", ALLERGEN_shrimp },
		{ "ghee", ALLERGEN_milk },
		{ "Kabeljau", ALLERGEN_fish },
		{ "Paranüssen", ALLERGEN_brazil_nut },
		{ "Sahne", ALLERGEN_milk },
		{ "soy alérgico al maní", ALLERGEN_peanuts },
		{ "semillas de sésamo", ALLERGEN_sesame },
		{ "mantequilla", ALLERGEN_milk },
		{ "coquillages", ALLERGEN_molluscs },
		{ "noix de Grenoble", ALLERGEN_walnut },
		{ "panna", ALLERGEN_milk },
		{ "gamberetti", ALLERGEN_shrimp },
		{ "castanhas", ALLERGEN_tree_nuts },
		{ "bacalhau", ALLERGEN_fish },
		{ "fıstığa", ALLERGEN_peanuts },
		{ "fıstığa", ALLERGEN_pistachio },
		{ "süte", ALLERGEN_milk },
		{ "deniz ürünlerine", ALLERGEN_crustaceans },
		{ "yumurtasız", ALLERGEN_eggs },
		{ "slagroom", ALLERGEN_milk },
		{ "pindakaas", ALLERGEN_peanuts },
		{ "okkernoten", ALLERGEN_walnut },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct allergen_set set = lexicon_allergens(a, rows[i].said);
		cr_expect(allergen_in(&set, rows[i].x), "%s, %s", rows[i].said, allergen_rows[rows[i].x].wire);
	}
}

Test(words, the_longest_phrase_wins)
{
	cr_assert(!means_allergen("coconut milk", ALLERGEN_milk));
	cr_assert(!means_allergen("almond milk", ALLERGEN_milk));
	cr_assert(means_allergen("almond milk", ALLERGEN_almond));
	cr_assert(!means_allergen("cocoa butter", ALLERGEN_milk));
	cr_assert(!means_allergen("peanut butter", ALLERGEN_milk));
	cr_assert(means_allergen("pine nuts", ALLERGEN_pine_nut));
	cr_assert(!means_allergen("pine nuts", ALLERGEN_peanuts));
	cr_assert(means_allergen("coconut milk and milk", ALLERGEN_milk));
}

Test(words, no_word_for_an_allergen_is_a_word_that_says_nothing)
{
	for (int i = 1; i < ALLERGEN_COUNT; i++)
		for (int l = 0; l < LANGUAGE_ROWS; l++) {
			const struct allergen_term *term = &allergen_terms[i][l];
			char *phrases = arena_printf(a, "%s|%s", term->name && *term->name != '~' ? term->name : "", term->phrases ? term->phrases : ""), *rest = NULL;
			for (char *phrase = strtok_r(phrases, "|", &rest); phrase; phrase = strtok_r(NULL, "|", &rest)) {
				struct words words = words_of(a, phrase, 8);
				struct lexicon_hits hits = lexicon_at(words.v, words.n);
				cr_expect(hits.allergen_words == words.n && allergen_in(&hits.allergens, (enum allergen)i), "%s", phrase);
				cr_expect(words.n > 1 || !hits.stop, "%s", phrase);
			}
		}
}

Test(words, every_allergen_has_a_name_in_every_language)
{
	for (int i = 1; i < ALLERGEN_COUNT; i++)
		for (int l = 0; l < LANGUAGE_COUNT; l++)
			cr_expect(allergen_terms[i][l].name && *allergen_terms[i][l].name, "%s, %s", allergen_rows[i].wire, language_tags[l]);
}

static const char *const meaning_words[MEANING_COUNT][LANGUAGE_ROWS] = {
#define MEANING(id)
#define WORDS(id, language, phrases) [MEANING_##id][LANGUAGE_##language] = phrases,
#include "workers/chat_lexicon.def"
#undef WORDS
#undef MEANING
};

static const char *const food_words[FOOD_COUNT][LANGUAGE_ROWS] = {
#define FOOD(id, close)
#define WORDS(id, language, phrases) [FOOD_##id][LANGUAGE_##language] = phrases,
#include "workers/chat_foods.def"
#undef WORDS
#undef FOOD
};

Test(words, every_meaning_and_food_has_words_in_every_language)
{
	for (int l = 0; l < LANGUAGE_COUNT; l++) {
		for (int i = 0; i < MEANING_COUNT; i++)
			cr_expect(meaning_words[i][l], "meaning %d, %s", i, language_tags[l]);
		for (int i = 1; i < FOOD_COUNT; i++)
			cr_expect(food_words[i][l], "food %d, %s", i, language_tags[l]);
	}
}

static const char *without_spaces(const char *text)
{
	char *out = arena_strdup(a, text), *to = out;
	for (const char *from = text; *from; from++)
		if (*from != ' ' && *from != '<' && *from != '!')
			*to++ = *from;
	*to = '\0';
	return out;
}

/* What is written otherwise than it is compared cannot be found in the table, or is never found in a message. (Compounds are two words.) */
static void are_written_folded(const char *phrases)
{
	char *rest = NULL;
	for (char *phrase = strtok_r(arena_strdup(a, phrases ? phrases : ""), "|", &rest); phrase; phrase = strtok_r(NULL, "|", &rest))
		cr_expect_str_eq(without_spaces(words_line(a, words_of(a, phrase, WORDS_MAX))), without_spaces(phrase), "%s", phrase);
}

Test(words, phrases_are_written_folded)
{
	for (int l = 0; l < LANGUAGE_ROWS; l++) {
		for (int i = 0; i < MEANING_COUNT; i++)
			are_written_folded(meaning_words[i][l]);
		for (int i = 1; i < FOOD_COUNT; i++)
			are_written_folded(food_words[i][l]);
		for (int i = 1; i < ALLERGEN_COUNT; i++)
			are_written_folded(allergen_terms[i][l].phrases);
	}
}

Test(words, typing_errors)
{
	static const struct {
		const char *typed;
		enum allergen x;
	} rows[] = { { "penauts", ALLERGEN_peanuts }, { "glutne", ALLERGEN_gluten }, { "lactos", ALLERGEN_milk }, { "seasme", ALLERGEN_sesame }, { "shelfish", ALLERGEN_molluscs }, { "musterd", ALLERGEN_mustard } };
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct lexicon_hits hits = lexicon_near(&words_of(a, rows[i].typed, 1).v[0]);
		cr_expect(allergen_in(&hits.allergens, rows[i].x), "%s", rows[i].typed);
	}
	cr_assert(!lexicon_near(&words_of(a, "xylophone", 1).v[0]).known);
}

Test(words, opening_hours)
{
	cr_assert_str_eq(chat_hours(a, "{\"monday\":[],\"friday\":[{\"from\":\"12:00\",\"to\":\"14:30\"},{\"from\":\"18:00\",\"to\":\"22:00\"}]}", 0, LANGUAGE_en),
	                 "Monday closed, Friday 12:00 to 14:30 and 18:00 to 22:00");
	static const char *const others[] = { "{}", "[]", "3", "{", "{\"monday\":\"all day\"}", "{\"monday\":[{\"from\":\"noon\",\"to\":\"14:30\"}]}", "{\"monday\":[3]}" };
	for (size_t i = 0; i < sizeof(others) / sizeof(*others); i++)
		cr_assert_null(chat_hours(a, others[i], 0, LANGUAGE_en), "%s", others[i]);
	cr_assert_null(chat_hours(a, NULL, 0, LANGUAGE_en));
}

Test(words, open_or_closed_at_a_moment)
{
	static const char hours[] = "{\"monday\":[{\"from\":\"12:00\",\"to\":\"14:30\"},{\"from\":\"18:00\",\"to\":\"01:00\"}],\"tuesday\":[],\"thursday\":[{\"from\":\"08:00\",\"to\":\"19:00\"}]}";
	static const struct {
		int day, hour, minute; /* days since Thursday 1970-01-01 */
		enum hours_now now;
		const char *time;
	} rows[] = {
		{ 0, 7, 59, HOURS_LATER, "08:00" },
		{ 0, 8, 0, HOURS_OPEN, "19:00" },
		{ 0, 19, 0, HOURS_CLOSED, NULL },
		{ 4, 14, 30, HOURS_LATER, "18:00" },
		{ 4, 23, 30, HOURS_OPEN, "01:00" },
		{ 5, 0, 59, HOURS_OPEN, "01:00" },
		{ 5, 1, 0, HOURS_CLOSED, NULL },
		{ 6, 12, 0, HOURS_UNKNOWN, NULL },
		{ 20000 / 7 * 7 + 4, 12, 0, HOURS_OPEN, "14:30" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *time;
		cr_expect_eq(chat_hours_at(a, hours, (rows[i].day * 24 + rows[i].hour) * 60 + rows[i].minute, &time), rows[i].now, "row %zu", i);
		cr_expect(rows[i].time ? time && !strcmp(time, rows[i].time) : !time, "row %zu: %s", i, time);
	}
	const char *time;
	cr_expect_eq(chat_hours_at(a, NULL, 5, &time), HOURS_UNKNOWN);
	cr_expect_eq(chat_hours_at(a, "[]", 5, &time), HOURS_UNKNOWN);
}
