/* llm_wire.c - see llm_wire.h. */
#include "common/llm_wire.h"

#include <jansson.h>
#include <string.h>

enum error llm_wire_request(struct buf *out, const char *model, const struct llm_prompt *prompt, int64_t max_tokens)
{
	buf_str(out, "{\"model\":");
	buf_json_string(out, model);
	buf_str(out, ",\"stream\":true,\"stream_options\":{\"include_usage\":true},\"max_tokens\":");
	buf_int(out, max_tokens);
	buf_str(out, ",\"messages\":[");
	for (size_t i = 0; i < prompt->n; i++) {
		buf_str(out, i ? ",{\"role\":" : "{\"role\":");
		buf_json_string(out, prompt->v[i].role);
		buf_str(out, ",\"content\":");
		buf_json_string(out, prompt->v[i].content);
		buf_char(out, '}');
	}
	buf_str(out, "]}");
	return buf_error(out);
}

static void take_usage(const json_t *usage, struct llm_chunk *chunk)
{
	const json_t *in = json_object_get(usage, "prompt_tokens"), *out = json_object_get(usage, "completion_tokens");
	if (json_is_integer(in))
		chunk->tokens_in = json_integer_value(in);
	if (json_is_integer(out))
		chunk->tokens_out = json_integer_value(out);
}

static enum error take_choice(const json_t *choice, struct llm_chunk *chunk)
{
	const json_t *content = json_object_get(json_object_get(choice, "delta"), "content");
	const char *finish = json_string_value(json_object_get(choice, "finish_reason"));
	if (finish) {
		chunk->finished = true;
		chunk->cut = strcmp(finish, "length") == 0;
	}
	return json_is_string(content) ? buf_append(chunk->text, json_string_value(content), json_string_length(content))
	                               : ERROR_none;
}

static enum error take_value(const json_t *value, struct llm_chunk *chunk)
{
	if (!json_is_object(value))
		return ERROR_model_broken;
	if (json_object_get(value, "error"))
		return ERROR_model_refused;
	take_usage(json_object_get(value, "usage"), chunk);
	const json_t *choices = json_object_get(value, "choices");
	if (!json_is_array(choices))
		return json_object_get(value, "usage") ? ERROR_none : ERROR_model_broken;
	return json_array_size(choices) ? take_choice(json_array_get(choices, 0), chunk) : ERROR_none;
}

enum error llm_wire_chunk(const char *data, size_t len, struct llm_chunk *chunk)
{
	if (len == 6 && memcmp(data, "[DONE]", 6) == 0) {
		chunk->done = true;
		return ERROR_none;
	}
	json_t *value = json_loadb(data, len, 0, NULL);
	enum error error = take_value(value, chunk);
	json_decref(value);
	return error;
}
