-- A batch of events in half the time: the ordinary batch (nothing twice, nothing too old) is put into the tables as it is, and local time is worked out once for each quarter
-- of an hour instead of once for each event. What is counted is what 0022 counted.

-- The quarters of an hour that a batch touches. Every zone's clock differs from UTC by whole quarters, so the events of one share their local hour and day.
CREATE OR REPLACE FUNCTION analytics_open() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET client_min_messages = warning AS $$
BEGIN
	CREATE TEMP TABLE IF NOT EXISTS analytics_batch (
		restaurant_id uuid, id uuid, at timestamptz, event_type text, session text, conversation_id uuid, message_id uuid, item_id uuid,
		metrics text[], amounts bigint[], event_data jsonb
	) ON COMMIT DELETE ROWS;
	CREATE TEMP TABLE IF NOT EXISTS analytics_slot (restaurant_id uuid, slot timestamptz, known boolean, first timestamptz, last timestamptz, hour timestamptz, day date, bit integer) ON COMMIT DELETE ROWS;
	GRANT INSERT ON pg_temp.analytics_batch TO restaurant_app;
END $$;

CREATE FUNCTION analytics_slot_of(at timestamptz) RETURNS timestamptz
LANGUAGE sql IMMUTABLE
RETURN date_bin('15 minutes', at, 'epoch');

CREATE FUNCTION analytics_slots() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	DELETE FROM pg_temp.analytics_slot; -- of a batch before in the same transaction
	INSERT INTO pg_temp.analytics_slot
	SELECT q.restaurant_id, q.slot, r.id IS NOT NULL, q.first, q.last, local_hour(q.slot, r.timezone), (q.slot AT TIME ZONE r.timezone)::date, local_hour_bit(q.slot, r.timezone)
	FROM (SELECT b.restaurant_id, analytics_slot_of(b.at) AS slot, min(b.at) AS first, max(b.at) AS last FROM pg_temp.analytics_batch b GROUP BY 1, 2) q LEFT JOIN restaurant r ON r.id = q.restaurant_id;
END $$;

-- Events of nobody, of long ago and of the future leave the batch. Returns how many were put aside for the first time.
CREATE FUNCTION analytics_put_aside() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	put_ bigint;
BEGIN
	WITH gone AS (
		DELETE FROM pg_temp.analytics_batch b USING pg_temp.analytics_slot s WHERE s.restaurant_id = b.restaurant_id AND s.slot = analytics_slot_of(b.at)
			AND (NOT s.known OR b.at > now() + interval '5 minutes' OR b.at < now() - interval '7 days')
		RETURNING b.restaurant_id, b.id, CASE WHEN NOT s.known THEN 'unknown' WHEN b.at > now() THEN 'future' ELSE 'old' END AS reason, b.event_type, b.at, b.event_data
	), put AS (
		INSERT INTO analytics_quarantine (restaurant_id, id, reason, event_type, at, event_data)
		SELECT DISTINCT ON (g.restaurant_id, g.id) g.restaurant_id, g.id, g.reason, g.event_type, g.at, g.event_data FROM gone g ON CONFLICT DO NOTHING RETURNING 1
	)
	SELECT count(*) INTO put_ FROM put;
	RETURN put_;
END $$;

-- Remembers the batch's ids; what came before, or twice, leaves the batch: the first one counts. Returns how many left. Repeats are rare (a worker died between commit and
-- acknowledgement, a client sent again), so the ids are first inserted as though there were none.
CREATE FUNCTION analytics_remember() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	known bigint;
	twice bigint;
BEGIN
	BEGIN
		INSERT INTO event_seen (restaurant_id, event_id) SELECT b.restaurant_id, b.id FROM pg_temp.analytics_batch b;
		RETURN 0;
	EXCEPTION WHEN unique_violation THEN
		DELETE FROM pg_temp.analytics_batch b USING event_seen s WHERE s.event_id = b.id AND s.restaurant_id = b.restaurant_id;
		GET DIAGNOSTICS known = ROW_COUNT;
		DELETE FROM pg_temp.analytics_batch b USING (SELECT o.ctid, row_number() OVER (PARTITION BY o.restaurant_id, o.id ORDER BY o.ctid) AS nth FROM pg_temp.analytics_batch o) x
		WHERE b.ctid = x.ctid AND x.nth > 1;
		GET DIAGNOSTICS twice = ROW_COUNT;
		INSERT INTO event_seen (restaurant_id, event_id) SELECT b.restaurant_id, b.id FROM pg_temp.analytics_batch b;
		RETURN known + twice;
	END;
