-- Numbers that can be recounted: what guests did and what answers came to, exactly once by event id, with roll-ups by hour and by local day.
--
-- A row of interaction_analytics carries the metrics that it counts for ("message", "kind:allergen", "asked:<dish>"), so a number and the list of its rows cannot
-- drift apart: a roll-up is the sum of the metrics of its rows, and a filter is one of these words. Hours and days are those of the restaurant's time zone.
-- A session is known here by a hash: the id itself is a secret of its guest.

DROP TABLE interaction_analytics;       -- nothing ever wrote to it

CREATE TABLE interaction_analytics (
	restaurant_id uuid NOT NULL,
	id uuid NOT NULL,
	created_at timestamptz NOT NULL,        -- when it happened
	event_type text NOT NULL,
	session uuid,
	conversation_id uuid,
	message_id uuid,
	item_id uuid,
	metrics text[] NOT NULL DEFAULT '{}',
	amounts bigint[],                       -- of each metric; NULL: 1 each
	event_data jsonb NOT NULL DEFAULT '{}'
) PARTITION BY RANGE (created_at);
CREATE INDEX interaction_analytics_time ON interaction_analytics (restaurant_id, created_at);
CREATE INDEX interaction_analytics_session ON interaction_analytics (session) WHERE session IS NOT NULL;

CREATE TABLE event_seen (
	restaurant_id uuid NOT NULL,
	event_id uuid NOT NULL,
	seen_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (event_id, restaurant_id)
);
CREATE INDEX event_seen_oldest ON event_seen USING brin (seen_at) WITH (pages_per_range = 32);

