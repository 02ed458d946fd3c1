/* error.h - the only list of failures.
 *
 * Every function that can fail returns `enum error`; 0 is success. What an error means for an HTTP
 * answer, for a WebSocket frame and for the retry of an event is one row in errors.def.
 * Nothing here allocates; all strings are static.
 */
#ifndef COMMON_ERROR_H
#define COMMON_ERROR_H

#define MUST_CHECK __attribute__((warn_unused_result))

enum error {
#define ERROR(id, http, policy, wire, title) ERROR_##id,
#include "common/errors.def"
#undef ERROR
	ERROR_COUNT
};

enum error_policy {
	ERROR_CALLER,
	ERROR_TRANSIENT,
	ERROR_WAITING,
	ERROR_PERMANENT,
};

struct error_row {
	const char *name;         /* "rate_limited": label of metrics, reason of dead letters, problem type */
	int http;                 /* status of the HTTP answer */
	enum error_policy policy; /* what a worker does about it */
	const char *wire;         /* code of the WebSocket error frame */
	const char *title;        /* one plain sentence */
};

extern const struct error_row error_rows[ERROR_COUNT];

/* The row of `e`; an impossible value gives the row of ERROR_internal. Never NULL. */
const struct error_row *error_row(enum error e);

#endif
