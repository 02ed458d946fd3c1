/* The answers of request.h, all of which end in server_answer(). */
#include "api/request_internal.h"

#include <stdio.h>

#include "common/log.h"

#define REPLY_BYTES_MAX ((size_t)32 << 20)
#define PROBLEM_BYTES_MAX ((size_t)64 << 10)

void request_reply(struct request *r, int status, const char *content_type, const void *bytes, size_t len)
{
	server_answer(r, status, content_type, server_keep(r, bytes, len), len, NULL);
}

void request_reply_static(struct request *r, int status, const char *content_type, const void *bytes, size_t len)
{
	server_answer(r, status, content_type, bytes, len, NULL);
}

void request_reply_blob(struct request *r, int status, const char *content_type, struct blob *b)
{
	server_answer(r, status, content_type, b->bytes, b->len, b);
}

void request_reply_empty(struct request *r, int status)
{
	server_answer(r, status, NULL, "", 0, NULL);
}

/* Takes what `b` holds. */
static void reply_buf(struct request *r, int status, const char *content_type, struct buf *b)
{
	if (buf_error(b)) {
		buf_free(b);
		request_reply_error(r, ERROR_too_big_to_store, NULL, NULL, 0);
		return;
	}
	request_reply(r, status, content_type, buf_text(b), b->len);
	buf_free(b);
}

void request_reply_json(struct request *r, int status, const struct schema *s, const void *value)
{
	struct buf b;
	buf_init(&b, REPLY_BYTES_MAX);
	schema_encode(&b, s, value);
	reply_buf(r, status, "application/json", &b);
}

static void put_problems(struct buf *b, const struct schema_problems *problems)
{
	buf_str(b, ",\"errors\":[");
	for (size_t i = 0; i < problems->n; i++) {
		buf_str(b, i ? ",{\"pointer\":" : "{\"pointer\":");
		buf_json_string(b, problems->v[i].pointer);
		buf_str(b, ",\"message\":");
		buf_json_string(b, problems->v[i].message);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

void request_reply_error(struct request *r, enum error e, const char *detail, const struct schema_problems *problems, int retry_after_s)
{
	const struct error_row *row = error_row(e);
	struct buf b;
	buf_init(&b, PROBLEM_BYTES_MAX);
	buf_printf(&b, "{\"type\":\"urn:problem:%s\",\"title\":", row->name);
	buf_json_string(&b, row->title);
	buf_printf(&b, ",\"status\":%d", row->http);
	if (detail) {
		buf_str(&b, ",\"detail\":");
		buf_json_string(&b, detail);
	}
	if (problems && problems->n)
		put_problems(&b, problems);
	buf_char(&b, '}');
	if (row->http == 503 && retry_after_s <= 0)
		retry_after_s = 1;
	if (retry_after_s > 0) {
		char text[16];
		snprintf(text, sizeof(text), "%d", retry_after_s);
		request_set_header(r, "retry-after", text);
	}
	if (row->http == 401)
		request_set_header_static(r, "www-authenticate", "Bearer");
	reply_buf(r, row->http, "application/problem+json", &b);
}

void request_on_gone(struct request *r, request_gone_fn *gone, void *ctx)
{
	r->gone = gone;
	r->gone_ctx = ctx;
	if (gone)
		server_watch_request(r);
}
