#include "api/api.h"
#include "api/document.h"
#include "api/router.h"
#include "api/site.h"

void docs_handle(struct request *r, const struct none *body)
{
	(void)body;
	site_send(the_api.site, r, "/docs.html");
}

void openapi_handle(struct request *r, const struct none *body)
{
	(void)body;
	document_send(r, DOCUMENT_OPENAPI);
}

void asyncapi_handle(struct request *r, const struct none *body)
{
	(void)body;
	document_send(r, DOCUMENT_ASYNCAPI);
}
