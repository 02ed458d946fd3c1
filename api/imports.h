/* imports.h - what the api knows of an import before the worker has written it down: that it took the file.
 *
 * An import has a row as soon as a worker read its first chunk, which may be after the 202. Until then this memory answers: the last IMPORTS_KEPT that this process took,
 * for IMPORTS_KEPT_MS. Loop thread only.
 */
#ifndef API_IMPORTS_H
#define API_IMPORTS_H

#define IMPORTS_KEPT 256
#define IMPORTS_KEPT_MS ((int64_t)10 * 60 * 1000)

void imports_taken(const char *import_id, const char *restaurant_id); /* both copied */
/* Its restaurant; NULL: not known here. Valid until the next imports_taken(). */
const char *imports_restaurant(const char *import_id);

#endif
