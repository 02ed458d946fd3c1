/* page.h - the page of a restaurant, /r/{slug}: a page of the web app with the restaurant's words in it, so that guests have something to look at before any script has
 * come, and with what search engines and previews read.
 *
 * The app's restaurant.html holds {{name}}, {{cuisine}}, {{description}}, {{hours}} ("yes": it tells any; "no") and {{colors}} (custom properties for a style attribute) where
 * they belong; where the app has none, its index page is taken. In the head it is told to fetch the menu at once.
 * Title, description, Open Graph tags, and JSON-LD (schema.org Restaurant, Menu, MenuSection, MenuItem with offers). All of it is what the menu says: a dish is called
 * suitable for a diet only where a tag says so, and nothing is said about allergens. At most 30 categories of 40 dishes. Made once for each menu version and kept, PAGES_MAX
 * restaurants at most; however many ask meanwhile, the database is asked once. When anything is not there (an unknown restaurant, no database), the plain index page
 * is the answer, never an error. Loop thread only.
 */
#ifndef API_PAGE_H
#define API_PAGE_H

#include <stdbool.h>

#include "common/buf.h"

#define PAGES_MAX 64
#define PAGE_BYTES_MAX ((size_t)1 << 20)

struct pages;
struct request;
struct representation;

struct pages *pages_new(void);
void pages_free(struct pages **pages); /* those who wait are forgotten */

/* Answers, now or later: `form` filled in, or `index` as it is. Both and what they point at must live as long as the pages. */
void page_send(struct pages *pages, struct request *r, const char *slug, const struct representation *form, const struct representation *index);

/* What goes into the page. */
struct page_words {
	const char *title, *description; /* description may be NULL */
	const char *path;                /* "/r/the-cookie-jar" */
	const char *data;                /* JSON-LD */
	const char *cuisine;             /* may be NULL, as what follows */
	const char *menu;                /* where the app will fetch the menu */
	const char *primary, *secondary, *background;
	bool tells_hours;
};
/* The form with the words in it, for which it needs its </head>; pure. A colour that is not #rgb or #rrggbb is left out. */
void page_write(struct buf *out, const char *form, size_t len, const struct page_words *words);

#endif
