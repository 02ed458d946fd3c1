/* test_llm_pure.c - what model servers send, and what the settings say about them. */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "common/llm.h"
#include "common/llm_chunk.h"
#include "common/llm_providers.h"

/* Without any memory of pieces before. */
static bool parse(const char *json, struct llm_chunk *c)
{
	struct llm_chunk_memo memo;
	llm_chunk_memo_init(&memo);
	bool parsed = llm_chunk_parse(&memo, json, strlen(json), c);
	llm_chunk_memo_free(&memo);
	return parsed;
}

#define PIECE(text, rest) "{\"id\":\"x\",\"choices\":[{\"delta\":{\"content\":\"" text "\"}" rest "}]}"

/* With the memory of what was the same around other texts, each piece says what it says without it. */
Test(llm_chunk, a_stream_of_pieces)
{
	static const char *const pieces[] = {
		PIECE("Our ", ""),
		PIECE("cookies ", ""),
		PIECE("", ""),
		PIECE("caf\xc3\xa9", ""),
		PIECE("a\\n\\\"b", ""),
		PIECE("c", ""),
		PIECE("\xc3", ""),
		PIECE("d\n", ""),
		PIECE("e\\", ""),
		PIECE("\\u00e9", ""),
		PIECE("f\",\"content\":\"g", ""),
		PIECE("h", ",\"finish_reason\":\"stop\""),
		PIECE("i", ",\"finish_reason\":null"),
		PIECE("j", ",\"finish_reason\":null"),
		PIECE("k\"},\"finish_reason\":\"length\",\"x\":{\"y\":\"", ",\"finish_reason\":null"),
		PIECE("l", ""),
		PIECE("m", ""),
		"{\"error\":{\"message\":\"x\"},\"content\":\"n\"}",
		"{\"usage\":{\"prompt_tokens\":1},\"choices\":[{\"delta\":{\"content\":\"o\"}}]}",
		"{\"content\":\"p\",\"choices\":[{\"delta\":{\"content\" : \"p\"}}]}",
		"{\"content\":\"q\",\"choices\":[{\"delta\":{\"content\" : \"r\"}}]}",
	};
	struct llm_chunk_memo memo;
	size_t remembered = 0;
	llm_chunk_memo_init(&memo);
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct llm_chunk with, without;
		bool a = llm_chunk_parse(&memo, pieces[i], strlen(pieces[i]), &with), b = parse(pieces[i], &without);
		cr_assert_eq(a, b, "%s", pieces[i]);
		cr_assert(!with.finish == !without.finish && !with.failure == !without.failure && with.tokens_in == without.tokens_in, "%s", pieces[i]);
		cr_assert(with.text_len == without.text_len && memcmp(with.text ? with.text : "", without.text ? without.text : "", with.text_len) == 0, "%s", pieces[i]);
		remembered += a && !with.value;
		llm_chunk_free(&with);
		llm_chunk_free(&without);
	}
	cr_assert_geq(remembered, 4);
	llm_chunk_memo_free(&memo);
}

Test(llm_chunk, text)
{
	struct llm_chunk c;
	cr_assert(parse("{\"id\":\"x\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"caf\\u00e9 \\ud83c\\udf6a\"},\"finish_reason\":null}],\"usage\":null}", &c));
	cr_assert_str_eq(c.text, "caf\xc3\xa9 \xf0\x9f\x8d\xaa");
	cr_assert_eq(c.text_len, strlen(c.text));
	cr_assert(!c.finish && !c.failure && c.tokens_in == -1 && c.tokens_out == -1);
	llm_chunk_free(&c);
}

Test(llm_chunk, end)
{
	struct llm_chunk c;
	cr_assert(parse("{\"choices\":[{\"delta\":{},\"finish_reason\":\"length\"}]}", &c));
	cr_assert(!c.text && strcmp(c.finish, "length") == 0);
	llm_chunk_free(&c);
	cr_assert(parse("{\"choices\":[],\"usage\":{\"prompt_tokens\":12,\"completion_tokens\":34,\"total_tokens\":46}}", &c));
	cr_assert(c.tokens_in == 12 && c.tokens_out == 34);
	llm_chunk_free(&c);
}

/* What is not as it should be is either no chunk or one without text: never a crash. */
Test(llm_chunk, strange_things)
{
	static const char *const none[] = { "", "{", "[]", "\"text\"", "null", "{\"a\":1,\"a\":2}", "{\"choices\":[{\"delta\":{\"content\":\"\\ud800\"}}]}", "{\"choices\":\"\xff\"}", "{} {}" };
	static const char *const empty[] = { "{}", "{\"choices\":[]}", "{\"choices\":{}}", "{\"choices\":[1]}", "{\"choices\":[{\"delta\":[]}]}", "{\"choices\":[{\"delta\":{\"content\":5}}]}", "{\"choices\":[{\"delta\":{\"content\":null}}],\"usage\":7}" };
	struct llm_chunk c;
	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++) {
		cr_assert(!parse(none[i], &c), "%s", none[i]);
		llm_chunk_free(&c);
	}
	for (size_t i = 0; i < sizeof(empty) / sizeof(empty[0]); i++) {
		cr_assert(parse(empty[i], &c) && !c.text && !c.finish && !c.failure, "%s", empty[i]);
		llm_chunk_free(&c);
	}
	char deep[4001];
	memset(deep, '[', 4000);
	deep[4000] = '\0';
	cr_assert(!parse(deep, &c));
	cr_assert(parse("{\"x\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[\\\"{{{{\"}", &c), "brackets in a text are no depth");
	llm_chunk_free(&c);
}

