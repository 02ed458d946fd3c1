/* log.h - one JSON line for each thing worth knowing, on stderr.
 *
 *   log_event(LOG_info, "chat.accepted", LOG_S("message_id", id), LOG_I("queued", n));
 *
 * Fields of the request, session and trace at hand are bound for the duration of a callback with
 * log_bind()/log_unbind(), and every line written meanwhile carries them. Personal text (messages, names of guests)
 * goes to LOG_debug only. A line is at most 8 KiB: values over 3,000 bytes end in an ellipsis, fields that do not fit are left out, and
 * the line then has "cut":true. Bytes that are not UTF-8 become U+FFFD. Writing never blocks for long (at most 50 ms, for the
 * rest of a line that is begun): when stderr would block the line is dropped and counted (log_dropped()).
 * Level: LOG_LEVEL at start; SIGUSR1 makes it one step more talkative, SIGUSR2 one less (log_step()).
 * Loop thread only, except for log_event() itself, which other threads may call (no bound fields then).
 */
#ifndef COMMON_LOG_H
#define COMMON_LOG_H

#include <stdint.h>

enum log_level {
	LOG_error,
	LOG_warn,
	LOG_info,
	LOG_debug,
};

struct log_field {
	const char *name;
	enum {
		LOG_END,
		LOG_STRING,
		LOG_INT,
		LOG_FLOAT,
	} kind;
	const char *s;
	int64_t i;
	double f;
};
#define LOG_S(n, v) ((struct log_field){ .name = (n), .kind = LOG_STRING, .s = (v) })
#define LOG_I(n, v) ((struct log_field){ .name = (n), .kind = LOG_INT, .i = (int64_t)(v) })
#define LOG_F(n, v) ((struct log_field){ .name = (n), .kind = LOG_FLOAT, .f = (v) })

void log_init(const char *program, enum log_level level);
void log_step(int direction); /* +1 more talkative, -1 less */
enum log_level log_level(void);
int log_level_parse(const char *name); /* -1 when it is none */
uint64_t log_dropped(void);

/* `level` that is not shown costs one comparison and does not evaluate the fields. */
#define log_event(level, event, ...) \
	do { \
		if ((level) <= log_level()) \
			log_write((level), (event), \
			          (const struct log_field[]){ __VA_ARGS__ __VA_OPT__(, ){ .kind = LOG_END } }); \
	} while (0)
void log_write(enum log_level level, const char *event, const struct log_field *fields);

/* Bound fields; NULL means none. The strings must outlive the binding. Bindings do not nest. */
struct log_binding {
	const char *trace_id, *request_id, *session_id, *message_id, *flow, *step;
};
void log_bind(const struct log_binding *b);
void log_unbind(void);

#endif
