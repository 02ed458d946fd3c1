/* PUT /api/v1/restaurants/{slug}/avatar */
#include "api/edit.h"
#include "api/router.h"

void avatar_put_handle(struct request *r, const struct avatar_change *body)
{
	(void)body;
	edit_request(r, EDIT_avatar_update);
}
