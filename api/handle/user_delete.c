/* DELETE /api/v1/users/{id} - with all that the user may do; not the last platform admin. */
#include "api/account_write.h"
#include "api/router.h"

void user_delete_handle(struct request *r, const struct none *in)
{
	(void)in;
	struct account_write *w = arena_new_of(request_arena(r), struct account_write);
	*w = (struct account_write){
		.action = "delete",
		.id = request_param(r, "id"),
	};
	account_write(r, w);
}
