/* fuzz_allergen.c - any text as a list of allergens: every piece of it is in a list or unknown, unknown pieces are clean text, the names written back are read as the same
 * set, and nothing is declared absent that the word does not name whole. The first byte chooses the column.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/allergen_words.h"
#include "common/text.h"

static void must(bool ok)
{
	if (!ok)
		abort();
}

static bool same(struct allergen_set x, struct allergen_set y)
{
	return x.bits[0] == y.bits[0] && x.bits[1] == y.bits[1];
}

static void check_again(struct arena *a, const struct allergen_lists *lists)
{
	for (int i = 0; i < ALLERGEN_LIST_COUNT; i++) {
		struct allergen_lists again = allergen_lists(a, allergen_names(a, lists->list[i], "|"), (enum allergen_list)i);
		must(same(again.list[i], lists->list[i]) && !again.n_unknown && !again.none);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < 1 || !utf8_valid(bytes + 1, size - 1) || memchr(bytes + 1, 0, size - 1))
		return 0;
	struct arena *a = arena_new();
	const char *text = arena_strndup(a, (const char *)bytes + 1, size - 1);
	struct allergen_lists lists = allergen_lists(a, text, (enum allergen_list)(bytes[0] % ALLERGEN_LIST_COUNT));
	bool any = lists.none || lists.n_unknown || allergen_any(&lists.not_absent);
	for (int i = 0; i < ALLERGEN_LIST_COUNT; i++)
		any = any || allergen_any(&lists.list[i]);
	for (size_t i = 0; i < lists.n_unknown && i < ALLERGEN_UNKNOWN_MAX; i++)
		must(*lists.unknown[i].text && utf8_valid(lists.unknown[i].text, strlen(lists.unknown[i].text)) && strlen(lists.unknown[i].text) <= ALLERGEN_PIECE_BYTES_MAX);
	struct allergen_set wrong = allergen_both(lists.not_absent, allergen_word(a, text).absent);
	must(!allergen_any(&wrong));
	check_again(a, &lists);
	struct allergen_word word = allergen_word(a, text);
	must(allergen_any(&word.set) ? !allergen_any(&word.near) && same(allergen_either(word.set, word.absent), word.set) : !allergen_any(&word.absent));
	must(any || strspn(text, " \t\r\n") == strlen(text));
	arena_free(&a);
	return 0;
}
