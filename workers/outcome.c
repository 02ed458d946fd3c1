/* outcome.c - see outcome.h. */
#include "workers/outcome.h"

#include <jansson.h>
#include <string.h>

#include "common/clock.h"
#include "common/event.h"
#include "common/id.h"
#include "common/text.h"
#include "workers/chat_budget.h"
#include "workers/chat_question.h"

#define METRICS_MAX 160
#define QUESTION_BYTES 200
#define OUTCOME_MAX ((size_t)64 << 10)

struct made {
	struct arena *a;
	const char **metrics;
	int64_t *amounts;
	size_t n;
	bool lost;
};

static void add_of(struct made *m, int64_t amount, const char *metric)
{
	if (m->n == METRICS_MAX || amount <= 0)
		return;
	m->metrics[m->n] = metric;
	m->amounts[m->n++] = amount;
}

static void add(struct made *m, const char *metric)
{
	add_of(m, 1, metric);
}

static bool is_guest_about_allergens(const struct chat_question *q)
{
	return q->asked_count || question_means(q, MEANS(contain) | MEANS(sufferer));
}

static const char *kind_of(const struct chat_question *q)
{
	static const struct {
		uint64_t meanings;
		const char *kind;
	} kinds[] = {
		{ MEANS(person), "person" },
		{ MEANS(rules), "rules" },
		{ MEANS(price) | MEANS(cheap), "price" },
		{ MEANS(available), "availability" },
		{ MEANS(contents), "contents" },
		{ MEANS(nutrition), "nutrition" },
		{ MEANS(hours), "hours" },
		{ MEANS(order), "order" },
		{ MEANS(recommend), "recommend" },
		{ MEANS(menu), "menu" },
	};
	if (is_guest_about_allergens(q))
		return "allergen";
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (question_means(q, kinds[i].meanings))
			return kinds[i].kind;
	if (q->dish_count || q->category_count || q->theme)
		return "dish";
	return question_means(q, MEANS(greet) | MEANS(thanks) | MEANS(bye)) ? "greeting" : "other";
}

/* The upper bound of the step that it lies in, in milliseconds. */
static int64_t step_of(int64_t ms)
{
	static const int64_t bounds[] = { 1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000, 3000, 5000, 7000, 10000, 15000, 20000, 30000, 60000 };
	for (size_t i = 0; i < sizeof(bounds) / sizeof(bounds[0]); i++)
		if (ms <= bounds[i])
			return bounds[i];
	return 600000;
}

static const char *id_of(const struct chat *c, uint32_t dish)
{
	return c->menu->dishes[dish].item->id;
}

static void add_dishes(struct made *m, const struct chat *c, const struct chat_question *q)
{
	for (size_t i = 0; i < q->dish_count; i++) {
		const struct menu_item *item = c->menu->dishes[q->dishes[i]].item;
		add(m, arena_printf(m->a, "asked:%s", item->id));
		if (!item->is_available) {
			add(m, arena_printf(m->a, "lost:sold_out:%s", item->id));
			m->lost = true;
		}
	}
	for (size_t i = 0; i < c->answer.item_count && question_means(q, MEANS(recommend) | MEANS(menu) | MEANS(eat)); i++)
		add(m, arena_printf(m->a, "recommended:%s", c->answer.items[i]->id));
}

static bool is_meant(const struct chat *c, const struct chat_question *q, const char *item_id)
{
	for (size_t i = 0; i < q->dish_count; i++)
		if (strcmp(id_of(c, q->dishes[i]), item_id) == 0)
			return true;
	return false;
}

/* Only of the dishes that were asked about: a list of what somebody can eat states hundreds. */
static void add_allergens(struct made *m, const struct chat *c, const struct chat_question *q)
{
	bool unknown = false;
	if (!is_guest_about_allergens(q))
		return;
	add(m, "allergen_question");
	for (size_t i = 0; i < c->answer.claim_count; i++) {
		const struct claim *claim = c->answer.claims[i];
		if (strcmp(claim->field, "allergen") != 0 || !claim->allergen || !claim->value || !is_meant(c, q, claim->item_id))
			continue;
		int len = (int)strcspn(claim->value + 1, "\"");
		add(m, arena_printf(m->a, "allergen:%s:%s:%.*s", claim->item_id, claim->allergen, len, claim->value + 1));
		unknown |= strcmp(claim->value, "\"unknown\"") == 0;
	}
	if (unknown)
		add(m, "allergen_unknown");
}

