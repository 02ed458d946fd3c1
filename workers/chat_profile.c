/* chat_profile.c - see chat_profile.h. */
#include "workers/chat_profile.h"

#include <string.h>

#include "common/buf.h"
#include "schemas.h"

#define JSON_MAX ((size_t)64 << 10)

static void add(const char **v, size_t *n, const char *entry)
{
	for (size_t i = 0; i < *n; i++)
		if (!strcmp(v[i], entry))
			return;
	if (*n < PROFILE_ENTRIES)
		v[(*n)++] = entry;
}

struct lists {
	const char **allergies, **diets;
	size_t allergy_count, diet_count;
};

static struct lists lists_new(struct arena *a)
{
	return (struct lists){ arena_array(a, PROFILE_ENTRIES, sizeof(char *)), arena_array(a, PROFILE_ENTRIES, sizeof(char *)), 0, 0 };
}

static const struct profile *profile_of(struct arena *a, const struct lists *lists)
{
	struct profile *profile = arena_new_of(a, struct profile);
	profile->allergies.v = lists->allergies;
	profile->allergies.n = lists->allergy_count;
	profile->diets.v = lists->diets;
	profile->diets.n = lists->diet_count;
	return profile;
}

const struct profile *chat_profile_told(struct arena *a, const struct chat_question *q)
{
	struct lists lists = lists_new(a);
	for (size_t i = 0; i < q->told_count; i++)
		add(lists.allergies, &lists.allergy_count, allergen_rows[q->told[i]].wire);
	if (q->told_word)
		add(lists.allergies, &lists.allergy_count, q->told_word);
	if (q->told_vegan)
		add(lists.diets, &lists.diet_count, "vegan");
	if (q->told_vegetarian)
		add(lists.diets, &lists.diet_count, "vegetarian");
	return lists.allergy_count || lists.diet_count ? profile_of(a, &lists) : NULL;
}

static void add_all(struct lists *lists, const struct profile *profile)
{
	for (size_t i = 0; profile && i < profile->allergies.n; i++)
		add(lists->allergies, &lists->allergy_count, profile->allergies.v[i]);
	for (size_t i = 0; profile && i < profile->diets.n; i++)
		add(lists->diets, &lists->diet_count, profile->diets.v[i]);
}

const struct profile *chat_profile_merge(struct arena *a, const struct profile *known, const struct profile *told)
{
	struct lists lists = lists_new(a);
	add_all(&lists, known);
	add_all(&lists, told);
	return profile_of(a, &lists);
}

const char *chat_profile_json(struct arena *a, const struct profile *profile)
{
	struct buf json;
	if (!profile)
		return NULL;
	buf_init(&json, JSON_MAX);
	schema_encode(&json, &schema_profile, profile);
	const char *text = buf_error(&json) ? NULL : arena_strdup(a, buf_text(&json));
	buf_free(&json);
	return text;
}
