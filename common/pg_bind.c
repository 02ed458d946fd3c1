/* pg_bind.c - see pg_bind.h. */
#include "common/pg_bind.h"

#include <endian.h>
#include <string.h>

#define UUID_BYTES 16
#define UUID_CHARS 36
#define ARRAY_HEAD 12     /* dimensions, has NULLs, type of elements */
#define ARRAY_DIMENSION 8 /* length, lower bound */
#define JSONB_VERSION 1

enum { OID_BOOL = 16,
       OID_BYTEA = 17,
       OID_INT8 = 20,
       OID_INT4 = 23,
       OID_TEXT = 25,
       OID_JSON = 114,
       OID_FLOAT8 = 701,
       OID_VARCHAR = 1043,
       OID_TIMESTAMPTZ = 1184,
       OID_NUMERIC = 1700,
       OID_UUID = 2950,
       OID_JSONB = 3802 };

static const struct {
	Oid oid, element;
	enum query_type element_type;
	size_t size; /* of the member in C */
	bool text;   /* travels as text */
} types[] = {
	[QT_text] = { OID_TEXT, 0, 0, sizeof(char *), true },
	[QT_uuid] = { OID_UUID, 0, 0, sizeof(char *), false },
	[QT_json] = { OID_JSONB, 0, 0, sizeof(char *), false },
	[QT_time] = { OID_TIMESTAMPTZ, 0, 0, sizeof(char *), true },
	[QT_numeric] = { OID_NUMERIC, 0, 0, sizeof(char *), true },
	[QT_int8] = { OID_INT8, 0, 0, sizeof(int64_t), false },
	[QT_int4] = { OID_INT4, 0, 0, sizeof(int64_t), false },
	[QT_float8] = { OID_FLOAT8, 0, 0, sizeof(double), false },
	[QT_bool] = { OID_BOOL, 0, 0, sizeof(bool), false },
	[QT_text_array] = { 1009, OID_TEXT, QT_text, sizeof(struct query_texts), false },
	[QT_uuid_array] = { 2951, OID_UUID, QT_uuid, sizeof(struct query_texts), false },
	[QT_json_array] = { 3807, OID_JSONB, QT_json, sizeof(struct query_texts), false },
	[QT_int8_array] = { 1016, OID_INT8, QT_int8, sizeof(struct query_ints), false },
	[QT_int4_array] = { 1007, OID_INT4, QT_int4, sizeof(struct query_ints), false },
	[QT_bool_array] = { 1000, OID_BOOL, QT_bool, sizeof(struct query_bools), false },
	[QT_bytes] = { OID_BYTEA, 0, 0, sizeof(struct query_bytes), false },
};

Oid pg_type_oid(enum query_type type)
{
	return types[type].oid;
}

/* Where the member of this type begins when the ones before end at `at`. */
static size_t member(enum query_type type, size_t at)
{
	size_t align = type == QT_bool ? sizeof(bool) : sizeof(void *);
	return (at + align - 1) / align * align;
}

/* --- out --- */

static unsigned char *put4(unsigned char *p, uint32_t v)
{
	v = htobe32(v);
	memcpy(p, &v, sizeof(v));
	return p + sizeof(v);
}

static unsigned char *put8(unsigned char *p, uint64_t v)
{
	v = htobe64(v);
	memcpy(p, &v, sizeof(v));
	return p + sizeof(v);
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool put_uuid(unsigned char out[UUID_BYTES], const char *text)
{
	size_t n = 0;
	for (size_t i = 0; i < UUID_CHARS; i++) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i] != '-')
				return false;
			continue;
		}
		int high = hex_digit(text[i]), low = high < 0 ? -1 : hex_digit(text[i + 1]);
		if (low < 0)
			return false;
		out[n++] = (unsigned char)(high << 4 | low);
		i++;
	}
	return text[UUID_CHARS] == '\0';
}

static size_t text_size(enum query_type type, const char *s)
{
	return type == QT_uuid ? UUID_BYTES : strlen(s) + (type == QT_json);
}

static bool put_text(unsigned char *p, enum query_type type, const char *s, size_t size)
{
	if (type == QT_uuid)
		return put_uuid(p, s);
	if (type == QT_json) {
		*p++ = JSONB_VERSION;
		size--;
	}
	memcpy(p, s, size);
	return true;
}

static bool fits_int4(int64_t v)
{
	return v >= INT32_MIN && v <= INT32_MAX;
}

static unsigned char *put_array_head(unsigned char *p, size_t n, bool nulls, Oid element)
{
	p = put4(p, n ? 1 : 0);
	p = put4(p, nulls);
	p = put4(p, element);
	if (!n)
		return p;
	p = put4(p, (uint32_t)n);
	return put4(p, 1);
}

struct value {
	const void *bytes;
	size_t size;
	const char *why; /* it cannot be sent */
};

