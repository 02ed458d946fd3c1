/* llm_providers.c - see llm_providers.h. */
#include "common/llm_providers.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "common/log.h"

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
	if (row->key != LLM_NO_KEY && !*key) {
		log_event(LOG_warn, "ai.no_key", LOG_S("provider", row->name));
		return;
	}
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

enum error llm_providers_read(const struct config *config, struct llm_providers *p_r)
{
	const struct config_list *names = &config->ai_provider;
	*p_r = (struct llm_providers){ .n = 0 };
	if (names->n == 0)
		guess(config, p_r);
	for (size_t i = 0; i < names->n && p_r->n < LLM_PROVIDERS_MAX; i++) {
		/* What comes behind the built-in writer is never asked, for that one always answers. */
		if (strcmp(names->v[i], "builtin") == 0)
			break;
		const struct llm_provider_row *row = find(names->v[i]);
		if (!row) {
			log_event(LOG_error, "ai.unknown_provider", LOG_S("name", names->v[i]));
			llm_providers_free(p_r);
			return ERROR_invalid;
		}
		add(p_r, config, row, names->v[i] == preferred_of(names));
	}
	return ERROR_none;
}

void llm_providers_free(struct llm_providers *p)
{
	for (size_t i = 0; i < p->n; i++) {
		free(p->v[i].url);
		free(p->v[i].authorization);
	}
	p->n = 0;
}
