/* password.c - see password.h. */
#include "api/password.h"

#include <errno.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "common/metric.h"

#define NICE 10
#define ALGORITHM crypto_pwhash_ALG_ARGON2ID13

struct password_call {
	uv_work_t work;
	uv_loop_t *loop;
	struct password_call *next; /* of those that wait */
	password_fn *done;          /* NULL: nobody wants to know any more */
	void *ctx;
	bool check, fits;
	enum error error;
	char hash[crypto_pwhash_STRBYTES]; /* to check against; the new one */
	size_t len;
	char password[];
};

static struct {
	struct password_call *first, **last;
	size_t running, waiting;
} queue;

static void on_pool(uv_work_t *work)
{
	struct password_call *c = work->data;
	setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE); /* of this thread only, on Linux */
	bool real = c->check && *c->hash;
	errno = 0;
	int failed = real ? crypto_pwhash_str_verify(c->hash, c->password, c->len) : crypto_pwhash_str_alg(c->hash, c->password, c->len, PASSWORD_PASSES, PASSWORD_MEMORY, ALGORITHM);
	c->fits = real && !failed;
	c->error = failed && (!real || errno == ENOMEM) ? ERROR_overloaded : ERROR_none;
}

static void start_next(void);

static void wipe(struct password_call *c)
{
	sodium_memzero(c, sizeof(*c) + c->len + 1);
	free(c);
}

static void on_done(uv_work_t *work, int status)
{
	struct password_call *c = work->data;
	(void)status;
	queue.running--;
	start_next();
	if (c->done)
		c->done(c->ctx, c->error, c->fits, c->check ? NULL : c->hash);
	wipe(c);
}

static void start(struct password_call *c)
{
	queue.running++;
	metric_add(METRIC_password_hashes, 1, c->check ? "check" : "make");
	if (uv_queue_work(c->loop, &c->work, on_pool, on_done))
		abort(); /* only without a function */
}

/* Nobody wants those any more whose asker went away. */
static void start_next(void)
{
	while (queue.first && queue.running < PASSWORD_AT_ONCE) {
		struct password_call *c = queue.first;
		queue.first = c->next;
		queue.waiting--;
		if (c->done)
			start(c);
		else
			wipe(c);
	}
}

static void wait_or_start(struct password_call *c)
{
	if (queue.running < PASSWORD_AT_ONCE) {
		start(c);
		return;
	}
	*(queue.first ? queue.last : &queue.first) = c;
	queue.last = &c->next;
	queue.waiting++;
}

static enum error begin(uv_loop_t *loop, const char *password, const struct password_call *wanted, struct password_call **call_r)
{
	size_t len = strlen(password);
	*call_r = NULL;
	if (queue.waiting >= PASSWORD_WAITING_MAX)
		return ERROR_overloaded;
	struct password_call *c = malloc(sizeof(*c) + len + 1);
	if (!c || sodium_init() < 0)
		abort();
	*c = *wanted;
	memcpy(c->password, password, len + 1);
	c->len = len;
	c->loop = loop;
	c->work.data = c;
	wait_or_start(c);
	*call_r = c;
	return ERROR_none;
}

enum error password_check(uv_loop_t *loop, const char *password, const char *hash, password_fn *done, void *ctx, struct password_call **call_r)
{
	struct password_call wanted = { .done = done, .ctx = ctx, .check = true };
	if (hash && strlen(hash) < sizeof(wanted.hash))
		memcpy(wanted.hash, hash, strlen(hash));
	return begin(loop, password, &wanted, call_r);
}

enum error password_make(uv_loop_t *loop, const char *password, password_fn *done, void *ctx, struct password_call **call_r)
{
	return begin(loop, password, &(struct password_call){ .done = done, .ctx = ctx }, call_r);
}

void password_cancel(struct password_call **call)
{
	struct password_call *c = *call;
	*call = NULL;
	if (c)
		c->done = NULL;
}
