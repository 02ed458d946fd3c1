/* ws_client.c - see ws_client.h. */
#include "tests/support/ws_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define SEND_MS 5000
#define GOODBYE_MS 2000
#define HEAD_MAX 14
#define ANSWER_MAX (64 << 10)          /* of the answer to the upgrade */
#define KEY "dGhlIHNhbXBsZSBub25jZQ==" /* the RFC's own example */
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

struct ws_client {
	int fd;
	bool alive, no_pongs, said_goodbye;
	char *in;
	size_t in_len, in_cap, taken; /* taken: bytes of `in` that the last read handed out */
	char kept;                    /* the byte that its terminator stands on */
	int close_code, pings, pongs;
	char close_reason[126];
};

struct frame {
	int opcode;
	char *payload;
	size_t len, whole;
};

static void broken(const char *what)
{
	fprintf(stderr, "ws_client: the server broke the protocol: %s\n", what);
	abort();
}

static int64_t now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static bool wait_for(int fd, short events, int64_t until_ms)
{
	int64_t left = until_ms - now_ms();
	struct pollfd p = { .fd = fd, .events = events };

	return poll(&p, 1, left < 0 ? 0 : (int)left) > 0;
}

/* --- bytes --- */

void ws_client_send_bytes(struct ws_client *c, const void *bytes, size_t len)
{
	int64_t until = now_ms() + SEND_MS;
	const char *at = bytes;

	while (c->alive && len > 0) {
		ssize_t n = send(c->fd, at, len, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n > 0) {
			at += n;
			len -= (size_t)n;
		} else if (errno != EAGAIN || !wait_for(c->fd, POLLOUT, until)) {
			return; /* what the server said before it went can still be read */
		}
	}
}

/* Reads what is there, or waits for it. False: nothing within the time, or the end. */
static bool fill(struct ws_client *c, int64_t until_ms)
{
	if (c->in_cap - c->in_len < 16384) {
		c->in_cap = c->in_cap * 2 + 65536;
		c->in = realloc(c->in, c->in_cap);
		if (c->in == NULL)
			abort();
	}
	if (!c->alive || !wait_for(c->fd, POLLIN, until_ms))
		return false;
	ssize_t n = recv(c->fd, c->in + c->in_len, c->in_cap - c->in_len - 1, MSG_DONTWAIT);
	if (n <= 0) {
		if (n == 0 || errno != EAGAIN) {
			c->alive = false;
			if (c->close_code == 0)
				c->close_code = 1006;
		}
		return false;
	}
	c->in_len += (size_t)n;
	return true;
}

static void drop(struct ws_client *c, size_t len)
{
	memmove(c->in, c->in + len, c->in_len - len);
	c->in_len -= len;
}

/* --- opening --- */

static int connect_to(const struct ws_client_options *o)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)o->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

	if (fd < 0)
		return -1;
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
	if (o->receive_buffer > 0)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &o->receive_buffer, sizeof(o->receive_buffer));
	if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
		return fd;
	close(fd);
	return -1;
}

static void send_upgrade(struct ws_client *c, const struct ws_client_options *o)
{
	char head[4096];
	int n = snprintf(head, sizeof(head),
	                 "GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
	                 "Sec-WebSocket-Key: " KEY "\r\nSec-WebSocket-Version: %s\r\n%s\r\n",
	                 o->path, o->port, o->version ? o->version : "13", o->headers ? o->headers : "");
	if (n >= (int)sizeof(head))
		broken("no: the test's own headers are too long");
	ws_client_send_bytes(c, head, (size_t)n);
}

/* The status of the answer; what follows its head stays in `in`. */
static int read_answer(struct ws_client *c, int64_t until_ms)
{
	char *end;
	int status = 0;

	while (c->in_len == 0 || (c->in[c->in_len] = '\0', end = strstr(c->in, "\r\n\r\n")) == NULL)
		if (c->in_len > ANSWER_MAX || !fill(c, until_ms))
			return 0;
	sscanf(c->in, "HTTP/1.1 %d", &status);
	*end = '\0';
	if (status == 101 && strstr(c->in, ACCEPT) == NULL)
		broken("wrong Sec-WebSocket-Accept");
	drop(c, (size_t)(end + 4 - c->in));
	return status;
}

struct ws_client *ws_client_open_with(const struct ws_client_options *options, int64_t ms, int *status_r)
{
	int64_t until = now_ms() + ms;
	struct ws_client *c = calloc(1, sizeof(*c));
	int status = 0;

	if (c == NULL)
		abort();
	c->no_pongs = options->no_pongs;
	c->fd = connect_to(options);
	c->alive = c->fd >= 0;
	if (c->alive) {
		send_upgrade(c, options);
		status = read_answer(c, until);
	}
	if (status_r != NULL)
		*status_r = status;
	if (status != 101)
		ws_client_abort(&c);
	return c;
}

struct ws_client *ws_client_open(int port, const char *path, int64_t ms)
{
	return ws_client_open_with(&(struct ws_client_options){ .port = port, .path = path }, ms, NULL);
}

/* --- frames out --- */

