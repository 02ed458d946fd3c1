/* large.h - who may send a body of more than 1 MiB: somebody who is signed in, to the one route that takes files. Asked with the head, before anything is kept.
 *
 * ERROR_none: it may come. ERROR_too_large: this address takes no large bodies; ERROR_unauthorized: no token, or one that does not hold; ERROR_draining.
 * Whether the role allows it is asked in the usual way, once the body is here.
 */
#ifndef API_LARGE_H
#define API_LARGE_H

#include <stddef.h>

#include "common/error.h"

enum error large_body_allowed(const char *head, size_t len);

#endif
