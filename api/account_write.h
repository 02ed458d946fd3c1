/* account_write.h - changing users and members, for the handlers of /users and /members: checks what schemas cannot, hashes a password beside the loop, runs one
 * transaction (user_write, member_write in migrations/0004_users.sql), and answers with what it says. Ends the request, later.
 *
 * If-Match takes the object's etag. With Idempotency-Key the same request again gets the same answer and has no second effect; the same key with another body is 422.
 */
#ifndef API_ACCOUNT_WRITE_H
#define API_ACCOUNT_WRITE_H

#include <stdbool.h>

struct request;

struct account_write {
	bool member;        /* of the principal's restaurant; else a user */
	const char *action; /* "create", "update", "delete" */
	const char *id;     /* whose; NULL in "create" */
	/* NULL: stays as it is, or is not given */
	const char *email, *password, *name, *role;
	const char *is_active, *is_platform_admin; /* "true" or "false" */
};

/* `w` and what it points to must live as long as the request. */
void account_write(struct request *r, const struct account_write *w);

#endif
