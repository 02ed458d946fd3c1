/* account.c - see account.h: e-mail addresses. */
#include "api/account.h"

#include <string.h>

static bool is_alnum(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Labels of letters, digits and inner hyphens, joined by points. */
static bool domain_valid(const char *domain)
{
	size_t label = 0;
	for (const char *at = domain; *at; at++) {
		bool begins = label == 0, ends = at[1] == '\0' || at[1] == '.';
		if (*at == '.') {
			if (begins)
				return false;
			label = 0;
			continue;
		}
		if (!is_alnum(*at) && (*at != '-' || begins || ends))
			return false;
		if (++label > 63)
			return false;
	}
	return label > 0;
}

bool account_email_valid(const char *email)
{
	const char *at = strchr(email, '@');
	size_t len = strlen(email);
	if (!at || at == email || at - email > 64 || strchr(at + 1, '@') || len > 254)
		return false;
	for (size_t i = 0; i < len; i++)
		if (email[i] < '!' || email[i] > '~' || strchr("\"(),:;<>[\\]", email[i]))
			return false;
	return domain_valid(at + 1);
}

void account_email_fold(const char *email, char *out, size_t size)
{
	size_t i = 0;
	for (; email[i] && i + 1 < size; i++)
		out[i] = email[i] >= 'A' && email[i] <= 'Z' ? (char)(email[i] + 'a' - 'A') : email[i];
	out[i] = '\0';
}
