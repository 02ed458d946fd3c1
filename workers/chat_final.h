/* chat_final.h - the last frame of an answer: made from a chat, or again from what Postgres holds. */
#ifndef WORKERS_CHAT_FINAL_H
#define WORKERS_CHAT_FINAL_H

#include "workers/chat.h"
#include "workers/reply.h"

const char *chat_status_name(enum chat_status status);

/* From what the chat holds now; in `a`, pointing into the chat. */
const struct ai_message *chat_final(const struct chat *c, struct arena *a);

/* What is stored of an answer beside its text, as JSON in `a`. */
const char *chat_claims_json(struct arena *a, const struct answer *answer);
const char *chat_meta_json(struct arena *a, const struct chat *c);

/* Sends the ai_message of a stored answer; claims and the rest that cannot be read any more are left empty and logged. */
struct chat_recall_row;
void stored_answer_send(struct worker *w, const struct session *session, const struct reply_address *to, struct arena *a, const struct chat_recall_row *row);

/* JSON -> struct; NULL or unreadable gives the empty profile. Never NULL. */
const struct profile *profile_decode(struct arena *a, const char *json);

#endif
