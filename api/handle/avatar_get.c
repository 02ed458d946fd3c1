#include "schemas.h"

#include "api/restaurant_wait.h"
#include "api/router.h"

static void send_avatar(struct request *r, const struct menu_restaurant *found)
{
	static const struct avatar_config nobody;
	const struct avatar_config *avatar = found->restaurant->avatar_config;
	request_reply_json(r, 200, &schema_avatar_config, avatar ? avatar : &nobody);
}

void avatar_get_handle(struct request *r, const struct none *body)
{
	(void)body;
	restaurant_wait(r, send_avatar);
}
