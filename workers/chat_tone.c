/* chat_tone.c - see chat_tone.h. */
#include "workers/chat_tone.h"

#include <string.h>

#include "common/words.h"
#include "schemas.h"

static const char bright_words[] =
	" cheerful playful fun funny upbeat bubbly enthusiastic casual lively joyful witty cheeky sunny frohlich heiter locker lustig munter alegre divertido divertida animado joyeux joyeuse enjoue drole allegro allegra "
	"divertente simpatico vivace simpatica alegre descontraido neseli esprili eglenceli samimi vrolijk gezellig grappig ";
static const char formal_words[] =
	" formal elegant polite professional discreet refined serious courteous distinguished formlich hoflich gediegen serios cortes profesional elegante formel formelle poli polie distingue professionnel formale cortese "
	"professionale raffinato resmi kibar nazik profesyonel formeel beleefd professioneel ";
static const char plain_words[] = " brief short exact terse concise to-the-point knapp breve bref kort kisa ";

static bool names_one(struct arena *a, const char *text, const char *list)
{
	struct words words = words_of(a, text, 40);
	for (size_t i = 0; i < words.n; i++)
		if (strstr(list, arena_printf(a, " %s ", words.v[i].text)))
			return true;
	return false;
}

enum tone chat_tone(struct arena *a, const struct menu_snapshot *s)
{
	const struct avatar_config *avatar = s->restaurant->avatar_config;
	if (!avatar || !avatar->tone || names_one(a, avatar->tone, plain_words))
		return TONE_PLAIN;
	if (names_one(a, avatar->tone, formal_words))
		return TONE_FORMAL;
	return names_one(a, avatar->tone, bright_words) ? TONE_BRIGHT : TONE_PLAIN;
}

void chat_tone_open(struct draft *d)
{
	enum tone tone = chat_tone(d->a, d->s);
	enum phrase phrase = tone == TONE_BRIGHT ? draft_pick_phrase(d, PHRASE_bright_1, 6) : draft_pick_phrase(d, PHRASE_formal_1, 4);
	/* What lies behind the openers is silence. */
	if (tone != TONE_PLAIN && phrase <= (tone == TONE_BRIGHT ? PHRASE_bright_4 : PHRASE_formal_2))
		draft_tell(d, phrase, &(struct said){ .dish = 0 });
}
