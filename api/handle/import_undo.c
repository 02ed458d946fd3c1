#include "api/edit.h"
#include "api/router.h"

void import_undo_handle(struct request *r, const struct none *body)
{
	(void)body;
	edit_request(r, EDIT_import_undo);
}
