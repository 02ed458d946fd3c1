/* document.h - /openapi.json and /asyncapi.json: made once from the tables, kept. */
#ifndef API_DOCUMENT_H
#define API_DOCUMENT_H

#include "common/buf.h"
#include "common/error.h"

struct request;

enum document { DOCUMENT_OPENAPI, DOCUMENT_ASYNCAPI, DOCUMENT_COUNT };

#define DOCUMENT_BYTES_MAX ((size_t)4 << 20)

/* Both are made on first use, and stay. */
void document_send(struct request *r, enum document d);
void document_free_all(void);

/* The texts, for people and tests: indented by nothing, one line. */
void openapi_print(struct buf *out);
void asyncapi_print(struct buf *out);
/* components.schemas of both: every schema that `used` says yes to. */
void document_print_schemas(struct buf *out);

#endif