static struct value bind_texts(struct arena *a, enum query_type type, const struct query_texts *in)
{
	enum query_type element = types[type].element_type;
	size_t size = ARRAY_HEAD + ARRAY_DIMENSION;
	bool nulls = false;
	for (size_t i = 0; i < in->n; i++) {
		nulls = nulls || !in->v[i];
		size += 4 + (in->v[i] ? text_size(element, in->v[i]) : 0);
	}
	unsigned char *bytes = arena_alloc(a, size), *p = put_array_head(bytes, in->n, nulls, types[type].element);
	for (size_t i = 0; i < in->n; i++) {
		if (!in->v[i]) {
			p = put4(p, UINT32_MAX);
			continue;
		}
		size_t length = text_size(element, in->v[i]);
		p = put4(p, (uint32_t)length);
		if (!put_text(p, element, in->v[i], length))
			return (struct value){ .why = "not a uuid" };
		p += length;
	}
	return (struct value){ bytes, (size_t)(p - bytes), NULL };
}

static struct value bind_ints(struct arena *a, enum query_type type, const struct query_ints *in)
{
	bool small = type == QT_int4_array;
	unsigned char *bytes = arena_alloc(a, ARRAY_HEAD + ARRAY_DIMENSION + in->n * 12);
	unsigned char *p = put_array_head(bytes, in->n, false, types[type].element);
	for (size_t i = 0; i < in->n; i++) {
		if (small && !fits_int4(in->v[i]))
			return (struct value){ .why = "too big for an int4" };
		p = put4(p, small ? 4 : 8);
		p = small ? put4(p, (uint32_t)in->v[i]) : put8(p, (uint64_t)in->v[i]);
	}
	return (struct value){ bytes, (size_t)(p - bytes), NULL };
}

static struct value bind_bools(struct arena *a, const struct query_bools *in)
{
	unsigned char *bytes = arena_alloc(a, ARRAY_HEAD + ARRAY_DIMENSION + in->n * 5);
	unsigned char *p = put_array_head(bytes, in->n, false, OID_BOOL);
	for (size_t i = 0; i < in->n; i++) {
		p = put4(p, 1);
		*p++ = in->v[i];
	}
	return (struct value){ bytes, (size_t)(p - bytes), NULL };
}

static struct value bind_text(struct arena *a, enum query_type type, const char *s)
{
	if (!s)
		return (struct value){ 0 };
	if (types[type].text)
		return (struct value){ arena_strdup(a, s), strlen(s), NULL };
	size_t size = text_size(type, s);
	unsigned char *bytes = arena_alloc(a, size);
	if (!put_text(bytes, type, s, size))
		return (struct value){ .why = "not a uuid" };
	return (struct value){ bytes, size, NULL };
}

static struct value bind_bytes(struct arena *a, const struct query_bytes *in)
{
	if (!in->v)
		return (struct value){ 0 };
	unsigned char *bytes = arena_alloc(a, in->n + 1);
	memcpy(bytes, in->v, in->n);
	return (struct value){ bytes, in->n, NULL };
}

static struct value bind_number(struct arena *a, enum query_type type, const void *in)
{
	uint64_t bits;
	memcpy(&bits, in, sizeof(bits));
	unsigned char *bytes = arena_alloc(a, sizeof(bits));
	if (type != QT_int4) {
		put8(bytes, bits);
		return (struct value){ bytes, sizeof(bits), NULL };
	}
	if (!fits_int4((int64_t)bits))
		return (struct value){ .why = "too big for an int4" };
	put4(bytes, (uint32_t)bits);
	return (struct value){ bytes, 4, NULL };
}

static struct value bind_value(struct arena *a, enum query_type type, const void *in)
{
	switch (type) {
	case QT_int8:
	case QT_int4:
	case QT_float8:
		return bind_number(a, type, in);
	case QT_bool: {
		char *byte = arena_alloc(a, 1);
		*byte = *(const bool *)in;
		return (struct value){ byte, 1, NULL };
	}
	case QT_bytes:
		return bind_bytes(a, in);
	case QT_text_array:
	case QT_uuid_array:
	case QT_json_array:
		return bind_texts(a, type, in);
	case QT_int8_array:
	case QT_int4_array:
		return bind_ints(a, type, in);
	case QT_bool_array:
		return bind_bools(a, in);
	default:
		return bind_text(a, type, *(const char *const *)in);
	}
}

enum error pg_bind(struct arena *a, const struct query_row *query, const void *params, struct pg_bound *bound_r, const char **why_r)
{
	size_t n = query->param_count, at = 0;
	const char **values = arena_array(a, n + 1, sizeof(*values));
	int *lengths = arena_array(a, 2 * n + 1, sizeof(*lengths)), *formats = lengths + n;
	for (size_t i = 0; i < n; i++) {
		enum query_type type = query->params[i].type;
		at = member(type, at);
		struct value value = bind_value(a, type, (const char *)params + at);
		if (value.why || value.size > INT32_MAX) {
			*why_r = value.why ? value.why : "too long";
			return ERROR_db_failed;
		}
		values[i] = value.bytes;
		lengths[i] = (int)value.size;
		formats[i] = !types[type].text;
		at += types[type].size;
	}
	*bound_r = (struct pg_bound){ (int)n, values, lengths, formats };
	return ERROR_none;
}

