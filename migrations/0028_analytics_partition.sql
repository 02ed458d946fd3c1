-- Two who make the same day's partition: the second one, having waited for the first, still knew from before that there was none (to_regclass() answers from the session's
-- cache, which waiting for an advisory lock does not refresh), and failed. The catalogue is asked by a statement, which sees what was committed.
CREATE OR REPLACE FUNCTION analytics_partition(day date) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	name text := 'interaction_analytics_' || to_char(day, 'YYYYMMDD');
BEGIN
	IF to_regclass(name) IS NOT NULL THEN
		RETURN;
	END IF;
	PERFORM pg_advisory_xact_lock(hashtext('analytics_partition'));
	IF EXISTS (SELECT FROM pg_class c WHERE c.relname = name AND c.relnamespace = 'public'::regnamespace) THEN
		RETURN;
	END IF;
	EXECUTE format('CREATE TABLE %I PARTITION OF interaction_analytics FOR VALUES FROM (%L) TO (%L)', name, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
	EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
	EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
END $$;
