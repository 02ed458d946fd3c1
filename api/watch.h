/* watch.h - the frame `watch` of an admin's socket: how an import goes on.
 *
 * The token is asked for the right to see the import (access.h). Then the socket hears all `progress` frames of it, and the worker is told that this process wants them;
 * its first answer is where the import is now. Whoever may not see it, or asks for what is not there, gets `not_found`. Loop thread only.
 */
#ifndef API_WATCH_H
#define API_WATCH_H

struct socket;

void watch_import(struct socket *s, const char *token, const char *import_id);

#endif
