#include "api/site_files.h"

#include <dirent.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "common/log.h"

#include "api/gzip.h"
#include "api/request.h"
#include "api/site.h"

#define DEPTH_MAX 8
#define GZIP_LEVEL 9

static const struct {
	const char *ending, *type;
	bool packed;
} kinds[] = {
	{ ".html", "text/html; charset=utf-8", false },
	{ ".js", "text/javascript; charset=utf-8", false },
	{ ".mjs", "text/javascript; charset=utf-8", false },
	{ ".css", "text/css; charset=utf-8", false },
	{ ".json", "application/json", false },
	{ ".map", "application/json", false },
	{ ".webmanifest", "application/manifest+json", false },
	{ ".svg", "image/svg+xml", false },
	{ ".txt", "text/plain; charset=utf-8", false },
	{ ".xml", "application/xml", false },
	{ ".ico", "image/x-icon", false },
	{ ".wasm", "application/wasm", false },
	{ ".png", "image/png", true },
	{ ".jpg", "image/jpeg", true },
	{ ".jpeg", "image/jpeg", true },
	{ ".webp", "image/webp", true },
	{ ".avif", "image/avif", true },
	{ ".gif", "image/gif", true },
	{ ".woff2", "font/woff2", true },
	{ ".woff", "font/woff", true },
	{ ".ttf", "font/ttf", false },
	{ ".mp3", "audio/mpeg", true },
};

static void set_kind(struct site_file *f)
{
	const char *ending = strrchr(f->path, '.');
	f->type = "application/octet-stream";
	for (size_t i = 0; ending && i < sizeof(kinds) / sizeof(*kinds); i++) {
		if (strcmp(kinds[i].ending, ending) != 0)
			continue;
		f->type = kinds[i].type;
		f->packed = kinds[i].packed;
	}
	f->lasting = !strncmp(f->path, "/assets/", strlen("/assets/"));
}

static void set_etags(struct site_file *f)
{
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char hex[17];
	SHA256((const unsigned char *)f->body->bytes, f->body->len, digest);
	for (int i = 0; i < 8; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	snprintf(f->etag, sizeof(f->etag), "\"%s\"", hex);
	snprintf(f->gzip_etag, sizeof(f->gzip_etag), "\"%s-gz\"", hex);
}

/* NULL when it cannot be read whole. */
static struct blob *read_file(const char *name, size_t size)
{
	FILE *file = fopen(name, "rb");
	char *bytes = malloc(size + 1);
	struct blob *b = NULL;
	if (file && bytes && fread(bytes, 1, size, file) == size)
		b = blob_new(bytes, size);
	free(bytes);
	if (file)
		fclose(file);
	return b;
}

static void add_file(struct site_files *files, const char *name, const char *path, size_t size)
{
	if (files->count >= SITE_FILES_MAX || files->bytes + size > SITE_BYTES_MAX) {
		log_event(LOG_warn, "site.file_left_out", LOG_S("file", name));
		return;
	}
	struct blob *body = read_file(name, size);
	if (!body) {
		log_event(LOG_warn, "site.file_unreadable", LOG_S("file", name));
		return;
	}
	struct site_file *f = &files->v[files->count++];
	*f = (struct site_file){ .path = strdup(path), .body = body, .len = size };
	files->bytes += size;
	set_kind(f);
	set_etags(f);
}

static void load_folder(struct site_files *files, const char *name, const char *path, int depth)
{
	DIR *dir = opendir(name);
	const struct dirent *entry;
	while (dir && (entry = readdir(dir))) {
		char inner_name[1200], inner_path[600];
		struct stat st;
		if (entry->d_name[0] == '.')
			continue;
		int a = snprintf(inner_name, sizeof(inner_name), "%s/%s", name, entry->d_name);
		int b = snprintf(inner_path, sizeof(inner_path), "%s/%s", path, entry->d_name);
		if (a >= (int)sizeof(inner_name) || b >= (int)sizeof(inner_path) || stat(inner_name, &st))
			continue;
		if (S_ISREG(st.st_mode))
			add_file(files, inner_name, inner_path, (size_t)st.st_size);
		else if (S_ISDIR(st.st_mode) && depth < DEPTH_MAX)
			load_folder(files, inner_name, inner_path, depth + 1);
	}
	if (dir)
		closedir(dir);
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct site_file *)a)->path, ((const struct site_file *)b)->path);
}

void site_files_load(struct site_files *files, const char *folder)
{
	*files = (struct site_files){ .v = calloc(SITE_FILES_MAX, sizeof(struct site_file)) };
	if (!files->v)
		abort();
	load_folder(files, folder, "", 0);
	qsort(files->v, files->count, sizeof(*files->v), by_path);
}

static int compare(const char *path, size_t len, const char *other)
{
	int order = strncmp(path, other, len);
	return order ? order : -(other[len] != 0);
}

struct site_file *site_files_find(const struct site_files *files, const char *path, size_t len)
{
	size_t low = 0, high = files->count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		int order = compare(path, len, files->v[middle].path);
		if (!order)
			return &files->v[middle];
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

void site_files_gzip(struct site_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		struct site_file *f = &files->v[i];
		size_t len;
		char *packed = f->packed ? NULL : gzip_bytes(f->body->bytes, f->body->len, GZIP_LEVEL, &len);
		if (packed)
			f->gzip_made = blob_new(packed, len);
		free(packed);
	}
}

void site_files_publish(struct site_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		struct site_file *f = &files->v[i];
		f->gzip = f->gzip_made;
		f->gzip_made = NULL;
		if (f->gzip && f->len > SITE_PLAIN_MAX && strncmp(f->type, "text/html", 9) != 0)
			blob_drop(&f->body);
	}
}

void site_files_free(struct site_files *files)
{
	for (size_t i = 0; i < files->count; i++) {
		free(files->v[i].path);
		blob_drop(&files->v[i].body);
		blob_drop(&files->v[i].gzip);
		blob_drop(&files->v[i].gzip_made);
	}
	free(files->v);
	*files = (struct site_files){ 0 };
}
