/* probe.h - `api --healthy URL` and `worker --healthy URL`: a health check for images that hold no other program. */
#ifndef COMMON_PROBE_H
#define COMMON_PROBE_H

/* GET of http://IPv4:port/path, at most 3 s. 0: the answer was 200; else 1, with one line on stderr. Blocks: for commands only. */
int probe_command(const char *url);

#endif
