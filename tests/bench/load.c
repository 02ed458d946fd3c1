/* load.c - see load.h. */
#include "tests/bench/load.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <uv.h>

#include "common/id.h"

#define SLUG "the-cookie-jar"
#define READ_MAX 65536
#define TIMES_MAX 4000000

struct guest {
	uv_tcp_t tcp;
	uv_connect_t connect;
	char session[24];
	char in[8192]; /* frames not complete yet */
	size_t in_len;
	bool upgraded, asking, first_seen, counts;
	int64_t asked_us; /* when the question was due */
};

static struct load_options options;
static struct guest **guests;
static size_t guest_count;
static uv_loop_t *loop;
static uv_timer_t pace, phase;
static int64_t run_began_us, due_us, ready, answered, failed;
static bool running, stopping;
static size_t turn;
static float *first_ms, *answer_ms;
static size_t first_n, answer_n;
static void (*measured_fn)(void *, int);
static void *measured_ctx;

static int64_t now_us(void)
{
	return (int64_t)(uv_hrtime() / 1000);
}

static void note(float *times, size_t *n, int64_t since_us)
{
	if (*n < TIMES_MAX)
		times[(*n)++] = (float)((double)(now_us() - since_us) / 1e3);
}

/* --- writing: the mask key is 0, so the payload goes out as it is --- */

static void on_written(uv_write_t *write, int status)
{
	(void)status;
	free(write);
}

static void send_bytes(struct guest *g, const char *bytes, size_t len)
{
	uv_buf_t now = uv_buf_init((char *)bytes, (unsigned)len);
	int sent = uv_try_write((uv_stream_t *)&g->tcp, &now, 1);
	if (sent == (int)len)
		return;
	size_t rest = len - (sent > 0 ? (size_t)sent : 0);
	uv_write_t *write = malloc(sizeof(*write) + rest);
	char *copy = (char *)(write + 1);
	memcpy(copy, bytes + len - rest, rest);
	uv_buf_t later = uv_buf_init(copy, (unsigned)rest);
	uv_write(write, (uv_stream_t *)&g->tcp, &later, 1, on_written);
}

static void ask(struct guest *g, int64_t due)
{
	char text[400], frame[420], id[ID_TEXT];
	id_uuid(id);
	int n = snprintf(text, sizeof(text),
	                 "{\"type\":\"chat_message\",\"message\":\"Tell me about your cookies\",\"session_id\":\"%s\",\"message_id\":\"%s\"}",
	                 g->session, id);
	memcpy(frame, (unsigned char[]){ 0x81, 0xFE, (unsigned char)(n >> 8), (unsigned char)n, 0, 0, 0, 0 }, 8);
	memcpy(frame + 8, text, (size_t)n);
	g->asking = true;
	g->first_seen = false;
	g->counts = running;
	g->asked_us = due;
	send_bytes(g, frame, (size_t)n + 8);
}

/* --- reading --- */

static bool begins(const char *text, size_t len, const char *start)
{
	size_t n = strlen(start);
	return len >= n && memcmp(text, start, n) == 0;
}

static void take_error(struct guest *g, const char *text, size_t len)
{
	if (failed++ < 3)
		fprintf(stderr, "load: %.*s\n", (int)len, text);
	g->asking = false;
}

static void take_answer(struct guest *g)
{
	g->asking = false;
	if (g->counts && running) {
		answered++;
		note(answer_ms, &answer_n, g->asked_us);
	}
	if (options.rate == 0 && !stopping)
		ask(g, now_us());
}

static void take_frame(struct guest *g, const char *text, size_t len)
{
	bool final = begins(text, len, "{\"type\":\"ai_message\"");
	if (begins(text, len, "{\"type\":\"error\"")) {
		take_error(g, text, len);
		return;
	}
	if (!g->asking || (!final && !begins(text, len, "{\"type\":\"token\"")))
		return;
	if (!g->first_seen && g->counts)
		note(first_ms, &first_n, g->asked_us);
	g->first_seen = true;
	if (final)
		take_answer(g);
}

