/* PATCH /api/v1/users/{id} - what is there is changed, the rest stays. Another password, or is_active false, signs the user out everywhere. */
#include "api/account_write.h"
#include "api/router.h"

void user_patch_handle(struct request *r, const struct user_patch *in)
{
	struct account_write *w = arena_new_of(request_arena(r), struct account_write);
	*w = (struct account_write){
		.action = "update",
		.id = request_param(r, "id"),
		.email = in->email,
		.password = in->password,
		.name = in->name,
		.is_active = in->has_is_active ? (in->is_active ? "true" : "false") : NULL,
		.is_platform_admin = in->has_is_platform_admin ? (in->is_platform_admin ? "true" : "false") : NULL,
	};
	account_write(r, w);
}
