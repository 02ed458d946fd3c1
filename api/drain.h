/* drain.h - the end of the process, in order: no new connections, what is under way and what still comes on open ones finishes (at most DRAIN_MS), sockets are closed with 1012, the broker confirms, all is closed. */
#ifndef API_DRAIN_H
#define API_DRAIN_H

/* SIGTERM came. When all is closed the loop ends by itself. A second call hurries. */
void drain_start(void);

#endif
