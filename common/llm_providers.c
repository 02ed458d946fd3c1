/* llm_providers.c - see llm_providers.h. */
#include "common/llm_providers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/llm.h"

#define KEY_none LLM_NO_KEY
#define KEY_openai_api_key offsetof(struct config, openai_api_key)
#define KEY_groq_api_key offsetof(struct config, groq_api_key)
#define KEY_grok_api_key offsetof(struct config, grok_api_key)

const struct llm_provider_row llm_provider_rows[LLM_PROVIDER_COUNT] = {
#define PROVIDER(id, base_url, model, key, doc) { #id, base_url, model, KEY_##key, doc },
#include "common/providers.def"
#undef PROVIDER
};

static const char *key_of(const struct config *config, const struct llm_provider_row *row)
{
	const char *key = row->key == LLM_NO_KEY ? "" : *(const char *const *)((const char *)config + row->key);
	return key ? key : "";
}

static char *join(const char *a, size_t a_len, const char *b)
{
	size_t size = a_len + strlen(b) + 1;
	char *s = malloc(size);
	if (!s) {
		fputs("{\"level\":\"error\",\"event\":\"memory.exhausted\"}\n", stderr);
		abort();
	}
	snprintf(s, size, "%.*s%s", (int)a_len, a, b);
	return s;
}

static void add(struct llm_providers *p, const struct config *config, const struct llm_provider_row *row, bool preferred)
{
	const char *key = key_of(config, row);
	const char *base = preferred && *config->ai_base_url ? config->ai_base_url : row->base_url;
	size_t base_len = strlen(base);
	while (base_len && base[base_len - 1] == '/')
		base_len--;
	struct llm_provider *provider = &p->v[p->n++];
	*provider = (struct llm_provider){ .name = row->name };
	provider->model = preferred && *config->ai_model ? config->ai_model : row->model;
	provider->url = join(base, base_len, "/chat/completions");
	provider->authorization = *key ? join("Authorization: Bearer ", strlen("Authorization: Bearer "), key) : NULL;
	breaker_init(&provider->breaker);
}

static const struct llm_provider_row *find(const char *name)
{
	for (size_t i = 0; i < LLM_PROVIDER_COUNT; i++)
		if (strcmp(llm_provider_rows[i].name, name) == 0)
			return &llm_provider_rows[i];
	return NULL;
}

/* Nothing is named: the server of AI_BASE_URL, else the first that has a key. */
static void guess(const struct config *config, struct llm_providers *p)
{
	if (*config->ai_base_url) {
		add(p, config, &llm_provider_rows[LLM_PROVIDER_local], true);
		return;
	}
	for (size_t i = 0; i < LLM_PROVIDER_COUNT && p->n == 0; i++)
		if (*key_of(config, &llm_provider_rows[i]))
			add(p, config, &llm_provider_rows[i], true);
}

static const char *preferred_of(const struct config_list *names)
{
	for (size_t i = 0; i < names->n; i++)
		if (strcmp(names->v[i], llm_provider_rows[LLM_PROVIDER_local].name) == 0)
			return names->v[i];
	return names->v[0];
}

/* A server of one's own may want no key, so AI_BASE_URL stands in for it. */
static bool has_what_it_needs(const struct config *config, const struct llm_provider_row *row, bool preferred)
{
	return row->key == LLM_NO_KEY || *key_of(config, row) || (preferred && *config->ai_base_url);
}

static enum error refuse(const char **why_r, const char *format, const char *name)
{
	static char why[200];
	snprintf(why, sizeof(why), "AI_PROVIDER names %.60s, %s", name, format);
	*why_r = why;
	return ERROR_invalid;
}

enum error llm_providers_read(const struct config *config, struct llm_providers *p_r, const char **why_r)
{
	const struct config_list *names = &config->ai_provider;
	*p_r = (struct llm_providers){ .n = 0 };
	*why_r = "";
	if (names->n == 0)
		guess(config, p_r);
	enum error error = ERROR_none;
	for (size_t i = 0; i < names->n && p_r->n < LLM_PROVIDERS_MAX && !error; i++) {
		/* What comes behind the built-in writer is never asked, for that one always answers. */
		if (strcmp(names->v[i], "builtin") == 0)
			break;
		const struct llm_provider_row *row = find(names->v[i]);
		bool preferred = names->v[i] == preferred_of(names);
		if (!row)
			error = refuse(why_r, "which is not known: expected openai, groq, grok, local or builtin", names->v[i]);
		else if (!has_what_it_needs(config, row, preferred))
			error = refuse(why_r, "but its key is not set", names->v[i]);
		else
			add(p_r, config, row, preferred);
	}
	if (error)
		llm_providers_free(p_r);
	return error;
}

enum error llm_check(const struct config *config, const char **why_r)
{
	struct llm_providers providers;
	enum error error = llm_providers_read(config, &providers, why_r);
	if (!error)
		llm_providers_free(&providers);
	return error;
}

void llm_providers_free(struct llm_providers *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->v[i].url);
		free(p->v[i].authorization);
	}
	p->n = 0;
}
