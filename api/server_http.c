/* h2o_req_t -> struct request, and the answer back. */
#include "api/server_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "common/clock.h"

#include "api/head.h"

const char *server_reason(int status)
{
	static const struct {
		int status;
		const char *reason;
	} known[] = {
		{ 200, "OK" },
		{ 201, "Created" },
		{ 202, "Accepted" },
		{ 204, "No Content" },
		{ 304, "Not Modified" },
		{ 400, "Bad Request" },
		{ 401, "Unauthorized" },
		{ 403, "Forbidden" },
		{ 404, "Not Found" },
		{ 405, "Method Not Allowed" },
		{ 409, "Conflict" },
		{ 412, "Precondition Failed" },
		{ 413, "Content Too Large" },
		{ 415, "Unsupported Media Type" },
		{ 417, "Expectation Failed" },
		{ 422, "Unprocessable Content" },
		{ 426, "Upgrade Required" },
		{ 429, "Too Many Requests" },
		{ 431, "Request Header Fields Too Large" },
		{ 500, "Internal Server Error" },
		{ 502, "Bad Gateway" },
		{ 503, "Service Unavailable" },
		{ 504, "Gateway Timeout" },
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (known[i].status == status)
			return known[i].reason;
	return "Status";
}

static enum method method_of(h2o_iovec_t m)
{
	static const struct {
		const char *name;
		size_t len;
		enum method method;
	} known[] = {
		{ "GET", 3, METHOD_GET },
		{ "POST", 4, METHOD_POST },
		{ "HEAD", 4, METHOD_HEAD },
		{ "PUT", 3, METHOD_PUT },
		{ "PATCH", 5, METHOD_PATCH },
		{ "DELETE", 6, METHOD_DELETE },
		{ "OPTIONS", 7, METHOD_OPTIONS },
	};
	for (size_t i = 0; i < sizeof(known) / sizeof(*known); i++)
		if (m.len == known[i].len && !memcmp(m.base, known[i].name, m.len))
			return known[i].method;
	return METHOD_OTHER;
}

static void write_hex(char *out, uint64_t v)
{
	for (int i = 15; i >= 0; i--, v >>= 4)
		out[i] = "0123456789abcdef"[v & 15];
	out[16] = 0;
}

/* h2o calls its loggers when it disposes of a request: answered, gone or upgraded, always once. */
void server_on_request_end(h2o_logger_t *logger, h2o_req_t *req)
{
	(void)logger;
	struct server_connection *c = req->conn->callbacks->get_socket(req->conn)->on_close.data;
	struct server *s = c->server;
	struct request *r = c->request;
	server_guard_next(c);
	if (!r)
		return; /* h2o answered it by itself */
	c->request = NULL;
	if (r->before)
		r->before->after = r->after;
	else
		s->requests = r->after;
	if (r->after)
		r->after->before = r->before;
	s->live--;
	request_dispose(r);
}

/* HTTP/1.1 handles one request at a time on a connection, so each connection has the memory of one. */
static struct request *request_new(struct server_connection *c, h2o_req_t *req)
{
	struct server *s = c->server;
	if (!c->memory && !(c->memory = malloc(sizeof(*c->memory))))
		abort();
	struct request *r = c->memory;
	memset(r, 0, sizeof(*r));
	r->native = req;
	r->connection = c;
	c->request = r;
	r->after = s->requests;
	if (r->after)
		r->after->before = r;
	s->requests = r;
	s->live++;
	r->started_us = clock_us();
	r->method = method_of(req->input.method);
	r->head = r->method == METHOD_HEAD;
	if (r->head)
		r->method = METHOD_GET;
	memcpy(r->id, s->id_prefix, 8);
	write_hex(r->id + 8, ++s->request_counter);
	return r;
}

/* What h2o let through although it should not have; answered here. */
static bool refused(struct request *r, h2o_req_t *req, h2o_socket_t *sock)
{
	struct head_verdict v = head_check(sock->input->bytes, sock->input->size, req->version >= 0x101);
	if (v.fault) {
		req->http1_is_persistent = 0; /* where this message ends is in doubt */
		request_reply_error(r, v.too_large ? ERROR_header_too_large : ERROR_malformed_request, v.fault, NULL, 0);
		return true;
	}
	if (!target_parse(req->input.path.base, req->input.path.len, &r->target)) {
		request_reply_error(r, ERROR_malformed_request, "The address holds something that cannot be in one.", NULL, 0);
		return true;
	}
	return false;
}

/* HTTP/1.1 connections last unless "close" is said; h2o wants "keep-alive" as soon as there is a Connection header (as of an upgrade that we refuse). */
static void stay_open(struct request *r, h2o_req_t *req)
{
	const char *connection;
	size_t len;
	if (req->version == 0x101 && !r->connection->server->draining && request_header_literal(r, "connection", &connection, &len) && !h2o_contains_token(connection, len, H2O_STRLIT("close"), ','))
		req->http1_is_persistent = 1;
}

int server_on_request(h2o_handler_t *handler, h2o_req_t *req)
{
	(void)handler;
	h2o_socket_t *sock = req->conn->callbacks->get_socket(req->conn);
	struct server_connection *c = sock->on_close.data;
	struct request *r = request_new(c, req);
	stay_open(r, req);
	if (!refused(r, req, sock))
		c->server->config.on_request(r);
	return 0;
}

void server_set_head(struct request *r, int status, const char *content_type)
{
	h2o_req_t *req = r->native;
	r->status = status;
	req->res.status = status;
	req->res.reason = server_reason(status);
	if (content_type)
		h2o_add_header(&req->pool, &req->res.headers, H2O_TOKEN_CONTENT_TYPE, NULL, content_type, strlen(content_type));
	request_set_header_n(r, "x-request-id", strlen("x-request-id"), r->id, REQUEST_ID_TEXT - 1);
	router_decorate(r, status, content_type);
}

void server_answer(struct request *r, int status, const char *content_type, const void *bytes, size_t len, struct blob *blob)
{
	static h2o_generator_t nothing_more;
	h2o_req_t *req = r->native;
	assert(req && !r->answered);
	r->answered = true;
	r->gone = NULL;
	r->blob = blob ? blob_keep(blob) : NULL;
	r->answered_ms = (int64_t)uv_now(r->connection->server->config.loop);
	server_unwatch(r->connection);
	server_set_head(r, status, content_type);
	bool bodyless = status == 204 || status == 304;
	if (!bodyless)
		req->res.content_length = len;
	router_answered(r);
	h2o_iovec_t body = h2o_iovec_init(bytes, len);
	h2o_start_response(req, &nothing_more);
	h2o_send(req, &body, r->head || bodyless || !len ? 0 : 1, H2O_SEND_STATE_FINAL);
	server_unstash(r->connection, req->conn->callbacks->get_socket(req->conn));
}

char *server_keep(struct request *r, const void *bytes, size_t len)
{
	h2o_req_t *req = r->native;
	return h2o_strdup(&req->pool, bytes, len).base;
}

void server_address(const struct request *r, char *out, size_t size)
{
	server_peer(r->connection, out, size);
}

void request_set_header_n(struct request *r, const char *name, size_t name_len, const char *value, size_t value_len)
{
	h2o_req_t *req = r->native;
	h2o_add_header_by_str(&req->pool, &req->res.headers, name, name_len, 0, NULL, value, value_len);
}

void request_set_header(struct request *r, const char *name, const char *value)
{
	size_t name_len = strlen(name), value_len = strlen(value);
	request_set_header_n(r, server_keep(r, name, name_len), name_len, server_keep(r, value, value_len), value_len);
}

bool request_header_view(const struct request *r, const char *name, size_t name_len, const char **value_r, size_t *len_r)
{
	const h2o_req_t *req = r->native;
	for (size_t i = 0; i < req->headers.size; i++) {
		const h2o_header_t *h = &req->headers.entries[i];
		if (h->name->len == name_len && !memcmp(h->name->base, name, name_len)) {
			*value_r = h->value.base;
			*len_r = h->value.len;
			return true;
		}
	}
	if (name_len != 4 || memcmp(name, "host", 4) || !req->input.authority.len)
		return false;
	*value_r = req->input.authority.base;
	*len_r = req->input.authority.len;
	return true;
}

const char *request_body(const struct request *r, size_t *len_r)
{
	const h2o_req_t *req = r->native;
	*len_r = req->entity.len;
	return req->entity.len ? req->entity.base : "";
}

/* Oldest answers are at the list's end, but a waiting request may be older than all: each is looked at, twice a second. */
void server_sweep_requests(struct server *s, int64_t now_ms)
{
	for (struct request *r = s->requests; r; r = r->after)
		if (r->answered && !r->streaming && now_ms - r->answered_ms > SERVER_SEND_MS)
			server_cut(r->connection);
}
