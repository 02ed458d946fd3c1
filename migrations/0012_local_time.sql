-- How far a restaurant's clocks are from UTC now, in minutes; 0 for a zone that nobody knows.
CREATE FUNCTION utc_offset_minutes(zone text) RETURNS integer LANGUAGE plpgsql STABLE AS $$
BEGIN
	RETURN (extract(epoch FROM (now() AT TIME ZONE zone) - (now() AT TIME ZONE 'UTC')) / 60)::integer;
EXCEPTION WHEN invalid_parameter_value THEN
	RETURN 0;
END $$;

REVOKE EXECUTE ON FUNCTION utc_offset_minutes(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION utc_offset_minutes(text) TO restaurant_app;
