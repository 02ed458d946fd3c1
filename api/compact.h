/* compact.h - JSON text without the spaces that PostgreSQL puts between its tokens: a tenth of a menu's bytes. Pure; does not check the JSON. */
#ifndef API_COMPACT_H
#define API_COMPACT_H

#include "common/buf.h"

void compact_json(struct buf *out, const char *json);

#endif
