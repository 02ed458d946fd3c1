/* llm_chunk.h - the JSON that model servers send: a piece of a streamed answer, an error. Pure. */
#ifndef COMMON_LLM_CHUNK_H
#define COMMON_LLM_CHUNK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "common/buf.h"

/* The pieces of one answer mostly differ in nothing but their text. What surrounded the text of the last parsed piece is kept: a piece that is the same around a
 * text without escapes need not be parsed again to know what it says, which spares most of the work of a stream. */
struct llm_chunk_memo {
	struct buf head, tail; /* up to the text's first quote, and from its last one */
	bool known;
};

struct llm_chunk {
	json_t *value;    /* owns the strings below, if there is one; else they lie in the piece */
	const char *text; /* of choices[0].delta.content, not terminated; NULL when there is none */
	size_t text_len;
	const char *finish;            /* finish_reason; NULL: goes on */
	const char *failure;           /* an error in the middle of the stream; NULL: none */
	int64_t tokens_in, tokens_out; /* -1 when this piece does not say */
};

/* false: not a JSON object. Unknown members are nothing to us, missing ones neither. */
bool llm_chunk_parse(struct llm_chunk_memo *memo, const char *json, size_t len, struct llm_chunk *chunk_r);
void llm_chunk_free(struct llm_chunk *chunk);
void llm_chunk_memo_init(struct llm_chunk_memo *memo);
void llm_chunk_memo_free(struct llm_chunk_memo *memo);
/* What an error body says, in `out`; the body's own beginning when it is not the usual JSON. */
void llm_error_text(const char *body, size_t len, char *out, size_t size);

#endif
