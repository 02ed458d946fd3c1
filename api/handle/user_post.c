/* POST /api/v1/users */
#include "api/account_write.h"
#include "api/router.h"

void user_post_handle(struct request *r, const struct user_post *in)
{
	struct account_write *w = arena_new_of(request_arena(r), struct account_write);
	*w = (struct account_write){
		.action = "create",
		.email = in->email,
		.password = in->password,
		.name = in->name,
		.is_platform_admin = in->has_is_platform_admin ? (in->is_platform_admin ? "true" : "false") : NULL,
	};
	account_write(r, w);
}
