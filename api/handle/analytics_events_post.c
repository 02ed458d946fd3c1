/* POST /api/v1/analytics/events - what a guest did: one event, or a list of up to 500. 202 when the broker has them. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "common/clock.h"
#include "common/guests.h"
#include "common/time_text.h"
#include "schemas.h"

#include "api/interactions.h"
#include "api/router.h"
#include "api/router_internal.h"

static const char *lower(struct arena *a, const char *id)
{
	char *copy = arena_strdup(a, id);
	for (char *p = copy; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return copy;
}

static bool starts_list(const char *text, size_t len)
{
	while (len && strchr(" \t\r\n", *text))
		text++, len--;
	return len && *text == '[';
}

static enum error decode(struct arena *a, const char *text, size_t len, void *const **v_r, size_t *n_r, struct schema_problems *problems)
{
	if (starts_list(text, len))
		return schema_decode_list(a, &schema_analytics_event, text, len, v_r, n_r, problems);
	struct analytics_event *one = arena_new_of(a, struct analytics_event);
	void **list = arena_new_of(a, void *);
	*list = one;
	*v_r = list;
	*n_r = 1;
	return schema_decode(a, &schema_analytics_event, text, len, one, problems);
}

static void add_problem(struct arena *a, struct schema_problems *problems, size_t i, const char *member, const char *message)
{
	if (problems->n < SCHEMA_MAX_PROBLEMS)
		problems->v[problems->n++] = (struct schema_problem){ arena_printf(a, "/%zu/%s", i, member), message };
}

static const struct interaction *take(struct arena *a, const struct analytics_event *in, size_t i, bool bot, struct schema_problems *problems)
{
	struct interaction *e = arena_new_of(a, struct interaction);
	*e = (struct interaction){ .id = lower(a, in->id), .type = in->type, .session_id = in->session_id, .item_id = in->item_id ? lower(a, in->item_id) : NULL, .at_ms = clock_wall_ms(), .data = in->data };
	e->bot = e->has_bot = bot || guest_is_probe(in->session_id);
	if (in->at && !time_parse(in->at, &e->at_ms))
		add_problem(a, problems, i, "at", "is not a day of the calendar");
	if (in->data && strlen(in->data) > INTERACTION_DATA_MAX)
		add_problem(a, problems, i, "data", "must be at most 2000 bytes of JSON");
	return e;
}

static void send_all(struct request *r, void *const *in, size_t n)
{
	struct arena *a = request_arena(r);
	struct interaction_of *events = arena_array(a, n, sizeof(*events));
	struct schema_problems problems = { .n = 0 };
	bool bot = guest_is_bot(request_header(r, "user-agent"));
	for (size_t i = 0; i < n; i++) {
		const struct analytics_event *e = in[i];
		events[i] = (struct interaction_of){ lower(a, e->restaurant_id), take(a, e, i, bot, &problems) };
	}
	if (problems.n)
		request_reply_error(r, ERROR_invalid, NULL, &problems, 0);
	else
		interactions_send(r, events, n);
}

void analytics_events_post_handle(struct request *r, const struct events *body)
{
	struct schema_problems *problems = arena_new_of(request_arena(r), struct schema_problems);
	void *const *list;
	size_t len, n;
	const char *text = request_body(r, &len);
	(void)body;
	if (!input_is_json(r) || !interactions_admit(r))
		return;
	enum error error = decode(request_arena(r), text, len, &list, &n, problems);
	if (!error && (n < 1 || n > INTERACTIONS_MAX)) {
		problems->v[problems->n++] = (struct schema_problem){ "", "must be 1 to 500 events" };
		error = ERROR_invalid;
	}
	if (error)
		request_reply_error(r, error, NULL, problems, 0);
	else
		send_all(r, list, n);
}
