#include "api/digest.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "api/api.h"

#define HASH_BYTES ((DIGEST_TEXT - 1) / 2)

struct digest {
	uv_timer_t timer;
	crypto_generichash_state state;
	const unsigned char *bytes;
	size_t len, at;
	digest_done_fn *done;
	void *ctx;
};

static void on_closed(uv_handle_t *handle)
{
	free(handle->data);
}

void digest_cancel(struct digest **dp)
{
	struct digest *d = *dp;
	*dp = NULL;
	if (d)
		uv_close((uv_handle_t *)&d->timer, on_closed);
}

static void finish(struct digest *d)
{
	unsigned char hash[HASH_BYTES];
	char hex[DIGEST_TEXT];
	digest_done_fn *done = d->done;
	void *ctx = d->ctx;
	crypto_generichash_final(&d->state, hash, sizeof(hash));
	sodium_bin2hex(hex, sizeof(hex), hash, sizeof(hash));
	digest_cancel(&d);
	done(ctx, hex);
}

static void on_turn(uv_timer_t *timer)
{
	struct digest *d = timer->data;
	size_t n = d->len - d->at < DIGEST_AT_ONCE ? d->len - d->at : DIGEST_AT_ONCE;
	crypto_generichash_update(&d->state, d->bytes + d->at, n);
	d->at += n;
	if (d->at == d->len)
		finish(d);
	else
		uv_timer_start(timer, on_turn, 0, 0);
}

struct digest *digest_start(const char *about, const void *bytes, size_t len, digest_done_fn *done, void *ctx)
{
	struct digest *d = calloc(1, sizeof(*d));
	if (!d)
		abort();
	*d = (struct digest){ .bytes = bytes, .len = len, .done = done, .ctx = ctx };
	crypto_generichash_init(&d->state, NULL, 0, HASH_BYTES);
	crypto_generichash_update(&d->state, (const unsigned char *)about, strlen(about) + 1);
	uv_timer_init(the_api.loop, &d->timer);
	d->timer.data = d;
	uv_timer_start(&d->timer, on_turn, 0, 0);
	return d;
}
