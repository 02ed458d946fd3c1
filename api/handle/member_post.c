/* POST /api/v1/restaurants/{slug}/members - a user becomes a member; is made when nobody has that address. */
#include "api/account_write.h"
#include "api/router.h"

void member_post_handle(struct request *r, const struct member_post *in)
{
	struct account_write *w = arena_new_of(request_arena(r), struct account_write);
	*w = (struct account_write){
		.member = true,
		.action = "create",
		.email = in->email,
		.password = in->password,
		.name = in->name,
		.role = in->role,
	};
	account_write(r, w);
}
