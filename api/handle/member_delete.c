/* DELETE /api/v1/restaurants/{slug}/members/{user_id} - not the last owner. Who goes is signed out everywhere. */
#include "api/account_write.h"
#include "api/router.h"

void member_delete_handle(struct request *r, const struct none *in)
{
	(void)in;
	struct account_write *w = arena_new_of(request_arena(r), struct account_write);
	*w = (struct account_write){
		.member = true,
		.action = "delete",
		.id = request_param(r, "user_id"),
	};
	account_write(r, w);
}
