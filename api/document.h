/* document.h - /openapi.json and /asyncapi.json: made once from the tables, kept. */
#ifndef API_DOCUMENT_H
#define API_DOCUMENT_H

#include "common/buf.h"
#include "common/error.h"

struct request;

enum document { DOCUMENT_OPENAPI,
	        DOCUMENT_ASYNCAPI,
	        DOCUMENT_COUNT };

#define DOCUMENT_BYTES_MAX ((size_t)4 << 20)

/* Both are made on first use, and stay. */
void document_send(struct request *r, enum document d);
void document_free_all(void);

/* The texts: one line of JSON. */
void openapi_print(struct buf *out);
void asyncapi_print(struct buf *out);
/* The object of components.schemas: every schema that the text so far refers to, and what those refer to. */
void document_print_schemas(struct buf *out);

#endif
