/* site.h - the web app's files, in memory: loaded at start, ready to send, gzipped ahead.
 *
 * Answers GET for what no route matches. A path is looked up as it is among the files that were loaded, so nothing outside the folder can be reached. Files below
 * /assets/ have their hash in their names and may be kept for a year; all others are asked for again (no-cache and ETag). "/", "/r/..." and
 * "/admin..." are the app's own pages: index.html, that of a restaurant with what search engines read (page.h). Without a built app these say so with 503, and everything else works.
 * Bounds: SITE_FILES_MAX files, SITE_BYTES_MAX in all; what is beyond is left out with a warning in the log. Gzipping happens on libuv's thread
 * pool, once site_pack() asks for it; until it is done the plain file is sent. Of larger files only the gzipped form is kept then; who does not take gzip gets it
 * unpacked, in the thread pool the first time.
 */
#ifndef API_SITE_H
#define API_SITE_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

#define SITE_FILES_MAX 1000
#define SITE_BYTES_MAX ((size_t)48 << 20)

struct request;
struct site;

struct site *site_load(uv_loop_t *loop, const char *folder);
void site_pack(struct site *site);  /* once; costs a core about a tenth of a second, so after the start */
void site_free(struct site **site); /* gzipping that is under way ends first, on the loop */
size_t site_files(const struct site *site);

bool site_has(const struct site *site, const struct request *r);
void site_handle(struct site *site, struct request *r);
/* Answers with one file ("/docs.html"), or with 503 and a plain page when the app was not built. */
void site_send(struct site *site, struct request *r, const char *path);

#endif
