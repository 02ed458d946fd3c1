/* llm_wire.h - the words of OpenAI's chat completions: a request's body, and what its stream says. Pure. */
#ifndef COMMON_LLM_WIRE_H
#define COMMON_LLM_WIRE_H

#include "common/buf.h"
#include "common/llm.h"

/* The body of a streamed request. */
enum error llm_wire_request(struct buf *out, const char *model, const struct llm_prompt *prompt, int64_t max_tokens);

struct llm_chunk {
	bool done;                      /* [DONE] */
	bool finished, cut;             /* finish_reason came; it was "length" */
	int64_t tokens_in, tokens_out;  /* of a usage member, else -1 */
	struct buf *text;               /* the delta's content is appended here */
};

/* One event's data. ERROR_model_broken when it is no chunk; ERROR_model_refused when it is an error object. */
MUST_CHECK enum error llm_wire_chunk(const char *data, size_t len, struct llm_chunk *chunk);

#endif
