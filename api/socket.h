/* socket.h - the WebSockets of guests, GET /ws/{slug}: contract.md, section "WebSocket".
 *
 * A socket is known to its restaurant's room (for menu_updated) and to the hub (for the frames of its sessions). A bad frame costs an `error` frame, not the connection;
 * what closes it is in contract.md. Bounds of one socket: SOCKET_UNSENT_MAX bytes not taken by the kernel (then 1013: the client resumes), HUB_SESSIONS_MAX sessions,
 * SOCKET_UNCONFIRMED_MAX events on their way to the broker. An idle one holds about 400 bytes here and no buffer.
 * Loop thread only.
 */
#ifndef API_SOCKET_H
#define API_SOCKET_H

#include <stddef.h>
#include <stdint.h>

struct request;
struct menu_changed;

#define SOCKET_UNSENT_MAX (1 << 20)
#define SOCKET_UNCONFIRMED_MAX 256
#define SOCKET_PING_S 25
#define SOCKET_SILENCE_S 60

/* Once, when the_api has its loop; and at the very end, when what is left is cut. The route's handler, socket_upgrade_handle(), is declared by router.h:
 * 404 and 403 come before the upgrade. */
void sockets_start(void);
void sockets_stop(void);
/* The seconds of this process, for other waits of the chat too. */
struct wheel *sockets_wheel(void);

size_t sockets_open(void);
/* All at once, with 1012: what was on its way to them is lost, and they resume. */
void sockets_reconnect(void);
/* To all sockets of that restaurant, and its newest version for questions from now on. */
void sockets_menu_changed(const struct menu_changed *change);

/* Closes all with 1012, those without an answer under way first, spread over `over_ms`; the rest at its end. New ones are refused by the api before that.
 * The close reason tells each client how long to wait, so that they do not all come back at once. */
void sockets_drain(int64_t over_ms);

#endif
