/* GET /api/v1/users/{id} */
#include "api/account_read.h"
#include "api/router.h"

void user_get_handle(struct request *r, const struct none *in)
{
	(void)in;
	account_read_user(r, request_param(r, "id"), ERROR_not_found);
}