Test(llm_chunk, failures)
{
	struct llm_chunk c;
	char text[30];
	cr_assert(parse("{\"error\":{\"message\":\"overloaded\",\"type\":\"server_error\"}}", &c));
	cr_assert_str_eq(c.failure, "overloaded");
	llm_chunk_free(&c);
	cr_assert(parse("{\"error\":{}}", &c) && c.failure);
	llm_chunk_free(&c);
	cr_assert(parse("{\"error\":null}", &c) && !c.failure);
	llm_chunk_free(&c);
	llm_error_text("{\"error\":\"no such model\"}", 25, text, sizeof(text));
	cr_assert_str_eq(text, "no such model");
	llm_error_text("<html>", 6, text, sizeof(text));
	cr_assert_str_eq(text, "<html>");
	llm_error_text("\xff\xfe", 2, text, sizeof(text));
	cr_assert_str_eq(text, "an unreadable body");
	llm_error_text("0123456789012345678901234567\xc3\xa9", 30, text, sizeof(text));
	cr_assert_str_eq(text, "0123456789012345678901234567", "never half a code point");
}

static struct config config;
static const char *names[9];

static void init(void)
{
	config = (struct config){ .ai_base_url = "", .ai_model = "", .openai_api_key = "", .groq_api_key = "", .grok_api_key = "", .ai_provider = { names, 0 } };
}

static enum error read_settings(struct llm_providers *p)
{
	const char *why = NULL;
	enum error error = llm_providers_read(&config, p, &why);
	cr_assert(why && (*why != '\0') == (error != ERROR_none));
	cr_assert_eq(llm_check(&config, &why), error);
	return error;
}

TestSuite(llm_providers, .init = init);

Test(llm_providers, none)
{
	struct llm_providers p;
	cr_assert(read_settings(&p) == ERROR_none && p.n == 0);
	config.ai_provider.n = 1;
	names[0] = "builtin";
	cr_assert(read_settings(&p) == ERROR_none && p.n == 0);
}

Test(llm_providers, the_first_that_has_a_key)
{
	struct llm_providers p;
	config.groq_api_key = "g";
	config.grok_api_key = "x";
	cr_assert(read_settings(&p) == ERROR_none && p.n == 1);
	cr_assert_str_eq(p.v[0].name, "groq");
	cr_assert_str_eq(p.v[0].url, "https://api.groq.com/openai/v1/chat/completions");
	cr_assert_str_eq(p.v[0].authorization, "Authorization: Bearer g");
	llm_providers_free(&p);
}

Test(llm_providers, a_server_of_ones_own)
{
	struct llm_providers p;
	config.ai_base_url = "http://127.0.0.1:9/v1/";
	config.ai_model = "tiny";
	config.openai_api_key = "secret";
	cr_assert(read_settings(&p) == ERROR_none && p.n == 1);
	cr_assert_str_eq(p.v[0].name, "local");
	cr_assert_str_eq(p.v[0].url, "http://127.0.0.1:9/v1/chat/completions");
	cr_assert_str_eq(p.v[0].model, "tiny");
	cr_assert_null(p.v[0].authorization, "nobody else's key goes there");
	llm_providers_free(&p);
}

Test(llm_providers, in_their_order)
{
	struct llm_providers p;
	names[0] = "openai";
	names[1] = "local";
	names[2] = "builtin";
	names[3] = "groq";
	config.ai_provider.n = 4;
	config.openai_api_key = "o";
	config.ai_base_url = "http://127.0.0.1:9/v1";
	config.ai_model = "tiny";
	cr_assert(read_settings(&p) == ERROR_none && p.n == 2);
	cr_assert_str_eq(p.v[0].url, "https://api.openai.com/v1/chat/completions");
	cr_assert_str_neq(p.v[0].model, "tiny");
	cr_assert_str_eq(p.v[1].url, "http://127.0.0.1:9/v1/chat/completions");
	cr_assert_str_eq(p.v[1].model, "tiny");
	llm_providers_free(&p);
}

Test(llm_providers, mistakes)
{
	struct llm_providers p;
	config.ai_provider.n = 1;
	names[0] = "chatgpt";
	cr_assert_eq(read_settings(&p), ERROR_invalid);
	names[0] = "openai";
	cr_assert_eq(read_settings(&p), ERROR_invalid, "its key is missing");
	config.ai_base_url = "http://127.0.0.1:9/v1";
	cr_assert_eq(read_settings(&p), ERROR_none, "a server of one's own may want none");
	cr_assert_null(p.v[0].authorization);
	llm_providers_free(&p);
}
