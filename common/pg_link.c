/* pg_link.c - see pg_link.h. */
#include "common/pg_link.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

#define ADDRESSES_MAX 8
#define ADDRESSES_BYTES (ADDRESSES_MAX * (INET6_ADDRSTRLEN + 1))

void pg_copy_text(char *out, size_t size, const char *text)
{
	size_t length = text ? strnlen(text, size - 1) : 0;
	while (length && text[length - 1] == '\n')
		length--;
	if (length)
		memcpy(out, text, length);
	out[length] = '\0';
}

enum error pg_error_of(const char *sqlstate)
{
	static const struct {
		const char *prefix;
		enum error error;
	} rows[] = {
		{ "23", ERROR_db_conflict },
		{ "08", ERROR_db_unavailable },
		{ "57P0", ERROR_db_unavailable },  /* the server stops or starts */
		{ "53", ERROR_db_unavailable },    /* out of disk, memory or connections */
		{ "25006", ERROR_db_unavailable }, /* read only: a standby, since the primary changed */
		{ "57014", ERROR_deadline },       /* statement_timeout */
		{ "26000", ERROR_db_unavailable }, /* a prepared statement is gone */
		{ "0A000", ERROR_db_failed },
	};
	if (!*sqlstate)
		return ERROR_db_unavailable;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (strncmp(sqlstate, rows[i].prefix, strlen(rows[i].prefix)) == 0)
			return rows[i].error;
	return ERROR_db_failed;
}

/* --- the target --- */

static const struct {
	const char *keyword, *value;
} defaults[] = {
	{ "client_encoding", "UTF8" },
	{ "gssencmode", "disable" },
	{ "tcp_user_timeout", "10000" },
	{ "keepalives_idle", "10" },
	{ "keepalives_interval", "5" },
	{ "keepalives_count", "3" },
};

static bool is_name(const char *host)
{
	unsigned char address[sizeof(struct in6_addr)];
	return *host && *host != '/' && *host != '@' && !strchr(host, ',') && inet_pton(AF_INET, host, address) != 1 &&
	       inet_pton(AF_INET6, host, address) != 1;
}

static void add_word(struct pg_target *t, size_t *n, const char *keyword, const char *value)
{
	if (*n + 1 >= PG_WORDS_MAX)
		return;
	t->keywords[*n] = keyword;
	t->values[(*n)++] = value;
}

static const char *option_value(const struct pg_target *t, const char *keyword)
{
	for (const PQconninfoOption *o = t->options; o->keyword; o++)
		if (strcmp(o->keyword, keyword) == 0)
			return o->val;
	return NULL;
}

static void fill_words(struct pg_target *t)
{
	size_t n = 0;
	add_word(t, &n, "host", option_value(t, "host"));
	add_word(t, &n, "hostaddr", option_value(t, "hostaddr"));
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
		if (!option_value(t, defaults[i].keyword))
			add_word(t, &n, defaults[i].keyword, defaults[i].value);
	if (!option_value(t, "application_name"))
		add_word(t, &n, "application_name", t->program);
	for (const PQconninfoOption *o = t->options; o->keyword; o++)
		if (o->val && strcmp(o->keyword, "host") != 0 && strcmp(o->keyword, "hostaddr") != 0)
			add_word(t, &n, o->keyword, o->val);
	t->keywords[n] = NULL;
	t->values[n] = NULL;
}

enum error pg_target_parse(const char *conninfo, const char *program, struct pg_target *target)
{
	char *why = NULL;
	memset(target, 0, sizeof(*target));
	pg_copy_text(target->program, sizeof(target->program), program);
	target->options = PQconninfoParse(conninfo, &why);
	if (!target->options) {
		log_event(LOG_error, "db.bad_conninfo", LOG_S("detail", why ? why : "out of memory"));
		PQfreemem(why);
		return ERROR_invalid;
	}
	fill_words(target);
	if (target->values[0] && !target->values[1] && is_name(target->values[0]))
		target->lookup = target->values[0];
	return ERROR_none;
}

void pg_target_free(struct pg_target *target)
{
	PQconninfoFree(target->options);
	memset(target, 0, sizeof(*target));
}

/* --- the socket's watcher: a new one for each socket, since libpq may change it while connecting --- */

