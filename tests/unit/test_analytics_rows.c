/* test_analytics_rows.c - events as COPY reads them: nothing in a text can end its field or its row. */
#include <criterion/criterion.h>
#include <string.h>

#include "workers/analytics_rows.h"

#define PLACE "018f0000-0000-7000-8000-000000000001"
#define EVENT "018f0000-0000-7000-8000-000000000002"
#define DISH "018f0000-0000-7000-8000-000000000003"
#define HEAD PLACE "\t" EVENT "\t1970-01-01T00:00:01.000Z\t"

static void expect_row(const struct interaction *e, const char *row)
{
	struct buf out;
	struct interactions in = { .restaurant_id = PLACE, .events = { &e, 1 } };
	buf_init(&out, 10000);
	cr_expect_eq(analytics_rows_interactions(&out, &in), e->bot);
	cr_expect_str_eq(buf_text(&out), row);
	buf_free(&out);
}

Test(analytics_rows, a_view_counts_as_itself_and_for_its_dish)
{
	expect_row(&(struct interaction){ .id = EVENT, .type = "item_view", .at_ms = 1000, .session_id = "s-1", .item_id = DISH, .data = "{\"from\":\"menu\"}" },
	           HEAD "item_view\ts-1\t\\N\t\\N\t" DISH "\t{event:item_view,seen:" DISH "}\t\\N\t{\"from\":\"menu\"}\n");
}

Test(analytics_rows, a_bot_is_kept_and_counts_for_nothing)
{
	expect_row(&(struct interaction){ .id = EVENT, .type = "item_view", .at_ms = 1000, .session_id = "s-1", .item_id = DISH, .bot = true },
	           HEAD "item_view\t\\N\t\\N\t\\N\t" DISH "\t{}\t\\N\t{}\n");
}

Test(analytics_rows, what_ends_a_field_is_escaped)
{
	expect_row(&(struct interaction){ .id = EVENT, .type = "\\.", .at_ms = 1000, .data = "\ta\\b\nc\rd\\" },
	           HEAD "\\\\.\t\\N\t\\N\t\\N\t\\N\t{event:other}\t\\N\t\\ta\\\\b\\nc\\rd\\\\\n");
	expect_row(&(struct interaction){ .id = EVENT, .type = "feedback", .at_ms = 1000, .rating = "up,}\t{\"x\\", .reason = "a\tb" },
	           HEAD "feedback\t\\N\t\\N\t\\N\t\\N\t{thumbs:up_____x_}\t\\N\t{\"rating\":\"up,}\\\\t{\\\\\"x\\\\\\\\\",\"reason\":\"a\\\\tb\"}\n");
}
