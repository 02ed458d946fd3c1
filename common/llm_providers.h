/* llm_providers.h - which providers the settings name, in which order, and whether they answer; llm.c's. */
#ifndef COMMON_LLM_PROVIDERS_H
#define COMMON_LLM_PROVIDERS_H

#include "common/breaker.h"
#include "common/config.h"
#include "common/error.h"

struct llm_provider_row {
	const char *name, *base_url, *model;
	size_t key; /* offset in struct config of a const char *; LLM_NO_KEY */
	const char *doc;
};

#define LLM_NO_KEY ((size_t)-1)
#define LLM_PROVIDERS_MAX 8

enum llm_provider_id {
#define PROVIDER(id, base_url, model, key, doc) LLM_PROVIDER_##id,
#include "common/providers.def"
#undef PROVIDER
	LLM_PROVIDER_COUNT
};
extern const struct llm_provider_row llm_provider_rows[LLM_PROVIDER_COUNT];

struct llm_provider {
	const char *name, *model;
	char *url;           /* .../chat/completions */
	char *authorization; /* a whole header; NULL: none */
	struct breaker breaker;
};

struct llm_providers {
	struct llm_provider v[LLM_PROVIDERS_MAX];
	size_t n; /* 0: the built-in writer */
};

/* AI_BASE_URL and AI_MODEL are those of `local` when it is named, else of the first one named. ERROR_invalid with one line for people (static): an unknown name, or
 * a provider without its key (which may be missing where AI_BASE_URL is set: a server of one's own). */
MUST_CHECK enum error llm_providers_read(const struct config *config, struct llm_providers *p_r, const char **why_r);
void llm_providers_free(struct llm_providers *p);

#endif
