#include "api/head.h"

#include <string.h>
#include <strings.h>

struct head_seen {
	int hosts, lengths, encodings;
	const char *fault;
};

static bool is(const char *name, size_t len, const char *other)
{
	return strlen(other) == len && !strncasecmp(name, other, len);
}

static bool all_digits(const char *s, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return len > 0 && len <= 18;
}

static void trim(const char **s, size_t *len)
{
	while (*len && (**s == ' ' || **s == '\t'))
		(*s)++, (*len)--;
	while (*len && ((*s)[*len - 1] == ' ' || (*s)[*len - 1] == '\t'))
		(*len)--;
}

static void see_framing(struct head_seen *seen, const char *name, size_t name_len, const char *value, size_t value_len)
{
	if (is(name, name_len, "host")) {
		seen->hosts++;
	} else if (is(name, name_len, "content-length")) {
		seen->lengths++;
		if (!all_digits(value, value_len))
			seen->fault = "Content-Length is not a plain number.";
	} else if (is(name, name_len, "transfer-encoding")) {
		seen->encodings++;
		if (!is(value, value_len, "chunked"))
			seen->fault = "Only the transfer encoding chunked is understood.";
	}
}

/* One header line without its end. */
static void see_line(struct head_seen *seen, const char *line, size_t len)
{
	if (*line == ' ' || *line == '\t') {
		seen->fault = "A header is folded over several lines.";
		return;
	}
	const char *colon = memchr(line, ':', len);
	if (!colon || colon == line) {
		seen->fault = "A header has no name.";
		return;
	}
	if (colon[-1] == ' ' || colon[-1] == '\t') {
		seen->fault = "There is space before a header's colon.";
		return;
	}
	const char *value = colon + 1;
	size_t value_len = len - (size_t)(value - line);
	trim(&value, &value_len);
	/* only names as long as those of interest are compared */
	size_t name_len = (size_t)(colon - line);
	if (name_len == 4 || name_len == 14 || name_len == 17)
		see_framing(seen, line, name_len, value, value_len);
}

static const char *judge(const struct head_seen *seen, bool http_1_1)
{
	if (seen->fault)
		return seen->fault;
	if (seen->hosts > 1)
		return "There is more than one Host.";
	if (!seen->hosts && http_1_1)
		return "There is no Host.";
	if (seen->lengths > 1)
		return "There is more than one Content-Length.";
	if (seen->encodings > 1)
		return "There is more than one Transfer-Encoding.";
	if (seen->lengths && seen->encodings)
		return "There are both Content-Length and Transfer-Encoding.";
	return NULL;
}

struct head_verdict head_check(const char *bytes, size_t len, bool http_1_1)
{
	struct head_seen seen = { 0 };
	const char *line = bytes, *end = bytes + len;
	bool first = true;
	/* empty lines before the request line are allowed, and h2o takes them */
	while (end - line >= 2 && line[0] == '\r' && line[1] == '\n')
		line += 2;
	while (line < end && !seen.fault) {
		const char *feed = memchr(line, '\n', (size_t)(end - line));
		if (!feed || feed == line || feed[-1] != '\r')
			return (struct head_verdict){ "A line does not end with CR LF.", false };
		size_t line_len = (size_t)(feed - 1 - line);
		if (!line_len)
			break;
		if (!first)
			see_line(&seen, line, line_len);
		first = false;
		line = feed + 1;
		if (line - bytes > HEAD_BYTES_MAX)
			return (struct head_verdict){ "The head is larger than 16 KiB.", true };
	}
	return (struct head_verdict){ judge(&seen, http_1_1), false };
}

bool head_header(const char *bytes, size_t len, const char *name, const char **value_r, size_t *len_r)
{
	const char *end = bytes + len, *line = memchr(bytes, '\n', len);
	while (line && ++line < end) {
		const char *feed = memchr(line, '\n', (size_t)(end - line));
		const char *stop = feed ? feed : end, *colon = memchr(line, ':', (size_t)(stop - line));
		if (colon && is(line, (size_t)(colon - line), name)) {
			*value_r = colon + 1;
			*len_r = (size_t)(stop - colon - 1);
			*len_r -= *len_r && (*value_r)[*len_r - 1] == '\r';
			trim(value_r, len_r);
			return true;
		}
		line = feed;
	}
	return false;
}

struct head_body head_body(const char *bytes, size_t len)
{
	struct head_body body = { 0 };
	const char *value;
	size_t value_len;
	body.chunked = head_header(bytes, len, "transfer-encoding", &value, &value_len);
	if (!head_header(bytes, len, "content-length", &value, &value_len) || !all_digits(value, value_len))
		return body;
	for (size_t i = 0; i < value_len; i++)
		body.length = body.length * 10 + (uint64_t)(value[i] - '0');
	return body;
}
