#include "api/reply_claim.h"

#include "common/log.h"

#include "api/api.h"
#include "api/replies.h"
#include "api/socket.h"

#define RETRY_MS 500

static struct {
	uv_timer_t retry;
	struct pg_lock *lock;
	reply_claim_fn *ready;
	void *ctx;
	bool started, reading;
} claim;

static void begin(uv_timer_t *timer);

static void later(const char *why, enum error error)
{
	log_event(LOG_warn, "api.reply_partition_not_ours", LOG_S("why", why), LOG_S("error", error_row(error)->name));
	uv_timer_start(&claim.retry, begin, RETRY_MS, 0);
}

static void on_reading(void *ctx, enum error error)
{
	(void)ctx;
	if (error) {
		replies_stop();
		claim.reading = false;
		later("its reader did not start", error);
		return;
	}
	log_event(LOG_info, "api.reply_partition", LOG_I("partition", the_api.reply_partition));
	reply_claim_fn *ready = claim.ready;
	claim.ready = NULL;
	if (ready)
		ready(claim.ctx);
	else
		sockets_reconnect(); /* not earlier: until now an answer to whoever resumed would have been lost too */
}

static void read_partition(int32_t partition)
{
	if (claim.reading && the_api.reply_partition == partition)
		return;
	if (claim.reading)
		replies_stop();
	the_api.reply_partition = partition;
	enum error error = replies_start(on_reading, NULL);
	claim.reading = !error;
	if (error)
		later("its reader did not start", error);
}

static void on_lost(void *ctx, int key)
{
	(void)ctx;
	(void)key;
	pg_lock_release(&claim.lock);
	begin(&claim.retry);
}

static void on_got(void *ctx, int key)
{
	(void)ctx;
	if (key >= 0) {
		log_event(LOG_debug, "api.reply_partition_claimed", LOG_I("partition", key));
		read_partition(key);
		return;
	}
	pg_lock_release(&claim.lock);
	if (claim.reading) {
		/* somebody else may have ours: any free one will do the next time */
		the_api.reply_partition = -1;
		replies_stop();
		claim.reading = false;
	}
	later("every partition is taken, or the database is away", ERROR_db_unavailable);
}

static void begin(uv_timer_t *timer)
{
	(void)timer;
	const struct config *c = the_api.config;
	if (c->api_reply_partition >= 0) {
		read_partition((int32_t)c->api_reply_partition);
		return;
	}
	if (claim.lock) {
		read_partition(the_api.reply_partition);
		return;
	}
	bool again = the_api.reply_partition >= 0;
	int first = again ? the_api.reply_partition : 0;
	enum error error = pg_lock_claim(the_api.pg, API_REPLY_LOCK_SPACE, first, again ? 1 : (int)c->kafka_partitions, on_got, on_lost, NULL, &claim.lock);
	if (error)
		later("the lock", error);
}

void reply_claim_start(reply_claim_fn *ready, void *ctx)
{
	claim.ready = ready;
	claim.ctx = ctx;
	claim.started = true;
	uv_timer_init(the_api.loop, &claim.retry);
	begin(&claim.retry);
}

void reply_claim_stop(void)
{
	if (!claim.started)
		return;
	claim.started = false;
	uv_close((uv_handle_t *)&claim.retry, NULL);
	if (claim.reading)
		replies_stop();
	claim.reading = false;
	pg_lock_release(&claim.lock);
}
