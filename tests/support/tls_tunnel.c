/* tls_tunnel.c - see tls_tunnel.h. */
#include "tests/support/tls_tunnel.h"

#include <arpa/inet.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

struct tunnel {
	int plain, port;
};

static SSL_CTX *context;

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "tls_tunnel: %s\n", what);
	abort();
}

static struct sockaddr_in address(int port)
{
	return (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
}

static bool to_server(int plain, SSL *tls)
{
	char data[16384];
	ssize_t n = read(plain, data, sizeof(data));
	return n > 0 && SSL_write(tls, data, (int)n) == n;
}

static bool to_client(SSL *tls, int plain)
{
	char data[16384];
	int n = SSL_read(tls, data, sizeof(data));
	if (n <= 0)
		return SSL_get_error(tls, n) == SSL_ERROR_WANT_READ; /* a record of the protocol's own, a ticket */
	for (int at = 0; at < n;) {
		ssize_t sent = send(plain, data + at, (size_t)(n - at), MSG_NOSIGNAL);
		if (sent <= 0)
			return false;
		at += (int)sent;
	}
	return true;
}

static void pump(int plain, int wire, SSL *tls)
{
	for (;;) {
		struct pollfd fds[2] = { { .fd = plain, .events = POLLIN }, { .fd = wire, .events = POLLIN } };
		if (!SSL_pending(tls) && poll(fds, 2, -1) < 0)
			return;
		if ((SSL_pending(tls) || fds[1].revents) && !to_client(tls, plain))
			return;
		if (fds[0].revents && !to_server(plain, tls))
			return;
	}
}

static void *carry(void *of)
{
	struct tunnel *t = of;
	struct sockaddr_in at = address(t->port);
	int wire = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	SSL *tls = SSL_new(context);
	if (connect(wire, (struct sockaddr *)&at, sizeof(at)) == 0 && SSL_set_fd(tls, wire) && SSL_connect(tls) == 1)
		pump(t->plain, wire, tls);
	SSL_free(tls);
	close(wire);
	close(t->plain);
	free(t);
	return NULL;
}

static void *serve(void *of)
{
	struct tunnel *server = of;
	for (;;) {
		struct tunnel *t = malloc(sizeof(*t));
		pthread_t thread;
		must(t != NULL, "memory");
		*t = (struct tunnel){ accept4(server->plain, NULL, NULL, SOCK_CLOEXEC), server->port };
		must(t->plain >= 0, "a connection");
		must(pthread_create(&thread, NULL, carry, t) == 0, "no thread");
		pthread_detach(thread);
	}
	return NULL;
}

int tls_tunnel_start(int tls_port)
{
	static struct tunnel server;
	struct sockaddr_in at = address(0);
	socklen_t len = sizeof(at);
	pthread_t thread;
	if (!context)
		context = SSL_CTX_new(TLS_client_method());
	must(context != NULL, "no TLS");
	SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
	server = (struct tunnel){ socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), tls_port };
	must(bind(server.plain, (struct sockaddr *)&at, len) == 0 && listen(server.plain, 50) == 0 && getsockname(server.plain, (struct sockaddr *)&at, &len) == 0, "no port");
	must(pthread_create(&thread, NULL, serve, &server) == 0, "no thread");
	pthread_detach(thread);
	return ntohs(at.sin_port);
}