/* Length of the whole frame at `in`, 0 when it is not complete. */
static size_t frame_length(const unsigned char *in, size_t len, size_t *payload_r)
{
	if (len < 2)
		return 0;
	size_t head = 2, n = in[1] & 127;
	if (n == 126) {
		head = 4;
		if (len < head)
			return 0;
		n = (size_t)in[2] << 8 | in[3];
	} else if (n == 127) {
		head = 10;
		if (len < head)
			return 0;
		n = (size_t)in[6] << 24 | (size_t)in[7] << 16 | (size_t)in[8] << 8 | in[9];
	}
	*payload_r = n;
	return len >= head + n ? head + n : 0;
}

static size_t skip_head(struct guest *g, const char *bytes, size_t len)
{
	const char *end = memmem(bytes, len, "\r\n\r\n", 4);
	if (!end)
		return 0;
	if (memcmp(bytes, "HTTP/1.1 101", 12) != 0) {
		fprintf(stderr, "load: no upgrade: %.*s\n", (int)(end - bytes), bytes);
		exit(1);
	}
	g->upgraded = true;
	return (size_t)(end - bytes) + 4;
}

static size_t take_bytes(struct guest *g, const char *bytes, size_t len)
{
	size_t used = g->upgraded ? 0 : skip_head(g, bytes, len), payload = 0;
	if (!g->upgraded)
		return 0;
	for (size_t n; (n = frame_length((const unsigned char *)bytes + used, len - used, &payload)); used += n) {
		const char *text = bytes + used + n - payload;
		if ((bytes[used] & 15) != 1)
			continue;
		if (payload > 17 && memcmp(text, "{\"type\":\"welcome\"", 17) == 0)
			ready++;
		else
			take_frame(g, text, payload);
	}
	return used;
}

static char read_buffer[READ_MAX];

static void give_buffer(uv_handle_t *handle, size_t size, uv_buf_t *buf)
{
	struct guest *g = (struct guest *)handle;
	(void)size;
	memcpy(read_buffer, g->in, g->in_len);
	*buf = uv_buf_init(read_buffer + g->in_len, (unsigned)(READ_MAX - g->in_len));
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct guest *g = (struct guest *)stream;
	(void)buf;
	if (n < 0) {
		failed++;
		uv_read_stop(stream);
		return;
	}
	size_t len = g->in_len + (size_t)n, used = take_bytes(g, read_buffer, len);
	g->in_len = len - used;
	if (g->in_len > sizeof(g->in)) {
		fprintf(stderr, "load: a frame of more than %zu bytes\n", sizeof(g->in));
		exit(1);
	}
	memcpy(g->in, read_buffer + used, g->in_len);
}

/* --- opening --- */

static void on_connected(uv_connect_t *connect, int status)
{
	static const char head[] = "GET /ws/" SLUG " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				   "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
	struct guest *g = connect->data;
	if (status) {
		fprintf(stderr, "load: connect: %s\n", uv_strerror(status));
		exit(1);
	}
	uv_tcp_nodelay(&g->tcp, 1);
	uv_read_start((uv_stream_t *)&g->tcp, give_buffer, on_read);
	send_bytes(g, head, sizeof(head) - 1);
}

static void open_guest(int port)
{
	struct guest *g = calloc(1, sizeof(*g));
	struct sockaddr_in address;
	uv_ip4_addr("127.0.0.1", port, &address);
	uv_tcp_init(loop, &g->tcp);
	id_random_hex(g->session, 8);
	g->connect.data = g;
	guests[guest_count++] = g;
	uv_tcp_connect(&g->connect, &g->tcp, (struct sockaddr *)&address, on_connected);
}

