-- The sums of a period read fewer rows: a period's end in the middle of a month is the month before it and some days, or the whole month without the days behind it, whichever
-- is less; the same with the hours of a day. A report that ends now, as most do, then reads months only, and the few days at its beginning.

-- The midnight nearest to a time, as a day; the first of a month nearest to a day.
CREATE FUNCTION near_day(at timestamptz, zone text) RETURNS date
LANGUAGE sql STABLE
RETURN (at AT TIME ZONE zone)::date + (at - local_midnight((at AT TIME ZONE zone)::date, zone) > interval '12 hours')::integer;

CREATE FUNCTION near_month(day date) RETURNS date
LANGUAGE sql IMMUTABLE
RETURN (date_trunc('month', day::timestamp) + CASE WHEN extract(day FROM day) > 16 THEN interval '1 month' ELSE interval '0' END)::date;

-- Every metric's sum. Rounding keeps the order of times, so a <= b and m <= n; what lies between an end and what it was rounded to is added or taken away. Periods shorter
-- than two months are not worth their months.
CREATE OR REPLACE FUNCTION analytics_sums(first timestamptz, last timestamptz, zone text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
	RETURN (
	WITH days AS MATERIALIZED (SELECT near_day(first, zone) AS a, near_day(last, zone) AS b),
	months AS MATERIALIZED (SELECT d.a, d.b, CASE WHEN d.b - d.a > 60 THEN near_month(d.a) ELSE d.a END AS m, CASE WHEN d.b - d.a > 60 THEN near_month(d.b) ELSE d.a END AS n FROM days d),
	times AS MATERIALIZED (SELECT local_midnight(d.a, zone) AS a, local_midnight(d.b, zone) AS b FROM days d)
	SELECT coalesce(jsonb_object_agg(t.metric, t.n), '{}') FROM (
		SELECT p.metric, sum(p.n) AS n FROM (
			SELECT o.metric, o.n FROM months x CROSS JOIN LATERAL (SELECT y.metric, y.n FROM analytics_month y WHERE y.restaurant_id = app_tenant() AND y.month >= x.m AND y.month < x.n) o
			UNION ALL SELECT o.metric, o.n FROM months x CROSS JOIN LATERAL (SELECT y.metric, y.n FROM analytics_day y WHERE y.restaurant_id = app_tenant() AND y.day >= x.a AND y.day < x.m) o
			UNION ALL SELECT o.metric, -o.n FROM months x CROSS JOIN LATERAL (SELECT y.metric, y.n FROM analytics_day y WHERE y.restaurant_id = app_tenant() AND y.day >= x.m AND y.day < x.a) o
			UNION ALL SELECT o.metric, o.n FROM months x CROSS JOIN LATERAL (SELECT y.metric, y.n FROM analytics_day y WHERE y.restaurant_id = app_tenant() AND y.day >= x.n AND y.day < x.b) o
			UNION ALL SELECT o.metric, -o.n FROM months x CROSS JOIN LATERAL (SELECT y.metric, y.n FROM analytics_day y WHERE y.restaurant_id = app_tenant() AND y.day >= x.b AND y.day < x.n) o
			UNION ALL SELECT h.metric, h.n FROM analytics_hour h WHERE h.restaurant_id = app_tenant() AND h.hour >= first AND h.hour < (SELECT a FROM times)
			UNION ALL SELECT h.metric, -h.n FROM analytics_hour h WHERE h.restaurant_id = app_tenant() AND h.hour < first AND h.hour >= (SELECT a FROM times)
			UNION ALL SELECT h.metric, h.n FROM analytics_hour h WHERE h.restaurant_id = app_tenant() AND h.hour < last AND h.hour >= (SELECT b FROM times)
			UNION ALL SELECT h.metric, -h.n FROM analytics_hour h WHERE h.restaurant_id = app_tenant() AND h.hour >= last AND h.hour < (SELECT b FROM times)
		) p GROUP BY 1 HAVING sum(p.n) <> 0) t
	);
END $$;

-- As in 0022, in a language whose plans are kept.
CREATE OR REPLACE FUNCTION analytics_session_count(first timestamptz, last timestamptz, zone text) RETURNS bigint
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
	RETURN (
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
	);
END $$;

-- As in 0022; and a whole day at the beginning is not counted by its sessions.
CREATE OR REPLACE FUNCTION analytics_series(first timestamptz, last timestamptz, zone text, by_ text) RETURNS json
LANGUAGE plpgsql STABLE AS $$
#variable_conflict use_column
BEGIN
	RETURN (
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
			AND local_midnight(d.day, zone) >= first AND d.day < (last AT TIME ZONE zone)::date AND d.day >= (first AT TIME ZONE zone)::date
		UNION ALL SELECT local_midnight(e.day, zone), (SELECT count(*) FROM analytics_session s WHERE s.restaurant_id = app_tenant() AND s.day = e.day AND s.hours & e.mask <> 0)
		FROM analytics_edges(first, last, zone) e WHERE by_ = 'day' AND (local_midnight(e.day, zone) < first OR e.day >= (last AT TIME ZONE zone)::date)
		UNION ALL SELECT local_midnight(s.day, zone) + make_interval(hours => h), count(DISTINCT s.session) FROM analytics_sessions(first, last, zone) s, generate_series(0, 25) h
		WHERE by_ = 'hour' AND s.hours & (1 << h) <> 0 GROUP BY 1
	)
	SELECT coalesce(json_agg(json_build_object('at', b.at, 'conversations', coalesce(s.conversations, 0), 'messages', coalesce(s.messages, 0), 'sessions', coalesce(t.sessions, 0),
		'thumbs_up', coalesce(s.thumbs_up, 0), 'thumbs_down', coalesce(s.thumbs_down, 0), 'lost', coalesce(s.lost, 0), 'views', coalesce(s.views, 0)) ORDER BY b.at), '[]')
	FROM buckets b LEFT JOIN sums s USING (at) LEFT JOIN there t USING (at)
	);
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION near_day(timestamptz, text), near_month(date) TO restaurant_app;
