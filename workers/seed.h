/* seed.h - `worker seed FILE...`: loads restaurants from JSON files, for demonstration, development and tests.
 *
 * A file is {"restaurant": {slug, name, ...}, "categories": [{name, ..., "items": [{name, price, allergen_info, "ingredients": ["name", ...], ...}]}]};
 * members have the names of the API. Order in the file is the order on the menu. A restaurant whose slug exists is left as it is, and the command says so:
 * running it again changes nothing. One transaction a file; ids are made here. What a file holds is checked by the database's constraints.
 */
#ifndef WORKERS_SEED_H
#define WORKERS_SEED_H

#include "common/config.h"

int seed_command(const struct config *config, int argc, char **argv); /* exit code */

#endif
