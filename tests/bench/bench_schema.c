/* bench_schema.c - what one frame costs: decoded from text, and encoded. Prints a line each; fails when far from the goal. */
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/schema.h"
#include "schemas.h"

#define ID "01a20ba4-b0bf-7116-ac7d-1dd327197584"
#define STRUCT_BYTES 512
_Static_assert(sizeof(struct ai_message) <= STRUCT_BYTES, "the largest of the three");
#define ROUNDS 200000
#define SAMPLES 5

static struct buf out;

struct work {
	const char *name;
	const struct schema *schema;
	const char *json;
	double goal_us; /* of decoding, on one core that has nothing else to do */
};

static const struct work works[] = {
	{ "chat_message", &schema_chat_message, "{\"type\":\"chat_message\",\"message\":\"Which of your cookies are free of nuts and still warm at this time of the day?\",\"session_id\":\"guest-0123456789\",\"message_id\":\"" ID "\"}", 5 },
	{ "token", &schema_token, "{\"type\":\"token\",\"session_id\":\"guest-0123456789\",\"message_id\":\"" ID "\",\"attempt\":1,\"seq\":17,\"text\":\" chocolate\"}", 5 },
	{ "ai_message", &schema_ai_message,
	  "{\"type\":\"ai_message\",\"session_id\":\"s\",\"message_id\":\"" ID "\",\"attempt\":1,\"seq\":5,\"content\":\"The oatmeal cookie is free of nuts.\\nIt costs 2.50.\",\"status\":\"complete\","
	  "\"claims\":[{\"item_id\":\"" ID "\",\"item\":\"Oatmeal\",\"field\":\"price\",\"value\":2.5,\"menu_version\":3},{\"item_id\":\"" ID "\",\"item\":\"Oatmeal\",\"field\":\"allergen\",\"value\":\"free_of\",\"allergen\":\"tree_nuts\",\"menu_version\":3}],"
	  "\"items\":[{\"id\":\"" ID "\",\"name\":\"Oatmeal\",\"price\":2.5,\"is_available\":true}],\"warnings\":[],\"suggestions\":[\"What else?\"],\"profile\":{\"allergies\":[\"tree_nuts\"],\"diets\":[]},\"menu_version\":4,\"provider\":\"builtin\"}",
	  30 },
};

/* The best of a few samples: other work on the machine only ever adds. */
static double decode_us(const struct work *w, size_t len)
{
	double best = 1e9;

	for (int sample = 0; sample < SAMPLES; sample++) {
		int64_t start = clock_us();
		for (int i = 0; i < ROUNDS / SAMPLES; i++) {
			struct arena *a = arena_new();
			if (schema_decode(a, w->schema, w->json, len, arena_alloc(a, STRUCT_BYTES), NULL))
				return -1;
			arena_free(&a);
		}
		double us = (double)(clock_us() - start) / (ROUNDS / SAMPLES);
		best = us < best ? us : best;
	}
	return best;
}

static double encode_us(const struct work *w, const void *in)
{
	double best = 1e9;

	for (int sample = 0; sample < SAMPLES; sample++) {
		int64_t start = clock_us();
		for (int i = 0; i < ROUNDS / SAMPLES; i++) {
			buf_reset(&out);
			if (schema_encode(&out, w->schema, in))
				return -1;
		}
		double us = (double)(clock_us() - start) / (ROUNDS / SAMPLES);
		best = us < best ? us : best;
	}
	return best;
}

int main(void)
{
	struct arena *a = arena_new();
	int slow = 0;

	buf_init(&out, 1 << 20);
	printf("schema          bytes  decode us  goal  encode us  goal\n");
	for (size_t i = 0; i < sizeof(works) / sizeof(*works); i++) {
		const struct work *w = &works[i];
		size_t len = strlen(w->json);
		void *in = arena_alloc(a, STRUCT_BYTES);
		if (schema_decode(a, w->schema, w->json, len, in, NULL))
			return 2;
		double decode = decode_us(w, len), encode = encode_us(w, in);
		printf("%-14s %6zu  %9.2f  %4g  %9.2f  %4g\n", w->name, len, decode, w->goal_us, encode, 2.0);
		slow += decode < 0 || encode < 0 || decode > 10 * w->goal_us || encode > 20;
	}
	buf_free(&out);
	arena_free(&a);
	return slow ? 1 : 0;
}
