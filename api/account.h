/* account.h - what the handlers of sign-in, users and members share. Loop thread only.
 *
 * These are the writes that go straight to PostgreSQL instead of through the log (design section 2): credentials must not be in a log that keeps everything.
 */
#ifndef API_ACCOUNT_H
#define API_ACCOUNT_H

#include <stdbool.h>
#include <stddef.h>

#include "common/error.h"

struct config;

#define ACCOUNT_PASSWORD_MIN 8 /* characters */
#define ACCOUNT_PASSWORD_MAX 200

/* One @, a plausible domain behind it, ASCII without spaces, at most 254 bytes. Nobody knows whether it exists. */
bool account_email_valid(const char *email);
/* ASCII letters in lower case; out holds `size` bytes, longer ones are cut. For keys of limits: the database folds by itself. */
void account_email_fold(const char *email, char *out, size_t size);

/* The first platform admin, from ADMIN_EMAIL and ADMIN_PASSWORD: made when there is none such, else made an admin, active, and given that password when it has another
 * (which signs it out everywhere). Tries until the database is there; several apis may do it at once. `done` comes once, also when there is nothing to do.
 * account_admin_fault(): NULL, or what is wrong with the two settings, one line. */
const char *account_admin_fault(const struct config *config);
typedef void account_admin_fn(void *ctx);
void account_admin_start(account_admin_fn *done, void *ctx);
void account_admin_stop(void);

#endif
