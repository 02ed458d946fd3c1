/* live.h - live figures of a restaurant for those who watch it: `live` frames every two seconds, one query for all who watch the same. Loop thread only. */
#ifndef API_LIVE_H
#define API_LIVE_H

struct socket;

/* The token must let its owner see the restaurant; else the socket is told. */
void live_watch(struct socket *s, const char *token, const char *slug);
void live_stop(void);

#endif
