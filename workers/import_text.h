/* import_text.h - any file's bytes into UTF-8 text, piece by piece. Pure.
 *
 * UTF-8 with or without a byte order mark; UTF-16 with one, or plain (the first two characters are below U+0100); else, from the first byte that cannot be UTF-8,
 * Windows-1252, when there was nothing but ASCII before it. What fits none of these is refused, and so is NUL. The byte order mark is not text.
 * It holds at most four bytes between two calls.
 */
#ifndef WORKERS_IMPORT_TEXT_H
#define WORKERS_IMPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum import_encoding { IMPORT_ENCODING_unknown, /* fewer than four bytes came */
	               IMPORT_ENCODING_utf_8,
	               IMPORT_ENCODING_utf_16le,
	               IMPORT_ENCODING_utf_16be,
	               IMPORT_ENCODING_windows_1252 };
extern const char *const import_encoding_names[];

enum import_text_problem { IMPORT_TEXT_fine,
	                   IMPORT_TEXT_invalid, /* not of this encoding */
	                   IMPORT_TEXT_nul };

/* Whole code points, valid UTF-8 without NUL, len > 0. false: no more, please. */
typedef bool import_text_fn(void *ctx, const char *text, size_t len);

struct import_text {
	enum import_encoding encoding;
	bool marked;    /* there was a byte order mark */
	bool multibyte; /* valid UTF-8 beyond ASCII was seen */
	bool stopped;   /* by on_text */
	int64_t at;     /* bytes taken so far */
	enum import_text_problem problem;
	int64_t problem_at; /* offset of the byte, from 0 */
	unsigned problem_byte;
	unsigned char held[4];
	size_t n_held;
	import_text_fn *on_text;
	void *ctx;
};

void import_text_init(struct import_text *t, import_text_fn *on_text, void *ctx);
/* false: there is a problem, or on_text said stop; nothing comes afterwards. */
bool import_text_feed(struct import_text *t, const void *bytes, size_t len);
bool import_text_finish(struct import_text *t);

#endif
