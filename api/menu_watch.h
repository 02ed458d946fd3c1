/* menu_watch.h - reads menu.changes from its end and tells the menu cache and the sockets. A record that cannot be read makes the cache forget everything: nothing stale is served.
 *
 * Serving does not wait for it: until the reading has begun the cache keeps nothing. Tries for ever, with log lines. */
#ifndef API_MENU_WATCH_H
#define API_MENU_WATCH_H

void menu_watch_start(void);
void menu_watch_stop(void);

#endif
