/* schema_json.c - see schema_json.h. */
#include "common/schema_json.h"

#include <assert.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Prices and the like, at most six decimals: value * 10^6 is whole and divides back to the same double, so these digits are exact. */
static bool short_double(struct buf *out, double value)
{
	double scaled = value * 1e6;

	if (!(fabs(scaled) < 9e15))
		return false;
	int64_t whole = llround(scaled);
	if ((double)whole / 1e6 != value || whole == 0)
		return false;
	uint64_t digits = (uint64_t)(whole < 0 ? -whole : whole), fraction = digits % 1000000;
	if (whole < 0)
		buf_char(out, '-');
	buf_int(out, (int64_t)(digits / 1000000));
	if (fraction) {
		char text[7] = ".000000";
		size_t n = 7;
		for (int i = 6; i > 0; i--, fraction /= 10)
			text[i] = (char)('0' + fraction % 10);
		while (text[n - 1] == '0')
			n--;
		buf_append(out, text, n);
	}
	return true;
}

enum error schema_json_double(struct buf *out, double value)
{
	char text[40];

	assert(isfinite(value));
	if (value == 0)
		return buf_str(out, signbit(value) ? "-0.0" : "0");
	if (short_double(out, value))
		return buf_error(out);
	for (int precision = 15; precision <= 17; precision++) {
		snprintf(text, sizeof(text), "%.*g", precision, value);
		if (strtod(text, NULL) == value)
			break;
	}
	return buf_str(out, text);
}

static enum error write_object(struct buf *out, const json_t *v, int depth)
{
	const char *key, *before = "{";
	json_t *one;

	json_object_foreach((json_t *)v, key, one)
	{
		buf_str(out, before);
		buf_json_string(out, key);
		buf_char(out, ':');
		enum error e = schema_json_write(out, one, depth);
		if (e)
			return e;
		before = ",";
	}
	return buf_str(out, *before == '{' ? "{}" : "}");
}

static enum error write_array(struct buf *out, const json_t *v, int depth)
{
	buf_char(out, '[');
	for (size_t i = 0; i < json_array_size(v); i++) {
		if (i)
			buf_char(out, ',');
		enum error e = schema_json_write(out, json_array_get(v, i), depth);
		if (e)
			return e;
	}
	return buf_char(out, ']');
}

enum error schema_json_write(struct buf *out, const json_t *v, int depth)
{
	switch (json_typeof(v)) {
	case JSON_OBJECT:
		return depth > 0 ? write_object(out, v, depth - 1) : ERROR_invalid;
	case JSON_ARRAY:
		return depth > 0 ? write_array(out, v, depth - 1) : ERROR_invalid;
	case JSON_STRING:
		return buf_json_string_n(out, json_string_value(v), json_string_length(v));
	case JSON_INTEGER:
		return buf_int(out, json_integer_value(v));
	case JSON_REAL:
		return schema_json_double(out, json_real_value(v));
	case JSON_TRUE:
		return buf_str(out, "true");
	case JSON_FALSE:
		return buf_str(out, "false");
	default:
		return buf_str(out, "null");
	}
}

static bool equal_objects(const json_t *a, const json_t *b)
{
	const char *key;
	json_t *one;

	if (json_object_size(a) != json_object_size(b))
		return false;
	json_object_foreach((json_t *)a, key, one)
	{
		const json_t *other = json_object_get(b, key);
		if (!other || !schema_json_equal(one, other))
			return false;
	}
	return true;
}

static bool equal_arrays(const json_t *a, const json_t *b)
{
	if (json_array_size(a) != json_array_size(b))
		return false;
	for (size_t i = 0; i < json_array_size(a); i++)
		if (!schema_json_equal(json_array_get(a, i), json_array_get(b, i)))
			return false;
	return true;
}

static long double number_of(const json_t *v)
{
	return json_is_integer(v) ? (long double)json_integer_value(v) : (long double)json_real_value(v);
}

bool schema_json_equal(const json_t *a, const json_t *b)
{
	if (json_is_number(a) && json_is_number(b))
		return number_of(a) == number_of(b);
	if (json_is_object(a) && json_is_object(b))
		return equal_objects(a, b);
	if (json_is_array(a) && json_is_array(b))
		return equal_arrays(a, b);
	return json_equal(a, b);
}

bool schema_pattern_matches(const struct schema_pattern *p, const char *s, size_t len)
{
	if (len < p->least || len > p->most)
		return false;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)s[i];
		if (c >= 128 || !(p->set[c / 64] >> (c % 64) & 1))
			return false;
	}
	return true;
}

/* Reads `n` digits at `s`, -1 when they are none. */
static int number_at(const char *s, int n)
{
	int value = 0;

	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return -1;
		value = 10 * value + s[i] - '0';
	}
	return value;
}

static bool is_date(const char *s)
{
	static const int days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int year = number_at(s, 4), month = number_at(s + 5, 2), day = number_at(s + 8, 2);

	if (year < 0 || s[4] != '-' || s[7] != '-' || month < 1 || month > 12 || day < 1 || day > days[month - 1])
		return false;
	return month != 2 || day < 29 || (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
}

/* Z or +hh:mm; the offset in minutes. */
static bool is_offset(const char *s, size_t len, int *minutes_r)
{
	*minutes_r = 0;
	if (len == 1)
		return *s == 'Z' || *s == 'z';
	if (len != 6 || (*s != '+' && *s != '-') || s[3] != ':')
		return false;
	int hours = number_at(s + 1, 2), minutes = number_at(s + 4, 2);
	if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
		return false;
	*minutes_r = (*s == '-' ? -1 : 1) * (60 * hours + minutes);
	return true;
}

/* hh:mm:ss: the minute of the day and the second, which may be a leap second, 60. */
static bool is_time(const char *s, int *minute_r, int *second_r)
{
	int hour = number_at(s, 2), minute = number_at(s + 3, 2), second = number_at(s + 6, 2);

	*minute_r = 60 * hour + minute;
	*second_r = second;
	return s[2] == ':' && s[5] == ':' && hour >= 0 && hour <= 23 && minute >= 0 && minute <= 59 && second >= 0 && second <= 60;
}

/* Length of ".5", 0 when there is no fraction, or SIZE_MAX for a point without digits. */
static size_t fraction_length(const char *s, size_t len)
{
	size_t n = 1;

	if (len == 0 || *s != '.')
		return 0;
	while (n < len && s[n] >= '0' && s[n] <= '9')
		n++;
	return n > 1 ? n : SIZE_MAX;
}

bool schema_is_date_time(const char *s, size_t len)
{
	int minute, second, offset;

	if (len < 20 || !is_date(s) || (s[10] != 'T' && s[10] != 't') || !is_time(s + 11, &minute, &second))
		return false;
	size_t fraction = fraction_length(s + 19, len - 19);
	if (fraction == SIZE_MAX || !is_offset(s + 19 + fraction, len - 19 - fraction, &offset))
		return false;
	int utc = ((minute - offset) % 1440 + 1440) % 1440;
	return second < 60 || utc == 1439; /* a leap second comes at the end of a day in UTC */
}
