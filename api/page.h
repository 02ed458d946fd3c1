/* page.h - the page of a restaurant, /r/{slug}: the web app's index page with what search engines and previews read in it.
 *
 * Title, description, Open Graph tags, and JSON-LD (schema.org Restaurant, Menu, MenuSection, MenuItem with offers). All of it is what the menu says: a dish is called
 * suitable for a diet only where a tag says so, and nothing is said about allergens. At most 30 categories of 40 dishes. Made once for each menu version and kept, PAGES_MAX
 * restaurants at most; however many ask meanwhile, the database is asked once. When anything is not there (an unknown restaurant, no database), the plain index page
 * is the answer, never an error. Loop thread only.
 */
#ifndef API_PAGE_H
#define API_PAGE_H

#include "common/buf.h"

#define PAGES_MAX 64
#define PAGE_BYTES_MAX ((size_t)1 << 20)

struct pages;
struct request;
struct representation;

struct pages *pages_new(void);
void pages_free(struct pages **pages); /* those who wait are forgotten */

/* Answers, now or later. `index` and what it points at must live as long as the pages. */
void page_send(struct pages *pages, struct request *r, const char *slug, const struct representation *index);

/* What goes into the page. */
struct page_words {
	const char *title, *description; /* description may be NULL */
	const char *path;                /* "/r/the-cookie-jar" */
	const char *data;                /* JSON-LD */
};
/* The index page with the words in it, for which it needs its </head>; pure. */
void page_write(struct buf *out, const char *index, size_t len, const struct page_words *words);

#endif
