/* confirmation.h - a flow that waits until the broker has confirmed all records of one frame. */
#ifndef WORKERS_CONFIRMATION_H
#define WORKERS_CONFIRMATION_H

#include <stddef.h>

#include "common/error.h"
#include "common/flow.h"

struct confirmation;

/* Hand confirmation_came and it to reply_send(), and confirmation_open() as its records_r; then wait with confirmation_forget when some are open, else free it. The
 * flow is resumed when the last one came, with an error if one failed; then it is gone. */
struct confirmation *confirmation_new(struct flow *f);
size_t *confirmation_open(struct confirmation *k);
void confirmation_came(void *confirmation, enum error error); /* bus_delivered_fn */
void confirmation_forget(void *confirmation);                 /* flow_cancel_fn */
void confirmation_free(struct confirmation **k);

#endif
