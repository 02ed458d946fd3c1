/* server_stream.h - the insides of a stream; for server_stream*.c. */
#ifndef API_SERVER_STREAM_H
#define API_SERVER_STREAM_H

#include "api/server_internal.h"

/* What is left unread by the owner is bounded, whatever the owner does. */
#define STREAM_UNREAD_MAX (256 << 10)

struct bytes {
	char *at;
	size_t len, cap;
};

struct stream {
	struct server_connection *connection;
	h2o_socket_t *sock; /* of an upgraded connection, once h2o gave it up */
	h2o_req_t *req;     /* of a streamed answer, until its end is sent */
	h2o_generator_t generator;
	struct stream *next_dirty, *next_closing, *before_closing;
	stream_read_fn *on_read;
	stream_event_fn *on_drained, *on_closed;
	void *ctx;
	struct bytes out;     /* not handed over yet */
	struct bytes sending; /* of a streamed answer: with h2o */
	struct bytes unread;
	size_t in_flight; /* handed over, not taken by the kernel */
	int64_t close_by_ms;
	bool body; /* a streamed answer, else an upgraded connection */
	bool dirty, paused, reading, offer_again, closing, shut, failed, drained_due;
};

void bytes_append(struct bytes *b, const void *from, size_t len);
void bytes_consume(struct bytes *b, size_t len);
void bytes_free(struct bytes *b);

/* server_stream_raw.c: an upgraded connection */
void stream_raw_flush(struct stream *st);
void stream_raw_offer(struct stream *st);
void stream_raw_read(struct stream *st); /* starts or stops reading, as it should be */
/* server_stream_body.c: a streamed answer */
void stream_body_flush(struct stream *st);

struct stream *stream_new(struct server_connection *c, bool body);
void stream_fail(struct stream *st); /* cut; on_closed follows */

#endif