void ws_client_send_frame(struct ws_client *c, unsigned char first, const void *payload, size_t len)
{
	static const unsigned char key[4] = { 0x11, 0x22, 0x33, 0x44 };
	unsigned char *wire = malloc(HEAD_MAX + len), *at = wire;
	const unsigned char *p = payload;

	if (wire == NULL)
		abort();
	*at++ = first;
	if (len < 126) {
		*at++ = (unsigned char)(0x80 | len);
	} else {
		int bytes = len <= 65535 ? 2 : 8;
		*at++ = (unsigned char)(0x80 | (bytes == 2 ? 126 : 127));
		for (int i = bytes - 1; i >= 0; i--)
			*at++ = (unsigned char)((uint64_t)len >> (8 * i));
	}
	memcpy(at, key, 4);
	at += 4;
	for (size_t i = 0; i < len; i++)
		*at++ = p[i] ^ key[i % 4];
	ws_client_send_bytes(c, wire, (size_t)(at - wire));
	free(wire);
}

void ws_client_send(struct ws_client *c, const char *text)
{
	ws_client_send_frame(c, 0x81, text, strlen(text));
}

/* --- frames in --- */

static uint64_t big_endian(const unsigned char *b, int bytes)
{
	uint64_t v = 0;

	for (int i = 0; i < bytes; i++)
		v = v << 8 | b[i];
	return v;
}

/* Is a whole frame at the front of `in`? */
static bool parse(const struct ws_client *c, struct frame *f)
{
	const unsigned char *b = (const unsigned char *)c->in;
	size_t head = 2;

	if (c->in_len < 2)
		return false;
	if ((b[0] & 0xf0) != 0x80)
		broken("a fragment or a reserved bit");
	if (b[1] & 0x80)
		broken("a masked frame");
	f->opcode = b[0] & 0x0f;
	f->len = b[1];
	if (b[1] >= 126) {
		int bytes = b[1] == 126 ? 2 : 8;
		head += (size_t)bytes;
		if (c->in_len < head)
			return false;
		f->len = big_endian(b + 2, bytes);
		if (f->len < (bytes == 2 ? 126 : 65536))
			broken("a length that is not in its shortest form");
	}
	f->whole = head + f->len;
	f->payload = c->in + head;
	return c->in_len >= f->whole;
}

static void note_close(struct ws_client *c, const struct frame *f)
{
	const unsigned char *b = (const unsigned char *)f->payload;

	c->close_code = f->len >= 2 ? b[0] << 8 | b[1] : 1005;
	snprintf(c->close_reason, sizeof(c->close_reason), "%.*s", f->len >= 2 ? (int)f->len - 2 : 0, f->payload + 2);
	if (!c->said_goodbye)
		ws_client_send_frame(c, 0x88, f->payload, f->len >= 2 ? 2 : 0);
	c->said_goodbye = true;
	c->alive = false;
}

static void take_control(struct ws_client *c, const struct frame *f)
{
	switch (f->opcode) {
	case 8:
		note_close(c, f);
		break;
	case 9:
		c->pings++;
		if (!c->no_pongs)
			ws_client_send_frame(c, 0x8a, f->payload, f->len);
		break;
	case 10:
		c->pongs++;
		break;
	default:
		broken("an unexpected opcode");
	}
}

/* The payload is terminated in place; the byte that stood there comes back before the next frame is looked at. */
static const char *hand_out(struct ws_client *c, const struct frame *f)
{
	c->taken = f->whole;
	if (f->whole == c->in_cap) {
		c->in = realloc(c->in, ++c->in_cap);
		if (c->in == NULL)
			abort();
	}
	char *end = c->in + f->whole;
	c->kept = *end;
	*end = '\0';
	return end - f->len;
}

const char *ws_client_read(struct ws_client *c, int64_t ms)
{
	int64_t until = now_ms() + ms;
	struct frame f;

	if (c->taken > 0) {
		c->in[c->taken] = c->kept;
		drop(c, c->taken);
		c->taken = 0;
	}
	for (;;) {
		while (parse(c, &f)) {
			if (f.opcode == 1)
				return hand_out(c, &f);
			take_control(c, &f);
			drop(c, f.whole);
			if (!c->alive)
				return NULL;
		}
		if (!fill(c, until) && (!c->alive || now_ms() >= until))
			return NULL;
	}
}

int ws_client_wait_close(struct ws_client *c, int64_t ms)
{
	int64_t until = now_ms() + ms;

	while (c->alive && now_ms() < until)
		ws_client_read(c, until - now_ms());
	return c->close_code;
}

int ws_client_close_code(const struct ws_client *c)
{
	return c->close_code;
}

const char *ws_client_close_reason(const struct ws_client *c)
{
	return c->close_reason;
}

bool ws_client_alive(const struct ws_client *c)
{
	return c->alive;
}

int ws_client_fd(const struct ws_client *c)
{
	return c->fd;
}

int ws_client_pings(const struct ws_client *c)
{
	return c->pings;
}

int ws_client_pongs(const struct ws_client *c)
{
	return c->pongs;
}

/* --- the end --- */

static void client_free(struct ws_client **c)
{
	if ((*c)->fd >= 0)
		close((*c)->fd);
	free((*c)->in);
	free(*c);
	*c = NULL;
}

void ws_client_close(struct ws_client **c)
{
	if (*c == NULL)
		return;
	if ((*c)->alive) {
		(*c)->said_goodbye = true;
		ws_client_send_frame(*c, 0x88, "\x03\xe8", 2);
		ws_client_wait_close(*c, GOODBYE_MS);
	}
	client_free(c);
}

void ws_client_abort(struct ws_client **c)
{
	struct linger now = { .l_onoff = 1, .l_linger = 0 };

	if (*c == NULL)
		return;
	if ((*c)->fd >= 0)
		setsockopt((*c)->fd, SOL_SOCKET, SO_LINGER, &now, sizeof(now));
	client_free(c);
}
