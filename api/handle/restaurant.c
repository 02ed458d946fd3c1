/* POST /api/v1/restaurants, PUT and DELETE /api/v1/restaurants/{slug} */
#include "api/edit.h"
#include "api/router.h"

void restaurant_post_handle(struct request *r, const struct restaurant_new *body)
{
	(void)body;
	edit_request(r, EDIT_restaurant_create);
}

void restaurant_put_handle(struct request *r, const struct restaurant_change *body)
{
	(void)body;
	edit_request(r, EDIT_restaurant_update);
}

void restaurant_delete_handle(struct request *r, const struct none *body)
{
	(void)body;
	edit_request(r, EDIT_restaurant_delete);
}
