/* prometheus.c - see prometheus.h. */
#include "tests/support/prometheus.h"

#include <ctype.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/support/free_port.h"
#include "tests/support/http_client.h"

#define PROGRAM "/usr/bin/prometheus"
#define READY_MS 60000

struct prometheus {
	char dir[300];
	int port;
	pid_t pid;
};

static void must(bool fine, const char *what)
{
	if (fine)
		return;
	fprintf(stderr, "prometheus: %s\n", what);
	abort();
}

static void write_config(const struct prometheus *p, int api_port, int worker_port)
{
	char path[400], rules[600];
	char *here = realpath("deploy/prometheus/rules.yml", NULL);
	snprintf(path, sizeof(path), "%s/prometheus.yml", p->dir);
	FILE *f = fopen(path, "w");
	must(here && f, path);
	snprintf(rules, sizeof(rules), "%s", here);
	fprintf(f,
	        "global: {scrape_interval: 1s, evaluation_interval: 1s}\nrule_files: ['%s']\nscrape_configs:\n"
	        "  - {job_name: api, static_configs: [{targets: ['127.0.0.1:%d']}]}\n  - {job_name: worker, static_configs: [{targets: ['127.0.0.1:%d']}]}\n",
	        rules, api_port, worker_port);
	must(fclose(f) == 0, path);
	free(here);
}

static void run(const struct prometheus *p)
{
	char config[400], data[400], listen[80], log[400];
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	snprintf(config, sizeof(config), "--config.file=%s/prometheus.yml", p->dir);
	snprintf(data, sizeof(data), "--storage.tsdb.path=%s/data", p->dir);
	snprintf(listen, sizeof(listen), "--web.listen-address=127.0.0.1:%d", p->port);
	snprintf(log, sizeof(log), "%s/log", p->dir);
	int fd = open(log, O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
	dup2(fd, 1);
	dup2(fd, 2);
	execl(PROGRAM, "prometheus", config, data, listen, (char *)NULL);
	_exit(127);
}

struct prometheus *prometheus_start(int api_port, int worker_port)
{
	struct prometheus *p = calloc(1, sizeof(*p));
	char path[300];
	must(p && access(PROGRAM, X_OK) == 0, PROGRAM " is missing (deploy/dev/setup.sh test)");
	snprintf(path, sizeof(path), "%s/prometheus.XXXXXX", getenv("BUILD") ? getenv("BUILD") : "build");
	must(mkdtemp(path) != NULL, "no folder");
	char *whole = realpath(path, NULL);
	must(whole && strlen(whole) < sizeof(p->dir), "no folder");
	snprintf(p->dir, sizeof(p->dir), "%s", whole);
	free(whole);
	p->port = free_port();
	write_config(p, api_port, worker_port);
	p->pid = fork();
	must(p->pid >= 0, "no process");
	if (p->pid == 0)
		run(p);
	for (int64_t until = http_now_ms() + READY_MS; !port_is_open(p->port) || http_ask(p->port, "GET", "/-/ready", NULL, NULL).status != 200; usleep(100000))
		must(http_now_ms() < until && waitpid(p->pid, NULL, WNOHANG) == 0, "it does not answer");
	return p;
}

void prometheus_stop(struct prometheus **prometheus)
{
	struct prometheus *p = *prometheus;
	*prometheus = NULL;
	if (!p)
		return;
	kill(p->pid, SIGKILL); /* its data is nobody's */
	waitpid(p->pid, NULL, 0);
	free(p);
}

json_t *prometheus_get(const struct prometheus *p, const char *path, const char **error_r)
{
	static char error[400];
	struct http_answer a = http_ask(p->port, "GET", path, NULL, NULL);
	json_t *answer = a.body ? json_loads(a.body, 0, NULL) : NULL;
	const char *said = json_string_value(json_object_get(answer, "error"));
	snprintf(error, sizeof(error), "%d %s", a.status, said ? said : "");
	*error_r = error;
	json_t *data = a.status == 200 ? json_incref(json_object_get(answer, "data")) : NULL;
	json_decref(answer);
	return data;
}

long prometheus_query(const struct prometheus *p, const char *expression, const char **error_r)
{
	char path[4000];
	size_t len = (size_t)snprintf(path, sizeof(path), "/api/v1/query?query=");
	for (const char *c = expression; *c && len < sizeof(path) - 4; c++)
		len += (size_t)snprintf(path + len, sizeof(path) - len, isalnum((unsigned char)*c) ? "%c" : "%%%02X", (unsigned char)*c);
	json_t *data = prometheus_get(p, path, error_r);
	long n = data ? (long)json_array_size(json_object_get(data, "result")) : -1;
	json_decref(data);
	return n;
}