static void on_ready(uv_poll_t *poll, int status, int events);

static void free_handle(uv_handle_t *handle)
{
	free(handle);
}

static void unwatch(struct pg_link *l)
{
	if (!l->poll)
		return;
	l->poll->data = NULL;
	uv_close((uv_handle_t *)l->poll, free_handle);
	l->poll = NULL;
}

static bool watch(struct pg_link *l, int events)
{
	unwatch(l);
	uv_poll_t *poll = malloc(sizeof(*poll));
	if (!poll || uv_poll_init(l->loop, poll, PQsocket(l->conn))) {
		free(poll);
		return false;
	}
	poll->data = l;
	l->poll = poll;
	l->events = events;
	return uv_poll_start(poll, events, on_ready) == 0;
}

bool pg_link_alive(struct pg_link *l)
{
	if (l->conn && PQsocket(l->conn) >= 0 && PQstatus(l->conn) == CONNECTION_OK)
		return true;
	unwatch(l);
	return false;
}

void pg_link_want_write(struct pg_link *l, bool write)
{
	int events = UV_READABLE | (write ? UV_WRITABLE : 0);
	if (l->poll && l->events != events && uv_poll_start(l->poll, events, on_ready) == 0)
		l->events = events;
}

/* --- states --- */

static void on_pause_over(uv_timer_t *timer);
static void on_too_slow(uv_timer_t *timer);

static void set_state(struct pg_link *l, enum pg_link_state state, uint64_t timeout_ms)
{
	l->state = state;
	uv_timer_stop(&l->timer);
	if (timeout_ms)
		uv_timer_start(&l->timer, state == PG_LINK_PAUSE ? on_pause_over : on_too_slow, timeout_ms, 0);
}

static uint64_t pause_ms(const struct pg_link *l)
{
	unsigned doublings = l->failures < 6 ? l->failures : 6;
	uint64_t ms = (uint64_t)PG_BACKOFF_MIN_MS << doublings;
	if (ms > PG_BACKOFF_MAX_MS)
		ms = PG_BACKOFF_MAX_MS;
	/* A few per cent apart, so that a whole pool does not knock at once. */
	return ms - ((uintptr_t)l / 64 % 8) * ms / 40;
}

static void fail(struct pg_link *l, const char *why)
{
	char text[300];
	pg_copy_text(text, sizeof(text), why);
	unwatch(l);
	PQfinish(l->conn);
	l->conn = NULL;
	if (l->lookup)
		l->lookup->data = NULL;
	l->lookup = NULL;
	set_state(l, PG_LINK_PAUSE, pause_ms(l));
	l->failures++;
	l->calls->down(l, text);
}

void pg_link_drop(struct pg_link *l, const char *why)
{
	if (l->state == PG_LINK_UP || l->state == PG_LINK_CONNECTING)
		fail(l, why);
}

static void on_too_slow(uv_timer_t *timer)
{
	fail(timer->data, "connecting took too long");
}

/* --- connecting --- */

static void quiet(void *arg, const PGresult *result)
{
	(void)arg;
	log_event(LOG_debug, "db.notice", LOG_S("text", PQresultErrorMessage(result)));
}

static void connected(struct pg_link *l)
{
	PQsetnonblocking(l->conn, 1);
	if (!watch(l, UV_READABLE)) {
		fail(l, "the socket cannot be watched");
		return;
	}
	set_state(l, PG_LINK_UP, PG_CONNECT_MS);
	l->calls->up(l);
}

static void go_on(struct pg_link *l)
{
	unwatch(l);
	PostgresPollingStatusType status = PQconnectPoll(l->conn);
	if (status == PGRES_POLLING_OK)
		connected(l);
	else if (status == PGRES_POLLING_FAILED)
		fail(l, PQerrorMessage(l->conn));
	else if (!watch(l, status == PGRES_POLLING_READING ? UV_READABLE : UV_WRITABLE))
		fail(l, "the socket cannot be watched");
}

/* After an error libuv stops watching: what has arrived is still taken, then the connection is given up. */
static void on_ready(uv_poll_t *poll, int status, int events)
{
	struct pg_link *l = poll->data;
	if (!l)
		return;
	if (l->state == PG_LINK_CONNECTING) {
		go_on(l);
		return;
	}
	l->calls->ready(l, status < 0 || (events & UV_READABLE), events & UV_WRITABLE);
	if (status < 0 && l->state == PG_LINK_UP)
		fail(l, "the connection was reset");
}

