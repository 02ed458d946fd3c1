/* devbroker - the embedded broker of `make run`: librdkafka's mock cluster, for the other processes of this machine.
 *
 *   devbroker --port-file FILE [--partitions N]
 *
 * Makes every topic of common/topics.def (after KAFKA_TOPIC_PREFIX), writes "host:port" to FILE once it can be used, and serves until
 * SIGTERM or SIGINT. The port is the system's choice and another one after each start.
 *
 * It keeps everything in memory, about 5 MB for each partition, then drops the oldest in silence; it forgets all when it
 * stops; it listens on 127.0.0.1 without any password. That is enough to look at the product and to develop it, and for nothing else.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <getopt.h>
#include <pthread.h>
#include <stdatomic.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include "common/log.h"

#define PARTITIONS_MAX 1024

struct options {
	const char *port_file;
	int partitions;
};

static const char *const topics[] = {
#define TOPIC(id, name, cleanup, retention_ms, doc) name,
#include "common/topics.def"
#undef TOPIC
};

static int usage(void)
{
	fprintf(stderr, "usage: devbroker --port-file FILE [--partitions 1..%d]\n", PARTITIONS_MAX);
	return 2;
}

static bool parse_options(int argc, char **argv, struct options *options_r)
{
	static const struct option known[] = {
		{ "port-file", required_argument, NULL, 'f' },
		{ "partitions", required_argument, NULL, 'p' },
		{ 0 },
	};
	*options_r = (struct options){ .partitions = 32 };
	for (int c; (c = getopt_long(argc, argv, "", known, NULL)) != -1;) {
		if (c == 'f')
			options_r->port_file = optarg;
		else if (c == 'p')
			options_r->partitions = (int)strtol(optarg, NULL, 10);
		else
			return false;
	}
	return options_r->port_file && optind == argc && options_r->partitions >= 1 && options_r->partitions <= PARTITIONS_MAX;
}

/* The mock cluster sometimes misses that an operation was handed to it, and then sleeps up to a second; twelve topics took three seconds on average.
 * Anything that happens on its port wakes it, so while the topics are made this thread knocks. */
struct knocker {
	pthread_t thread;
	struct sockaddr_in at;
	atomic_bool enough;
};

static void *knock(void *ctx)
{
	struct knocker *k = ctx;
	while (!atomic_load(&k->enough)) {
		int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
		(void)!connect(fd, (struct sockaddr *)&k->at, sizeof(k->at));
		close(fd);
		usleep(2000);
	}
	return NULL;
}

static bool knocker_start(struct knocker *k, const char *address)
{
	const char *colon = strrchr(address, ':');
	*k = (struct knocker){ .at.sin_family = AF_INET, .at.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	k->at.sin_port = htons((uint16_t)strtol(colon ? colon + 1 : "0", NULL, 10));
	return pthread_create(&k->thread, NULL, knock, k) == 0;
}

static void knocker_stop(struct knocker *k)
{
	atomic_store(&k->enough, true);
	pthread_join(k->thread, NULL);
}

static bool create_topics(rd_kafka_mock_cluster_t *cluster, int partitions)
{
	const char *prefix = getenv("KAFKA_TOPIC_PREFIX");
	for (size_t i = 0; i < sizeof(topics) / sizeof(topics[0]); i++) {
		char name[250];
		snprintf(name, sizeof(name), "%s%s", prefix ? prefix : "", topics[i]);
		rd_kafka_resp_err_t err = rd_kafka_mock_topic_create(cluster, name, partitions, 1);
		if (err) {
			log_event(LOG_error, "broker.topic_failed", LOG_S("topic", name), LOG_S("why", rd_kafka_err2str(err)));
			return false;
		}
	}
	return true;
}

/* The file appears whole or not at all: who waits for it may read it as soon as it is there. */
static bool write_port_file(const char *path, const char *address)
{
	char fresh[4096];
	if ((size_t)snprintf(fresh, sizeof(fresh), "%s.new", path) >= sizeof(fresh))
		return false;
	FILE *file = fopen(fresh, "w");
	if (!file)
		return false;
	bool written = fprintf(file, "%s\n", address) > 0;
	written = fclose(file) == 0 && written;
	return written && rename(fresh, path) == 0;
}

static bool serve(rd_kafka_mock_cluster_t *cluster, const struct options *options, const sigset_t *until)
{
	const char *address = rd_kafka_mock_cluster_bootstraps(cluster);
	struct knocker knocker;
	bool knocks = knocker_start(&knocker, address);
	bool created = create_topics(cluster, options->partitions);
	if (knocks)
		knocker_stop(&knocker);
	if (!created)
		return false;
	if (!write_port_file(options->port_file, address)) {
		log_event(LOG_error, "broker.port_file_failed", LOG_S("file", options->port_file), LOG_S("why", strerror(errno)));
		return false;
	}
	log_event(LOG_warn, "broker.started", LOG_S("address", address), LOG_I("partitions", options->partitions),
	          LOG_S("note", "in memory, for development and demonstration only: what it holds is gone when it stops"));
	int signal_number = 0;
	sigwait(until, &signal_number);
	log_event(LOG_info, "broker.stopped", LOG_I("signal", signal_number));
	unlink(options->port_file);
	return true;
}

int main(int argc, char **argv)
{
	struct options options;
	if (!parse_options(argc, argv, &options))
		return usage();
	log_init("devbroker", LOG_info);

	/* Blocked before librdkafka starts its threads, so that only sigwait() gets them. */
	sigset_t until;
	sigemptyset(&until);
	sigaddset(&until, SIGTERM);
	sigaddset(&until, SIGINT);
	sigprocmask(SIG_BLOCK, &until, NULL);
	signal(SIGPIPE, SIG_IGN);

	char why[512];
	rd_kafka_conf_t *conf = rd_kafka_conf_new();
	rd_kafka_conf_set(conf, "log_level", "3", NULL, 0); /* it would warn that this client has no broker of its own */
	rd_kafka_t *host = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof(why));
	if (!host) {
		log_event(LOG_error, "broker.failed", LOG_S("why", why));
		return 1;
	}
	rd_kafka_mock_cluster_t *cluster = rd_kafka_mock_cluster_new(host, 1);
	bool fine = cluster && serve(cluster, &options, &until);
	if (cluster)
		rd_kafka_mock_cluster_destroy(cluster);
	rd_kafka_destroy(host);
	return fine ? 0 : 1;
}
