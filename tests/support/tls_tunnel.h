/* tls_tunnel.h - lets plain test clients speak to a TLS server of 127.0.0.1: what comes to the returned port goes on encrypted. Certificates are not checked.
 * Threads of its own, until the process ends. No Criterion; what cannot be had ends the program. */
#ifndef TESTS_TLS_TUNNEL_H
#define TESTS_TLS_TUNNEL_H

int tls_tunnel_start(int tls_port);

#endif