static void connect_now(struct pg_link *l, const char *hosts, const char *addresses)
{
	const char *values[PG_WORDS_MAX];
	memcpy(values, l->target->values, sizeof(values));
	if (addresses) {
		values[0] = hosts;
		values[1] = addresses;
	}
	l->conn = PQconnectStartParams(l->target->keywords, values, 0);
	if (!l->conn || PQstatus(l->conn) == CONNECTION_BAD) {
		fail(l, l->conn ? PQerrorMessage(l->conn) : "out of memory");
		return;
	}
	PQsetNoticeReceiver(l->conn, quiet, NULL);
	set_state(l, PG_LINK_CONNECTING, PG_CONNECT_MS);
	if (!watch(l, UV_WRITABLE))
		fail(l, "the socket cannot be watched");
}

static void add_text(char *list, size_t size, const char *text)
{
	if (*list)
		strncat(list, ",", size - strlen(list) - 1);
	strncat(list, text, size - strlen(list) - 1);
}

/* libpq wants as many hosts as addresses: the same name for each. */
static void connect_to(struct pg_link *l, const struct addrinfo *found)
{
	char addresses[ADDRESSES_BYTES] = "", hosts[ADDRESSES_MAX * 256] = "", text[INET6_ADDRSTRLEN];
	size_t n = 0;
	for (const struct addrinfo *a = found; a && n < ADDRESSES_MAX; a = a->ai_next) {
		if (getnameinfo(a->ai_addr, a->ai_addrlen, text, sizeof(text), NULL, 0, NI_NUMERICHOST))
			continue;
		add_text(addresses, sizeof(addresses), text);
		add_text(hosts, sizeof(hosts), l->target->lookup);
		n++;
	}
	connect_now(l, hosts, addresses);
}

static void on_found(uv_getaddrinfo_t *lookup, int status, struct addrinfo *found)
{
	struct pg_link *l = lookup->data;
	free(lookup);
	if (l) {
		l->lookup = NULL;
		if (status < 0)
			fail(l, uv_strerror(status));
		else
			connect_to(l, found);
	}
	uv_freeaddrinfo(found);
}

static void look_up(struct pg_link *l)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	uv_getaddrinfo_t *lookup = malloc(sizeof(*lookup));
	set_state(l, PG_LINK_LOOKUP, PG_CONNECT_MS);
	if (!lookup || uv_getaddrinfo(l->loop, lookup, on_found, l->target->lookup, NULL, &hints)) {
		free(lookup);
		fail(l, "the host's name cannot be looked up");
		return;
	}
	lookup->data = l;
	l->lookup = lookup;
}

static void on_pause_over(uv_timer_t *timer)
{
	struct pg_link *l = timer->data;
	if (l->target->lookup)
		look_up(l);
	else
		connect_now(l, NULL, NULL);
}

/* --- beginning and end --- */

void pg_link_init(struct pg_link *l, uv_loop_t *loop, const struct pg_target *target, const struct pg_link_calls *calls)
{
	*l = (struct pg_link){ .loop = loop, .target = target, .calls = calls };
	uv_timer_init(loop, &l->timer);
	l->timer.data = l;
}

void pg_link_start(struct pg_link *l)
{
	l->state = PG_LINK_PAUSE;
	uv_timer_start(&l->timer, on_pause_over, 0, 0);
}

void pg_link_good(struct pg_link *l)
{
	l->failures = 0;
	uv_timer_stop(&l->timer);
}

static void on_timer_closed(uv_handle_t *handle)
{
	struct pg_link *l = handle->data;
	l->calls->ended(l);
}

void pg_link_end(struct pg_link *l)
{
	if (l->ending)
		return;
	l->ending = true;
	unwatch(l);
	PQfinish(l->conn);
	l->conn = NULL;
	if (l->lookup)
		l->lookup->data = NULL;
	l->lookup = NULL;
	l->state = PG_LINK_IDLE;
	uv_close((uv_handle_t *)&l->timer, on_timer_closed);
}
