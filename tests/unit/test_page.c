/* The page of a restaurant: whatever stands in a menu, it cannot leave the element or the attribute that it is put into. */
#include <criterion/criterion.h>
#include <string.h>

#include "api/page.h"

static struct buf out;

static void reset(void)
{
	buf_init(&out, PAGE_BYTES_MAX);
}

static void end(void)
{
	buf_free(&out);
}

TestSuite(page, .init = reset, .fini = end);

static const char index_page[] = "<html><head><title>The app</title><meta name=\"description\" content=\"Any.\" /><link></head><body><title>kept</title></body></html>";

static const char *written(const struct page_words *words)
{
	page_write(&out, index_page, sizeof(index_page) - 1, words);
	cr_assert_eq(buf_error(&out), ERROR_none);
	return buf_text(&out);
}

Test(page, words_take_the_place_of_the_apps)
{
	const char *page = written(&(struct page_words){ .title = "Olive", .description = "Good food.", .path = "/r/olive", .data = "{\"name\":\"Olive\"}" });
	cr_expect_str_eq(page, "<html><head><link><title>Olive</title><meta property=\"og:title\" content=\"Olive\"/><meta property=\"og:type\" content=\"website\"/>"
	                       "<meta property=\"og:url\" content=\"/r/olive\"/><meta name=\"description\" content=\"Good food.\"/><meta property=\"og:description\" content=\"Good food.\"/>"
	                       "<script type=\"application/ld+json\">{\"name\":\"Olive\"}</script></head><body><title>kept</title></body></html>");
}

Test(page, the_apps_description_stays_when_there_is_no_other)
{
	const char *page = written(&(struct page_words){ .title = "Olive", .description = NULL, .path = "/r/olive", .data = "{}" });
	cr_expect_not_null(strstr(page, "content=\"Any.\""));
	cr_expect_null(strstr(page, "og:description"));
}

Test(page, nothing_gets_out)
{
	const char *evil = "</title></script><script>alert(1)</script><!-- \" onload='x' & ";
	const char *page = written(&(struct page_words){ .title = evil, .description = evil, .path = "/r/x", .data = "{\"name\":\"</script><script>alert(1)</script><!--\"}" });
	cr_expect_null(strstr(page, "<script>"));
	cr_expect_null(strstr(page, "<!--"));
	cr_expect_null(strstr(page, "\" onload"));
	cr_expect_not_null(strstr(page, "\\u003c/script\\u003e\\u003cscript\\u003e"));
	cr_expect_not_null(strstr(page, "&lt;/title&gt;&lt;/script&gt;"));
	const char *at = strstr(page, "<script type");
	cr_expect_str_eq(strstr(at, "</script>"), "</script></head><body><title>kept</title></body></html>", "the element ends where it should");
}

static const char form[] = "<html style=\"{{colors}}\"><head></head><body><p>{{cuisine}}</p><h1>{{name}}</h1><p>{{description}}</p><i data-told=\"{{hours}}\"></i>{{other}} {{</body></html>";

static const char *filled(const struct page_words *words)
{
	page_write(&out, form, sizeof(form) - 1, words);
	cr_assert_eq(buf_error(&out), ERROR_none);
	return strstr(buf_text(&out), "<body>");
}

Test(page, words_stand_where_the_form_has_braces)
{
	const char *body = filled(&(struct page_words){ .title = "Olive",
	                                                .description = "Good food.",
	                                                .path = "/r/olive",
	                                                .data = "{}",
	                                                .cuisine = "Bistro",
	                                                .menu = "/api/v1/restaurants/olive/menu",
	                                                .primary = "#7B4B2A",
	                                                .secondary = "#fa0",
	                                                .tells_hours = true });
	cr_expect_str_eq(body, "<body><p>Bistro</p><h1>Olive</h1><p>Good food.</p><i data-told=\"yes\"></i>{{other}} {{</body></html>");
	cr_expect_eq(strncmp(buf_text(&out), "<html style=\"--shop-primary:#7B4B2A;--shop-secondary:#fa0;\">", 57), 0, "%s", buf_text(&out));
	cr_expect_not_null(strstr(buf_text(&out), "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"/api/v1/restaurants/olive/menu\"/>"));
}

Test(page, what_is_put_into_the_form_cannot_get_out)
{
	const char *evil = "{{name}}<img src=x onerror=\"alert(1)\">";
	const char *body = filled(&(struct page_words){ .title = evil, .description = evil, .path = "/r/x", .data = "{}", .cuisine = evil, .primary = "#fff\" onload=\"x", .background = "red", .secondary = "#12345" });
	cr_expect_null(strstr(body, "<img"));
	cr_expect_eq(strncmp(buf_text(&out), "<html style=\"\"><head>", 21), 0, "%s", buf_text(&out));
	cr_expect_not_null(strstr(body, "<h1>{{name}}&lt;img src=x onerror=&quot;alert(1)&quot;&gt;</h1>"));
	cr_expect_not_null(strstr(body, "data-told=\"no\""));
}

Test(page, a_page_without_a_head_stays_as_it_is)
{
	page_write(&out, "<p>hello", 8, &(struct page_words){ .title = "Olive", .description = NULL, .path = "/r/olive", .data = "{}" });
	cr_expect_str_eq(buf_text(&out), "<p>hello");
}
