/* head.h - what is wrong with a request's head although h2o 2.2.5 took it. Pure.
 *
 * h2o keeps only one Host, drops Content-Length beside Transfer-Encoding, joins folded lines and takes bare line feeds: each a way for a proxy in front and this server
 * to read one message differently. The head's bytes are still there when a handler runs (h2o only lower-cases names), so it is read a second time here, strictly.
 * Not seen here: chunk sizes such as "0x3" (h2o has decoded the body by then); a gateway has to refuse those.
 */
#ifndef API_HEAD_H
#define API_HEAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HEAD_BYTES_MAX (16 << 10)

struct head_verdict {
	const char *fault; /* NULL: nothing; else one plain sentence */
	bool too_large;    /* of more than HEAD_BYTES_MAX */
};

/* `bytes` begins with the request line; what follows the empty line is not looked at. `http_1_1`: Host is required. */
struct head_verdict head_check(const char *bytes, size_t len, bool http_1_1);

/* What a head says about its body. `len` ends behind the empty line. */
struct head_body {
	uint64_t length; /* 0: none, or not a number (head_check() refuses that later) */
	bool chunked;
};
struct head_body head_body(const char *bytes, size_t len);
/* The value of the first header of that name (in lower case), without the blanks around it. */
bool head_header(const char *bytes, size_t len, const char *name, const char **value_r, size_t *len_r);

#endif