END $$;

-- What was asked for while nobody was there to make it.
CREATE FUNCTION out_of_hours(metrics text[]) RETURNS text[]
LANGUAGE sql IMMUTABLE
RETURN ARRAY(SELECT 'lost:out_of_hours:' || substr(m, 7) FROM unnest(metrics) m WHERE m LIKE 'asked:%');

-- Ratings of answers, and the words of a few guests who asked in vain.
CREATE FUNCTION analytics_words() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	INSERT INTO message_feedback AS o (restaurant_id, message_id, conversation_id, rating, reason, created_at)
	SELECT DISTINCT ON (b.restaurant_id, b.message_id) b.restaurant_id, b.message_id, m.conversation_id, b.event_data ->> 'rating', b.event_data ->> 'reason', b.at
	FROM pg_temp.analytics_batch b CROSS JOIN LATERAL (SELECT q.conversation_id FROM message q WHERE q.message_id = b.message_id AND q.sender_type = 'user' AND q.restaurant_id = b.restaurant_id LIMIT 1) m
	WHERE b.event_type = 'feedback' ORDER BY b.restaurant_id, b.message_id, b.at DESC
	ON CONFLICT (restaurant_id, message_id) DO UPDATE SET rating = excluded.rating, reason = excluded.reason, created_at = excluded.created_at WHERE o.created_at <= excluded.created_at;
	INSERT INTO analytics_sample AS o (restaurant_id, metric, slot, session, at, question)
	SELECT DISTINCT ON (x.restaurant_id, m, x.slot) x.restaurant_id, m, x.slot, md5(x.session)::uuid, x.at, x.event_data ->> 'question'
	FROM (SELECT b.*, get_byte(uuid_send(b.id), 15) % 3 AS slot FROM pg_temp.analytics_batch b WHERE b.event_data ? 'question') x CROSS JOIN LATERAL unnest(x.metrics) m WHERE m LIKE 'lost:%'
	ORDER BY x.restaurant_id, m, x.slot, x.at DESC
	ON CONFLICT (restaurant_id, metric, slot) DO UPDATE SET session = excluded.session, at = excluded.at, question = excluded.question;
END $$;

-- Adds the metrics of the batch to the hours, days and months.
CREATE FUNCTION analytics_add() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
	WITH points AS MATERIALIZED (
		SELECT s.restaurant_id, s.hour, s.day, p.metric, p.n
		FROM (SELECT b.restaurant_id, analytics_slot_of(b.at) AS slot, m.metric, sum(coalesce(m.amount, 1))::bigint AS n
			FROM pg_temp.analytics_batch b CROSS JOIN LATERAL unnest(b.metrics, b.amounts) m(metric, amount) GROUP BY 1, 2, 3) p
		JOIN pg_temp.analytics_slot s ON s.restaurant_id = p.restaurant_id AND s.slot = p.slot
	), hours AS (
		INSERT INTO analytics_hour AS h (restaurant_id, hour, metric, n) SELECT p.restaurant_id, p.hour, p.metric, sum(p.n) FROM points p GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		ON CONFLICT (restaurant_id, hour, metric) DO UPDATE SET n = h.n + excluded.n
	), days AS (
		INSERT INTO analytics_day AS d (restaurant_id, day, metric, n) SELECT p.restaurant_id, p.day, p.metric, sum(p.n) FROM points p GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		ON CONFLICT (restaurant_id, day, metric) DO UPDATE SET n = d.n + excluded.n
	), months AS (
		INSERT INTO analytics_month AS o (restaurant_id, month, metric, n) SELECT p.restaurant_id, date_trunc('month', p.day)::date, p.metric, sum(p.n) FROM points p GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		ON CONFLICT (restaurant_id, month, metric) DO UPDATE SET n = o.n + excluded.n
	)
	INSERT INTO analytics_day_total AS o (restaurant_id, day, lost) SELECT p.restaurant_id, p.day, sum(p.n) FROM points p WHERE p.metric LIKE 'lost:%' GROUP BY 1, 2 ORDER BY 1, 2
	ON CONFLICT (restaurant_id, day) DO UPDATE SET lost = o.lost + excluded.lost;
