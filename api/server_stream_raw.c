/* An upgraded connection: h2o writes the 101 and hands the socket over; from then on the handle is read and written here, past h2o's buffers. */
#include "api/server_stream.h"

#include <openssl/evp.h>
#include <openssl/sha.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

struct raw_write {
	uv_write_t write;
	struct stream *stream; /* outlives it: streams are freed after their handle is closed */
	struct bytes bytes;
};

static uv_stream_t *tcp_of(struct stream *st)
{
	return (uv_stream_t *)&st->connection->tcp;
}

static void on_written(uv_write_t *write, int status)
{
	struct raw_write *w = (struct raw_write *)write;
	struct stream *st = w->stream;
	st->in_flight = 0;
	bytes_free(&w->bytes);
	free(w);
	if (st->failed)
		return;
	if (status)
		stream_fail(st);
	else
		server_stream_dirty(st);
}

/* The kernel did not take all: libuv waits until it does. */
static void write_rest(struct stream *st)
{
	struct raw_write *w = calloc(1, sizeof(*w));
	if (!w)
		abort();
	w->stream = st;
	w->bytes = st->out;
	st->out = (struct bytes){ 0 };
	st->in_flight = w->bytes.len;
	uv_buf_t buf = uv_buf_init(w->bytes.at, (unsigned)w->bytes.len);
	if (uv_write(&w->write, tcp_of(st), &buf, 1, on_written)) {
		st->in_flight = 0;
		bytes_free(&w->bytes);
		free(w);
		stream_fail(st);
	}
}

static void shut_when_sent(struct stream *st)
{
	uv_os_fd_t fd;
	if (!st->closing || st->shut || stream_queued(st))
		return;
	st->shut = true;
	if (!uv_fileno((uv_handle_t *)tcp_of(st), &fd))
		shutdown(fd, SHUT_WR);
	stream_raw_read(st); /* until the other side closes too, or the deadline: closing with unread bytes would reset what was sent */
}

void stream_raw_flush(struct stream *st)
{
	if (!st->sock || st->failed || st->in_flight)
		return;
	if (st->out.len) {
		uv_buf_t buf = uv_buf_init(st->out.at, (unsigned)st->out.len);
		int n = uv_try_write(tcp_of(st), &buf, 1);
		if (n < 0 && n != UV_EAGAIN) {
			stream_fail(st);
			return;
		}
		if (n > 0)
			bytes_consume(&st->out, (size_t)n);
		if (st->out.len)
			write_rest(st);
	}
	if (!st->failed)
		shut_when_sent(st);
}

static void take(struct stream *st, const char *bytes, size_t len)
{
	if (st->closing || !st->on_read) {
		if (!st->closing)
			bytes_append(&st->unread, bytes, len);
		return;
	}
	if (st->unread.len || st->paused) {
		bytes_append(&st->unread, bytes, len);
		if (!st->paused)
			stream_raw_offer(st);
		return;
	}
	size_t used = st->on_read(st->ctx, bytes, len);
	if (used < len && !st->failed && !st->closing)
		bytes_append(&st->unread, bytes + used, len - used);
}

void stream_raw_offer(struct stream *st)
{
	if (!st->unread.len || !st->on_read || st->paused || st->failed || st->closing)
		return;
	/* moved aside: the owner may close the stream meanwhile */
	struct bytes offered = st->unread;
	st->unread = (struct bytes){ 0 };
	size_t used = st->on_read(st->ctx, offered.at, offered.len);
	if (st->failed || st->closing) {
		bytes_free(&offered);
		return;
	}
	bytes_consume(&offered, used);
	st->unread = offered;
}

static void give_buffer(uv_handle_t *handle, size_t suggested, uv_buf_t *buf)
{
	(void)suggested;
	*buf = uv_buf_init(connection_of(handle)->server->read_buffer, SERVER_READ_BYTES);
}

static void on_read(uv_stream_t *tcp, ssize_t n, const uv_buf_t *buf)
{
	struct stream *st = connection_of((uv_handle_t *)tcp)->stream;
	if (n < 0)
		stream_fail(st);
	else if (n > 0)
		take(st, buf->base, (size_t)n);
	if (!st->failed && st->unread.len > STREAM_UNREAD_MAX)
		stream_fail(st);
}

