/* POST /api/v1/menu/ingredients, PUT, PATCH and DELETE .../{id} */
#include "api/edit.h"
#include "api/router.h"

void ingredient_post_handle(struct request *r, const struct ingredient_new *body)
{
	(void)body;
	edit_request(r, EDIT_ingredient_create);
}

void ingredient_put_handle(struct request *r, const struct ingredient_change *body)
{
	(void)body;
	edit_request(r, EDIT_ingredient_update);
}

/* PUT and PATCH are the same: what is present changes, the rest stays. */
void ingredient_patch_handle(struct request *r, const struct ingredient_change *body)
{
	(void)body;
	edit_request(r, EDIT_ingredient_update);
}

void ingredient_delete_handle(struct request *r, const struct none *body)
{
	(void)body;
	edit_request(r, EDIT_ingredient_delete);
}