static void open_all(int port, int n)
{
	loop = uv_default_loop();
	guests = calloc((size_t)n, sizeof(*guests));
	guest_count = 0;
	ready = 0;
	for (int i = 0; i < n; i++) {
		open_guest(port);
		/* A few at a time: the kernel's queue of new connections is short. */
		while (ready + 64 < (int64_t)guest_count)
			uv_run(loop, UV_RUN_ONCE);
	}
	while (ready < n)
		uv_run(loop, UV_RUN_ONCE);
}

static void free_guest(uv_handle_t *handle)
{
	free(handle);
}

static void close_all(void)
{
	for (size_t i = 0; i < guest_count; i++)
		uv_close((uv_handle_t *)&guests[i]->tcp, free_guest);
	uv_run(loop, UV_RUN_DEFAULT);
	free(guests);
}

/* --- the run --- */

static struct guest *free_guest_now(void)
{
	for (size_t i = 0; i < guest_count; i++) {
		struct guest *g = guests[turn++ % guest_count];
		if (!g->asking)
			return g;
	}
	return NULL;
}

static void on_pace(uv_timer_t *timer)
{
	(void)timer;
	for (int64_t now = now_us(); due_us <= now && !stopping;) {
		struct guest *g = free_guest_now();
		if (!g)
			return;
		ask(g, due_us);
		due_us += (int64_t)(1e6 / options.rate);
	}
}

static void on_end(uv_timer_t *timer)
{
	(void)timer;
	running = false;
	stopping = true;
	if (measured_fn)
		measured_fn(measured_ctx, 1);
	uv_stop(loop);
}

static void on_warm(uv_timer_t *timer)
{
	running = true;
	run_began_us = now_us();
	if (measured_fn)
		measured_fn(measured_ctx, 0);
	uv_timer_start(timer, on_end, (uint64_t)options.run_ms, 0);
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;
	return (x > y) - (x < y);
}

static double percentile(const float *times, size_t n, double p)
{
	return n ? (double)times[(size_t)((double)(n - 1) * p)] : 0;
}

static void begin(void)
{
	due_us = now_us();
	uv_timer_init(loop, &phase);
	uv_timer_start(&phase, on_warm, (uint64_t)options.warm_up_ms, 0);
	uv_timer_init(loop, &pace);
	if (options.rate > 0)
		uv_timer_start(&pace, on_pace, 1, 1);
	for (size_t i = 0; i < guest_count && options.rate == 0; i++)
		ask(guests[i], now_us());
}

struct load_result load_run(const struct load_options *o, void (*measured)(void *ctx, int end), void *ctx)
{
	options = *o;
	measured_fn = measured;
	measured_ctx = ctx;
	first_ms = malloc(TIMES_MAX * sizeof(float));
	answer_ms = malloc(TIMES_MAX * sizeof(float));
	first_n = answer_n = 0;
	answered = failed = 0;
	running = stopping = false;
	open_all(o->port, o->sockets);
	begin();
	uv_run(loop, UV_RUN_DEFAULT);
	struct load_result r = { .chats = answered, .errors = failed, .seconds = (double)(now_us() - run_began_us) / 1e6 };
	uv_close((uv_handle_t *)&phase, NULL);
	uv_close((uv_handle_t *)&pace, NULL);
	close_all();
	qsort(first_ms, first_n, sizeof(float), by_value);
	qsort(answer_ms, answer_n, sizeof(float), by_value);
	r.first_p50_ms = percentile(first_ms, first_n, 0.5);
	r.first_p99_ms = percentile(first_ms, first_n, 0.99);
	r.answer_p50_ms = percentile(answer_ms, answer_n, 0.5);
	r.answer_p99_ms = percentile(answer_ms, answer_n, 0.99);
	free(first_ms);
	free(answer_ms);
	return r;
}

int load_idle_open(int port, int sockets)
{
	open_all(port, sockets);
	return (int)ready;
}

void load_idle_close(void)
{
	close_all();
}