/* --- in --- */

static uint32_t get4(const char *p)
{
	uint32_t v;
	memcpy(&v, p, sizeof(v));
	return be32toh(v);
}

static uint64_t get8(const char *p)
{
	uint64_t v;
	memcpy(&v, p, sizeof(v));
	return be64toh(v);
}

static char *uuid_text(struct arena *a, const char *p)
{
	static const char digits[] = "0123456789abcdef";
	char *text = arena_alloc(a, UUID_CHARS + 1), *out = text;
	for (int i = 0; i < UUID_BYTES; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*out++ = '-';
		*out++ = digits[(unsigned char)p[i] >> 4];
		*out++ = digits[p[i] & 15];
	}
	return text;
}

static const char *get_text(struct arena *a, Oid oid, const char *p, size_t size)
{
	if (oid == OID_UUID)
		return uuid_text(a, p);
	if (oid == OID_JSONB && size)
		return arena_strndup(a, p + 1, size - 1);
	return arena_strndup(a, p, size);
}

/* One dimension, or empty. */
static size_t array_length(const char *p, size_t size)
{
	return size < ARRAY_HEAD + ARRAY_DIMENSION || get4(p) != 1 ? 0 : get4(p + ARRAY_HEAD);
}

static int64_t get_int(Oid element, const char *p)
{
	if (element == OID_BOOL)
		return *p != 0;
	return element == OID_INT4 ? (int32_t)get4(p) : (int64_t)get8(p);
}

static void get_array(struct arena *a, enum query_type type, const char *p, size_t size, void *out)
{
	size_t n = array_length(p, size);
	Oid element = types[type].element;
	const char **texts = NULL;
	int64_t *ints = NULL;
	bool *bools = NULL;
	if (type == QT_bool_array)
		*(struct query_bools *)out = (struct query_bools){ bools = arena_array(a, n, sizeof(*bools)), n };
	else if (type == QT_int8_array || type == QT_int4_array)
		*(struct query_ints *)out = (struct query_ints){ ints = arena_array(a, n, sizeof(*ints)), n };
	else
		*(struct query_texts *)out = (struct query_texts){ texts = arena_array(a, n, sizeof(*texts)), n };
	p += ARRAY_HEAD + ARRAY_DIMENSION;
	for (size_t i = 0; i < n; i++) {
		uint32_t length = get4(p);
		p += 4;
		if (length == UINT32_MAX)
			continue;
		if (texts)
			texts[i] = get_text(a, element, p, length);
		else if (ints)
			ints[i] = get_int(element, p);
		else
			bools[i] = get_int(element, p);
		p += length;
	}
}

static void get_value(struct arena *a, enum query_type type, Oid oid, const char *p, size_t size, void *out)
{
	switch (type) {
	case QT_int8:
	case QT_int4:
		*(int64_t *)out = get_int(types[type].oid, p);
		break;
	case QT_float8: {
		uint64_t bits = get8(p);
		memcpy(out, &bits, sizeof(bits));
		break;
	}
	case QT_bool:
		*(bool *)out = *p != 0;
		break;
	case QT_text:
	case QT_uuid:
	case QT_json:
	case QT_time:
	case QT_numeric:
		*(const char **)out = get_text(a, oid, p, size);
		break;
	case QT_bytes:
		*(struct query_bytes *)out = (struct query_bytes){ arena_strndup(a, p, size), size };
		break;
	default:
		get_array(a, type, p, size, out);
	}
}

static bool same_type(enum query_type type, Oid oid)
{
	return oid == types[type].oid || (type == QT_json && oid == OID_JSON) || (type == QT_text && oid == OID_VARCHAR);
}

static bool same_columns(const struct query_row *query, const PGresult *result)
{
	if ((size_t)PQnfields(result) != query->column_count)
		return false;
	for (size_t i = 0; i < query->column_count; i++)
		if (!same_type(query->columns[i].type, PQftype(result, (int)i)))
			return false;
	return true;
}

enum error pg_decode(struct arena *a, const struct query_row *query, const PGresult *result, struct pg_rows *rows_r, const char **why_r)
{
	if (!same_columns(query, result)) {
		*why_r = "the result has other columns than the query table says";
		return ERROR_db_failed;
	}
	size_t n = (size_t)PQntuples(result), at = 0;
	char *rows = arena_array(a, n, query->row_size);
	for (size_t c = 0; c < query->column_count; c++) {
		enum query_type type = query->columns[c].type;
		Oid oid = PQftype(result, (int)c);
		at = member(type, at);
		for (size_t i = 0; i < n; i++)
			if (!PQgetisnull(result, (int)i, (int)c))
				get_value(a, type, oid, PQgetvalue(result, (int)i, (int)c), (size_t)PQgetlength(result, (int)i, (int)c), rows + i * query->row_size + at);
		at += types[type].size;
	}
	*rows_r = (struct pg_rows){ rows, n };
	return ERROR_none;
}
