/* test_allergen_words.c - allergens as people write them into lists: what is taken, what is only suggested, what belongs to which list. */
#include <criterion/criterion.h>
#include <string.h>

#include "common/allergen_words.h"

static struct arena *a;

static void setup(void)
{
	a = arena_new();
}

static void teardown(void)
{
	arena_free(&a);
}
TestSuite(allergen_words, .init = setup, .fini = teardown);

static const char *names(struct allergen_set set)
{
	return allergen_names(a, set, ",");
}

Test(allergen_words, a_word_stands_for_its_allergens)
{
	static const struct {
		const char *word, *set, *absent;
	} rows[] = {
		{ "Nüsse", "peanuts,tree_nuts", "tree_nuts" },
		{ "NUTS", "peanuts,tree_nuts", "tree_nuts" },
		{ "tree nuts", "tree_nuts", "tree_nuts" },
		{ "tree_nuts", "tree_nuts", "tree_nuts" },
		{ "dairy", "milk", "milk" },
		{ "egg", "eggs", "eggs" },
		{ "shellfish", "crustaceans,molluscs", "crustaceans" },
		{ "cheese", "milk", "" },
		{ "lactose", "milk", "" },
		{ "Fruits à coque", "peanuts,tree_nuts", "tree_nuts" },
		{ "Schwefeldioxid und Sulfite", "sulphites", "sulphites" },
		{ "sulphur dioxide and sulphites", "sulphites", "sulphites" },
		{ "Cereals containing gluten", "gluten", "gluten" },
		{ "SOYBEANS", "soy", "soy" },
		{ "coconut milk", "coconut", "" },
		{ "brazil_nut", "brazil_nut", "brazil_nut" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct allergen_word word = allergen_word(a, rows[i].word);
		cr_expect_str_eq(names(word.set), rows[i].set, "%s is %s", rows[i].word, names(word.set));
		cr_expect_str_eq(names(word.absent), rows[i].absent, "without %s is without %s", rows[i].word, names(word.absent));
		cr_expect(!allergen_any(&word.near));
	}
}

Test(allergen_words, every_name_on_the_wire_is_a_word_for_itself)
{
	for (int i = 1; i < ALLERGEN_COUNT; i++) {
		struct allergen_word word = allergen_word(a, allergen_rows[i].wire);
		cr_expect(allergen_in(&word.set, (enum allergen)i) && allergen_in(&word.absent, (enum allergen)i), "%s", allergen_rows[i].wire);
	}
}

Test(allergen_words, a_typing_error_is_only_suggested)
{
	static const struct {
		const char *word, *near;
	} rows[] = {
		{ "mlik", "milk" },
		{ "penauts", "peanuts" },
		{ "glutne", "gluten" },
		{ "hazlenut", "hazelnut" },
		{ "chopped almonds", "almond" },

		{ "selery", "celery" },
		{ "xylophone", "" },
		{ "", "" },
		{ "coeliac", "gluten" },
		{ "E471", "" },
		{ "G", "" },
		{ "🛸", "" },
	};
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct allergen_word word = allergen_word(a, rows[i].word);
		cr_expect(!allergen_any(&word.set) && !allergen_any(&word.absent), "%s", rows[i].word);
		cr_expect_str_eq(names(word.near), rows[i].near, "%s: %s", rows[i].word, names(word.near));
	}
}

static const char *told(const struct allergen_lists *l)
{
	const char *text = "";
	for (int i = 0; i < ALLERGEN_LIST_COUNT; i++)
		if (allergen_any(&l->list[i]))
			text = arena_printf(a, "%s%s%s=%s", text, *text ? " " : "", allergen_list_names[i], names(l->list[i]));
	if (allergen_any(&l->not_absent))
		text = arena_printf(a, "%s not_absent=%s", text, names(l->not_absent));
	if (l->none)
		text = arena_printf(a, "%s none", text);
	for (size_t i = 0; i < l->n_unknown && i < ALLERGEN_UNKNOWN_MAX; i++)
		text = arena_printf(a, "%s ?%s(%s)", text, l->unknown[i].text, names(l->unknown[i].near));
	return text;
}

struct row {
	const char *text, *told;
};

static void expect_rows(enum allergen_list column, const struct row *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct allergen_lists lists = allergen_lists(a, rows[i].text, column);
		cr_expect_str_eq(told(&lists), rows[i].told, "\"%s\" gives \"%s\"", rows[i].text, told(&lists));
	}
}

