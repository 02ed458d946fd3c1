/* probe.c - see probe.h. */
#include "common/probe.h"

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

static int ask(const struct sockaddr_in *at, const char *host, const char *path)
{
	char request[400], answer[64] = "";
	struct timeval patience = { .tv_sec = 3 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int len = snprintf(request, sizeof(request), "GET %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: health\r\nConnection: close\r\n\r\n", path, host);
	bool fine = fd >= 0 && len < (int)sizeof(request) && !setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) &&
	            !setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) && !connect(fd, (const struct sockaddr *)at, sizeof(*at)) &&
	            send(fd, request, (size_t)len, MSG_NOSIGNAL) == len && recv(fd, answer, sizeof(answer) - 1, MSG_WAITALL) > 12;
	if (fd >= 0)
		close(fd);
	return fine && strncmp(answer, "HTTP/1.1 200", 12) == 0 ? 0 : 1;
}

int probe_command(const char *url)
{
	char host[64], path[200] = "/";
	unsigned port = 80;
	struct sockaddr_in at = { .sin_family = AF_INET };
	if (sscanf(url, "http://%63[0-9.]:%5u%199s", host, &port, path) < 2 || port > 65535 || inet_pton(AF_INET, host, &at.sin_addr) != 1) {
		fprintf(stderr, "the address must be like http://127.0.0.1:3000/health\n");
		return 1;
	}
	at.sin_port = htons((uint16_t)port);
	int code = ask(&at, host, path);
	if (code)
		fprintf(stderr, "%s is not healthy\n", url);
	return code;
}
