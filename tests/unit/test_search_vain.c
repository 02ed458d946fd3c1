/* test_search_vain.c - which searches are lost demand, and for what. */
#include <criterion/criterion.h>

#include "workers/search_vain.h"

static const char *food_of(const char *type, const char *data)
{
	static struct search_vain vain;
	struct interaction e = { .type = type, .data = data };
	return search_vain_read(&e, &vain) ? vain.food : "-";
}

Test(search_vain, names_a_well_known_food_or_something_else)
{
	cr_expect_str_eq(food_of("search", "{\"query\":\"Pizza Margherita\",\"results\":0}"), "pizza");
	cr_expect_str_eq(food_of("search", "{\"query\":\"hot dogg\",\"results\":0}"), "something_else");
	cr_expect_str_eq(food_of("search", "{\"query\":\"spagetti pizzza\",\"results\":0}"), "pizza");
	cr_expect_str_eq(food_of("search", "{\"query\":\"xyzzy\",\"results\":0}"), "something_else");
	cr_expect_str_eq(food_of("search", "{\"query\":\"Suppe\",\"results\":0}"), "soup");
}

Test(search_vain, only_what_says_that_nothing_was_found)
{
	static const char *const others[] = { "{\"query\":\"pizza\",\"results\":2}", "{\"query\":\"pizza\"}", "{\"query\":\"pi\",\"results\":0}", "{\"results\":0}", "[0]", "{\"query\":7,\"results\":0}" };
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		cr_expect_str_eq(food_of("search", others[i]), "-", "%s", others[i]);
	cr_expect_str_eq(food_of("filter", "{\"query\":\"pizza\",\"results\":0}"), "-");
	cr_expect_str_eq(food_of("search", NULL), "-");
}
