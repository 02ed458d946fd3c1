-- What guests and the assistant said to each other.
--
-- A conversation is one session of one guest. A question and its answer share a message_id (the client's own UUID); the primary key of `message`
-- is what makes an answer exist at most once. `attempt` of a question counts how often a worker began to answer it; only the
-- newest attempt may store the answer (see chat_begin and chat_store in common/queries.def).
-- `position` orders messages whatever clocks do; `id` is only a name for clients and has no index.
--
-- Keys begin with what tells rows apart, not with the restaurant: a plan that was made while the tables were empty then cannot mistake a walk through all of a
-- restaurant's rows for a look-up.
--
-- No CHECK constraints here, and enums instead: PostgreSQL reads each CHECK anew for every statement that writes, and these tables are written
-- for every message.

CREATE TYPE message_sender AS ENUM ('user', 'assistant', 'staff');
CREATE TYPE message_status AS ENUM ('sent', 'complete', 'stopped', 'fallback');

CREATE TABLE conversation (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	id uuid NOT NULL,
	session_id text NOT NULL,
	reply_partitions integer[] NOT NULL DEFAULT '{}',       -- of the topic `replies`, at most four; the newest is the last
	profile jsonb NOT NULL DEFAULT '{"allergies": [], "diets": []}',
	context jsonb NOT NULL DEFAULT '{}',
	metadata jsonb NOT NULL DEFAULT '{}',
	is_active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL DEFAULT now(),
	last_activity timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (id, restaurant_id),
	UNIQUE (session_id, restaurant_id)
) WITH (fillfactor = 70);       -- each message updates its row in place

CREATE TABLE message (
	restaurant_id uuid NOT NULL,
	id uuid NOT NULL,
	conversation_id uuid NOT NULL,
	message_id uuid NOT NULL,
	position bigint GENERATED ALWAYS AS IDENTITY,
	sender_type message_sender NOT NULL,
	content text NOT NULL,
	message_type text NOT NULL DEFAULT 'text',
	status message_status NOT NULL,
	attempt bigint NOT NULL DEFAULT 1,
	claims jsonb NOT NULL DEFAULT '[]',
	menu_version bigint,
	provider text,
	tokens_in bigint,
	tokens_out bigint,
	meta_data jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (message_id, sender_type, restaurant_id),
	FOREIGN KEY (restaurant_id, conversation_id) REFERENCES conversation (restaurant_id, id) ON DELETE CASCADE
);
CREATE INDEX message_conversation ON message (conversation_id, position);

CREATE TABLE interaction_analytics (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	id uuid NOT NULL,
	conversation_id uuid,
	event_type text NOT NULL CHECK (char_length(event_type) BETWEEN 1 AND 100),
	event_data jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (id, restaurant_id),
	FOREIGN KEY (restaurant_id, conversation_id) REFERENCES conversation (restaurant_id, id) ON DELETE CASCADE
);
CREATE INDEX interaction_analytics_conversation ON interaction_analytics (conversation_id);

-- Adds a partition to a set of at most four, the newest last; null adds none.
CREATE FUNCTION partitions_add(known integer[], partition integer) RETURNS integer[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN partition IS NULL OR partition = known[cardinality(known)] THEN known
	ELSE (array_remove(known, partition) || partition)[greatest(1, cardinality(array_remove(known, partition)) - 2):]
END;
