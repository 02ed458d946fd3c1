/* POST /api/v1/menu/imports - a menu's file, to be looked at first and applied later. */
#include <string.h>
#include <strings.h>

#include "common/id.h"
#include "common/pg.h"

#include "schemas.h"

#include "api/access.h"
#include "api/api.h"
#include "api/digest.h"
#include "api/imports.h"
#include "api/operation_id.h"
#include "api/router.h"
#include "api/upload.h"

#define RETRY_S 2

struct importing {
	struct request *request;
	struct import_uploaded about;
	struct digest *digest;
	struct pg_call *call;
	struct upload *upload;
	char key_id[ID_TEXT];
};

static const struct {
	const char *type, *format;
} formats[] = {
	{ "text/csv", "csv" },
	{ "application/json", "json" },
	{ "application/x-ndjson", "ndjson" },
};

/* NULL: none of ours. */
static const char *format_of(struct request *r)
{
	const char *type = request_header(r, "content-type"), *encoding = request_header(r, "content-encoding");
	size_t len = type ? strcspn(type, "; \t") : 0;
	if (encoding && strcasecmp(encoding, "identity") != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(formats) / sizeof(*formats); i++)
		if (strlen(formats[i].type) == len && !strncasecmp(formats[i].type, type, len))
			return formats[i].format;
	return NULL;
}

static void on_gone(void *ctx)
{
	struct importing *i = ctx;
	digest_cancel(&i->digest);
	pg_cancel(&i->call);
	upload_cancel(&i->upload);
}

static void take(struct importing *i)
{
	struct request *r = i->request;
	request_on_gone(r, NULL, NULL);
	imports_taken(i->about.import_id, i->about.restaurant_id);
	request_set_header(r, "location", arena_printf(request_arena(r), "/api/v1/menu/imports/%s", i->about.import_id));
	request_reply_json(r, 202, &schema_import_accepted, &(struct import_accepted){ .id = i->about.import_id, .status = "receiving" });
}

static void refuse(struct importing *i, enum error e, const char *detail)
{
	request_on_gone(i->request, NULL, NULL);
	request_reply_error(i->request, e, detail, NULL, e == ERROR_invalid ? 0 : RETRY_S);
}

static void on_uploaded(void *ctx, enum error e)
{
	struct importing *i = ctx;
	i->upload = NULL;
	if (e)
		refuse(i, e, NULL);
	else
		take(i);
}

static void upload(struct importing *i)
{
	i->upload = upload_start(i->request, &i->about, on_uploaded, i);
}

/* --- Idempotency-Key --- */

/* The first half of the id is made of the key, the second of the file: the same again finds the same import, and another file with that key is seen by its second half. */
#define HALF strlen("01234567-0123-8123")

static const char *id_of(struct importing *i, const char *second)
{
	return arena_printf(request_arena(i->request), "%.*s%s", (int)HALF, i->key_id, second);
}

static void on_known(void *ctx, const struct pg_result *result)
{
	struct importing *i = ctx;
	const struct import_of_key_row *row = result->rows[0].v;
	i->call = NULL;
	if (result->error)
		refuse(i, result->error, NULL);
	else if (!result->rows[0].n)
		upload(i);
	else if (strcmp(row->id, i->about.import_id) != 0)
		refuse(i, ERROR_invalid, "This Idempotency-Key was used for another file.");
	else if (imports_restaurant(row->id))
		take(i);
	else
		upload(i); /* it is not known whether the first try came to its end; what is there already counts once */
}

static void on_digest(void *ctx, const char *hex)
{
	struct importing *i = ctx;
	char file_id[ID_TEXT];
	i->digest = NULL;
	operation_object_id(file_id, hex);
	i->about.import_id = id_of(i, file_id + HALF);
	struct import_of_key_params params = { .lowest = id_of(i, "-0000-000000000000"), .highest = id_of(i, "-ffff-ffffffffffff") };
	i->call = pg_query(the_api.pg, request_arena(i->request), i->about.restaurant_id, import_of_key, &params, on_known, i);
}

static void begin(struct importing *i, const char *key)
{
	struct arena *a = request_arena(i->request);
	struct import_uploaded *about = &i->about;
	size_t len;
	const char *bytes = request_body(i->request, &len);
	request_on_gone(i->request, on_gone, i);
	if (!key || !*key) {
		char *id = arena_alloc(a, ID_TEXT);
		id_uuid(id);
		about->import_id = id;
		upload(i);
		return;
	}
	operation_id_of(i->key_id, about->user_id, "POST", "/api/v1/menu/imports", key);
	i->digest = digest_start(arena_printf(a, "%s %s %s %s", about->restaurant_id, about->format, about->mode, about->on_error), bytes, len, on_digest, i);
}

void import_create_handle(struct request *r, const struct file *body)
{
	(void)body;
	const struct principal *who = request_principal(r);
	const char *format = format_of(r);
	size_t len;
	request_body(r, &len);
	if (!format) {
		request_reply_error(r, ERROR_unsupported_media, "Send the file itself, as text/csv, application/json or application/x-ndjson, without a Content-Encoding.", NULL, 0);
		return;
	}
	if (!len) {
		request_reply_error(r, ERROR_invalid, "The file is empty.", NULL, 0);
		return;
	}
	struct importing *i = arena_new_of(request_arena(r), struct importing);
	*i = (struct importing){ .request = r };
	i->about = (struct import_uploaded){
		.restaurant_id = who->restaurant_id,
		.user_id = who->user_id,
		.user_email = who->email,
		.format = format,
		.mode = request_query_choice(r, "mode"),
		.on_error = request_query_choice(r, "on_error"),
	};
	begin(i, request_header(r, "idempotency-key"));
}
