/* upload.h - a file that is in memory, onto menu.imports: chunk by chunk, in a window, then import_uploaded. Says "done" when the broker has confirmed all of it.
 *
 * At most UPLOAD_WINDOW chunks are unconfirmed. The embedded broker keeps 5 MB of a partition and drops what is older, whoever has read it: with it at most
 * UPLOAD_AHEAD chunks go ahead of what the worker has stored. A chunk that was refused, or of which nobody knows, is sent again (a chunk counts once). No progress for
 * UPLOAD_PATIENCE_MS: the last error, or overloaded. A client that goes away meanwhile leaves an upload that ends as rejected: upload_incomplete. Loop thread only.
 */
#ifndef API_UPLOAD_H
#define API_UPLOAD_H

#include <stddef.h>

#include "common/error.h"

#define UPLOAD_CHUNK_BYTES ((size_t)512 << 10)
#define UPLOAD_WINDOW 4
#define UPLOAD_AHEAD 6
#define UPLOAD_PATIENCE_MS 30000

struct upload;
struct request;
struct import_uploaded; /* schemas/import_uploaded.json */

typedef void upload_done_fn(void *ctx, enum error e);

/* The file is the request's body; it and all of `about` (whose chunks and bytes are set here) must live until `done` or upload_cancel(). */
struct upload *upload_start(struct request *r, struct import_uploaded *about, upload_done_fn *done, void *ctx);
void upload_cancel(struct upload **u); /* NULL is fine; `done` will not come, and the rest of the file is not sent */

#endif
