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
	const char *page = written(&(struct page_words){ "Olive", "Good food.", "/r/olive", "{\"name\":\"Olive\"}" });
	cr_expect_str_eq(page, "<html><head><link><title>Olive</title><meta property=\"og:title\" content=\"Olive\"/><meta property=\"og:type\" content=\"website\"/>"
	                       "<meta property=\"og:url\" content=\"/r/olive\"/><meta name=\"description\" content=\"Good food.\"/><meta property=\"og:description\" content=\"Good food.\"/>"
	                       "<script type=\"application/ld+json\">{\"name\":\"Olive\"}</script></head><body><title>kept</title></body></html>");
}

Test(page, the_apps_description_stays_when_there_is_no_other)
{
	const char *page = written(&(struct page_words){ "Olive", NULL, "/r/olive", "{}" });
	cr_expect_not_null(strstr(page, "content=\"Any.\""));
	cr_expect_null(strstr(page, "og:description"));
}

Test(page, nothing_gets_out)
{
	const char *evil = "</title></script><script>alert(1)</script><!-- \" onload='x' & ";
	const char *page = written(&(struct page_words){ evil, evil, "/r/x", "{\"name\":\"</script><script>alert(1)</script><!--\"}" });
	cr_expect_null(strstr(page, "<script>"));
	cr_expect_null(strstr(page, "<!--"));
	cr_expect_null(strstr(page, "\" onload"));
	cr_expect_not_null(strstr(page, "\\u003c/script\\u003e\\u003cscript\\u003e"));
	cr_expect_not_null(strstr(page, "&lt;/title&gt;&lt;/script&gt;"));
	const char *at = strstr(page, "<script type");
	cr_expect_str_eq(strstr(at, "</script>"), "</script></head><body><title>kept</title></body></html>", "the element ends where it should");
}

Test(page, a_page_without_a_head_stays_as_it_is)
{
	page_write(&out, "<p>hello", 8, &(struct page_words){ "Olive", NULL, "/r/olive", "{}" });
	cr_expect_str_eq(buf_text(&out), "<p>hello");
}
