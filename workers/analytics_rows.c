/* analytics_rows.c - see analytics_rows.h. */
#include "workers/analytics_rows.h"

#include <stdbool.h>
#include <string.h>

#include "common/clock.h"
#include "common/guests.h"
#include "common/pg_copy.h"
#include "workers/search_vain.h"

#define DATA_MAX ((size_t)64 << 10)

/* Words of the metrics' alphabet need no quotes in an array; anything else becomes an underscore. */
static void put_word(struct buf *out, const char *word)
{
	for (;;) {
		size_t run = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_:.-");
		buf_append(out, word, run);
		word += run;
		if (!*word++)
			return;
		buf_char(out, '_');
	}
}

static void put_head(struct buf *out, const char *restaurant_id, const char *id, int64_t at_ms, const char *type)
{
	char at[CLOCK_TEXT];
	clock_text(at_ms, at);
	pg_copy_field(out, restaurant_id);
	pg_copy_field(out, id);
	pg_copy_field(out, at);
	pg_copy_field(out, type);
}

/* --- guests' events --- */

static const char *known_type(const char *type)
{
	static const char *const types[] = { "menu_view", "item_view", "search", "filter", "suggestion", "voice", "feedback", "language", "share", "install", "chat_open" };
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0)
			return type;
	return "other";
}

static void put_metrics(struct buf *out, const struct interaction *e, const struct search_vain *vain)
{
	bool feedback = strcmp(e->type, "feedback") == 0;
	buf_char(out, '{');
	if (!e->bot && feedback && e->rating) {
		buf_str(out, "thumbs:");
		put_word(out, e->rating);
	} else if (!e->bot && !feedback) {
		buf_str(out, "event:");
		buf_str(out, known_type(e->type));
	}
	if (!e->bot && e->item_id && strcmp(e->type, "item_view") == 0) {
		buf_str(out, ",seen:");
		put_word(out, e->item_id);
	}
	if (vain) {
		buf_str(out, ",lost:not_on_menu:");
		put_word(out, vain->food);
	}
	buf_str(out, "}\t\\N\t");
}

/* A question is what samples are made of. */
static void put_data(struct buf *out, const struct interaction *e, const struct search_vain *vain)
{
	static struct buf json;
	if (!json.max_bytes)
		buf_init(&json, DATA_MAX);
	buf_reset(&json);
	if (e->rating) {
		buf_str(&json, "{\"rating\":");
		buf_json_string(&json, e->rating);
		if (e->reason) {
			buf_str(&json, ",\"reason\":");
			buf_json_string(&json, e->reason);
		}
		buf_char(&json, '}');
	} else if (vain) {
		buf_str(&json, "{\"results\":0,\"question\":");
		buf_json_string(&json, vain->query);
		buf_char(&json, '}');
	}
	pg_copy_escape(out, json.len ? buf_text(&json) : e->data ? e->data
	                                                         : "{}");
	buf_char(out, '\n');
}

const char *analytics_rows_kind(const struct interaction *e)
{
	return strcmp(e->type, "feedback") == 0 && !e->rating ? "other" : e->type;
}

size_t analytics_rows_interactions(struct buf *out, const struct interactions *in)
{
	size_t bots = 0;
	for (size_t i = 0; i < in->events.n; i++) {
		const struct interaction *e = in->events.v[i];
		struct search_vain read;
		const struct search_vain *vain = search_vain_read(e, &read) ? &read : NULL;
		put_head(out, in->restaurant_id, e->id, e->at_ms, analytics_rows_kind(e));
		pg_copy_field(out, e->bot ? NULL : e->session_id);
		pg_copy_field(out, NULL);
		pg_copy_field(out, e->message_id);
		pg_copy_field(out, e->item_id);
		put_metrics(out, e, vain);
		put_data(out, e, vain);
		bots += e->bot;
	}
	return bots;
}

/* --- answers --- */

void analytics_rows_outcome(struct buf *out, const struct chat_outcome *in)
{
	bool guest = !in->bot && !guest_is_probe(in->session_id);
	put_head(out, in->restaurant_id, in->id, in->at_ms, ANALYTICS_KIND_OUTCOME);
	pg_copy_field(out, guest ? in->session_id : NULL);
	pg_copy_field(out, in->conversation_id);
	pg_copy_field(out, in->message_id);
	pg_copy_field(out, NULL);
	buf_char(out, '{');
	for (size_t i = 0; guest && i < in->metrics.n && i < in->amounts.n; i++) {
		buf_str(out, i ? "," : "");
		put_word(out, in->metrics.v[i]);
	}
	buf_str(out, "}\t{");
	for (size_t i = 0; guest && i < in->metrics.n && i < in->amounts.n; i++) {
		buf_str(out, i ? "," : "");
		buf_int(out, in->amounts.v[i]);
	}
	buf_str(out, "}\t");
	struct buf json;
	buf_init(&json, DATA_MAX);
	buf_char(&json, '{');
	if (in->question) {
		buf_str(&json, "\"question\":");
		buf_json_string(&json, in->question);
	}
	buf_char(&json, '}');
	pg_copy_escape(out, buf_text(&json));
	buf_free(&json);
	buf_char(out, '\n');
}
