/* launch_settings.h - what the launcher reads before it starts anything. Blocking calls: all of this happens before the loop runs. */
#ifndef LAUNCH_SETTINGS_H
#define LAUNCH_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#define SETTINGS_PORTS_MAX 16

/* The value of an environment variable; an empty one counts as not set and gives `fallback`. */
const char *setting(const char *name, const char *fallback);

/* Puts the NAME=value lines of a file into the environment, where that has no such variable yet. Empty lines and lines that start with # are
 * skipped; one pair of quotes around the value is taken off. False when there is no such file. */
bool settings_load(const char *path);

/* The administrator's login and the key of the tokens: made at the first start, kept in `path` (mode 0600), put into the environment. */
bool settings_secrets(const char *path);

/* "3000,8001" to numbers; false when it is no such list. */
bool settings_ports(const char *list, int *ports_r, size_t *count_r);

/* Tries to listen on each port for a moment; names the busy ones in one line on stderr and returns false. Port 0 is never busy. */
bool settings_ports_free(const char *address, const int *ports, size_t count);

/* Keeps the log of the last start as PATH.1. */
void settings_rotate(const char *path);

/* Takes the lock file for the life of this process; false when another process has it. */
bool settings_lock(const char *path);

#endif
