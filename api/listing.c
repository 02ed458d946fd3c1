#include "api/listing.h"

#include <sodium.h>
#include <stdio.h>

#include "common/buf.h"
#include "common/pg.h"

#include "api/api.h"
#include "api/compact.h"
#include "api/conditional.h"
#include "api/request.h"

#define LIST_BYTES_MAX ((size_t)8 << 20)
#define RETRY_S 1
#define HASH_BYTES 16

/* Columns of every query that is asked here. */
struct listing_row {
	const char *body;
	int64_t total;
};

struct listing {
	struct request *request;
	struct pg_call *call;
};

static void on_gone(void *ctx)
{
	struct listing *l = ctx;
	pg_cancel(&l->call);
}

static const char *etag_of(struct request *r, const char *bytes, size_t len)
{
	unsigned char hash[HASH_BYTES];
	char hex[2 * HASH_BYTES + 1];
	crypto_generichash(hash, sizeof(hash), (const unsigned char *)bytes, len, NULL, 0);
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	return arena_printf(request_arena(r), "\"%s\"", hex);
}

static void send_page(struct request *r, const struct listing_row *row)
{
	struct buf b;
	buf_init(&b, LIST_BYTES_MAX);
	compact_json(&b, row->body);
	if (buf_error(&b)) {
		request_reply_error(r, ERROR_too_big_to_store, NULL, NULL, 0);
		buf_free(&b);
		return;
	}
	request_set_header(r, "x-total-count", arena_printf(request_arena(r), "%lld", (long long)row->total));
	struct blob *body = blob_new(buf_text(&b), b.len);
	buf_free(&b);
	conditional_reply(r, &(struct representation){
				     .content_type = "application/json",
				     .cache_control = "no-cache",
				     .body = body,
				     .etag = etag_of(r, body->bytes, body->len),
			     });
	blob_drop(&body);
}

static void on_rows(void *ctx, const struct pg_result *result)
{
	struct request *r = ((struct listing *)ctx)->request;
	request_on_gone(r, NULL, NULL);
	if (result->error)
		request_reply_error(r, result->error, NULL, NULL, RETRY_S);
	else if (!result->rows[0].n)
		request_reply_error(r, ERROR_not_found, "There is no such restaurant.", NULL, 0);
	else
		send_page(r, result->rows[0].v);
}

void listing_ask(struct request *r, const char *tenant, enum query_id query, const void *params)
{
	struct listing *l = arena_new_of(request_arena(r), struct listing);
	struct pg_statement statement = { query, params };
	l->request = r;
	l->call = pg_run(the_api.pg, request_arena(r), tenant, &statement, 1, on_rows, l);
	request_on_gone(r, on_gone, l);
}
