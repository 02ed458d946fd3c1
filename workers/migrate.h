/* migrate.h - `worker migrate`: the database's schema, forward only.
 *
 * The files *.sql of MIGRATIONS_DIR are applied in the order of their names, each in one transaction together with its row in schema_migration
 * (name, SHA-256). Refused, naming the file: one that was changed after it was applied, and a new one that sorts before an applied one. A file
 * that was applied but is gone is only mentioned, so that an older program can still start on a newer schema. Two at once are safe: the second waits, at most
 * MIGRATE_WAIT_MS, and then finds nothing to do. At the end the login role may take the role restaurant_app. Prints one line for each file it applies.
 */
#ifndef WORKERS_MIGRATE_H
#define WORKERS_MIGRATE_H

#include "common/config.h"

#define MIGRATE_WAIT_MS 60000
#define MIGRATE_FILE_MAX (1 << 20)

int migrate_command(const struct config *config, int argc, char **argv); /* exit code */

#endif
