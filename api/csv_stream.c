#include "api/csv_stream.h"

#include <stdlib.h>

#include "common/log.h"

#include "api/api.h"
#include "api/request.h"
#include "api/stream.h"

#define CLOSE_MS 60000
#define RETRY_S 1

struct csv_stream {
	struct csv_source source;
	struct request *request; /* NULL once it is a stream */
	struct stream *stream;
	struct arena *arena, *page_arena;
	struct pg_call *call;
	bool ended;
};

static void ask(struct csv_stream *c);

struct arena *csv_stream_arena(void)
{
	return arena_new();
}

static void stream_free(struct csv_stream *c)
{
	pg_cancel(&c->call);
	arena_free(&c->page_arena);
	arena_free(&c->arena);
	free(c);
}

static void on_gone(void *ctx)
{
	stream_free(ctx);
}

static void on_drained(void *ctx)
{
	struct csv_stream *c = ctx;
	if (!c->ended && !c->call)
		ask(c);
}

static void refuse(struct csv_stream *c, enum error e)
{
	struct request *r = c->request;
	request_on_gone(r, NULL, NULL);
	request_reply_error(r, e, NULL, NULL, RETRY_S);
	stream_free(c);
}

static void begin(struct csv_stream *c)
{
	struct request *r = c->request;
	request_on_gone(r, NULL, NULL);
	request_set_header(r, "content-disposition", arena_printf(c->arena, "attachment; filename=\"%s\"", c->source.file_name));
	request_set_header(r, "cache-control", "no-store");
	c->request = NULL;
	c->stream = request_begin_stream(r, 200, "text/csv; charset=utf-8");
	stream_listen(c->stream, NULL, on_drained, on_gone, c);
}

static void cut(struct csv_stream *c, enum error e)
{
	log_event(LOG_warn, "csv.cut", LOG_S("file", c->source.file_name), LOG_S("error", error_row(e)->name));
	c->ended = true;
	stream_close(c->stream, 0);
}

static void send_page(struct csv_stream *c, const struct buf *page, int64_t count)
{
	if (c->request)
		begin(c);
	c->ended = count < c->source.page;
	if (c->source.offset)
		*c->source.offset += count;
	stream_write(c->stream, buf_text(page), page->len);
	if (c->ended)
		stream_close(c->stream, CLOSE_MS);
}

static void on_rows(void *ctx, const struct pg_result *result)
{
	struct csv_stream *c = ctx;
	struct buf page;
	int64_t count = 0;
	c->call = NULL;
	buf_init(&page, CSV_PAGE_BYTES_MAX);
	enum error e = result->error;
	if (!e && !c->source.write(c->source.ctx, &page, &result->rows[0], c->request != NULL, &count))
		e = ERROR_not_found;
	if (!e)
		e = buf_error(&page);
	arena_free(&c->page_arena);
	if (!e)
		send_page(c, &page, count);
	else if (c->request)
		refuse(c, e);
	else
		cut(c, e);
	buf_free(&page);
}

static void ask(struct csv_stream *c)
{
	struct pg_statement statement = { c->source.query, c->source.params };
	c->page_arena = arena_new();
	c->call = pg_run(the_api.pg, c->page_arena, c->source.tenant, &statement, 1, on_rows, c);
}

void csv_stream_answer(struct request *r, struct arena *arena, const struct csv_source *source)
{
	struct csv_stream *c = calloc(1, sizeof(*c));
	if (!c)
		abort();
	*c = (struct csv_stream){ .source = *source, .request = r, .arena = arena };
	ask(c);
	request_on_gone(r, on_gone, c);
}