END $$;

-- Marks the hours in which the batch's sessions were there, and links their new days.
CREATE FUNCTION analytics_visit() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	places uuid[];
	days_ date[];
	sessions_ uuid[];
BEGIN
	WITH visits AS (
		INSERT INTO analytics_session AS a (restaurant_id, day, session, hours)
		SELECT s.restaurant_id, s.day, md5(v.session)::uuid, bit_or(s.bit)
		FROM (SELECT b.restaurant_id, analytics_slot_of(b.at) AS slot, b.session FROM pg_temp.analytics_batch b WHERE b.session IS NOT NULL AND cardinality(b.metrics) > 0 GROUP BY 1, 2, 3) v
		JOIN pg_temp.analytics_slot s ON s.restaurant_id = v.restaurant_id AND s.slot = v.slot GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
		ON CONFLICT (restaurant_id, day, session) DO UPDATE SET hours = a.hours | excluded.hours WHERE a.hours | excluded.hours <> a.hours
		RETURNING a.restaurant_id, a.day, a.session, a.xmax = 0 AS made
	)
	SELECT array_agg(v.restaurant_id), array_agg(v.day), array_agg(v.session) INTO places, days_, sessions_ FROM visits v WHERE v.made;
	PERFORM analytics_link(places, days_, sessions_);
END $$;

-- Takes in what was copied: once by id, however often it comes. `fresh` rows are new, `late` of them are older than an hour, `aside` went to the quarantine.
CREATE OR REPLACE FUNCTION analytics_store(OUT fresh bigint, OUT aside bigint, OUT late bigint, OUT repeated bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	lock_ integer;
	day_ date;
BEGIN
	IF to_regclass('pg_temp.analytics_slot') IS NULL THEN -- a session of the version before
		PERFORM analytics_open();
	END IF;
	PERFORM analytics_slots();
	-- Nobody else stores for these restaurants meanwhile: what was seen stays true, and so do the links between the days of a session.
	FOR lock_ IN SELECT DISTINCT abs(hashtext(s.restaurant_id::text) % 64) FROM pg_temp.analytics_slot s ORDER BY 1 LOOP
		PERFORM pg_advisory_xact_lock(hashtext('analytics_store'), lock_);
	END LOOP;
	aside := 0;
	IF EXISTS (SELECT FROM pg_temp.analytics_slot s WHERE NOT s.known OR s.last > now() + interval '5 minutes' OR s.first < now() - interval '7 days') THEN
		aside := analytics_put_aside();
	END IF;
	FOR day_ IN SELECT DISTINCT (s.slot AT TIME ZONE 'UTC')::date FROM pg_temp.analytics_slot s WHERE s.known AND s.first <= now() + interval '5 minutes' AND s.last >= now() - interval '7 days' LOOP
		PERFORM analytics_partition(day_);
	END LOOP;
	repeated := analytics_remember();
	UPDATE pg_temp.analytics_batch b SET metrics = b.metrics || out_of_hours(b.metrics),
		amounts = CASE WHEN b.amounts IS NOT NULL THEN b.amounts || array_fill(1::bigint, ARRAY[cardinality(out_of_hours(b.metrics))]) END
	FROM restaurant r WHERE b.event_type = 'chat_outcome' AND r.id = b.restaurant_id AND NOT hours_open(r.hours, b.at AT TIME ZONE r.timezone);
	INSERT INTO interaction_analytics (restaurant_id, id, created_at, event_type, session, conversation_id, message_id, item_id, metrics, amounts, event_data)
	SELECT b.restaurant_id, b.id, b.at, b.event_type, md5(b.session)::uuid, b.conversation_id, b.message_id, b.item_id, b.metrics, b.amounts, b.event_data FROM pg_temp.analytics_batch b;
	PERFORM analytics_words();
	PERFORM analytics_add();
	PERFORM analytics_visit();
	SELECT count(*), count(*) FILTER (WHERE b.at < now() - interval '1 hour') INTO fresh, late FROM pg_temp.analytics_batch b;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
