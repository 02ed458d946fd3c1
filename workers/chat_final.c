/* chat_final.c - see chat_final.h. */
#include "workers/chat_final.h"

#include <assert.h>
#include <string.h>

#include "common/log.h"
#include "workers/chat_stream.h"

static const char *const status_names[] = { "complete", "stopped", "fallback" };

const char *chat_status_name(enum chat_status status)
{
	return status_names[status];
}

const struct profile *profile_decode(struct arena *a, const char *json)
{
	struct profile *profile = arena_new_of(a, struct profile);
	if (json && schema_decode(a, &schema_profile, json, strlen(json), profile, NULL))
		*profile = (struct profile){ 0 };
	return profile;
}

const struct ai_message *chat_final(const struct chat *c, struct arena *a)
{
	struct ai_message *m = arena_new_of(a, struct ai_message);
	m->type = "ai_message";
	m->session_id = c->asked->session_id;
	m->message_id = c->asked->message_id;
	m->attempt = c->attempt;
	m->seq = (int64_t)chat_stream_tokens(c) + (c->sent < c->text.len) + 1; /* what waits for its beat is one token more */
	m->content = buf_text(&c->text);
	m->status = chat_status_name(c->status);
	m->claims.v = c->answer.claims;
	m->claims.n = c->answer.claim_count;
	m->items.v = c->answer.items;
	m->items.n = c->answer.item_count;
	m->warnings.v = c->answer.warnings;
	m->warnings.n = c->answer.warning_count;
	m->suggestions.v = c->answer.suggestions;
	m->suggestions.n = c->answer.suggestion_count;
	m->profile = c->profile;
	m->menu_version = c->menu->version;
	m->provider = c->provider;
	return m;
}

/* Of claims, and of meta data: an answer holds at most a few hundred of them, so this is never reached. */
#define CHAT_JSON_MAX ((size_t)1 << 20)

static const char *text_of(struct arena *a, struct buf *json)
{
	assert(!buf_error(json));
	const char *text = arena_strdup(a, buf_text(json));
	buf_free(json);
	return text;
}

const char *chat_claims_json(struct arena *a, const struct answer *answer)
{
	struct buf json;
	buf_init(&json, CHAT_JSON_MAX);
	buf_char(&json, '[');
	for (size_t i = 0; i < answer->claim_count; i++) {
		if (i)
			buf_char(&json, ',');
		schema_encode(&json, &schema_claim, answer->claims[i]);
	}
	buf_char(&json, ']');
	return text_of(a, &json);
}

const char *chat_meta_json(struct arena *a, const struct chat *c)
{
	const struct ai_message *m = chat_final(c, a);
	struct answer_meta meta = { .seq = m->seq, .profile = m->profile, .outcome = c->outcome };
	meta.items.v = m->items.v;
	meta.items.n = m->items.n;
	meta.warnings.v = m->warnings.v;
	meta.warnings.n = m->warnings.n;
	meta.suggestions.v = m->suggestions.v;
	meta.suggestions.n = m->suggestions.n;
	meta.listed.v = c->answer.listed;
	meta.listed.n = c->answer.listed_count;
	struct buf json;
	buf_init(&json, CHAT_JSON_MAX);
	schema_encode(&json, &schema_answer_meta, &meta);
	return text_of(a, &json);
}

static void take_claims(struct ai_message *m, struct arena *a, const char *json)
{
	void *const *claims = NULL;
	size_t n = 0;
	if (json && schema_decode_list(a, &schema_claim, json, strlen(json), &claims, &n, NULL)) {
		log_event(LOG_error, "answer.claims_unreadable", LOG_S("message_id", m->message_id));
		return;
	}
	m->claims.v = (const struct claim *const *)claims;
	m->claims.n = n;
}

static void take_meta(struct ai_message *m, struct arena *a, const char *json)
{
	struct answer_meta *meta = arena_new_of(a, struct answer_meta);
	if (!json || schema_decode(a, &schema_answer_meta, json, strlen(json), meta, NULL)) {
		log_event(LOG_error, "answer.meta_unreadable", LOG_S("message_id", m->message_id));
		return;
	}
	m->seq = meta->seq;
	m->items.v = meta->items.v;
	m->items.n = meta->items.n;
	m->warnings.v = meta->warnings.v;
	m->warnings.n = meta->warnings.n;
	m->suggestions.v = meta->suggestions.v;
	m->suggestions.n = meta->suggestions.n;
	m->profile = meta->profile;
}

void stored_answer_send(struct worker *w, const struct session *session, const struct reply_address *to, struct arena *a,
                        const struct chat_recall_row *row)
{
	struct ai_message m = { .type = "ai_message", .session_id = session->session_id, .message_id = row->message_id, .attempt = row->attempt, .seq = 1, .content = row->content, .status = row->status, .profile = profile_decode(a, NULL), .menu_version = row->menu_version, .provider = row->provider ? row->provider : "builtin" };
	take_claims(&m, a, row->claims);
	take_meta(&m, a, row->meta_data);
	reply_try(w, session, &(struct reply){ .frame = "ai_message", .message_id = row->message_id, .to = to },
	          &schema_ai_message, &m);
}
