/* POST /api/v1/menu/categories, PUT, PATCH and DELETE .../{id} */
#include "api/edit.h"
#include "api/router.h"

void category_post_handle(struct request *r, const struct category_new *body)
{
	(void)body;
	edit_request(r, EDIT_category_create);
}

void category_put_handle(struct request *r, const struct category_change *body)
{
	(void)body;
	edit_request(r, EDIT_category_update);
}

/* PUT and PATCH are the same: what is present changes, the rest stays. */
void category_patch_handle(struct request *r, const struct category_change *body)
{
	(void)body;
	edit_request(r, EDIT_category_update);
}

void category_delete_handle(struct request *r, const struct none *body)
{
	(void)body;
	edit_request(r, EDIT_category_delete);
}
