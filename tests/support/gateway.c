/* gateway.c - see gateway.h. */
#include "tests/support/gateway.h"

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/free_port.h"
#include "tests/support/http_client.h"
#include "tests/support/stack.h"

#define TEXT_MAX 20000
#define NGINX "/usr/sbin/nginx"

struct gateway {
	char dir[300];
	int port, tls_port;
	pid_t pid;
};

static void must(int fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "gateway: %s\n", what);
	abort();
}

static void read_text(const char *path, char text[TEXT_MAX])
{
	FILE *f = fopen(path, "r");
	must(f != NULL, path);
	text[fread(text, 1, TEXT_MAX - 1, f)] = '\0';
	fclose(f);
}

/* `from` -> `to`, everywhere. */
static void replace(char text[TEXT_MAX], const char *from, const char *to)
{
	static char out[TEXT_MAX];
	size_t len = 0;
	for (const char *at = text, *hit; *at && len < TEXT_MAX - 300; at = hit) {
		hit = strstr(at, from);
		len += (size_t)snprintf(out + len, TEXT_MAX - len, "%.*s%s", hit ? (int)(hit - at) : (int)strlen(at), at, hit ? to : "");
		hit = hit ? hit + strlen(from) : at + strlen(at);
	}
	memcpy(text, out, TEXT_MAX);
}

/* A file of deploy/nginx, with this test's folder, port and apis in it. */
static void write_file(const struct gateway *g, const char *name, const char *servers)
{
	static char text[TEXT_MAX];
	char path[400], listen[40];
	snprintf(path, sizeof(path), "deploy/nginx/%s", name);
	read_text(path, text);
	snprintf(path, sizeof(path), "%s/", g->dir);
	replace(text, "/etc/nginx/mime.types", "@mime@");
	replace(text, "/etc/nginx/", path);
	replace(text, "@mime@", "/etc/nginx/mime.types");
	replace(text, "/tmp/", path);
	replace(text, "	server api:3000 max_fails=1 fail_timeout=1s;\n", servers);
	snprintf(listen, sizeof(listen), "listen 127.0.0.1:%d", g->port);
	replace(text, "listen 80", listen);
	snprintf(listen, sizeof(listen), "listen 127.0.0.1:%d ssl", g->tls_port);
	replace(text, "listen 443 ssl", listen);
	replace(text, "zone=requests burst=400", "zone=requests burst=40000"); /* a test comes from one address */
	replace(text, "limit_conn addresses 200", "limit_conn addresses 2000");
	replace(text, "/dev/stdout", "access.log");
	replace(text, "/dev/stderr", "error.log");
	snprintf(path, sizeof(path), "%s/%s", g->dir, name);
	FILE *f = fopen(path, "w");
	must(f && fputs(text, f) >= 0 && fclose(f) == 0, path);
}

static void wait_until_it_answers(const struct gateway *g)
{
	int64_t until = http_now_ms() + 20000;
	while (!port_is_open(g->port)) {
		must(http_now_ms() < until, "nginx does not answer");
		usleep(50000);
	}
}

/* Waits for the program to end well. */
static void run(char *const argv[])
{
	int status = 1;
	pid_t pid = fork();
	if (pid == 0) {
		must(freopen("/dev/null", "w", stderr) != NULL, "no /dev/null");
		execvp(argv[0], argv);
		_exit(127);
	}
	must(pid > 0 && waitpid(pid, &status, 0) == pid && status == 0, argv[0]);
}

static void make_certificate(const struct gateway *g)
{
	char key[400], certificate[400];
	snprintf(key, sizeof(key), "%s/tls/tls.key", g->dir);
	snprintf(certificate, sizeof(certificate), "%s/tls/tls.crt", g->dir);
	run((char *[]){ "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", key, "-out", certificate, NULL });
}

static void make_folder(const struct gateway *g, const char *name)
{
	char path[400];
	snprintf(path, sizeof(path), "%s/%s", g->dir, name);
	must(mkdir(path, 0755) == 0, path);
}

struct gateway *gateway_start(const struct stack *s, int apis)
{
	struct gateway *g = calloc(1, sizeof(*g));
	char path[400], servers[800] = "", *whole = NULL;
	must(g != NULL, "memory");
	snprintf(path, sizeof(path), "%s/gateway.XXXXXX", getenv("BUILD") ? getenv("BUILD") : "build");
	must(mkdtemp(path) != NULL, "no folder");
	whole = realpath(path, NULL);
	must(whole && strlen(whole) < sizeof(g->dir), "no folder");
	memcpy(g->dir, whole, strlen(whole) + 1);
	free(whole);
	chmod(g->dir, 0755);
	make_folder(g, "conf.d");
	make_folder(g, "tls.d");
	make_folder(g, "tls");
	make_certificate(g);
	g->port = free_port();
	g->tls_port = free_port();
	for (int i = 0; i < apis; i++)
		snprintf(servers + strlen(servers), sizeof(servers) - strlen(servers), "	server 127.0.0.1:%d max_fails=1 fail_timeout=1s;\n", stack_port(s, i));
	write_file(g, "nginx.conf", servers);
	write_file(g, "conf.d/00-upstream.conf", servers);
	write_file(g, "conf.d/gateway.conf", servers);
	write_file(g, "conf.d/routes.inc", servers);
	write_file(g, "tls.d/tls.conf", servers);
	g->pid = fork();
	must(g->pid >= 0, "no process");
	if (g->pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		snprintf(path, sizeof(path), "%s/nginx.conf", g->dir);
		execl(NGINX, "nginx", "-p", g->dir, "-c", path, "-g", "daemon off;", (char *)NULL);
		_exit(127);
	}
	wait_until_it_answers(g);
	return g;
}

int gateway_port(const struct gateway *g)
{
	return g->port;
}

int gateway_tls_port(const struct gateway *g)
{
	return g->tls_port;
}

void gateway_stop(struct gateway **gateway)
{
	struct gateway *g = *gateway;
	int status;
	*gateway = NULL;
	if (!g)
		return;
	kill(g->pid, SIGTERM);
	must(waitpid(g->pid, &status, 0) == g->pid, "nginx did not end");
	free(g);
}
