/* How much a connection may send before its request is complete, and how slowly.
 *
 * h2o 2.2.5 buffers a body whole, has one limit and one timer (for head and body together) for all requests, and tells nobody when a head is complete. So its timer is
 * far away, and two things are done here in its place. The gate stands before h2o's reader (sock->_cb.read): it looks at each head that announces a large body, asks
 * `on_large_body`, and sets h2o's limit for this message before h2o reads the head; h2o then answers 413 at once, whatever is still coming. The sweep, twice a
 * second, cuts who takes too long: SERVER_READ_MS for a whole request, and for a large body that was allowed: no byte for that long, fewer than
 * SERVER_LARGE_RATE bytes a second, or SERVER_LARGE_MS in all.
 * h2o puts buffers of more than SERVER_SPILL_BYTES into a temporary file; what came is dropped from our memory (not from the file) every few megabytes.
 */
#include "api/server_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "common/log.h"
#include "common/metric.h"

#include "api/head.h"

#define DROP_BYTES ((size_t)4 << 20)
#define RATE_AFTER_MS 20000

void server_guard_configure(struct server *s)
{
	const char *folder = getenv("TMPDIR");
	if (!folder || access(folder, W_OK))
		folder = access("/var/tmp", W_OK) ? "/tmp" : "/var/tmp";
	h2o_socket_buffer_mmap_settings.threshold = SERVER_SPILL_BYTES;
	snprintf(h2o_socket_buffer_mmap_settings.fn_template, sizeof(h2o_socket_buffer_mmap_settings.fn_template), "%s/restaurant-upload.XXXXXX", folder);
	s->h2o.max_request_entity_size = SERVER_BODY_MAX;
	s->h2o.http1.req_timeout = (uint64_t)24 * 3600 * 1000; /* the sweep's matter */
}

/* --- memory --- */

/* Pages of a file that h2o mapped: they stay in the file, and come back when they are read. Other buffers are left alone. */
static void drop_pages(const h2o_buffer_t *in, size_t from, size_t to)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	uintptr_t begin = ((uintptr_t)in->bytes + from + page - 1) & ~(page - 1), end = ((uintptr_t)in->bytes + to) & ~(page - 1);
	if (in->_fd != -1 && begin < end)
		madvise((void *)begin, end - begin, MADV_DONTNEED);
}

static void drop_read(struct server_connection *c)
{
	const h2o_buffer_t *in = c->sock->input;
	if (in->size < c->dropped + DROP_BYTES)
		return;
	drop_pages(in, c->dropped, in->size);
	c->dropped = in->size;
}

void server_drop_body(const struct request *r, size_t from, size_t to)
{
	const h2o_req_t *req = r->native;
	const h2o_socket_t *sock = req->conn->callbacks->get_socket(req->conn);
	const char *start = sock->input->bytes, *body = req->entity.base;
	if (body >= start && to <= req->entity.len)
		drop_pages(sock->input, (size_t)(body - start) + from, (size_t)(body - start) + to);
}

/* --- the gate --- */

static void forget_large(struct server_connection *c)
{
	if (!c->large)
		return;
	c->large = false;
	c->server->large--;
}

/* The head is there: what does it announce, and may it come? */
static void judge(struct server_connection *c, const char *head, size_t len)
{
	struct server *s = c->server;
	struct head_body body = head_body(head, len);
	c->judged = true;
	if (!body.chunked && body.length <= SERVER_BODY_MAX)
		return;
	if (!s->config.on_large_body)
		return;
	c->refused = s->config.on_large_body(head, len);
	if (!c->refused && body.length > SERVER_LARGE_MAX)
		c->refused = ERROR_too_large;
	if (!c->refused && s->large >= SERVER_LARGE_COUNT)
		c->refused = ERROR_overloaded;
	if (c->refused)
		return;
	c->large = true;
	c->head_len = len;
	c->progress_ms = c->large_ms = (int64_t)uv_now(s->config.loop);
	c->seen = 0;
	c->dropped = 0;
	s->large++;
}

