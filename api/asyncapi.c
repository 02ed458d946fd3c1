/* frames.def, events.def, topics.def and the schemas as an AsyncAPI 3.0 document: the WebSocket, and what the programs tell each other. */
#include <string.h>

#include "common/event.h"
#include "common/frames.h"

#include "api/api.h"
#include "api/document.h"

#define BYTES_TYPE "application/octet-stream"
#define JSON_TYPE "application/json"

enum direction { FROM_CLIENT,
	         FROM_SERVER };

static const struct {
	const char *schema;
	enum direction direction;
} frames[] = {
#define FRAME(schema, direction) { #schema, FROM_##direction },
#include "api/frames.def"
#undef FRAME
};
#define FRAMES (sizeof(frames) / sizeof(*frames))

static void put_text(struct buf *b, const char *key, const char *value)
{
	buf_json_string(b, key);
	buf_char(b, ':');
	buf_json_string(b, value);
}

static void put_socket_channel(struct buf *b)
{
	buf_str(b, "\"socket\":{\"address\":\"/ws/{slug}\",\"title\":\"The conversation\",\"description\":\"JSON text frames with a type. A bad frame costs an error, not the connection.\","
	           "\"servers\":[{\"$ref\":\"#/servers/websocket\"}],\"parameters\":{\"slug\":{\"description\":\"the restaurant's name in addresses\"}},\"messages\":{");
	for (size_t i = 0; i < FRAMES; i++)
		buf_printf(b, "%s\"%s\":{\"$ref\":\"#/components/messages/%s\"}", i ? "," : "", frames[i].schema, frames[i].schema);
	buf_str(b, "}}");
}

static bool topic_used(enum topic_id topic)
{
	for (size_t i = 0; i < EVENT_COUNT; i++)
		if (event_rows[i].topic == topic)
			return true;
	return false;
}

static void put_topic_channel(struct buf *b, enum topic_id topic)
{
	const char *comma = "";
	buf_str(b, ",");
	buf_json_string(b, topic_rows[topic].name);
	buf_str(b, ":{");
	put_text(b, "address", topic_rows[topic].name);
	buf_char(b, ',');
	put_text(b, "description", topic_rows[topic].doc);
	buf_str(b, ",\"servers\":[{\"$ref\":\"#/servers/broker\"}],\"messages\":{");
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		if (event_rows[i].topic != topic)
			continue;
		buf_printf(b, "%s\"%s\":{\"$ref\":\"#/components/messages/event_%s\"}", comma, event_rows[i].name, event_rows[i].name);
		comma = ",";
	}
	buf_str(b, "}}");
}

static void put_channels(struct buf *b)
{
	put_socket_channel(b);
	for (enum topic_id t = 0; t < TOPIC_COUNT; t++)
		if (topic_used(t))
			put_topic_channel(b, t);
}

static void put_socket_operation(struct buf *b, const char *name, const char *action, enum direction direction, const char *doc)
{
	const char *comma = "";
	buf_printf(b, "\"%s\":{\"action\":\"%s\",\"channel\":{\"$ref\":\"#/channels/socket\"},", name, action);
	put_text(b, "summary", doc);
	buf_char(b, ',');
	put_text(b, "description", doc);
	buf_str(b, ",\"messages\":[");
	for (size_t i = 0; i < FRAMES; i++) {
		if (frames[i].direction != direction)
			continue;
		buf_printf(b, "%s{\"$ref\":\"#/channels/socket/messages/%s\"}", comma, frames[i].schema);
		comma = ",";
	}
	buf_str(b, "]}");
}

/* What the api does with an event: it asks on chat.requests, and reads all else. */
static void put_event_operation(struct buf *b, const struct event_row *row)
{
	bool sends = row->topic == TOPIC_chat_requests;
	buf_printf(b, ",\"%s_%s\":{\"action\":\"%s\",\"channel\":{\"$ref\":\"#/channels/%s\"},", sends ? "publish" : "read", row->name, sends ? "send" : "receive", topic_rows[row->topic].name);
	put_text(b, "summary", row->doc);
	buf_char(b, ',');
	put_text(b, "description", row->doc);
	buf_printf(b, ",\"messages\":[{\"$ref\":\"#/channels/%s/messages/%s\"}]}", topic_rows[row->topic].name, row->name);
}

static void put_operations(struct buf *b)
{
	put_socket_operation(b, "frames_from_clients", "receive", FROM_CLIENT, "What a client may say");
	buf_char(b, ',');
	put_socket_operation(b, "frames_to_clients", "send", FROM_SERVER, "What the server says");
	for (size_t i = 0; i < EVENT_COUNT; i++)
		put_event_operation(b, &event_rows[i]);
}

static void put_message(struct buf *b, const char *prefix, const char *name, const char *title, const char *content_type, const char *schema)
{
	buf_printf(b, "\"%s%s\":{", prefix, name);
	put_text(b, "name", name);
	buf_char(b, ',');
	put_text(b, "title", title);
	buf_printf(b, ",\"contentType\":\"%s\",\"payload\":{\"$ref\":\"#/components/schemas/%s\"}}", content_type, schema);
}

static const char *content_type(const struct event_row *row)
{
	if (row->key == EVENT_KEY_NONE)
		return FRAMES_TYPE;
	return row->key == EVENT_KEY_BYTES ? BYTES_TYPE : JSON_TYPE;
}

static void put_messages(struct buf *b)
{
	for (size_t i = 0; i < FRAMES; i++) {
		buf_str(b, i ? "," : "");
		put_message(b, "", frames[i].schema, frames[i].schema, JSON_TYPE, frames[i].schema);
	}
	for (size_t i = 0; i < EVENT_COUNT; i++) {
		buf_char(b, ',');
		const struct event_row *row = &event_rows[i];
		put_message(b, "event_", row->name, row->doc, content_type(row), schema_name(row->schema));
	}
}

void asyncapi_print(struct buf *b)
{
	buf_str(b, "{\"asyncapi\":\"3.0.0\",\"id\":\"urn:restaurant-ai-platform\",\"info\":{\"title\":\"Restaurant AI Platform\",\"version\":\"" API_VERSION "\","
	           "\"description\":\"The WebSocket of guests, and the events between the programs (CloudEvents 1.0 in Kafka's binary mode).\","
	           "\"contact\":{\"name\":\"the maintainers\",\"url\":\"http://localhost:3000/docs\",\"email\":\"maintainers@example.com\"},"
	           "\"license\":{\"name\":\"MIT\",\"url\":\"https://opensource.org/license/mit\"},\"tags\":[{\"name\":\"chat\",\"description\":\"The assistant\"}]},"
	           "\"defaultContentType\":\"application/json\","
	           "\"servers\":{\"websocket\":{\"host\":\"localhost:3000\",\"protocol\":\"ws\",\"description\":\"the api\"},"
	           "\"broker\":{\"host\":\"localhost:9092\",\"protocol\":\"kafka\",\"description\":\"the message broker\"}},\"channels\":{");
	put_channels(b);
	buf_str(b, "},\"operations\":{");
	put_operations(b);
	buf_str(b, "},\"components\":{\"messages\":{");
	put_messages(b);
	buf_str(b, "},\"schemas\":");
	document_print_schemas(b);
	buf_str(b, "}}");
}