void stream_raw_read(struct stream *st)
{
	if (!st->sock || st->failed)
		return;
	bool wanted = !st->paused || st->closing;
	if (wanted == st->reading)
		return;
	st->reading = wanted;
	if (wanted)
		uv_read_start(tcp_of(st), give_buffer, on_read);
	else
		uv_read_stop(tcp_of(st));
}

/* The 101 is out; `sock` is ours, or NULL when the client was gone (its handle's close callback ends the stream). */
static void on_upgraded(void *data, h2o_socket_t *sock, size_t head_len)
{
	struct stream *st = data;
	if (!sock) {
		st->failed = true;
		return;
	}
	st->sock = sock;
	free(st->connection->memory);
	st->connection->memory = NULL;
	size_t more = sock->input->size - head_len;
	if (more) {
		bytes_append(&st->unread, sock->input->bytes + head_len, more);
		st->offer_again = true;
	}
	h2o_buffer_dispose(&sock->input);
	h2o_buffer_init(&sock->input, &h2o_socket_buffer_prototype);
	if (st->failed) { /* closed before it began */
		st->sock = NULL;
		h2o_socket_close(sock);
		return;
	}
	stream_raw_read(st);
	server_stream_dirty(st);
}

static bool token_listed(const char *list, size_t len, const char *token)
{
	return h2o_contains_token(list, len, token, strlen(token), ',');
}

static bool upgrade_asked(struct request *r, const char **key_r, size_t *key_len_r)
{
	const h2o_req_t *req = r->native;
	const char *connection;
	size_t connection_len;
	return r->method == METHOD_GET && !r->head && req->version == 0x101 && !req->entity.len &&
	       h2o_lcstris(req->upgrade.base, req->upgrade.len, H2O_STRLIT("websocket")) &&
	       request_header_literal(r, "connection", &connection, &connection_len) && token_listed(connection, connection_len, "upgrade") &&
	       request_header_literal(r, "sec-websocket-key", key_r, key_len_r);
}

/* 16 bytes in base64 are 22 characters and "==". */
static bool key_valid(const char *key, size_t len)
{
	unsigned char raw[20];
	if (len != 24 || key[22] != '=' || key[23] != '=' || key[21] == '=')
		return false;
	return EVP_DecodeBlock(raw, (const unsigned char *)key, 24) == 18;
}

static void accept_key(const char *key, char out[29])
{
	static const char guid[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
	unsigned char text[24 + sizeof(guid)], digest[SHA_DIGEST_LENGTH];
	memcpy(text, key, 24);
	memcpy(text + 24, guid, sizeof(guid) - 1);
	SHA1(text, 24 + sizeof(guid) - 1, digest);
	EVP_EncodeBlock((unsigned char *)out, digest, sizeof(digest));
}

struct stream *request_upgrade_websocket(struct request *r)
{
	const char *key = NULL, *version = NULL;
	size_t key_len = 0, version_len = 0;
	if (!upgrade_asked(r, &key, &key_len)) {
		request_set_header_static(r, "upgrade", "websocket");
		request_reply_error(r, ERROR_upgrade_required, "This address speaks WebSocket only.", NULL, 0);
		return NULL;
	}
	if (!request_header_literal(r, "sec-websocket-version", &version, &version_len) || version_len != 2 || memcmp(version, "13", 2)) {
		request_set_header_static(r, "sec-websocket-version", "13");
		request_reply_error(r, ERROR_upgrade_required, "Only version 13 of the WebSocket protocol is spoken.", NULL, 0);
		return NULL;
	}
	if (!key_valid(key, key_len)) {
		request_reply_error(r, ERROR_malformed_request, "Sec-WebSocket-Key is not 16 bytes in base64.", NULL, 0);
		return NULL;
	}
	h2o_req_t *req = r->native;
	struct stream *st = stream_new(r->connection, false);
	char accept[29];
	accept_key(key, accept);
	server_unwatch(r->connection);
	r->answered = true;
	r->streaming = true;
	r->gone = NULL;
	request_set_header_static(r, "upgrade", "websocket");
	request_set_header(r, "sec-websocket-accept", accept);
	server_set_head(r, 101, NULL);
	req->res.reason = "Switching Protocols";
	router_answered(r);
	h2o_http1_upgrade(req, NULL, 0, on_upgraded, st);
	server_unstash(st->connection, req->conn->callbacks->get_socket(req->conn));
	return st;
}
