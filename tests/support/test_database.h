/* test_database.h - databases of tests in the server of TEST_DATABASE_URL. Blocking; what cannot be had ends the test with a message (abort).
 *
 * A migrated and seeded one is a copy of a template, which the first test of a server makes by `worker migrate` and `worker seed`: its name holds the state of the
 * worker program, the migrations and the samples, so a change of any of them makes another one. Tests that run at the same time wait for who makes it.
 */
#ifndef TESTS_TEST_DATABASE_H
#define TESTS_TEST_DATABASE_H

#define TEST_SAMPLES "deploy/dev/samples/the-cookie-jar.json", "deploy/dev/samples/olive-ember.json"

void test_database_create(const char *name); /* empty */
void test_database_copy(const char *name);   /* migrated, with both sample restaurants */
void test_database_drop(const char *name);
/* Its URL. Static until the next call. */
const char *test_database_url(const char *name);

#endif