CREATE TABLE analytics_hour (
	restaurant_id uuid NOT NULL,
	hour timestamptz NOT NULL,
	metric text NOT NULL,
	n bigint NOT NULL,
	PRIMARY KEY (restaurant_id, hour, metric) INCLUDE (n)
) WITH (fillfactor = 80);
CREATE TABLE analytics_day (
	restaurant_id uuid NOT NULL,
	day date NOT NULL,
	metric text NOT NULL,
	n bigint NOT NULL,
	PRIMARY KEY (restaurant_id, day, metric) INCLUDE (n)
) WITH (fillfactor = 80);
-- Which sessions were there, in which hours of a local day (bits from its midnight): sessions of several hours or days are one each.
CREATE TABLE analytics_session (
	restaurant_id uuid NOT NULL,
	day date NOT NULL,
	session uuid NOT NULL,
	hours integer NOT NULL,
	PRIMARY KEY (restaurant_id, day, session) INCLUDE (hours)
);
CREATE TABLE analytics_quarantine (
	restaurant_id uuid NOT NULL,
	id uuid NOT NULL,
	reason text NOT NULL,
	event_type text NOT NULL,
	at timestamptz NOT NULL,
	received_at timestamptz NOT NULL DEFAULT now(),
	event_data jsonb,
	PRIMARY KEY (id, restaurant_id)
);
CREATE TABLE message_feedback (
	restaurant_id uuid NOT NULL,
	message_id uuid NOT NULL,
	conversation_id uuid NOT NULL,
	rating text NOT NULL,
	reason text,
	created_at timestamptz NOT NULL,
	PRIMARY KEY (message_id, restaurant_id),
	FOREIGN KEY (restaurant_id, conversation_id) REFERENCES conversation (restaurant_id, id) ON DELETE CASCADE
);
CREATE INDEX message_feedback_conversation ON message_feedback (conversation_id);
CREATE INDEX message_feedback_time ON message_feedback (restaurant_id, created_at);
-- The words of a few guests for each thing that was asked for in vain.
CREATE TABLE analytics_sample (
	restaurant_id uuid NOT NULL,
	metric text NOT NULL,
	slot integer NOT NULL,
	session uuid,
	at timestamptz NOT NULL,
	question text NOT NULL,
	PRIMARY KEY (restaurant_id, metric, slot)
);
-- Written so that only conversation_page() and analytics_missing() can use it: one that began with the id itself would look good to plans which were made while the table
-- was empty.
CREATE INDEX conversation_newest ON conversation ((restaurant_id::text), created_at);

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['interaction_analytics', 'event_seen', 'analytics_hour', 'analytics_day', 'analytics_session', 'analytics_quarantine', 'message_feedback', 'analytics_sample'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY tenant ON %I TO restaurant_app USING (restaurant_id = app_tenant())', name);
		EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
	END LOOP;
END $$;
GRANT SELECT ON interaction_analytics, analytics_hour, analytics_day, analytics_session, analytics_quarantine, message_feedback, analytics_sample TO restaurant_app;

-- --- storing ---

-- One partition for each day (UTC), made when its first row comes. It has no grants: rows are seen through the parent, whose policies hold.
CREATE FUNCTION analytics_partition(day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	name text := 'interaction_analytics_' || to_char(day, 'YYYYMMDD');
BEGIN
	IF to_regclass(name) IS NOT NULL THEN
		RETURN;
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('analytics_partition'));
	IF to_regclass(name) IS NULL THEN
		EXECUTE format('CREATE TABLE %I PARTITION OF interaction_analytics FOR VALUES FROM (%L) TO (%L)', name, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
	END IF;
END $$;

-- Where a session of the analytics worker copies a batch to: COPY is refused on tables with row-level security. Empty again after each commit.
CREATE FUNCTION analytics_open() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	CREATE TEMP TABLE IF NOT EXISTS analytics_batch (
		restaurant_id uuid, id uuid, at timestamptz, event_type text, session text, conversation_id uuid, message_id uuid, item_id uuid,
		metrics text[], amounts bigint[], event_data jsonb
	) ON COMMIT DELETE ROWS;
	GRANT INSERT ON pg_temp.analytics_batch TO restaurant_app;
END $$;

-- Is the restaurant open at that local time? Without hours: yes. A span that ends before it begins goes past midnight.
CREATE FUNCTION hours_open(hours jsonb, local timestamp) RETURNS boolean
LANGUAGE sql STABLE
RETURN hours IS NULL OR hours = '{}'
	OR EXISTS (SELECT FROM jsonb_array_elements(coalesce(hours -> trim(lower(to_char(local, 'FMday'))), '[]')) s(span)
		WHERE local::time >= (span ->> 'from')::time AND (local::time < (span ->> 'to')::time OR (span ->> 'to')::time <= (span ->> 'from')::time))
	OR EXISTS (SELECT FROM jsonb_array_elements(coalesce(hours -> trim(lower(to_char(local - interval '1 day', 'FMday'))), '[]')) s(span)
		WHERE (span ->> 'to')::time <= (span ->> 'from')::time AND local::time < (span ->> 'to')::time);

CREATE FUNCTION local_hour(at timestamptz, zone text) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN at - ((at AT TIME ZONE zone) - date_trunc('hour', at AT TIME ZONE zone));

CREATE FUNCTION local_hour_bit(at timestamptz, zone text) RETURNS integer
LANGUAGE sql STABLE
RETURN 1 << least(30, greatest(0, floor(extract(epoch FROM at - (((at AT TIME ZONE zone)::date)::timestamp AT TIME ZONE zone)) / 3600)::integer));

-- Takes in what was copied: once by id, however often it comes. `fresh` rows are new, `late` of them are of an earlier day, `aside` went to the quarantine, `unknown`
-- name no restaurant.
CREATE FUNCTION analytics_store(OUT fresh bigint, OUT aside bigint, OUT late bigint, OUT repeated bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
	day_ date;
	good bigint;
BEGIN
	WITH put AS (INSERT INTO analytics_quarantine (restaurant_id, id, reason, event_type, at, event_data)
		SELECT DISTINCT ON (b.restaurant_id, b.id) b.restaurant_id, b.id, CASE WHEN r.id IS NULL THEN 'unknown' WHEN b.at > now() THEN 'future' ELSE 'old' END, b.event_type, b.at, b.event_data
		FROM pg_temp.analytics_batch b LEFT JOIN restaurant r ON r.id = b.restaurant_id
		WHERE r.id IS NULL OR b.at > now() + interval '5 minutes' OR b.at < now() - interval '7 days'
		ON CONFLICT DO NOTHING RETURNING 1)
	SELECT count(*) INTO aside FROM put;
	FOR day_ IN SELECT DISTINCT (b.at AT TIME ZONE 'UTC')::date FROM pg_temp.analytics_batch b WHERE b.at BETWEEN now() - interval '7 days' AND now() + interval '5 minutes' LOOP
		PERFORM analytics_partition(day_);
	END LOOP;
	WITH good AS MATERIALIZED (
		SELECT DISTINCT ON (b.restaurant_id, b.id) b.*, r.timezone, r.hours FROM pg_temp.analytics_batch b JOIN restaurant r ON r.id = b.restaurant_id
		WHERE b.at BETWEEN now() - interval '7 days' AND now() + interval '5 minutes' ORDER BY b.restaurant_id, b.id, b.ctid -- as they came: the first one counts
	), seen AS (
		INSERT INTO event_seen (restaurant_id, event_id) SELECT g.restaurant_id, g.id FROM good g ON CONFLICT DO NOTHING RETURNING restaurant_id, event_id
	), fresh AS MATERIALIZED (
		SELECT g.restaurant_id, g.id, g.at, g.event_type, md5(g.session)::uuid AS session, g.conversation_id, g.message_id, g.item_id, g.event_data, g.timezone,
			CASE WHEN c.closed THEN g.metrics || ARRAY(SELECT 'lost:out_of_hours:' || substr(m, 7) FROM unnest(g.metrics) m WHERE m LIKE 'asked:%') ELSE g.metrics END AS metrics,
			CASE WHEN c.closed AND g.amounts IS NOT NULL THEN g.amounts || ARRAY(SELECT 1::bigint FROM unnest(g.metrics) m WHERE m LIKE 'asked:%') ELSE g.amounts END AS amounts
		FROM good g JOIN seen s ON s.restaurant_id = g.restaurant_id AND s.event_id = g.id
		CROSS JOIN LATERAL (SELECT g.event_type = 'chat_outcome' AND NOT hours_open(g.hours, g.at AT TIME ZONE g.timezone) AS closed) c
	), rows AS (
		INSERT INTO interaction_analytics (restaurant_id, id, created_at, event_type, session, conversation_id, message_id, item_id, metrics, amounts, event_data)
		SELECT f.restaurant_id, f.id, f.at, f.event_type, f.session, f.conversation_id, f.message_id, f.item_id, f.metrics, f.amounts, f.event_data FROM fresh f
	), rated AS (
		INSERT INTO message_feedback AS o (restaurant_id, message_id, conversation_id, rating, reason, created_at)
		SELECT DISTINCT ON (f.restaurant_id, f.message_id) f.restaurant_id, f.message_id, m.conversation_id, f.event_data ->> 'rating', f.event_data ->> 'reason', f.at
		FROM fresh f CROSS JOIN LATERAL (SELECT q.conversation_id FROM message q WHERE q.message_id = f.message_id AND q.sender_type = 'user' AND q.restaurant_id = f.restaurant_id LIMIT 1) m
		WHERE f.event_type = 'feedback' ORDER BY f.restaurant_id, f.message_id, f.at DESC
		ON CONFLICT (restaurant_id, message_id) DO UPDATE SET rating = excluded.rating, reason = excluded.reason, created_at = excluded.created_at WHERE o.created_at <= excluded.created_at
	), samples AS (
		INSERT INTO analytics_sample AS o (restaurant_id, metric, slot, session, at, question)
		SELECT DISTINCT ON (f.restaurant_id, m, f.slot) f.restaurant_id, m, f.slot, f.session, f.at, f.event_data ->> 'question'
		FROM (SELECT f.*, get_byte(uuid_send(f.id), 15) % 3 AS slot FROM fresh f WHERE f.event_data ? 'question') f CROSS JOIN LATERAL unnest(f.metrics) m WHERE m LIKE 'lost:%'
		ORDER BY f.restaurant_id, m, f.slot, f.at DESC
		ON CONFLICT (restaurant_id, metric, slot) DO UPDATE SET session = excluded.session, at = excluded.at, question = excluded.question
	), points AS MATERIALIZED (
		SELECT f.restaurant_id, local_hour(f.at, f.timezone) AS hour, (f.at AT TIME ZONE f.timezone)::date AS day, m.metric, sum(coalesce(m.amount, 1))::bigint AS n
		FROM fresh f CROSS JOIN LATERAL unnest(f.metrics, f.amounts) m(metric, amount) GROUP BY 1, 2, 3, 4
	), hours AS (
		INSERT INTO analytics_hour AS h (restaurant_id, hour, metric, n) SELECT p.restaurant_id, p.hour, p.metric, sum(p.n) FROM points p GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		ON CONFLICT (restaurant_id, hour, metric) DO UPDATE SET n = h.n + excluded.n
	), days AS (
		INSERT INTO analytics_day AS d (restaurant_id, day, metric, n) SELECT p.restaurant_id, p.day, p.metric, sum(p.n) FROM points p GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		ON CONFLICT (restaurant_id, day, metric) DO UPDATE SET n = d.n + excluded.n
	), sessions AS (
		INSERT INTO analytics_session AS a (restaurant_id, day, session, hours)
		SELECT f.restaurant_id, (f.at AT TIME ZONE f.timezone)::date, f.session, bit_or(local_hour_bit(f.at, f.timezone)) FROM fresh f
		WHERE f.session IS NOT NULL AND cardinality(f.metrics) > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		ON CONFLICT (restaurant_id, day, session) DO UPDATE SET hours = a.hours | excluded.hours WHERE a.hours | excluded.hours <> a.hours
	)
	SELECT (SELECT count(*) FROM fresh), (SELECT count(*) FROM fresh f WHERE f.at < now() - interval '1 hour'), (SELECT count(*) FROM good) INTO fresh, late, good;
	repeated := good - fresh;
END $$;

-- --- upkeep ---

CREATE FUNCTION restaurant_retention_days(metadata jsonb, otherwise integer) RETURNS integer
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN metadata ->> 'analytics_retention_days' ~ '^[0-9]{1,4}$' THEN greatest(1, (metadata ->> 'analytics_retention_days')::integer) ELSE otherwise END;

-- Days that no restaurant keeps go as whole partitions; what only some keep goes by rows. Roll-ups hold no persons and stay. Returns partitions dropped and rows deleted.
CREATE FUNCTION analytics_tidy(days bigint, OUT dropped bigint, OUT deleted bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	longest integer;
	part record;
	gone bigint;
BEGIN
	dropped := 0;
	deleted := 0;
	IF NOT pg_try_advisory_xact_lock(hashtext('analytics_tidy')) THEN
		RETURN;
	END IF;
	PERFORM analytics_partition((now() AT TIME ZONE 'UTC')::date + d) FROM generate_series(0, 1) d;
	SELECT coalesce(max(restaurant_retention_days(r.metadata, days::integer)), days) INTO longest FROM restaurant r;
	FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = 'interaction_analytics'::regclass
		AND to_date(right(c.relname, 8), 'YYYYMMDD') < (now() AT TIME ZONE 'UTC')::date - longest LOOP
		EXECUTE format('DROP TABLE %I', part.relname);
		dropped := dropped + 1;
	END LOOP;
	DELETE FROM interaction_analytics a USING restaurant r WHERE a.restaurant_id = r.id AND restaurant_retention_days(r.metadata, days::integer) < longest
		AND a.created_at < now() - make_interval(days => restaurant_retention_days(r.metadata, days::integer));
	GET DIAGNOSTICS deleted = ROW_COUNT;
	DELETE FROM event_seen s WHERE s.seen_at < now() - interval '8 days';
	DELETE FROM analytics_quarantine q WHERE q.received_at < now() - interval '30 days';
	GET DIAGNOSTICS gone = ROW_COUNT;
	deleted := deleted + gone;
END $$;

-- Counts the hours of a local day again, from the rows. Each metric whose roll-up says something else, in either table, is a row.
CREATE FUNCTION analytics_recount(day_ date)
RETURNS TABLE (restaurant_id uuid, slug text, metric text, counted bigint, rolled bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	WITH place AS MATERIALIZED (SELECT r.id, r.slug, r.timezone, day_::timestamp AT TIME ZONE r.timezone AS first, (day_ + 1)::timestamp AT TIME ZONE r.timezone AS last FROM restaurant r),
	counted AS (SELECT p.id, m.metric, sum(coalesce(m.amount, 1))::bigint AS n FROM place p JOIN interaction_analytics a ON a.restaurant_id = p.id AND a.created_at >= p.first AND a.created_at < p.last
		CROSS JOIN LATERAL unnest(a.metrics, a.amounts) m(metric, amount) GROUP BY 1, 2),
	by_hour AS (SELECT p.id, h.metric, sum(h.n)::bigint AS n FROM place p JOIN analytics_hour h ON h.restaurant_id = p.id AND h.hour >= p.first AND h.hour < p.last GROUP BY 1, 2),
	by_day AS (SELECT p.id, d.metric, d.n FROM place p JOIN analytics_day d ON d.restaurant_id = p.id AND d.day = day_)
	SELECT p.id, p.slug, x.metric, coalesce(c.n, 0), CASE WHEN coalesce(h.n, 0) <> coalesce(c.n, 0) THEN coalesce(h.n, 0) ELSE coalesce(d.n, 0) END
	FROM (SELECT id, metric FROM counted UNION SELECT id, metric FROM by_hour UNION SELECT id, metric FROM by_day) x JOIN place p USING (id)
	LEFT JOIN counted c USING (id, metric) LEFT JOIN by_hour h USING (id, metric) LEFT JOIN by_day d USING (id, metric)
	WHERE coalesce(c.n, 0) <> coalesce(h.n, 0) OR coalesce(c.n, 0) <> coalesce(d.n, 0)
	ORDER BY 2, 3 LIMIT 1000
$$;

-- Answers of a day whose outcome was never counted: the log of events must hold them, and does not. Returns how many.
CREATE FUNCTION analytics_missing(day_ date) RETURNS TABLE (restaurant_id uuid, slug text, missing bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT r.id, r.slug, count(*) FROM restaurant r JOIN conversation c ON c.restaurant_id::text = r.id::text JOIN message m ON m.conversation_id = c.id AND m.restaurant_id = r.id
	WHERE c.last_activity >= day_::timestamp AT TIME ZONE r.timezone AND m.sender_type = 'assistant' AND m.meta_data ? 'outcome'
		AND m.created_at >= day_::timestamp AT TIME ZONE r.timezone AND m.created_at < (day_ + 1)::timestamp AT TIME ZONE r.timezone
		AND NOT EXISTS (SELECT FROM event_seen s WHERE s.restaurant_id = r.id AND s.event_id = (m.meta_data -> 'outcome' ->> 'id')::uuid)
	GROUP BY 1, 2 ORDER BY 2
$$;

-- --- reading, all of it for app_tenant() ---

CREATE FUNCTION local_midnight(day date, zone text) RETURNS timestamptz LANGUAGE sql STABLE RETURN day::timestamp AT TIME ZONE zone;

-- A date is its midnight in the zone; a time is rounded down to its local hour.
CREATE FUNCTION analytics_time(text_ text, zone text, otherwise timestamptz) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN CASE WHEN text_ IS NULL THEN otherwise WHEN length(text_) = 10 THEN local_midnight(text_::date, zone) ELSE local_hour(text_::timestamptz, zone) END;

-- Points of whole local days from analytics_day, those at the edges from analytics_hour; `bucket` is the local day's midnight.
CREATE FUNCTION analytics_parts(first timestamptz, last timestamptz, zone text)
RETURNS TABLE (day date, metric text, n bigint)
LANGUAGE sql STABLE AS $$
	SELECT d.day, d.metric, d.n FROM analytics_day d WHERE d.restaurant_id = app_tenant()
		AND d.day >= (first AT TIME ZONE zone)::date + (local_midnight((first AT TIME ZONE zone)::date, zone) < first)::integer AND d.day < (last AT TIME ZONE zone)::date
	UNION ALL
	SELECT (h.hour AT TIME ZONE zone)::date, h.metric, h.n FROM analytics_hour h WHERE h.restaurant_id = app_tenant() AND h.hour >= first
		AND h.hour < least(last, local_midnight((first AT TIME ZONE zone)::date + (local_midnight((first AT TIME ZONE zone)::date, zone) < first)::integer, zone))
	UNION ALL
	SELECT (h.hour AT TIME ZONE zone)::date, h.metric, h.n FROM analytics_hour h WHERE h.restaurant_id = app_tenant() AND h.hour < last
		AND h.hour >= greatest(local_midnight((last AT TIME ZONE zone)::date, zone),
			local_midnight((first AT TIME ZONE zone)::date + (local_midnight((first AT TIME ZONE zone)::date, zone) < first)::integer, zone))
$$;

CREATE FUNCTION analytics_sessions(first timestamptz, last timestamptz, zone text)
RETURNS TABLE (day date, session uuid, hours integer)
LANGUAGE sql STABLE AS $$
	SELECT s.day, s.session, x.hours FROM analytics_session s
	CROSS JOIN LATERAL (SELECT s.hours
		& CASE WHEN s.day = (first AT TIME ZONE zone)::date THEN -(local_hour_bit(first, zone)) ELSE -1 END
		& CASE WHEN s.day = (last AT TIME ZONE zone)::date THEN local_hour_bit(last, zone) - 1 ELSE -1 END AS hours) x
	WHERE s.restaurant_id = app_tenant() AND s.day >= (first AT TIME ZONE zone)::date AND s.day <= (last AT TIME ZONE zone)::date AND x.hours <> 0
$$;

-- The figures that have a name of their own; "lost" and "gate_drop" are sums over their keys.
CREATE FUNCTION analytics_scalars(first timestamptz, last timestamptz, zone text)
RETURNS TABLE (metric text, n bigint)
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN p.metric LIKE 'lost:%' THEN 'lost' WHEN p.metric LIKE 'gate\_drop:%' THEN 'gate_drop' ELSE p.metric END, sum(p.n)::bigint
	FROM analytics_parts(first, last, zone) p
	WHERE p.metric IN ('conversation', 'message', 'stopped', 'handover', 'thumbs:up', 'thumbs:down', 'allergen_question', 'allergen_unknown', 'tokens_in', 'tokens_out', 'cost_micros',
		'event:menu_view', 'event:item_view', 'event:search', 'event:filter', 'event:suggestion', 'event:voice') OR p.metric LIKE 'lost:%' OR p.metric LIKE 'gate\_drop:%' GROUP BY 1
	UNION ALL SELECT 'sessions', count(DISTINCT s.session) FROM analytics_sessions(first, last, zone) s
$$;

CREATE FUNCTION analytics_percentiles(metric_ text, sums jsonb) RETURNS json
LANGUAGE sql STABLE AS $$
	WITH steps AS (SELECT substr(k, length(metric_) + 2)::bigint AS ms, v::bigint AS n FROM jsonb_each_text(sums) e(k, v) WHERE starts_with(k, metric_ || ':')),
	walked AS (SELECT ms, sum(n) OVER (ORDER BY ms) AS so_far, sum(n) OVER () AS total FROM steps)
	SELECT json_build_object('metric', metric_, 'n', coalesce((SELECT sum(n) FROM steps), 0), 'p50', (SELECT min(ms) FROM walked WHERE so_far >= total * 0.5),
		'p95', (SELECT min(ms) FROM walked WHERE so_far >= total * 0.95))
$$;

CREATE FUNCTION analytics_shares(prefix text, sums jsonb) RETURNS json
LANGUAGE sql STABLE AS $$
	SELECT coalesce(json_agg(x ORDER BY x.value DESC, x.key), '[]') FROM (SELECT substr(k, length(prefix) + 2) AS key, k AS metric, v::bigint AS value
		FROM jsonb_each_text(sums) e(k, v) WHERE starts_with(k, prefix || ':') ORDER BY v::bigint DESC, k LIMIT 50) x
$$;

CREATE FUNCTION analytics_series(first timestamptz, last timestamptz, zone text, by_ text) RETURNS json
LANGUAGE sql STABLE AS $$
	WITH buckets AS (
		SELECT local_midnight(d::date, zone) AS at FROM generate_series((first AT TIME ZONE zone)::date, ((last - interval '1 second') AT TIME ZONE zone)::date, '1 day') d WHERE by_ = 'day'
		UNION ALL SELECT h FROM generate_series(first, last - interval '1 hour', '1 hour') h WHERE by_ = 'hour'
	), parts AS (
		SELECT local_midnight(p.day, zone) AS at, p.metric, p.n FROM analytics_parts(first, last, zone) p WHERE by_ = 'day'
		UNION ALL SELECT h.hour, h.metric, h.n FROM analytics_hour h WHERE by_ = 'hour' AND h.restaurant_id = app_tenant() AND h.hour >= first AND h.hour < last
	), sums AS (
		SELECT p.at, sum(p.n) FILTER (WHERE p.metric = 'conversation') AS conversations, sum(p.n) FILTER (WHERE p.metric = 'message') AS messages,
			sum(p.n) FILTER (WHERE p.metric = 'thumbs:up') AS thumbs_up, sum(p.n) FILTER (WHERE p.metric = 'thumbs:down') AS thumbs_down,
			sum(p.n) FILTER (WHERE p.metric LIKE 'lost:%') AS lost, sum(p.n) FILTER (WHERE p.metric = 'event:menu_view') AS views
		FROM parts p WHERE p.metric IN ('conversation', 'message', 'thumbs:up', 'thumbs:down', 'event:menu_view') OR p.metric LIKE 'lost:%' GROUP BY 1
	), there AS (
		SELECT local_midnight(s.day, zone) AS at, count(DISTINCT s.session) AS sessions FROM analytics_sessions(first, last, zone) s WHERE by_ = 'day' GROUP BY 1
		UNION ALL SELECT local_midnight(s.day, zone) + make_interval(hours => h), count(DISTINCT s.session) FROM analytics_sessions(first, last, zone) s, generate_series(0, 25) h
		WHERE by_ = 'hour' AND s.hours & (1 << h) <> 0 GROUP BY 1
	)
	SELECT coalesce(json_agg(json_build_object('at', b.at, 'conversations', coalesce(s.conversations, 0), 'messages', coalesce(s.messages, 0), 'sessions', coalesce(t.sessions, 0),
		'thumbs_up', coalesce(s.thumbs_up, 0), 'thumbs_down', coalesce(s.thumbs_down, 0), 'lost', coalesce(s.lost, 0), 'views', coalesce(s.views, 0)) ORDER BY b.at), '[]')
	FROM buckets b LEFT JOIN sums s USING (at) LEFT JOIN there t USING (at)
$$;

CREATE FUNCTION analytics_dish_name(id_ text) RETURNS text LANGUAGE sql STABLE AS $$
	SELECT i.name FROM menu_item i WHERE i.restaurant_id = app_tenant() AND i.id = id_::uuid $$;

CREATE FUNCTION analytics_report(from_ text, to_ text, by_ text) RETURNS json
LANGUAGE plpgsql STABLE AS $$
DECLARE
	zone text;
	first timestamptz;
	last timestamptz;
	sums jsonb;
BEGIN
	SELECT r.timezone INTO zone FROM restaurant r WHERE r.id = app_tenant();
	IF zone IS NULL THEN
		RETURN NULL;
	END IF;
	last := analytics_time(to_, zone, local_hour(now(), zone) + interval '1 hour');
	first := analytics_time(from_, zone, local_midnight((last AT TIME ZONE zone)::date - 6, zone));
	IF first >= last OR last - first > interval '3700 days' OR (by_ = 'hour' AND last - first > interval '63 days') THEN
		RETURN NULL;
	END IF;
	SELECT coalesce(jsonb_object_agg(p.metric, p.n), '{}') INTO sums FROM (SELECT x.metric, sum(x.n) AS n FROM analytics_parts(first, last, zone) x GROUP BY 1) p;
	RETURN json_build_object('from', first, 'to', last, 'timezone', zone, 'by', by_,
		'numbers', (SELECT json_agg(json_build_object('metric', m.metric, 'value', coalesce(a.n, 0), 'before', coalesce(b.n, 0)) ORDER BY m.place)
			FROM unnest(ARRAY['conversation', 'message', 'sessions', 'stopped', 'handover', 'thumbs:up', 'thumbs:down', 'allergen_question', 'allergen_unknown', 'lost', 'gate_drop',
				'event:menu_view', 'event:item_view', 'event:search', 'event:filter', 'event:suggestion', 'event:voice', 'tokens_in', 'tokens_out', 'cost_micros']) WITH ORDINALITY m(metric, place)
			LEFT JOIN analytics_scalars(first, last, zone) a USING (metric) LEFT JOIN analytics_scalars(first - (last - first), first, zone) b USING (metric)),
		'first_token', analytics_percentiles('first_token', sums), 'answer_time', analytics_percentiles('answer_time', sums),
		'kinds', analytics_shares('kind', sums), 'made', analytics_shares('made', sums), 'gate_drops', analytics_shares('gate_drop', sums),
		'languages', analytics_shares('language', sums), 'events', analytics_shares('event', sums),
		'reasons', coalesce((SELECT json_agg(f.reason) FROM (SELECT o.reason FROM message_feedback o WHERE o.restaurant_id = app_tenant() AND o.rating = 'down' AND o.reason IS NOT NULL
			AND o.created_at >= first AND o.created_at < last ORDER BY o.created_at DESC LIMIT 20) f), '[]'),
		'allergens', coalesce((SELECT json_agg(json_build_object('item_id', x.item_id, 'item', analytics_dish_name(x.item_id), 'allergen', x.allergen,
				'metric', 'allergen:' || x.item_id || ':' || x.allergen, 'asked', x.asked, 'unknown', x.missing) ORDER BY x.asked DESC, x.item_id, x.allergen)
			FROM (SELECT split_part(k, ':', 2) AS item_id, split_part(k, ':', 3) AS allergen, sum(v::bigint) AS asked, coalesce(sum(v::bigint) FILTER (WHERE split_part(k, ':', 4) = 'unknown'), 0) AS missing
				FROM jsonb_each_text(sums) e(k, v) WHERE k LIKE 'allergen:%' GROUP BY 1, 2 ORDER BY 3 DESC LIMIT 100) x), '[]'),
		'lost', coalesce((SELECT json_agg(json_build_object('reason', x.reason, 'item_id', CASE WHEN x.reason <> 'not_on_menu' THEN x.key END,
				'what', CASE WHEN x.reason = 'not_on_menu' THEN x.key ELSE coalesce(analytics_dish_name(x.key), x.key) END, 'metric', x.k, 'value', x.n,
				'samples', coalesce((SELECT json_agg(o.question ORDER BY o.at DESC) FROM analytics_sample o WHERE o.restaurant_id = app_tenant() AND o.metric = x.k AND o.at >= first AND o.at < last), '[]'))
				ORDER BY x.n DESC, x.k)
			FROM (SELECT k, split_part(k, ':', 2) AS reason, split_part(k, ':', 3) AS key, v::bigint AS n FROM jsonb_each_text(sums) e(k, v) WHERE k LIKE 'lost:%' ORDER BY v::bigint DESC, k LIMIT 50) x), '[]'),
		'dishes', coalesce((SELECT json_agg(json_build_object('item_id', x.item_id, 'item', analytics_dish_name(x.item_id), 'seen', x.seen, 'asked', x.asked, 'recommended', x.recommended)
				ORDER BY x.total DESC, x.item_id)
			FROM (SELECT split_part(k, ':', 2) AS item_id, coalesce(sum(v::bigint) FILTER (WHERE k LIKE 'seen:%'), 0) AS seen, coalesce(sum(v::bigint) FILTER (WHERE k LIKE 'asked:%'), 0) AS asked,
				coalesce(sum(v::bigint) FILTER (WHERE k LIKE 'recommended:%'), 0) AS recommended, sum(v::bigint) AS total
				FROM jsonb_each_text(sums) e(k, v) WHERE k LIKE 'seen:%' OR k LIKE 'asked:%' OR k LIKE 'recommended:%' GROUP BY 1 ORDER BY 5 DESC, 1 LIMIT 50) x), '[]'),
		'series', analytics_series(first, last, zone, by_));
END $$;

-- The rows behind a number: those that count for the metric, or for any that begins with it and a colon; "sessions": the first row of each.
CREATE FUNCTION analytics_rows(metric_ text, from_ text, to_ text, limit_ bigint, offset_ bigint)
RETURNS TABLE (body json, total bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	zone text;
	first timestamptz;
	last timestamptz;
BEGIN
	SELECT r.timezone INTO zone FROM restaurant r WHERE r.id = app_tenant();
	last := analytics_time(to_, zone, local_hour(now(), zone) + interval '1 hour');
	first := analytics_time(from_, zone, local_midnight((last AT TIME ZONE zone)::date - 6, zone));
	IF zone IS NULL OR first >= last THEN
		RETURN;
	END IF;
	RETURN QUERY
	WITH found AS MATERIALIZED (
		SELECT a.id, a.created_at FROM interaction_analytics a WHERE a.restaurant_id = app_tenant() AND a.created_at >= first AND a.created_at < last
			AND EXISTS (SELECT FROM unnest(a.metrics) m WHERE m = metric_ OR starts_with(m, metric_ || ':')) AND metric_ <> 'sessions'
		UNION ALL (SELECT DISTINCT ON (a.session) a.id, a.created_at FROM interaction_analytics a WHERE metric_ = 'sessions' AND a.restaurant_id = app_tenant()
			AND a.created_at >= first AND a.created_at < last AND a.session IS NOT NULL AND cardinality(a.metrics) > 0 ORDER BY a.session, a.created_at)
	), page AS (SELECT f.id, f.created_at FROM found f ORDER BY f.created_at DESC, f.id LIMIT limit_ OFFSET offset_)
	SELECT coalesce(json_agg(json_build_object('id', a.id, 'at', a.created_at, 'type', a.event_type, 'conversation_id', a.conversation_id, 'message_id', a.message_id, 'item_id', a.item_id,
			'item', (SELECT i.name FROM menu_item i WHERE i.restaurant_id = app_tenant() AND i.id = a.item_id), 'metrics', a.metrics, 'data', a.event_data) ORDER BY a.created_at DESC, a.id), '[]'),
		(SELECT count(*) FROM found)
	FROM page p JOIN interaction_analytics a ON a.restaurant_id = app_tenant() AND a.created_at = p.created_at AND a.id = p.id;
END $$;

CREATE FUNCTION analytics_table(from_ text, to_ text, by_ text, limit_ bigint, offset_ bigint)
RETURNS TABLE (at text, metric text, n bigint)
LANGUAGE plpgsql STABLE AS $$
DECLARE
	zone text;
	first timestamptz;
	last timestamptz;
BEGIN
	SELECT r.timezone INTO zone FROM restaurant r WHERE r.id = app_tenant();
	last := analytics_time(to_, zone, local_hour(now(), zone) + interval '1 hour');
	first := analytics_time(from_, zone, local_midnight((last AT TIME ZONE zone)::date - 6, zone));
	IF zone IS NULL OR first >= last THEN
		RETURN;
	END IF;
	RETURN QUERY
	SELECT x.at, x.metric, x.n FROM (
		SELECT p.day::text AS at, p.metric, sum(p.n)::bigint AS n FROM analytics_parts(first, last, zone) p WHERE by_ = 'day' GROUP BY 1, 2
		UNION ALL SELECT to_char(h.hour AT TIME ZONE zone, 'YYYY-MM-DD"T"HH24:MI'), h.metric, sum(h.n)::bigint FROM analytics_hour h
		WHERE by_ = 'hour' AND h.restaurant_id = app_tenant() AND h.hour >= first AND h.hour < last GROUP BY 1, 2) x
	ORDER BY 1, 2 LIMIT limit_ OFFSET offset_;
	IF NOT FOUND THEN
		RETURN QUERY SELECT NULL::text, NULL::text, 0::bigint;
	END IF;
END $$;

CREATE FUNCTION conversation_page(limit_ bigint, offset_ bigint) RETURNS TABLE (body json, total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	WITH page AS (SELECT c.id, c.created_at, c.last_activity FROM conversation c WHERE c.restaurant_id::text = app_tenant()::text ORDER BY c.last_activity DESC, c.id LIMIT limit_ OFFSET offset_)
	SELECT coalesce((SELECT json_agg(json_build_object('id', p.id, 'created_at', p.created_at, 'last_activity', p.last_activity,
		'messages', (SELECT count(*) FROM message m WHERE m.restaurant_id = app_tenant() AND m.conversation_id = p.id),
		'last_question', (SELECT m.content FROM message m WHERE m.restaurant_id = app_tenant() AND m.conversation_id = p.id AND m.sender_type = 'user' ORDER BY m.position DESC LIMIT 1),
		'thumbs_up', (SELECT count(*) FROM message_feedback f WHERE f.restaurant_id = app_tenant() AND f.conversation_id = p.id AND f.rating = 'up'),
		'thumbs_down', (SELECT count(*) FROM message_feedback f WHERE f.restaurant_id = app_tenant() AND f.conversation_id = p.id AND f.rating = 'down'))
		ORDER BY p.last_activity DESC, p.id) FROM page p), '[]'::json),
		(SELECT count(*) FROM conversation c WHERE c.restaurant_id::text = app_tenant()::text)
	FROM restaurant r WHERE r.id = app_tenant()
$$;

CREATE FUNCTION analytics_live() RETURNS json
LANGUAGE sql STABLE AS $$
	SELECT json_build_object(
		'conversations', (SELECT count(DISTINCT a.session) FROM interaction_analytics a WHERE a.restaurant_id = r.id AND a.created_at > now() - interval '5 minutes' AND a.event_type = 'chat_outcome'
			AND cardinality(a.metrics) > 0),
		'guests', (SELECT count(DISTINCT a.session) FROM interaction_analytics a WHERE a.restaurant_id = r.id AND a.created_at > now() - interval '5 minutes' AND cardinality(a.metrics) > 0),
		'messages', (SELECT count(*) FROM interaction_analytics a WHERE a.restaurant_id = r.id AND a.created_at > now() - interval '1 hour' AND 'message' = ANY (a.metrics)),
		'messages_today', coalesce((SELECT d.n FROM analytics_day d WHERE d.restaurant_id = r.id AND d.day = t.day AND d.metric = 'message'), 0),
		'thumbs_up', coalesce((SELECT d.n FROM analytics_day d WHERE d.restaurant_id = r.id AND d.day = t.day AND d.metric = 'thumbs:up'), 0),
		'thumbs_down', coalesce((SELECT d.n FROM analytics_day d WHERE d.restaurant_id = r.id AND d.day = t.day AND d.metric = 'thumbs:down'), 0),
		'lost_today', coalesce((SELECT sum(d.n) FROM analytics_day d WHERE d.restaurant_id = r.id AND d.day = t.day AND d.metric LIKE 'lost:%'), 0))
	FROM restaurant r CROSS JOIN LATERAL (SELECT (now() AT TIME ZONE r.timezone)::date AS day) t WHERE r.id = app_tenant()
$$;

-- --- a guest's right ---

-- Removes what a guest said and what is known of them; counts stay. Returns whether there was anything.
CREATE FUNCTION session_erase(session_id_ text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	hash uuid := md5(session_id_)::uuid;
	conversation_ uuid;
BEGIN
	DELETE FROM conversation c WHERE c.restaurant_id = app_tenant() AND c.session_id = session_id_ RETURNING c.id INTO conversation_;
	UPDATE interaction_analytics a SET session = NULL, conversation_id = NULL, message_id = NULL, event_data = '{}'
	WHERE a.restaurant_id = app_tenant() AND a.session = hash;
	DELETE FROM analytics_sample x WHERE x.restaurant_id = app_tenant() AND x.session = hash;
	UPDATE analytics_quarantine q SET event_data = NULL WHERE q.restaurant_id = app_tenant() AND q.event_data ->> 'session_id' = session_id_;
	RETURN conversation_ IS NOT NULL;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analytics_open(), analytics_store(), analytics_tidy(bigint), analytics_recount(date), analytics_missing(date), session_erase(text),
	hours_open(jsonb, timestamp), local_hour(timestamptz, text), local_hour_bit(timestamptz, text), local_midnight(date, text), analytics_time(text, text, timestamptz),
	analytics_parts(timestamptz, timestamptz, text), analytics_sessions(timestamptz, timestamptz, text), analytics_scalars(timestamptz, timestamptz, text),
	analytics_percentiles(text, jsonb), analytics_shares(text, jsonb), analytics_series(timestamptz, timestamptz, text, text), analytics_dish_name(text),
	analytics_report(text, text, text), analytics_rows(text, text, text, bigint, bigint), analytics_table(text, text, text, bigint, bigint), analytics_live(), conversation_page(bigint, bigint) TO restaurant_app;
