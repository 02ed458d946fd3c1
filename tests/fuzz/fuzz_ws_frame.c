/* fuzz_ws_frame.c - any bytes, in any pieces: the parser never reads outside them, always ends, and what it takes does not depend on the pieces.
 * The first byte of the input is the size of the pieces. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "api/ws_frame.h"

struct digest {
	uint64_t sum;
	int messages, last;
};

static char scratch[WS_MESSAGE_MAX];

static void add(struct digest *d, const struct ws_input *in)
{
	d->sum = d->sum * 1099511628211u + (uint64_t)in->kind * 31 + (uint64_t)in->code;
	for (size_t i = 0; i < in->len; i++)
		d->sum = (d->sum ^ (unsigned char)in->payload[i]) * 1099511628211u;
	if (in->kind == WS_CLOSE || in->kind == WS_VIOLATION)
		d->last = 1;
	d->messages++;
}

static struct digest run(const uint8_t *data, size_t size, size_t piece)
{
	struct ws_parser p = { 0 };
	struct digest d = { 14695981039346656037u, 0, 0 };
	size_t at = 0, arrived = 0;

	while (!d.last && arrived < size) {
		arrived = size - arrived > piece ? arrived + piece : size;
		while (!d.last) {
			char *copy = malloc(arrived - at + 1);
			memcpy(copy, data + at, arrived - at);
			struct ws_input in = ws_parse(&p, copy, arrived - at, scratch, (uint32_t)at / 64);
			free(copy);
			if (in.kind == WS_MORE)
				break;
			if (in.used > arrived - at || in.len > WS_MESSAGE_MAX)
				abort();
			if (in.used == 0 && in.kind != WS_VIOLATION)
				abort();
			add(&d, &in);
			at += in.used;
		}
	}
	ws_parser_clear(&p);
	return d;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (size < 2 || size > 70000)
		return 0;
	struct digest whole = run(data + 1, size - 1, size);
	struct digest pieces = run(data + 1, size - 1, (size_t)data[0] * 8 + 1);
	if (whole.sum != pieces.sum || whole.messages != pieces.messages)
		abort();
	return 0;
}
