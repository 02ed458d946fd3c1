-- A report of a year in the time of a click: months are summed too, the few metrics that are drawn by day are found by their name, and the sessions of a period are counted
-- without looking at each. Every number stays exact: a test compares them with plain counting.
--
-- A session that was there on several days counts once. Its row of a day knows the day before on which it was there; so the sessions of whole days a to b are those whose
-- day is the first one ever (one number for each day), and those that came back and had last been there before a. Hours at the edges of the period are put right by the rows
-- of these two days alone.

CREATE TABLE analytics_month (
	restaurant_id uuid NOT NULL,
	month date NOT NULL,
	metric text NOT NULL,
	n bigint NOT NULL,
	PRIMARY KEY (restaurant_id, month, metric) INCLUDE (n)
) WITH (fillfactor = 80);
CREATE TABLE analytics_day_total (
	restaurant_id uuid NOT NULL,
	day date NOT NULL,
	sessions bigint NOT NULL DEFAULT 0,     -- that were there
	fresh bigint NOT NULL DEFAULT 0,        -- and never before
	lost bigint NOT NULL DEFAULT 0,         -- asked for in vain: all of lost:*
	PRIMARY KEY (restaurant_id, day) INCLUDE (sessions, fresh, lost)
) WITH (fillfactor = 80);
ALTER TABLE analytics_session ADD COLUMN earlier date; -- the last day before, on which the session was there
DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['analytics_month', 'analytics_day_total'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY tenant ON %I TO restaurant_app USING (restaurant_id = app_tenant())', name);
		EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
	END LOOP;
END $$;
GRANT SELECT ON analytics_month, analytics_day_total TO restaurant_app;

INSERT INTO analytics_month SELECT d.restaurant_id, date_trunc('month', d.day)::date, d.metric, sum(d.n) FROM analytics_day d GROUP BY 1, 2, 3;
UPDATE analytics_session a SET earlier = x.earlier
FROM (SELECT s.restaurant_id, s.day, s.session, lag(s.day) OVER (PARTITION BY s.restaurant_id, s.session ORDER BY s.day) AS earlier FROM analytics_session s) x
WHERE x.earlier IS NOT NULL AND a.restaurant_id = x.restaurant_id AND a.day = x.day AND a.session = x.session;
INSERT INTO analytics_day_total (restaurant_id, day, sessions, fresh) SELECT s.restaurant_id, s.day, count(*), count(*) FILTER (WHERE s.earlier IS NULL) FROM analytics_session s GROUP BY 1, 2;
INSERT INTO analytics_day_total AS o (restaurant_id, day, lost) SELECT d.restaurant_id, d.day, sum(d.n) FROM analytics_day d WHERE d.metric LIKE 'lost:%' GROUP BY 1, 2
ON CONFLICT (restaurant_id, day) DO UPDATE SET lost = excluded.lost;

CREATE INDEX analytics_day_totals ON analytics_session (restaurant_id, session, day);
CREATE INDEX analytics_session_back ON analytics_session (restaurant_id, day, earlier) WHERE earlier IS NOT NULL;
CREATE INDEX analytics_session_from ON analytics_session (restaurant_id, earlier, day) WHERE earlier IS NOT NULL;
CREATE INDEX analytics_day_metric ON analytics_day (restaurant_id, metric, day) INCLUDE (n);

-- --- storing ---

-- Days of sessions that were just written: links them to the days before and behind them, and counts them.
CREATE FUNCTION analytics_link(places uuid[], days date[], sessions uuid[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
	WITH made AS MATERIALIZED (SELECT * FROM unnest(places, days, sessions) AS n(restaurant_id, day, session)),
	touched AS MATERIALIZED (
		SELECT m.restaurant_id, m.day, m.session, true AS made, NULL::date AS old FROM made m
		UNION SELECT a.restaurant_id, a.day, a.session, false, a.earlier FROM made m
		CROSS JOIN LATERAL (SELECT s.* FROM analytics_session s WHERE s.restaurant_id = m.restaurant_id AND s.session = m.session AND s.day > m.day ORDER BY s.day LIMIT 1) a
		WHERE NOT EXISTS (SELECT FROM made x WHERE x.restaurant_id = a.restaurant_id AND x.session = a.session AND x.day = a.day)
	), placed AS MATERIALIZED (
		SELECT t.*, (SELECT max(o.day) FROM analytics_session o WHERE o.restaurant_id = t.restaurant_id AND o.session = t.session AND o.day < t.day) AS earlier FROM touched t
	), linked AS (
		UPDATE analytics_session a SET earlier = p.earlier FROM placed p WHERE a.restaurant_id = p.restaurant_id AND a.day = p.day AND a.session = p.session AND a.earlier IS DISTINCT FROM p.earlier
	)
	INSERT INTO analytics_day_total AS d (restaurant_id, day, sessions, fresh)
	SELECT p.restaurant_id, p.day, count(*) FILTER (WHERE p.made), count(*) FILTER (WHERE p.made AND p.earlier IS NULL) - count(*) FILTER (WHERE NOT p.made AND p.old IS NULL) FROM placed p GROUP BY 1, 2 ORDER BY 1, 2
	ON CONFLICT (restaurant_id, day) DO UPDATE SET sessions = d.sessions + excluded.sessions, fresh = d.fresh + excluded.fresh
$$;

-- As in 0020, and: months, and the links between the days of a session.
CREATE OR REPLACE FUNCTION analytics_store(OUT fresh bigint, OUT aside bigint, OUT late bigint, OUT repeated bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
	day_ date;
	good bigint;
	lock_ integer;
	places uuid[];
	days_ date[];
	sessions_ uuid[];
BEGIN
	-- Links between the days of a session need that no other worker stores for the restaurant meanwhile.
	FOR lock_ IN SELECT DISTINCT abs(hashtext(b.restaurant_id::text) % 64) FROM pg_temp.analytics_batch b ORDER BY 1 LOOP
		PERFORM pg_advisory_xact_lock(hashtext('analytics_store'), lock_);
	END LOOP;
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
	), months AS (
		INSERT INTO analytics_month AS o (restaurant_id, month, metric, n) SELECT p.restaurant_id, date_trunc('month', p.day)::date, p.metric, sum(p.n) FROM points p GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		ON CONFLICT (restaurant_id, month, metric) DO UPDATE SET n = o.n + excluded.n
	), totals AS (
		INSERT INTO analytics_day_total AS o (restaurant_id, day, lost) SELECT p.restaurant_id, p.day, sum(p.n) FROM points p WHERE p.metric LIKE 'lost:%' GROUP BY 1, 2 ORDER BY 1, 2
		ON CONFLICT (restaurant_id, day) DO UPDATE SET lost = o.lost + excluded.lost
	), sessions AS (
		INSERT INTO analytics_session AS a (restaurant_id, day, session, hours)
		SELECT f.restaurant_id, (f.at AT TIME ZONE f.timezone)::date, f.session, bit_or(local_hour_bit(f.at, f.timezone)) FROM fresh f
		WHERE f.session IS NOT NULL AND cardinality(f.metrics) > 0 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		ON CONFLICT (restaurant_id, day, session) DO UPDATE SET hours = a.hours | excluded.hours WHERE a.hours | excluded.hours <> a.hours
		RETURNING a.restaurant_id, a.day, a.session, a.xmax = 0 AS made
	), made AS (SELECT array_agg(s.restaurant_id) AS places, array_agg(s.day) AS days, array_agg(s.session) AS sessions FROM sessions s WHERE s.made)
	SELECT (SELECT count(*) FROM fresh), (SELECT count(*) FROM fresh f WHERE f.at < now() - interval '1 hour'), (SELECT count(*) FROM good), m.places, m.days, m.sessions FROM made m
	INTO fresh, late, good, places, days_, sessions_;
	repeated := good - fresh;
	PERFORM analytics_link(places, days_, sessions_);
END $$;

-- --- reading, all of it for app_tenant() ---

-- Every metric's sum: whole months, then the days around them, then the hours at the edges.
CREATE FUNCTION analytics_sums(first timestamptz, last timestamptz, zone text) RETURNS jsonb
LANGUAGE sql STABLE AS $$
	WITH days AS (
		SELECT (first AT TIME ZONE zone)::date + (local_midnight((first AT TIME ZONE zone)::date, zone) < first)::integer AS a, (last AT TIME ZONE zone)::date AS b
	), months AS (
		SELECT d.a, d.b, date_trunc('month', d.a + interval '1 month' - interval '1 day')::date AS m, date_trunc('month', d.b)::date AS n FROM days d
	), span AS MATERIALIZED (SELECT a, b, CASE WHEN m < n THEN m ELSE greatest(a, b) END AS m, CASE WHEN m < n THEN n ELSE greatest(a, b) END AS n FROM months)
	SELECT coalesce(jsonb_object_agg(t.metric, t.n), '{}') FROM (
		SELECT p.metric, sum(p.n) AS n FROM (
			SELECT o.metric, o.n FROM span x CROSS JOIN LATERAL (SELECT y.metric, y.n FROM analytics_month y WHERE y.restaurant_id = app_tenant() AND y.month >= x.m AND y.month < x.n) o
			UNION ALL SELECT o.metric, o.n FROM span x CROSS JOIN LATERAL (SELECT y.metric, y.n FROM analytics_day y WHERE y.restaurant_id = app_tenant() AND y.day >= x.a AND y.day < least(x.m, x.b)) o
			UNION ALL SELECT o.metric, o.n FROM span x CROSS JOIN LATERAL (SELECT y.metric, y.n FROM analytics_day y WHERE y.restaurant_id = app_tenant() AND y.day >= x.n AND y.day < x.b) o
			UNION ALL SELECT h.metric, h.n FROM analytics_hour h WHERE h.restaurant_id = app_tenant() AND h.hour >= first AND h.hour < least(last, (SELECT local_midnight(x.a, zone) FROM span x))
			UNION ALL SELECT h.metric, h.n FROM analytics_hour h WHERE h.restaurant_id = app_tenant() AND h.hour < last
				AND h.hour >= (SELECT greatest(local_midnight(x.b, zone), local_midnight(x.a, zone)) FROM span x)
		) p GROUP BY 1) t
$$;

-- The days at the ends of a period, with the hours of them that belong to it (as in analytics_session.hours).
CREATE FUNCTION analytics_edges(first timestamptz, last timestamptz, zone text)
RETURNS TABLE (day date, mask integer)
LANGUAGE sql STABLE AS $$
	SELECT e.day, CASE WHEN e.day = (first AT TIME ZONE zone)::date THEN -(local_hour_bit(first, zone)) ELSE -1 END
		& CASE WHEN e.day = (last AT TIME ZONE zone)::date THEN local_hour_bit(last, zone) - 1 ELSE -1 END
	FROM (SELECT (first AT TIME ZONE zone)::date AS day UNION SELECT ((last - interval '1 microsecond') AT TIME ZONE zone)::date) e
$$;

CREATE FUNCTION analytics_session_count(first timestamptz, last timestamptz, zone text) RETURNS bigint
LANGUAGE sql STABLE AS $$
	WITH edges AS MATERIALIZED (SELECT min(e.day) AS a, max(e.day) AS b, min(e.mask) FILTER (WHERE e.day = x.a) AS of_a, min(e.mask) FILTER (WHERE e.day = x.b) AS of_b
		FROM analytics_edges(first, last, zone) e CROSS JOIN (SELECT min(day) AS a, max(day) AS b FROM analytics_edges(first, last, zone)) x),
	outside AS MATERIALIZED (SELECT s.session FROM edges e JOIN analytics_session s ON s.restaurant_id = app_tenant() AND s.day = e.a WHERE e.a < e.b AND s.hours & e.of_a = 0)
	SELECT CASE WHEN e.a = e.b THEN (SELECT count(*) FROM analytics_session s WHERE s.restaurant_id = app_tenant() AND s.day = e.a AND s.hours & e.of_a <> 0)
		ELSE coalesce((SELECT sum(d.fresh)::bigint FROM analytics_day_total d WHERE d.restaurant_id = app_tenant() AND d.day BETWEEN e.a AND e.b), 0)
			+ (SELECT count(*) FROM analytics_session s WHERE s.restaurant_id = app_tenant() AND s.earlier IS NOT NULL AND s.day BETWEEN e.a AND e.b AND s.earlier < e.a)
			-- there on the first day, but before the first hour, and not again
			- (SELECT count(*) FROM outside) + (SELECT count(*) FROM analytics_session s WHERE s.restaurant_id = app_tenant() AND s.earlier = e.a AND s.day <= e.b AND s.session IN (SELECT o.session FROM outside o))
			-- on the last day, but behind the last hour, and not earlier in the period
			- (SELECT count(*) FROM analytics_session s WHERE s.restaurant_id = app_tenant() AND s.day = e.b AND s.hours & e.of_b = 0
				AND (s.earlier IS NULL OR s.earlier < e.a OR s.earlier = e.a AND s.session IN (SELECT o.session FROM outside o)))
		END
	FROM edges e
$$;

-- What is drawn by day, found by its name.
CREATE FUNCTION analytics_shown(first timestamptz, last timestamptz, zone text)
RETURNS TABLE (day date, metric text, n bigint)
LANGUAGE sql STABLE AS $$
	WITH days AS MATERIALIZED (
		SELECT (first AT TIME ZONE zone)::date + (local_midnight((first AT TIME ZONE zone)::date, zone) < first)::integer AS a, (last AT TIME ZONE zone)::date AS b
	)
	SELECT d.day, d.metric, d.n FROM days x JOIN analytics_day d ON d.restaurant_id = app_tenant() AND d.day >= x.a AND d.day < x.b
		AND d.metric IN ('conversation', 'message', 'thumbs:up', 'thumbs:down', 'event:menu_view')
	UNION ALL SELECT d.day, 'lost:', d.lost FROM days x JOIN analytics_day_total d ON d.restaurant_id = app_tenant() AND d.day >= x.a AND d.day < x.b
	UNION ALL SELECT (h.hour AT TIME ZONE zone)::date, h.metric, h.n FROM analytics_hour h WHERE h.restaurant_id = app_tenant() AND h.hour >= first
		AND h.hour < least(last, (SELECT local_midnight(x.a, zone) FROM days x))
	UNION ALL SELECT (h.hour AT TIME ZONE zone)::date, h.metric, h.n FROM analytics_hour h WHERE h.restaurant_id = app_tenant() AND h.hour < last
		AND h.hour >= (SELECT greatest(local_midnight(x.b, zone), local_midnight(x.a, zone)) FROM days x)
$$;

DROP FUNCTION analytics_scalars(timestamptz, timestamptz, text);
-- The figures that have a name of their own; "lost" and "gate_drop" are sums over their keys.
CREATE FUNCTION analytics_scalars(sums jsonb, first timestamptz, last timestamptz, zone text)
RETURNS TABLE (metric text, n bigint)
LANGUAGE sql STABLE AS $$
	SELECT CASE WHEN k LIKE 'lost:%' THEN 'lost' WHEN k LIKE 'gate\_drop:%' THEN 'gate_drop' ELSE k END, sum(v::bigint)::bigint FROM jsonb_each_text(sums) e(k, v) GROUP BY 1
	UNION ALL SELECT 'sessions', analytics_session_count(first, last, zone)
$$;

CREATE OR REPLACE FUNCTION analytics_series(first timestamptz, last timestamptz, zone text, by_ text) RETURNS json
LANGUAGE sql STABLE AS $$
	WITH buckets AS (
		SELECT local_midnight(d::date, zone) AS at FROM generate_series((first AT TIME ZONE zone)::date, ((last - interval '1 second') AT TIME ZONE zone)::date, '1 day') d WHERE by_ = 'day'
		UNION ALL SELECT h FROM generate_series(first, last - interval '1 hour', '1 hour') h WHERE by_ = 'hour'
	), parts AS (
		SELECT local_midnight(p.day, zone) AS at, p.metric, p.n FROM analytics_shown(first, last, zone) p WHERE by_ = 'day'
		UNION ALL SELECT h.hour, h.metric, h.n FROM analytics_hour h WHERE by_ = 'hour' AND h.restaurant_id = app_tenant() AND h.hour >= first AND h.hour < last
	), sums AS (
		SELECT p.at, sum(p.n) FILTER (WHERE p.metric = 'conversation') AS conversations, sum(p.n) FILTER (WHERE p.metric = 'message') AS messages,
			sum(p.n) FILTER (WHERE p.metric = 'thumbs:up') AS thumbs_up, sum(p.n) FILTER (WHERE p.metric = 'thumbs:down') AS thumbs_down,
			sum(p.n) FILTER (WHERE p.metric LIKE 'lost:%') AS lost, sum(p.n) FILTER (WHERE p.metric = 'event:menu_view') AS views
		FROM parts p WHERE p.metric IN ('conversation', 'message', 'thumbs:up', 'thumbs:down', 'event:menu_view') OR p.metric LIKE 'lost:%' GROUP BY 1
	), there AS (
		SELECT local_midnight(d.day, zone) AS at, d.sessions FROM analytics_day_total d WHERE by_ = 'day' AND d.restaurant_id = app_tenant()
			AND d.day > (first AT TIME ZONE zone)::date AND d.day < (last AT TIME ZONE zone)::date
		UNION ALL SELECT local_midnight(e.day, zone), (SELECT count(*) FROM analytics_session s WHERE s.restaurant_id = app_tenant() AND s.day = e.day AND s.hours & e.mask <> 0)
		FROM analytics_edges(first, last, zone) e WHERE by_ = 'day'
		UNION ALL SELECT local_midnight(s.day, zone) + make_interval(hours => h), count(DISTINCT s.session) FROM analytics_sessions(first, last, zone) s, generate_series(0, 25) h
		WHERE by_ = 'hour' AND s.hours & (1 << h) <> 0 GROUP BY 1
	)
	SELECT coalesce(json_agg(json_build_object('at', b.at, 'conversations', coalesce(s.conversations, 0), 'messages', coalesce(s.messages, 0), 'sessions', coalesce(t.sessions, 0),
		'thumbs_up', coalesce(s.thumbs_up, 0), 'thumbs_down', coalesce(s.thumbs_down, 0), 'lost', coalesce(s.lost, 0), 'views', coalesce(s.views, 0)) ORDER BY b.at), '[]')
	FROM buckets b LEFT JOIN sums s USING (at) LEFT JOIN there t USING (at)
$$;

-- (What is estimated as large is still done in milliseconds: compiling it takes longer.)
CREATE OR REPLACE FUNCTION analytics_report(from_ text, to_ text, by_ text) RETURNS json
LANGUAGE plpgsql STABLE SET jit = off AS $$
DECLARE
	zone text;
	first timestamptz;
	last timestamptz;
	sums jsonb;
	sums_before jsonb;
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
	sums := analytics_sums(first, last, zone);
	sums_before := analytics_sums(first - (last - first), first, zone);
	RETURN json_build_object('from', first, 'to', last, 'timezone', zone, 'by', by_,
		'numbers', (SELECT json_agg(json_build_object('metric', m.metric, 'value', coalesce(a.n, 0), 'before', coalesce(b.n, 0)) ORDER BY m.place)
			FROM unnest(ARRAY['conversation', 'message', 'sessions', 'stopped', 'handover', 'thumbs:up', 'thumbs:down', 'allergen_question', 'allergen_unknown', 'lost', 'gate_drop',
				'event:menu_view', 'event:item_view', 'event:search', 'event:filter', 'event:suggestion', 'event:voice', 'tokens_in', 'tokens_out', 'cost_micros']) WITH ORDINALITY m(metric, place)
			LEFT JOIN analytics_scalars(sums, first, last, zone) a USING (metric) LEFT JOIN analytics_scalars(sums_before, first - (last - first), first, zone) b USING (metric)),
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

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analytics_sums(timestamptz, timestamptz, text), analytics_edges(timestamptz, timestamptz, text), analytics_session_count(timestamptz, timestamptz, text),
	analytics_shown(timestamptz, timestamptz, text), analytics_scalars(jsonb, timestamptz, timestamptz, text) TO restaurant_app;
