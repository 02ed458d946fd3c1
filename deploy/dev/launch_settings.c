#include "deploy/dev/launch_settings.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE_MAX_BYTES 4096

const char *setting(const char *name, const char *fallback)
{
	const char *value = getenv(name);
	return value && *value ? value : fallback;
}

static void load_line(char *line)
{
	line[strcspn(line, "\r\n")] = '\0';
	char *value = strchr(line, '=');
	if (line[0] == '#' || !value || value == line)
		return;
	*value++ = '\0';
	size_t len = strlen(value);
	if (len >= 2 && (value[0] == '"' || value[0] == '\'') && value[len - 1] == value[0]) {
		value[len - 1] = '\0';
		value++;
	}
	if (*value && !setting(line, NULL))
		setenv(line, value, 1);
}

bool settings_load(const char *path)
{
	char line[LINE_MAX_BYTES];
	FILE *file = fopen(path, "re");
	if (!file)
		return false;
	while (fgets(line, sizeof(line), file))
		load_line(line);
	fclose(file);
	return true;
}

/* `bytes` random bytes in hex; text_r has room for 2 * bytes + 1. */
static bool random_hex(char *text_r, size_t bytes)
{
	static const char digits[] = "0123456789abcdef";
	unsigned char random[64];
	if (bytes > sizeof(random) || getrandom(random, bytes, 0) != (ssize_t)bytes)
		return false;
	for (size_t i = 0; i < bytes; i++) {
		text_r[2 * i] = digits[random[i] >> 4];
		text_r[2 * i + 1] = digits[random[i] & 15];
	}
	text_r[2 * bytes] = '\0';
	return true;
}

static bool write_secrets(const char *path)
{
	char password[25], key[65], fresh[LINE_MAX_BYTES];
	if (!random_hex(password, 12) || !random_hex(key, 32))
		return false;
	snprintf(fresh, sizeof(fresh), "%s.new", path);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0)
		return false;
	int n = dprintf(fd, "ADMIN_EMAIL=admin@restaurant.example\nADMIN_PASSWORD=%s\nJWT_SECRET_KEY=%s\n", password, key);
	close(fd);
	return n > 0 && rename(fresh, path) == 0;
}

bool settings_secrets(const char *path)
{
	if (access(path, F_OK) != 0 && !write_secrets(path)) {
		fprintf(stderr, "cannot write %s: %s\n", path, strerror(errno));
		return false;
	}
	return settings_load(path);
}

bool settings_ports(const char *list, int *ports_r, size_t *count_r)
{
	*count_r = 0;
	for (const char *at = list;;) {
		char *end;
		long port = strtol(at, &end, 10);
		if (end == at || port < 0 || port > 65535 || *count_r == SETTINGS_PORTS_MAX)
			return false;
		ports_r[(*count_r)++] = (int)port;
		end += strspn(end, " ");
		if (*end == '\0')
			return true;
		if (*end != ',')
			return false;
		at = end + 1;
	}
}

/* Another address than an IPv4 one is left to the api to try. */
static bool port_is_free(const char *address, int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	int one = 1;
	if (port == 0 || inet_pton(AF_INET, address, &at.sin_addr) != 1)
		return true;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return true;
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
	bool free = bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0 && listen(fd, 1) == 0;
	close(fd);
	return free;
}

bool settings_ports_free(const char *address, const int *ports, size_t count)
{
	char busy[256] = "";
	size_t len = 0;
	for (size_t i = 0; i < count; i++) {
		if (!port_is_free(address, ports[i]) && len < sizeof(busy) - 16)
			len += (size_t)snprintf(busy + len, sizeof(busy) - len, " %d", ports[i]);
	}
	if (len > 0)
		fprintf(stderr, "busy on %s, port:%s (stop what listens there, or choose others with API_PORTS=3001,...)\n", address, busy);
	return len == 0;
}

void settings_rotate(const char *path)
{
	char old[LINE_MAX_BYTES];
	snprintf(old, sizeof(old), "%s.1", path);
	rename(path, old);
}

bool settings_lock(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
}