Test(allergen_words, a_list_of_what_is_contained)
{
	static const struct row rows[] = {
		{ "Nüsse, Milch", "contains=peanuts,milk,tree_nuts" },
		{ "Milk|Eggs;fish", "contains=eggs,fish,milk" },
		{ "milk and eggs", "contains=eggs,milk" },
		{ "Contains: milk, soy.", "contains=soy,milk" },
		{ "Gluten (wheat, rye)", "contains=gluten,wheat,rye" },
		{ "leche y huevo", "contains=eggs,milk" },
		{ "Nüsse, Milch; may contain traces of nuts", "contains=peanuts,milk,tree_nuts may_contain=peanuts,tree_nuts" },
		{ "may contain traces of nuts", "may_contain=peanuts,tree_nuts" },
		{ "Milk. May contain: sesame, soy", "contains=milk may_contain=soy,sesame" },
		{ "milk, may contain sesame, soy; eggs", "contains=eggs,milk may_contain=soy,sesame" },
		{ "Kann Spuren von Nüssen und Sesam enthalten", "may_contain=peanuts,tree_nuts,sesame" },
		{ "Milch, Sesam (Spuren)", "contains=milk,sesame" },
		{ "Sesam in Spuren", "may_contain=sesame" },
		{ "fındık içerebilir", "may_contain=hazelnut" },
		{ "puede contener trazas de frutos secos", "may_contain=peanuts,tree_nuts" },
		{ "peut contenir des traces de sésame", "may_contain=sesame" },
		{ "glutenfrei", "free_of=gluten" },
		{ "gluten free, milk", "contains=milk free_of=gluten" },
		{ "no nuts", "free_of=tree_nuts not_absent=peanuts" },
		{ "none", " none" },
		{ "keine", " none" },
		{ "Keine Allergene", " none" },
		{ "no allergens", " none" },
		{ "None; may contain nuts", "may_contain=peanuts,tree_nuts none" },
		{ "", "" },
		{ "  ", "" },
	};
	expect_rows(ALLERGEN_LIST_contains, rows, sizeof(rows) / sizeof(*rows));
}

Test(allergen_words, what_is_not_understood_is_kept)
{
	static const struct row rows[] = {
		{ "milk, mlik", "contains=milk ?mlik(milk)" },
		{ "nust", " ?nust(peanuts,tree_nuts)" },
		{ "milk powder", " ?milk powder(milk)" },
		{ "A, C, G", " ?A() ?C() ?G()" },
		{ "A,C,E", " ?A() ?C() ?E()" },
		{ "-", " ?-()" },
		{ "?", " ?\?()" },
		{ "none, milk", "contains=milk ?none()" },
		{ "milk may contain nuts", " ?milk may contain nuts(milk)" },
		{ "gluten free oats", " ?gluten free oats(gluten)" },
		{ "may contain no nuts", " ?may contain no nuts(peanuts,tree_nuts)" },
		{ "a,b,c,d,e,f,g,h,i,j,k", " ?a() ?b() ?c() ?d() ?e() ?f() ?g() ?h()" },
	};
	expect_rows(ALLERGEN_LIST_contains, rows, sizeof(rows) / sizeof(*rows));
	cr_assert_eq(allergen_lists(a, "a,b,c,d,e,f,g,h,i,j,k", ALLERGEN_LIST_contains).n_unknown, 11);
}

Test(allergen_words, what_is_absent_is_taken_by_the_letter)
{
	static const struct row rows[] = {
		{ "milk, eggs", "free_of=eggs,milk" },
		{ "free from gluten", "free_of=gluten" },
		{ "nuts", "free_of=tree_nuts not_absent=peanuts" },
		{ "lactose", " not_absent=milk" },
		{ "may contain milk, soy", "may_contain=soy,milk" },
		{ "contains milk", "contains=milk" },
		{ "none", " none" },
	};
	expect_rows(ALLERGEN_LIST_free_of, rows, sizeof(rows) / sizeof(*rows));
}

Test(allergen_words, long_texts_end)
{
	char text[4001];
	memset(text, 'a', 4000);
	text[4000] = '\0';
	struct allergen_lists lists = allergen_lists(a, text, ALLERGEN_LIST_contains);
	cr_assert_eq(lists.n_unknown, 1);
	cr_assert_eq(strlen(lists.unknown[0].text), ALLERGEN_PIECE_BYTES_MAX);
	for (size_t i = 1; i < 4000; i += 2)
		text[i] = ',';
	cr_assert_eq(allergen_lists(a, text, ALLERGEN_LIST_contains).n_unknown, 2000);
}
