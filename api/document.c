#include "api/document.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "common/schema.h"

#include "api/conditional.h"
#include "api/gzip.h"
#include "api/request.h"

static struct made {
	struct blob *body, *gzip;
	char etag[24], gzip_etag[24];
} made[DOCUMENT_COUNT];

static void make(enum document d)
{
	static void (*const print[])(struct buf *) = { openapi_print, asyncapi_print };
	unsigned char digest[SHA256_DIGEST_LENGTH];
	char hex[17];
	struct buf b;
	buf_init(&b, DOCUMENT_BYTES_MAX);
	print[d](&b);
	struct made *m = &made[d];
	m->body = blob_new(buf_text(&b), b.len);
	buf_free(&b);
	size_t len;
	char *packed = gzip_bytes(m->body->bytes, m->body->len, 6, &len);
	if (packed)
		m->gzip = blob_new(packed, len);
	free(packed);
	SHA256((const unsigned char *)m->body->bytes, m->body->len, digest);
	for (int i = 0; i < 8; i++)
		snprintf(hex + 2 * i, 3, "%02x", digest[i]);
	snprintf(m->etag, sizeof(m->etag), "\"%s\"", hex);
	snprintf(m->gzip_etag, sizeof(m->gzip_etag), "\"%s-gz\"", hex);
}

void document_send(struct request *r, enum document d)
{
	struct made *m = &made[d];
	if (!m->body)
		make(d);
	conditional_reply(r, &(struct representation){
				     .content_type = "application/json",
				     .cache_control = "no-cache",
				     .body = m->body,
				     .gzip = m->gzip,
				     .etag = m->etag,
				     .gzip_etag = m->gzip_etag,
			     });
}

void document_free_all(void)
{
	for (int i = 0; i < DOCUMENT_COUNT; i++) {
		blob_drop(&made[i].body);
		blob_drop(&made[i].gzip);
	}
}

#define SCHEMAS_MAX 500

static bool mentions(const char *text, const char *name)
{
	char reference[120];
	snprintf(reference, sizeof(reference), "\"#/components/schemas/%s\"", name);
	return strstr(text, reference) != NULL;
}

/* Marks what `text` refers to; how many that adds. */
static int mark(const char *text, bool *used)
{
	int added = 0;
	for (size_t i = 0; schema_all[i]; i++) {
		if (used[i] || !mentions(text, schema_name(schema_all[i])))
			continue;
		used[i] = true;
		added++;
	}
	return added;
}

void document_print_schemas(struct buf *out)
{
	bool used[SCHEMAS_MAX] = { false };
	int added = mark(buf_text(out), used);
	while (added) {
		added = 0;
		for (size_t i = 0; schema_all[i]; i++)
			if (used[i])
				added += mark(schema_text(schema_all[i]), used);
	}
	const char *comma = "";
	buf_char(out, '{');
	for (size_t i = 0; schema_all[i]; i++) {
		if (!used[i])
			continue;
		buf_str(out, comma);
		buf_json_string(out, schema_name(schema_all[i]));
		buf_char(out, ':');
		buf_str(out, schema_text(schema_all[i]));
		comma = ",";
	}
	buf_char(out, '}');
}
