-- Yesterday counted again from the log too: what Kafka holds of it against what was stored. workers/analytics_log.h says which set is exact, and why.
--
-- The worker copies what it reads (id, kind, time) into a temporary table of its session, so neither its memory nor the number of passes grows with the day; PostgreSQL compares.

-- The newest count of a day from the log, so that many workers read it once.
CREATE TABLE analytics_log_recount (
	day date PRIMARY KEY,                   -- UTC
	counted_at timestamptz NOT NULL,
	logged bigint NOT NULL,
	stored bigint NOT NULL,
	missing bigint NOT NULL,                -- in the log, and no row
	extra bigint NOT NULL                   -- a row, and not in the log
);
ALTER TABLE analytics_log_recount ENABLE ROW LEVEL SECURITY;
ALTER TABLE analytics_log_recount FORCE ROW LEVEL SECURITY;
CREATE POLICY owner ON analytics_log_recount TO CURRENT_USER USING (true);

-- Rows of yesterday may be gone already where they are kept for less than this: there is nothing to count then. (A local day begins up to 62 hours ago.)
CREATE FUNCTION analytics_kept(metadata jsonb, days integer) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN restaurant_retention_days(metadata, days) >= 3;

-- Is yesterday to be counted from the log, by this session? `due` makes the table for it. Not due: it was counted less than max_age_ms ago and agreed, or another session is
-- counting it. A day that did not agree is counted again each time, so that what was mended is seen. `asked` is the moment before which rows must be in the log.
CREATE FUNCTION analytics_log_open(max_age_ms bigint, OUT due boolean, OUT day text, OUT from_ms bigint, OUT until_ms bigint, OUT asked text, OUT missing bigint, OUT extra bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
	day_ date := (now() AT TIME ZONE 'UTC')::date - 1;
	last_ analytics_log_recount;
BEGIN
	SELECT * INTO last_ FROM analytics_log_recount r WHERE r.day = day_;
	day := day_;
	from_ms := extract(epoch FROM day_::timestamp AT TIME ZONE 'UTC') * 1000;
	until_ms := extract(epoch FROM (day_ + 1)::timestamp AT TIME ZONE 'UTC') * 1000;
	asked := now();
	missing := coalesce(last_.missing, 0);
	extra := coalesce(last_.extra, 0);
	due := (last_.day IS NULL OR last_.missing + last_.extra > 0 OR last_.counted_at <= now() - max_age_ms * interval '1 millisecond')
		AND pg_try_advisory_lock(hashtext('analytics_log')); -- until the session ends
	IF due THEN
		CREATE TEMP TABLE analytics_log (restaurant_id uuid, id uuid, kind text, at timestamptz, finished boolean);
		GRANT INSERT ON pg_temp.analytics_log TO restaurant_app;
	END IF;
END $$;

-- Compares what was copied with the rows of the day. The first row is the whole day's; the others are restaurants and kinds that do not agree, with one id each.
-- `window_` is the log time from which on was read, `mask` (0 or 2^n - 1) the part of all ids that was looked at: those whose last byte has none of its bits.
CREATE FUNCTION analytics_log_compare(day_ date, asked_ timestamptz, window_ timestamptz, mask integer, days integer)
RETURNS TABLE (slug text, kind text, logged bigint, stored bigint, missing bigint, extra bigint, example uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
	first_ timestamptz := day_::timestamp AT TIME ZONE 'UTC';
	last_ timestamptz := (day_ + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
	ANALYZE pg_temp.analytics_log;
	CREATE TEMP TABLE analytics_log_found ON COMMIT DROP AS
	WITH places AS MATERIALIZED (SELECT r.id, r.slug FROM restaurant r WHERE analytics_kept(r.metadata, days)),
	logged AS MATERIALIZED ( -- the first one of an id is the one that counts
		SELECT DISTINCT ON (l.restaurant_id, l.id) l.restaurant_id, l.id, l.kind, l.at, l.finished FROM pg_temp.analytics_log l ORDER BY l.restaurant_id, l.id, l.ctid
	), stored AS MATERIALIZED (
		SELECT a.restaurant_id, a.id, a.event_type, row_number() OVER (PARTITION BY a.restaurant_id, a.id) AS copy FROM interaction_analytics a
		WHERE a.created_at >= first_ AND a.created_at < last_ AND get_byte(uuid_send(a.id), 15) & mask = 0
	), both_ AS (
		SELECT coalesce(l.restaurant_id, s.restaurant_id) AS restaurant_id, coalesce(l.id, s.id) AS id, coalesce(s.event_type, l.kind) AS kind, l.id IS NOT NULL AS in_log, s.id IS NOT NULL AS in_rows, l.finished
		FROM (SELECT * FROM logged x WHERE x.at >= first_ AND x.at < last_) l FULL JOIN stored s ON s.restaurant_id = l.restaurant_id AND s.id = l.id AND s.copy = 1
	), judged AS (
		SELECT b.*, p.slug,
			b.in_log AND NOT b.in_rows AND b.finished
				AND NOT EXISTS (SELECT FROM analytics_quarantine q WHERE q.id = b.id AND q.restaurant_id = b.restaurant_id AND (q.at > q.received_at + interval '5 minutes' OR q.at < q.received_at - interval '7 days'))
				AND NOT EXISTS (SELECT FROM event_seen e WHERE e.event_id = b.id AND e.restaurant_id = b.restaurant_id AND e.seen_at < window_) AS missing,
			b.in_rows AND NOT b.in_log AND NOT EXISTS (SELECT FROM event_seen e WHERE e.event_id = b.id AND e.restaurant_id = b.restaurant_id AND e.seen_at > asked_)
				AND NOT EXISTS (SELECT FROM logged l WHERE l.id = b.id AND l.restaurant_id = b.restaurant_id AND NOT (l.at >= first_ AND l.at < last_)) AS extra
		FROM both_ b JOIN places p ON p.id = b.restaurant_id
	)
	SELECT j.slug, j.kind, count(*) FILTER (WHERE j.missing OR j.in_rows AND NOT j.extra) AS logged, count(*) FILTER (WHERE j.in_rows) AS stored,
		count(*) FILTER (WHERE j.missing) AS missing, count(*) FILTER (WHERE j.extra) AS extra, min(j.id::text) FILTER (WHERE j.missing OR j.extra)::uuid AS example
	FROM judged j GROUP BY j.slug, j.kind;
	INSERT INTO analytics_log_recount AS r (day, counted_at, logged, stored, missing, extra)
	SELECT day_, now(), coalesce(sum(f.logged), 0), coalesce(sum(f.stored), 0), coalesce(sum(f.missing), 0), coalesce(sum(f.extra), 0) FROM pg_temp.analytics_log_found f
	ON CONFLICT (day) DO UPDATE SET counted_at = excluded.counted_at, logged = excluded.logged, stored = excluded.stored, missing = excluded.missing, extra = excluded.extra;
	DELETE FROM analytics_log_recount r WHERE r.day < day_ - 30;
	RETURN QUERY SELECT '', '', r.logged, r.stored, r.missing, r.extra, NULL::uuid FROM analytics_log_recount r WHERE r.day = day_;
	RETURN QUERY SELECT f.slug, f.kind, f.logged, f.stored, f.missing, f.extra, f.example FROM pg_temp.analytics_log_found f
	WHERE f.missing + f.extra > 0 ORDER BY f.missing + f.extra DESC, f.slug, f.kind LIMIT 1000;
END $$;

-- As in 0020, but for restaurants whose rows of that day may be gone.
CREATE FUNCTION analytics_recount(day_ date, days integer)
RETURNS TABLE (restaurant_id uuid, slug text, metric text, counted bigint, rolled bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
	SELECT c.restaurant_id, c.slug, c.metric, c.counted, c.rolled FROM analytics_recount(day_) c JOIN restaurant r ON r.id = c.restaurant_id WHERE analytics_kept(r.metadata, days)
$$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION analytics_log_open(bigint), analytics_log_compare(date, timestamptz, timestamptz, integer, integer), analytics_recount(date, integer) TO restaurant_app;
