#include "schemas.h"

#include "api/edit.h"
#include "api/router.h"

void import_apply_handle(struct request *r, const struct import_confirm *body)
{
	(void)body;
	edit_request(r, EDIT_import_apply);
}
