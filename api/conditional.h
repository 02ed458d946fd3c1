/* conditional.h - If-None-Match and Accept-Encoding of a GET. */
#ifndef API_CONDITIONAL_H
#define API_CONDITIONAL_H

#include <stdbool.h>
#include <stddef.h>

struct blob;
struct request;

/* Does a list of entity tags hold this one ("*" holds all; W/ before a tag is ignored)? `etag` with its quotes. */
bool etag_listed(const char *list, size_t len, const char *etag);
/* Does an Accept-Encoding allow gzip (q=0 forbids it)? */
bool gzip_allowed(const char *list, size_t len);

/* Does the client of this request take gzip? */
bool conditional_takes_gzip(const struct request *r);

/* One thing in two forms; `gzip` may be NULL. All strings live until the answer is out. */
struct representation {
	const char *content_type, *cache_control; /* cache_control may be NULL */
	struct blob *body, *gzip;
	const char *etag, *gzip_etag;
};
/* Answers 200 with the form that the client takes, or 304. Strings that do not outlive the request are the caller's problem: etags are copied, the others are not. */
void conditional_reply(struct request *r, const struct representation *what);

#endif
