/* account_read.h - one user or member as an answer. Lists are listing.h's. */
#ifndef API_ACCOUNT_READ_H
#define API_ACCOUNT_READ_H

#include "common/error.h"

struct request;

/* Reads and answers, later. `missing`: the answer when there is no such user. */
void account_read_user(struct request *r, const char *id, enum error missing);
/* Answers with an object that PostgreSQL wrote; compacted and copied, never to be kept by caches. */
void account_reply(struct request *r, int status, const char *body);

#endif
