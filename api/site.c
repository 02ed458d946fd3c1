#include "api/site.h"

#include <stdlib.h>
#include <string.h>

#include "common/error.h"
#include "common/log.h"
#include "common/process.h"

#include "api/conditional.h"
#include "api/gzip.h"
#include "api/page.h"
#include "api/request_internal.h"
#include "api/site_files.h"

#define RESTAURANT_FORM "/restaurant.html"

static const char not_built[] =
	"<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Not built</title></head><body>"
	"<h1>The web app is not here</h1><p>It was not built, or WEB_DIR names another folder. <code>make all</code> builds it. "
	"The API itself works: <a href=\"/openapi.json\">/openapi.json</a>, <a href=\"/health\">/health</a>.</p></body></html>";

struct site {
	struct site_files files;
	struct site_file *index, *form; /* of a restaurant's page; NULL: the index page serves */
	struct representation index_page, form_page;
	struct pages *pages;
	uv_work_t work;
	uv_loop_t *loop;
	bool gzipping, abandoned;
	size_t unpackings; /* under way */
};

static void gzip_all(uv_work_t *work)
{
	site_files_gzip(&((struct site *)work->data)->files);
}

static void site_end(struct site *site)
{
	pages_free(&site->pages);
	site_files_free(&site->files);
	free(site);
}

static void gzipped(uv_work_t *work, int status)
{
	struct site *site = work->data;
	(void)status;
	site->gzipping = false;
	if (site->abandoned) {
		site_end(site);
		return;
	}
	site_files_publish(&site->files);
	process_settle();
}

struct site *site_load(uv_loop_t *loop, const char *folder)
{
	struct site *site = calloc(1, sizeof(*site));
	if (!site)
		abort();
	site->loop = loop;
	site->pages = pages_new();
	site_files_load(&site->files, folder);
	site->index = site_files_find(&site->files, "/index.html", strlen("/index.html"));
	site->form = site_files_find(&site->files, RESTAURANT_FORM, strlen(RESTAURANT_FORM));
	if (!site->index)
		log_event(LOG_warn, "site.not_built", LOG_S("folder", folder));
	site->work.data = site;
	return site;
}

void site_pack(struct site *site)
{
	site->gzipping = site->files.count && !uv_queue_work(site->loop, &site->work, gzip_all, gzipped);
}

void site_free(struct site **sp)
{
	struct site *site = *sp;
	*sp = NULL;
	if (!site)
		return;
	site->abandoned = true;
	if (!site->gzipping && !site->unpackings)
		site_end(site);
}

size_t site_files(const struct site *site)
{
	return site->files.count;
}

static bool below(const struct target_part *path, const char *prefix)
{
	size_t n = strlen(prefix);
	return path->len >= n && !memcmp(path->at, prefix, n) && (path->len == n || path->at[n] == '/');
}

/* The app's own pages: what they show is decided in the browser. */
static bool is_page(const struct target_part *path)
{
	return path->len == 1 || below(path, "/r") || below(path, "/admin");
}

/* The form of a restaurant's page is not for reading. */
static struct site_file *file_at(const struct site *site, const struct target_part *path)
{
	struct site_file *f = site_files_find(&site->files, path->at, path->len);
	return f == site->form ? NULL : f;
}

bool site_has(const struct site *site, const struct request *r)
{
	const struct target_part *path = &r->target.path;
	return is_page(path) || file_at(site, path);
}

static struct representation represent(const struct site_file *f)
{
	return (struct representation){
		.content_type = f->type,
		.cache_control = f->lasting ? "public, max-age=31536000, immutable" : "no-cache",
		.body = f->body,
		.gzip = f->gzip,
		.etag = f->etag,
		.gzip_etag = f->gzip_etag,
	};
}

/* --- a client without gzip asks for a file of which only that form is kept: it is unpacked in a thread, and from then on both are kept --- */

struct unpacking {
	uv_work_t work;
	struct site *site;
	struct site_file *file;
	struct request *request; /* NULL: gone */
	char *plain;
};

static void unpack(uv_work_t *work)
{
	struct unpacking *u = work->data;
	u->plain = gunzip_bytes(u->file->gzip->bytes, u->file->gzip->len, u->file->len);
}

static void unpacked(uv_work_t *work, int status)
{
	struct unpacking *u = work->data;
	struct site *site = u->site;
	(void)status;
	if (!u->file->body && u->plain)
		u->file->body = blob_new(u->plain, u->file->len);
	free(u->plain);
	if (u->request) {
		request_on_gone(u->request, NULL, NULL);
		struct representation what = represent(u->file);
		if (what.body)
			conditional_reply(u->request, &what);
		else
			request_reply_error(u->request, ERROR_internal, NULL, NULL, 0);
	}
	free(u);
	if (--site->unpackings == 0 && site->abandoned && !site->gzipping)
		site_end(site);
}

static void on_gone(void *ctx)
{
	((struct unpacking *)ctx)->request = NULL;
}

static void unpack_for(struct site *site, struct request *r, struct site_file *f)
{
	struct unpacking *u = calloc(1, sizeof(*u));
	if (!u)
		abort();
	*u = (struct unpacking){ .work.data = u, .site = site, .file = f, .request = r };
	if (uv_queue_work(site->loop, &u->work, unpack, unpacked)) {
		free(u);
		request_reply_error(r, ERROR_overloaded, NULL, NULL, 1);
		return;
	}
	site->unpackings++;
	request_on_gone(r, on_gone, u);
}

static void send_file(struct site *site, struct request *r, struct site_file *f)
{
	struct representation what = represent(f);
	if (what.body || conditional_takes_gzip(r))
		conditional_reply(r, &what);
	else
		unpack_for(site, r, f);
}

/* The page of one restaurant: /r/{slug}. */
static const char *restaurant_of(struct request *r)
{
	const struct target *t = &r->target;
	if (t->segment_count != 2 || t->segments[0].len != 1 || *t->segments[0].at != 'r' || !t->segments[1].len)
		return NULL;
	char *slug = arena_alloc(request_arena(r), t->segments[1].len + 1);
	return target_decode(t->segments[1].at, t->segments[1].len, false, slug) < 0 ? NULL : slug;
}

static void send_index(struct site *site, struct request *r)
{
	const char *slug = restaurant_of(r);
	site->index_page = represent(site->index);
	site->form_page = represent(site->form ? site->form : site->index);
	if (slug)
		page_send(site->pages, r, slug, &site->form_page, &site->index_page);
	else
		conditional_reply(r, &site->index_page);
}

static void send_not_built(struct request *r)
{
	request_set_header_static(r, "retry-after", "60");
	request_reply_static(r, 503, "text/html; charset=utf-8", not_built, sizeof(not_built) - 1);
}

void site_handle(struct site *site, struct request *r)
{
	const struct target_part *path = &r->target.path;
	struct site_file *f = file_at(site, path);
	if (f)
		send_file(site, r, f);
	else if (is_page(path) && site->index)
		send_index(site, r);
	else if (is_page(path))
		send_not_built(r);
	else
		request_reply_error(r, ERROR_not_found, NULL, NULL, 0);
}

void site_send(struct site *site, struct request *r, const char *path)
{
	struct site_file *f = site_files_find(&site->files, path, strlen(path));
	if (f)
		send_file(site, r, f);
	else
		send_not_built(r);
}
