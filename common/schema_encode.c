/* schema_encode.c - struct to compact JSON by the table; see schema_encode() in schema.h. No printf but for rare doubles. */
#include <assert.h>
#include <string.h>

#include "common/schema.h"
#include "common/schema_json.h"
#include "common/schema_table.h"

struct list {
	const char *v;
	size_t n;
};

static void encode_struct(struct buf *out, const struct schema *s, const char *base);

static struct list list_of(const void *member)
{
	struct list list;

	memcpy(&list.v, member, sizeof(list.v));
	memcpy(&list.n, (const char *)member + sizeof(list.v), sizeof(list.n));
	return list;
}

static const char *pointer_of(const void *member)
{
	const char *p;

	memcpy(&p, member, sizeof(p));
	return p;
}

static size_t entry_size(enum schema_member member)
{
	if (member == SCHEMA_INT_MEMBER || member == SCHEMA_DOUBLE_MEMBER)
		return sizeof(int64_t);
	return member == SCHEMA_BOOL_MEMBER ? sizeof(bool) : sizeof(void *);
}

static void encode_member(struct buf *out, const struct schema *s, const void *member);

static void encode_list(struct buf *out, const struct schema *items, struct list list)
{
	size_t size = entry_size(items->member);

	buf_char(out, '[');
	for (size_t i = 0; i < list.n; i++) {
		if (i)
			buf_char(out, ',');
		encode_member(out, items, list.v + i * size);
	}
	buf_char(out, ']');
}

static void encode_pointer(struct buf *out, const struct schema *s, const char *p)
{
	if (!p) {
		assert(s->types & SCHEMA_NULL); /* only an entry of a list can be NULL here */
		buf_append(out, "null", 4);
	} else if (s->member == SCHEMA_TEXT_MEMBER) {
		buf_json_string(out, p);
	} else if (s->member == SCHEMA_JSON_MEMBER) {
		buf_str(out, p);
	} else {
		encode_struct(out, s, p);
	}
}

static void encode_member(struct buf *out, const struct schema *s, const void *member)
{
	switch (s->member) {
	case SCHEMA_INT_MEMBER:
		buf_int(out, *(const int64_t *)member);
		break;
	case SCHEMA_DOUBLE_MEMBER:
		schema_json_double(out, *(const double *)member);
		break;
	case SCHEMA_BOOL_MEMBER:
		buf_str(out, *(const bool *)member ? "true" : "false");
		break;
	case SCHEMA_LIST_MEMBER:
		encode_list(out, s->items, list_of(member));
		break;
	default:
		encode_pointer(out, s, pointer_of(member));
	}
}

static bool is_present(const struct schema_field *f, const char *base)
{
	const char *member = base + f->offset;

	switch (f->schema->member) {
	case SCHEMA_INT_MEMBER:
	case SCHEMA_DOUBLE_MEMBER:
	case SCHEMA_BOOL_MEMBER:
		return !f->has || *(const bool *)(base + f->has_offset);
	case SCHEMA_LIST_MEMBER:
		return list_of(member).n > 0 || (f->schema->types & SCHEMA_NULL && list_of(member).v);
	default:
		return pointer_of(member) != NULL;
	}
}

/* A required property that the struct does not have. */
static void encode_absent(struct buf *out, const struct schema *s)
{
	if (s->types & SCHEMA_NULL) {
		buf_append(out, "null", 4);
	} else if (s->member == SCHEMA_LIST_MEMBER) {
		buf_append(out, "[]", 2);
	} else {
		assert(s->choice_count == 1 && s->choices->type == SCHEMA_STRING); /* a required member is not set */
		buf_json_string_n(out, s->choices->text, s->choices->len);
	}
}

static void encode_struct(struct buf *out, const struct schema *s, const char *base)
{
	bool first = true;

	buf_char(out, '{');
	for (size_t i = 0; i < s->field_count; i++) {
		const struct schema_field *f = &s->fields[i];
		bool present = is_present(f, base);
		if (!present && !f->required)
			continue;
		if (!first)
			buf_char(out, ',');
		first = false;
		buf_append(out, f->key, f->key_len);
		if (present)
			encode_member(out, f->schema, base + f->offset);
		else
			encode_absent(out, f->schema);
	}
	buf_char(out, '}');
}

enum error schema_encode(struct buf *out, const struct schema *s, const void *in)
{
	encode_struct(out, s, in);
	return buf_error(out);
}
