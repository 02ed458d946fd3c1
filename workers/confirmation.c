/* confirmation.c - see confirmation.h. */
#include "workers/confirmation.h"

#include <stdlib.h>

struct confirmation {
	struct flow *flow; /* NULL: nobody waits any more */
	size_t open;
	enum error error;
	struct confirmation *next, **link;
};
/* All that are open. With a dead broker some are left when the process ends: bus_free() brings no confirmation any more. */
static struct confirmation *confirmations;

struct confirmation *confirmation_new(struct flow *f)
{
	struct confirmation *k = calloc(1, sizeof(*k));
	if (!k)
		abort();
	*k = (struct confirmation){ .flow = f, .next = confirmations, .link = &confirmations };
	if (k->next)
		k->next->link = &k->next;
	return confirmations = k;
}

size_t *confirmation_open(struct confirmation *k)
{
	return &k->open;
}

void confirmation_free(struct confirmation **k_p)
{
	struct confirmation *k = *k_p;
	*k_p = NULL;
	*k->link = k->next;
	if (k->next)
		k->next->link = k->link;
	free(k);
}

void confirmation_came(void *ctx, enum error error)
{
	struct confirmation *k = ctx;
	if (error)
		k->error = error;
	if (--k->open)
		return;
	struct flow *f = k->flow;
	enum error result = k->error;
	confirmation_free(&k);
	if (f)
		flow_resume(f, result, "");
}

void confirmation_forget(void *operation)
{
	((struct confirmation *)operation)->flow = NULL;
}
