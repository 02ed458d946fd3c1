/* GET /api/v1/auth/me - who the token's owner is. */
#include "api/access.h"
#include "api/account_read.h"
#include "api/router.h"

void auth_me_handle(struct request *r, const struct none *in)
{
	(void)in;
	account_read_user(r, request_principal(r)->user_id, ERROR_unauthorized);
}
