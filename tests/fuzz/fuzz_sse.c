/* fuzz_sse.c - any bytes as a stream of events: cut in two ways it gives the same events, and each goes through the parser of chunks. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "common/llm_chunk.h"
#include "common/sse.h"
#include "common/text.h"

#define EVENT_MAX 4096

struct heard {
	uint64_t hash;
	size_t n;
	struct llm_chunk_memo memo;
};

static bool on_event(void *ctx, const char *event, const char *data, size_t len)
{
	struct heard *h = ctx;
	struct llm_chunk chunk;
	if (data[len] != '\0' || strlen(event) > 31 || len > EVENT_MAX)
		abort();
	h->n++;
	for (size_t i = 0; i <= len; i++)
		h->hash = h->hash * 1099511628211u + (unsigned char)data[i];
	for (; *event; event++)
		h->hash = h->hash * 1099511628211u + (unsigned char)*event;
	if (llm_chunk_parse(&h->memo, data, len, &chunk) && chunk.text && !utf8_valid(chunk.text, chunk.text_len))
		abort();
	llm_chunk_free(&chunk);
	char text[64];
	llm_error_text(data, len, text, sizeof(text));
	return true;
}

static struct heard run(const uint8_t *bytes, size_t size, size_t piece, enum error *error_r)
{
	struct heard h = { 0 };
	llm_chunk_memo_init(&h.memo);
	struct sse s;
	*error_r = ERROR_none;
	sse_init(&s, EVENT_MAX, on_event, &h);
	for (size_t at = 0; at < size && !*error_r; at += piece)
		*error_r = sse_feed(&s, (const char *)bytes + at, size - at < piece ? size - at : piece);
	sse_free(&s);
	llm_chunk_memo_free(&h.memo);
	return h;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	if (size < 1)
		return 0;
	enum error error, other;
	struct heard whole = run(bytes + 1, size - 1, size, &error);
	struct heard pieces = run(bytes + 1, size - 1, (size_t)bytes[0] % 32 + 1, &other);
	/* Where an event is too long, the one way may notice an event earlier than the other. */
	if (!error && !other && (whole.hash != pieces.hash || whole.n != pieces.n))
		abort();
	return 0;
}
