/* menu_watch.h - reads menu.changes from its end and tells the menu cache and the sockets. A record that cannot be read makes the cache forget everything: nothing stale is served. */
#ifndef API_MENU_WATCH_H
#define API_MENU_WATCH_H

typedef void menu_watch_fn(void *ctx);

/* `ready` once: changes are seen from now on (and what was cached before is forgotten). Tries for ever, with log lines. */
void menu_watch_start(menu_watch_fn *ready, void *ctx);
void menu_watch_stop(void);

#endif