/* Most requests are a GET that came whole: those are not looked at. */
static void look(struct server_connection *c, const h2o_buffer_t *in)
{
	if (c->judged || in->size < 5 || in->bytes[0] == 'G' || in->bytes[0] == 'H')
		return;
	const char *end = memmem(in->bytes, in->size < HEAD_BYTES_MAX ? in->size : HEAD_BYTES_MAX, "\r\n\r\n", 4);
	if (end)
		judge(c, in->bytes, (size_t)(end + 4 - in->bytes));
}

static void gate(h2o_socket_t *sock, const char *err)
{
	struct server_connection *c = sock->on_close.data;
	struct server *s = c->server;
	if (!err) {
		look(c, sock->input);
		if (c->large)
			drop_read(c);
	}
	s->h2o.max_request_entity_size = c->large ? SERVER_LARGE_MAX : SERVER_BODY_MAX;
	s->h2o_read(sock, err);
	s->h2o.max_request_entity_size = SERVER_BODY_MAX;
}

static void stand_before(struct server_connection *c)
{
	if (!c->sock || c->request || c->stream || !c->sock->_cb.read || c->sock->_cb.read == gate)
		return;
	c->server->h2o_read = c->sock->_cb.read; /* it is the same function for all */
	c->sock->_cb.read = gate;
}

void server_guard_accepted(struct server_connection *c, h2o_socket_t *sock)
{
	c->sock = sock;
	c->since_ms = (int64_t)uv_now(c->server->config.loop);
	stand_before(c);
}

static void fresh_remove(struct server_connection *c)
{
	if (!c->fresh_link)
		return;
	*c->fresh_link = c->fresh_after;
	if (c->fresh_after)
		c->fresh_after->fresh_link = c->fresh_link;
	c->fresh_link = NULL;
}

/* h2o is about to set its own reader again; the gate follows at the end of the turn, before anything more is read. */
void server_guard_next(struct server_connection *c)
{
	struct server *s = c->server;
	forget_large(c);
	c->judged = false;
	c->refused = ERROR_none;
	c->since_ms = (int64_t)uv_now(s->config.loop);
	if (c->fresh_link)
		return;
	c->fresh_after = s->fresh;
	c->fresh_link = &s->fresh;
	if (c->fresh_after)
		c->fresh_after->fresh_link = &c->fresh_after;
	s->fresh = c;
}

void server_guard_closed(struct server_connection *c)
{
	forget_large(c);
	fresh_remove(c);
	c->sock = NULL;
}

void server_guard_turn(struct server *s)
{
	while (s->fresh) {
		struct server_connection *c = s->fresh;
		fresh_remove(c);
		stand_before(c);
	}
	/* after "100 Continue" h2o sets its own reader too */
	for (struct server_connection *c = s->large ? s->connections : NULL; c; c = c->after)
		if (c->large)
			stand_before(c);
}

/* --- the sweep --- */

static bool large_too_slow(struct server_connection *c, int64_t now_ms)
{
	size_t came = c->sock->input->size;
	if (came != c->seen) {
		c->seen = came;
		c->progress_ms = now_ms;
	}
	int64_t took = now_ms - c->large_ms;
	size_t body = came > c->head_len ? came - c->head_len : 0;
	return now_ms - c->progress_ms > SERVER_READ_MS || took > SERVER_LARGE_MS || (took > RATE_AFTER_MS && (int64_t)body < took / 1000 * SERVER_LARGE_RATE);
}

void server_guard_sweep(struct server *s, int64_t now_ms)
{
	for (struct server_connection *c = s->connections; c; c = c->after) {
		if (!c->sock || c->request || c->stream)
			continue;
		if (c->large ? large_too_slow(c, now_ms) : now_ms - c->since_ms > SERVER_READ_MS)
			server_cut(c);
	}
}
