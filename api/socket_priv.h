/* socket_priv.h - what the socket_*.c files share. Nobody else includes it.
 *
 *   socket.c         one socket's life: bytes in, frames out, pings, closing
 *   socket_open.c    from the request to the upgraded socket: restaurant, origin, welcome
 *   socket_frames.c  what a client's frame means
 *   socket_room.c    the sockets of each restaurant, draining
 */
#ifndef API_SOCKET_PRIV_H
#define API_SOCKET_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "api/chat.h"
#include "api/hub.h"
#include "api/socket.h"
#include "api/stream.h"
#include "api/wheel.h"
#include "api/ws_frame.h"
#include "common/buf.h"

#define SOCKET_FRAME_MAX (1 << 20) /* of a frame that the api makes itself */

struct socket;

/* A restaurant with sockets. */
struct room {
	struct room *next;
	struct socket *first;
	size_t sockets;
	struct chat_place place; /* owns its strings */
};

struct socket {
	struct wheel_entry wheel; /* first: the wheel's callback casts it back */
	struct stream *stream;
	struct hub_subscriber *subscriber; /* NULL once closing */
	struct room *room;
	struct socket *next, **link; /* in the room */
	struct ws_parser parser;
	uint32_t heard_s;     /* when bytes came last */
	uint16_t unconfirmed; /* events on their way to the broker */
	uint16_t answers;     /* accepted and not ended: what draining waits for */
	bool bot;             /* by its User-Agent */
	bool closing;         /* our close frame is out: nothing more is sent */
	char address[];       /* of the client */
};

/* --- socket.c --- */
struct socket *socket_new(struct stream *stream, const struct chat_place *place, const char *address);
void socket_send(struct socket *s, const char *bytes, size_t len); /* one text frame; ignored once closing */
void socket_send_buf(struct socket *s, struct buf *b);             /* the same, and frees the buf */
/* `message_id` may be NULL, `retry_after_s` 0. */
void socket_send_error(struct socket *s, enum error e, const char *message, const char *message_id, int retry_after_s);
void socket_close(struct socket *s, int code, const char *reason);

/* --- socket_frames.c --- */
void socket_on_text(struct socket *s, const char *text, size_t len);

/* --- socket_room.c --- */
struct room *room_join(struct socket *s, const struct chat_place *place); /* made when missing */
void room_leave(struct socket *s);
struct room *room_find(const char *restaurant_id);
void rooms_cut(void); /* every connection, at once */

#endif