static void add_lost(struct made *m, const struct chat_question *q)
{
	bool wanted = question_means(q, MEANS(have) | MEANS(order)) && !q->dish_count && !q->category_count && !q->theme;
	if (q->food != FOOD_none && !q->dish_count)
		add(m, arena_printf(m->a, "lost:not_on_menu:%s", lexicon_food_name(q->food)));
	else if (wanted && q->strange_count)
		add(m, "lost:not_on_menu:something_else");
	else
		return;
	m->lost = true;
}

static void add_making(struct made *m, const struct chat *c)
{
	const struct config *config = c->worker->config;
	bool model = c->provider && strcmp(c->provider, "builtin") != 0;
	add(m, c->status == CHAT_FALLBACK ? "made:fallback" : model ? "made:model"
	                                                            : "made:data");
	if (c->status == CHAT_STOPPED)
		add(m, "stopped");
	for (int i = 1; i < GATE_FAULT_COUNT; i++)
		add_of(m, (int64_t)c->drops[i], arena_printf(m->a, "gate_drop:%s", gate_fault_names[i]));
	add_of(m, c->tokens_in, "tokens_in");
	add_of(m, c->tokens_out, "tokens_out");
	if (config)
		add_of(m, chat_cost_micros(config, c->tokens_in, c->tokens_out), "cost_micros");
}

static void add_times(struct made *m, const struct chat *c)
{
	int64_t answer_ms = clock_wall_ms() - c->event->time_ms;
	add(m, arena_printf(m->a, "first_token:%lld", (long long)step_of(c->first_ms ? c->first_ms : answer_ms)));
	add(m, arena_printf(m->a, "answer_time:%lld", (long long)step_of(answer_ms)));
}

static void collect(struct made *m, const struct chat *c)
{
	struct chat_question q;
	struct writer_input in = { .snapshot = c->menu, .message = c->asked->message, .message_id = c->asked->message_id, .history = c->session->turns, .history_count = c->session->turn_count, .profile = c->profile };
	chat_question_read(c->arena, &in, &q);
	add(m, "message");
	if (!c->session->turn_count)
		add(m, "conversation");
	add(m, arena_printf(m->a, "kind:%s", kind_of(&q)));
	add(m, arena_printf(m->a, "language:%s", language_tags[q.language]));
	if (question_means(&q, MEANS(person)))
		add(m, "handover");
	add_making(m, c);
	add_times(m, c);
	add_lost(m, &q);
	add_dishes(m, c, &q);
	add_allergens(m, c, &q);
}

static const char *encode(struct arena *a, const struct chat_outcome *outcome)
{
	struct buf json;
	buf_init(&json, OUTCOME_MAX);
	enum error error = schema_encode(&json, &schema_chat_outcome, outcome);
	const char *text = error || buf_error(&json) ? NULL : arena_strdup(a, buf_text(&json));
	buf_free(&json);
	return text;
}

const char *outcome_make(const struct chat *c)
{
	struct arena *a = c->arena;
	struct made m = { .a = a, .metrics = arena_array(a, METRICS_MAX, sizeof(char *)), .amounts = arena_array(a, METRICS_MAX, sizeof(int64_t)) };
	char id[ID_TEXT];
	collect(&m, c);
	id_derive(id, arena_printf(a, "outcome/%s/%s", c->asked->restaurant_id, c->asked->message_id));
	const char *message = c->asked->message;
	struct chat_outcome outcome = {
		.id = id,
		.restaurant_id = c->asked->restaurant_id,
		.session_id = c->asked->session_id,
		.conversation_id = c->conversation_id,
		.message_id = c->asked->message_id,
		.bot = c->asked->bot,
		.has_bot = c->asked->bot,
		.at_ms = c->event->time_ms,
		.metrics = { m.metrics, m.n },
		.amounts = { m.amounts, m.n },
		.question = m.lost ? arena_strndup(a, message, utf8_cut(message, strlen(message), QUESTION_BYTES)) : NULL,
	};
	return encode(a, &outcome);
}

const char *outcome_stored(struct arena *a, const char *meta_json)
{
	struct answer_meta *meta = arena_new_of(a, struct answer_meta);
	if (!meta_json || schema_decode(a, &schema_answer_meta, meta_json, strlen(meta_json), meta, NULL))
		return NULL;
	return meta->outcome;
}

enum error outcome_publish(struct worker *w, const char *restaurant_id, const char *trace, const char *outcome, bus_delivered_fn *done, void *ctx)
{
	if (!outcome)
		return ERROR_internal;
	struct event event = { .id = EVENT_chat_outcome, .source = "worker", .key = restaurant_id, .trace = trace, .raw = outcome, .raw_len = strlen(outcome) };
	return event_publish(w->bus, &event, done, ctx);
}
