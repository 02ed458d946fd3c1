-- The assistant: what a guest tells about allergies and diets is kept with the session.

-- Both lists with what is new added, each entry once, at most 40 of each; a profile that someone shortened meanwhile stays short but for what was told.
CREATE FUNCTION profile_add(known jsonb, told jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
	SELECT jsonb_object_agg(list, (
		SELECT coalesce(jsonb_agg(entry ORDER BY first), '[]')
		FROM (
			SELECT entry, min(place) AS first
			FROM jsonb_array_elements_text(coalesce(known -> list, '[]') || coalesce(told -> list, '[]')) WITH ORDINALITY AS e(entry, place)
			GROUP BY entry ORDER BY 2 LIMIT 40
		) kept))
	FROM unnest(ARRAY['allergies', 'diets']) AS list
$$;

REVOKE EXECUTE ON FUNCTION profile_add(jsonb, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION profile_add(jsonb, jsonb) TO restaurant_app;
