/* account_admin.c - see account.h: the first platform admin. */
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/log.h"
#include "common/pg.h"
#include "common/text.h"

#include "api/account.h"
#include "api/api.h"
#include "api/password.h"

#define AGAIN_MS 1000

static struct {
	struct arena *arena; /* of one try */
	struct pg_call *call;
	struct password_call *hashing;
	uv_timer_t again;
	account_admin_fn *done;
	void *ctx;
	bool timer, told;
} admin;

const char *account_admin_fault(const struct config *config)
{
	size_t length = utf8_length(config->admin_password, strlen(config->admin_password));
	if (!*config->admin_email && !*config->admin_password)
		return NULL;
	if (!*config->admin_email || !*config->admin_password)
		return "ADMIN_EMAIL and ADMIN_PASSWORD go together: one of them is missing";
	if (!account_email_valid(config->admin_email))
		return "ADMIN_EMAIL is not an e-mail address";
	return length < ACCOUNT_PASSWORD_MIN || length > ACCOUNT_PASSWORD_MAX ? "ADMIN_PASSWORD must have 8 to 200 characters" : NULL;
}

static void finish(void)
{
	arena_free(&admin.arena);
	if (!admin.told)
		admin.done(admin.ctx);
	admin.told = true;
}

static void look(void);

static void on_again(uv_timer_t *timer)
{
	(void)timer;
	look();
}

static void later(enum error e)
{
	log_event(LOG_warn, "auth.admin_not_yet", LOG_S("error", error_row(e)->name));
	uv_timer_start(&admin.again, on_again, AGAIN_MS, 0);
}

static void on_put(void *ctx, const struct pg_result *result)
{
	(void)ctx;
	admin.call = NULL;
	if (result->error) {
		later(result->error);
		return;
	}
	log_event(LOG_info, "auth.admin_set");
	finish();
}

static void on_hash(void *ctx, enum error e, bool fits, const char *hash)
{
	char id[ID_TEXT];
	(void)ctx, (void)fits;
	admin.hashing = NULL;
	if (e) {
		later(e);
		return;
	}
	id_uuid(id);
	struct admin_put_params params = { .id = id, .email = the_api.config->admin_email, .password_hash = hash };
	admin.call = pg_query(the_api.pg, admin.arena, NULL, admin_put, &params, on_put, NULL);
}

static void make_hash(void)
{
	enum error e = password_make(the_api.loop, the_api.config->admin_password, on_hash, NULL, &admin.hashing);
	if (e)
		later(e);
}

static void on_check(void *ctx, enum error e, bool fits, const char *hash)
{
	(void)ctx, (void)hash;
	admin.hashing = NULL;
	if (e)
		later(e);
	else if (fits)
		finish();
	else
		make_hash();
}

static void on_found(void *ctx, const struct pg_result *result)
{
	const struct login_find_row *row = result->rows[0].v;
	(void)ctx;
	admin.call = NULL;
	if (result->error) {
		later(result->error);
		return;
	}
	if (!result->rows[0].n || !row->is_active || !row->is_platform_admin) {
		make_hash();
		return;
	}
	enum error e = password_check(the_api.loop, the_api.config->admin_password, row->password_hash, on_check, NULL, &admin.hashing);
	if (e)
		later(e);
}

static void look(void)
{
	arena_free(&admin.arena);
	admin.arena = arena_new();
	admin.call = pg_query(the_api.pg, admin.arena, NULL, login_find, &(struct login_find_params){ .email = the_api.config->admin_email }, on_found, NULL);
}

void account_admin_start(account_admin_fn *done, void *ctx)
{
	admin.done = done;
	admin.ctx = ctx;
	if (!*the_api.config->admin_email) {
		finish();
		return;
	}
	uv_timer_init(the_api.loop, &admin.again);
	uv_unref((uv_handle_t *)&admin.again);
	admin.timer = true;
	look();
}

void account_admin_stop(void)
{
	pg_cancel(&admin.call);
	password_cancel(&admin.hashing);
	if (admin.timer)
		uv_close((uv_handle_t *)&admin.again, NULL);
	admin.timer = false;
	arena_free(&admin.arena);
}
