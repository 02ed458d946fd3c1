/* gateway.h - a real nginx with the configuration of deploy/nginx in front of a stack's apis, for tests. No Criterion; what cannot be had ends the program. */
#ifndef TESTS_GATEWAY_H
#define TESTS_GATEWAY_H

struct gateway;
struct stack;

/* In front of the first `apis` apis of the stack; listens on a free port. */
struct gateway *gateway_start(const struct stack *s, int apis);
int gateway_port(const struct gateway *g);
int gateway_tls_port(const struct gateway *g); /* the same routes by TLS and HTTP/2, with a certificate that nobody knows */
void gateway_stop(struct gateway **g);

#endif
