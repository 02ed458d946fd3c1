#include <stdint.h>
#include <stdio.h>
#include <strings.h>

#include "common/clock.h"
#include "common/id.h"

#include "api/imports.h"

static struct {
	char import_id[ID_TEXT], restaurant_id[ID_TEXT];
	int64_t at_ms;
} kept[IMPORTS_KEPT];
static size_t next;

void imports_taken(const char *import_id, const char *restaurant_id)
{
	snprintf(kept[next].import_id, ID_TEXT, "%s", import_id);
	snprintf(kept[next].restaurant_id, ID_TEXT, "%s", restaurant_id);
	kept[next].at_ms = clock_ms();
	next = (next + 1) % IMPORTS_KEPT;
}

const char *imports_restaurant(const char *import_id)
{
	for (size_t i = 0; i < IMPORTS_KEPT; i++)
		if (*kept[i].import_id && !strcasecmp(kept[i].import_id, import_id) && clock_ms() - kept[i].at_ms < IMPORTS_KEPT_MS)
			return kept[i].restaurant_id;
	return NULL;
}
