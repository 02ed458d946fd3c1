-- What guests and the assistant said to each other.
--
-- A conversation is one session of one guest. A question and its answer share a message_id (the client's own UUID); the primary key of `message`
-- is what makes an answer exist at most once. `attempt` of a question counts how often a worker began to answer it; only the
-- newest attempt may store the answer (see chat_begin and chat_store in common/queries.def).
-- `position` orders messages whatever clocks do; `id` is only a name for clients and has no index.

CREATE TABLE conversation (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	id uuid NOT NULL,
	session_id text NOT NULL CHECK (session_id ~ '^[A-Za-z0-9_-]{1,100}$'),
	reply_partitions integer[] NOT NULL DEFAULT '{}' CHECK (cardinality(reply_partitions) <= 4),   -- of the topic `replies`; the newest is the last
	profile jsonb NOT NULL DEFAULT '{"allergies": [], "diets": []}'
		CHECK (jsonb_typeof(profile -> 'allergies') = 'array' AND jsonb_typeof(profile -> 'diets') = 'array'),
	context jsonb NOT NULL DEFAULT '{}',
	metadata jsonb NOT NULL DEFAULT '{}',
	is_active boolean NOT NULL DEFAULT true,
	created_at timestamptz NOT NULL DEFAULT now(),
	last_activity timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (restaurant_id, id),
	UNIQUE (restaurant_id, session_id)
) WITH (fillfactor = 70);       -- each message updates its row in place

CREATE TABLE message (
	restaurant_id uuid NOT NULL,
	id uuid NOT NULL,
	conversation_id uuid NOT NULL,
	message_id uuid NOT NULL,
	position bigint GENERATED ALWAYS AS IDENTITY,
	sender_type text NOT NULL CHECK (sender_type IN ('user', 'assistant', 'staff')),
	content text NOT NULL,
	message_type text NOT NULL DEFAULT 'text',
	status text NOT NULL CHECK (status IN ('sent', 'complete', 'stopped', 'fallback')),
	attempt bigint NOT NULL DEFAULT 1 CHECK (attempt > 0),
	claims jsonb NOT NULL DEFAULT '[]',
	menu_version bigint,
	provider text,
	tokens_in bigint,
	tokens_out bigint,
	meta_data jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (restaurant_id, message_id, sender_type),
	FOREIGN KEY (restaurant_id, conversation_id) REFERENCES conversation (restaurant_id, id) ON DELETE CASCADE
);
CREATE INDEX message_conversation ON message (restaurant_id, conversation_id, position);

CREATE TABLE interaction_analytics (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	id uuid NOT NULL,
	conversation_id uuid,
	event_type text NOT NULL CHECK (char_length(event_type) BETWEEN 1 AND 100),
	event_data jsonb NOT NULL DEFAULT '{}',
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (restaurant_id, id),
	FOREIGN KEY (restaurant_id, conversation_id) REFERENCES conversation (restaurant_id, id) ON DELETE CASCADE
);
CREATE INDEX interaction_analytics_conversation ON interaction_analytics (restaurant_id, conversation_id);

-- Adds partitions to a set of at most four, the newest last.
CREATE FUNCTION partitions_add(known integer[], more integer[]) RETURNS integer[]
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	partition integer;
BEGIN
	IF known @> more AND known[cardinality(known)] IS NOT DISTINCT FROM coalesce(more[cardinality(more)], known[cardinality(known)]) THEN
		RETURN known;
	END IF;
	FOREACH partition IN ARRAY more LOOP
		known := array_remove(known, partition) || partition;
	END LOOP;
	RETURN known[greatest(1, cardinality(known) - 3):];
END $$;
