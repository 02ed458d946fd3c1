-- Events that were given up, so that people can look at them and hand them over once more. The topics *.dead are where they are kept (30 days); this is their index and copy,
-- written by the worker that reads those topics. It holds guests' words, as the topics do: only platform admins see it, and it goes after the same 30 days.
CREATE TABLE dead_letter (
	id uuid PRIMARY KEY,                    -- derived from topic, partition and offset
	topic text NOT NULL,
	source_topic text NOT NULL,
	event_type text,
	reason text NOT NULL,
	detail text NOT NULL,
	key bytea,
	headers bytea NOT NULL,                 -- for each: name, newline, length, newline, bytes
	value bytea NOT NULL,
	died_at timestamptz NOT NULL DEFAULT now(),
	replayed_at timestamptz,
	replays integer NOT NULL DEFAULT 0
);
CREATE INDEX dead_letter_newest ON dead_letter (died_at);
ALTER TABLE dead_letter ENABLE ROW LEVEL SECURITY;
ALTER TABLE dead_letter FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON dead_letter TO CURRENT_USER USING (true);

CREATE FUNCTION dead_letter_put(id_ uuid, topic_ text, source_ text, type_ text, reason_ text, detail_ text, key_ bytea, headers_ bytea, value_ bytea) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	DELETE FROM dead_letter d WHERE d.died_at < now() - interval '30 days';
	INSERT INTO dead_letter (id, topic, source_topic, event_type, reason, detail, key, headers, value)
	VALUES (id_, topic_, source_, type_, reason_, detail_, key_, headers_, value_) ON CONFLICT DO NOTHING;
	RETURN FOUND;
END $$;

CREATE FUNCTION dead_letter_text(bytes bytea) RETURNS text
LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
	RETURN convert_from(bytes, 'UTF8');
EXCEPTION WHEN OTHERS THEN
	RETURN encode(bytes, 'escape');
END $$;

CREATE FUNCTION dead_letter_list(limit_ bigint, offset_ bigint) RETURNS TABLE (body json, total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT coalesce((SELECT json_agg(json_build_object('id', p.id, 'topic', p.source_topic, 'type', p.event_type, 'reason', p.reason, 'detail', p.detail, 'died_at', p.died_at,
			'age_seconds', floor(extract(epoch FROM now() - p.died_at))::bigint, 'bytes', length(p.value), 'key', dead_letter_text(p.key), 'replayed_at', p.replayed_at, 'replays', p.replays)
			ORDER BY p.died_at DESC, p.id)
		FROM (SELECT * FROM dead_letter d ORDER BY d.died_at DESC, d.id LIMIT limit_ OFFSET offset_) p), '[]'),
		(SELECT count(*) FROM dead_letter)
$$;

-- Bytes as hexadecimal digits.
CREATE FUNCTION dead_letter_get(id_ uuid) RETURNS TABLE (source_topic text, key text, headers text, value text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT d.source_topic, encode(d.key, 'hex'), encode(d.headers, 'hex'), encode(d.value, 'hex') FROM dead_letter d WHERE d.id = id_
$$;

CREATE FUNCTION dead_letter_replayed(id_ uuid) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	UPDATE dead_letter d SET replayed_at = now(), replays = d.replays + 1 WHERE d.id = id_;
	RETURN FOUND;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION dead_letter_put(uuid, text, text, text, text, text, bytea, bytea, bytea), dead_letter_text(bytea), dead_letter_list(bigint, bigint), dead_letter_get(uuid),
	dead_letter_replayed(uuid) TO restaurant_app;
