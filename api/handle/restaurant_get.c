#include "api/conditional.h"
#include "api/menu_cache.h"
#include "api/place.h"
#include "api/router.h"

static void send_restaurant(struct request *r, const struct menu_restaurant *found, void *ctx)
{
	(void)ctx;
	conditional_reply(r, &(struct representation){
				     .content_type = "application/json",
				     .cache_control = "no-cache",
				     .body = found->body,
				     .etag = found->etag,
			     });
}

void restaurant_get_handle(struct request *r, const struct none *body)
{
	(void)body;
	place_find(r, send_restaurant, NULL);
}
