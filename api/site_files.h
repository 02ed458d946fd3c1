/* site_files.h - a folder's files in memory, found by path; for site.c. */
#ifndef API_SITE_FILES_H
#define API_SITE_FILES_H

#include <stdbool.h>
#include <stddef.h>

#define SITE_PLAIN_MAX ((size_t)16 << 10) /* of larger files that are no pages only gzip is kept, when there is one */

struct blob;

struct site_file {
	char *path; /* "/assets/app-1a2b.js" */
	const char *type;
	struct blob *body, *gzip; /* gzip: NULL until published, or when it does not pay; body: NULL when only gzip is kept (SITE_PLAIN_MAX) */
	size_t len;               /* of the plain file */
	struct blob *gzip_made;   /* by the thread pool */
	char etag[24], gzip_etag[24];
	bool lasting; /* may be kept for a year */
	bool packed;  /* compressed already: images, fonts */
};

struct site_files {
	struct site_file *v; /* sorted by path */
	size_t count;
	size_t bytes;
};

void site_files_load(struct site_files *files, const char *folder);
struct site_file *site_files_find(const struct site_files *files, const char *path, size_t len);
/* On a thread of the pool: touches only gzip_made. */
void site_files_gzip(struct site_files *files);
/* On the loop, afterwards. Larger files give up their plain form. */
void site_files_publish(struct site_files *files);
void site_files_free(struct site_files *files);

#endif
