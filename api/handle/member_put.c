/* PUT /api/v1/restaurants/{slug}/members/{user_id} - another role; the last owner stays one. */
#include "api/account_write.h"
#include "api/router.h"

void member_put_handle(struct request *r, const struct member_put *in)
{
	struct account_write *w = arena_new_of(request_arena(r), struct account_write);
	*w = (struct account_write){
		.member = true,
		.action = "update",
		.id = request_param(r, "user_id"),
		.role = in->role,
	};
	account_write(r, w);
}
