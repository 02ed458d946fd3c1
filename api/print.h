/* print.h - what the program knows, for people and for the files of docs/: `api --print WHAT`. */
#ifndef API_PRINT_H
#define API_PRINT_H

#include <stdbool.h>

/* openapi, asyncapi, config, env, metrics, errors, routes, events. False: there is nothing of that name. */
bool print_what(const char *what);
void print_names(void); /* of all, on stderr */

#endif
