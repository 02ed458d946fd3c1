/* frame.h - who may show a page of ours in a frame: nobody, except that /r/{slug} may be framed by the restaurant's allowed_origins. Loop thread only. */
#ifndef API_FRAME_H
#define API_FRAME_H

struct request;

/* Looks the restaurant of /r/{slug} up in the menu cache and lets router_decorate() know; then calls `next`, now or later, whether it was found or not. For other pages
 * at once. A client that goes away meanwhile is forgotten. */
typedef void frame_next_fn(struct request *r);
void frame_look(struct request *r, frame_next_fn *next);

#endif
