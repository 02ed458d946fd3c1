/* llm_chunk.h - the JSON that model servers send: a piece of a streamed answer, an error. Pure. */
#ifndef COMMON_LLM_CHUNK_H
#define COMMON_LLM_CHUNK_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct llm_chunk {
	json_t *value;    /* owns the strings below; NULL after llm_chunk_free() */
	const char *text; /* of choices[0].delta.content; NULL when there is none */
	size_t text_len;
	const char *finish;            /* finish_reason; NULL: goes on */
	const char *failure;           /* an error in the middle of the stream; NULL: none */
	int64_t tokens_in, tokens_out; /* -1 when this piece does not say */
};

/* false: not a JSON object. Unknown members are nothing to us, missing ones neither. */
bool llm_chunk_parse(const char *json, size_t len, struct llm_chunk *chunk_r);
void llm_chunk_free(struct llm_chunk *chunk);
/* What an error body says, in `out`; the body's own beginning when it is not the usual JSON. */
void llm_error_text(const char *body, size_t len, char *out, size_t size);

#endif
