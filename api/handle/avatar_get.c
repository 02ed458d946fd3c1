#include "schemas.h"

#include "api/menu_cache.h"
#include "api/place.h"
#include "api/router.h"

static void send_avatar(struct request *r, const struct menu_restaurant *found, void *ctx)
{
	static const struct avatar_config nobody;
	const struct avatar_config *avatar = found->restaurant->avatar_config;
	(void)ctx;
	request_reply_json(r, 200, &schema_avatar_config, avatar ? avatar : &nobody);
}

void avatar_get_handle(struct request *r, const struct none *body)
{
	(void)body;
	place_find(r, send_avatar, NULL);
}
