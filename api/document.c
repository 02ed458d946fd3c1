#include "api/document.h"

#include <openssl/sha.h>
#include <stdio.h>
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

void document_print_schemas(struct buf *out)
{
	buf_char(out, '{');
	for (const struct schema *const *s = schema_all; *s; s++) {
		if (s != schema_all)
			buf_char(out, ',');
		buf_json_string(out, schema_name(*s));
		buf_char(out, ':');
		buf_str(out, schema_text(*s));
	}
	buf_char(out, '}');
}
