-- Searching a menu, typing errors included.
--
-- The extensions pg_trgm and unaccent come with PostgreSQL and are trusted: who owns the database may make them. They live in a schema of their own, so that nothing
-- of theirs is open in `public`; where somebody made them before, they are used where they are.
-- There is no index for words: see docs/decisions/012-search.md.

DO $$
DECLARE
	trigrams text;
	accents text;
BEGIN
	CREATE SCHEMA IF NOT EXISTS search;
	GRANT USAGE ON SCHEMA search TO restaurant_app;
	BEGIN
		CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA search;
		CREATE EXTENSION IF NOT EXISTS unaccent SCHEMA search;
	EXCEPTION
		WHEN insufficient_privilege THEN
			RAISE EXCEPTION 'this role may not make the extensions pg_trgm and unaccent: let the owner of the database run CREATE EXTENSION pg_trgm; CREATE EXTENSION unaccent; and migrate again';
		WHEN undefined_file OR feature_not_supported THEN
			RAISE EXCEPTION 'the extensions pg_trgm and unaccent, which are among PostgreSQL''s own, are not installed on this server';
	END;
	SELECT quote_ident(n.nspname) INTO trigrams FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm';
	SELECT quote_ident(n.nspname) INTO accents FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'unaccent';

	-- Without accents: "Crème Brûlée" is "Creme Brulee".
	EXECUTE format($sql$
		CREATE FUNCTION search_plain(text_ text) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE
		RETURN %1$s.unaccent('%1$s.unaccent'::regdictionary, text_)
	$sql$, accents);
	-- How much of `word_` is in the best fitting words of `text_`, whatever their case: 0 to 1.
	EXECUTE format($sql$
		CREATE FUNCTION search_likeness(word_ text, text_ text) RETURNS real LANGUAGE sql IMMUTABLE PARALLEL SAFE
		RETURN %1$s.strict_word_similarity(word_, text_)
	$sql$, trigrams);
END $$;

-- The first eight words of what somebody looks for, without case, accents, apostrophes and punctuation: "Grandma's Crème-Brûlée" is {grandmas,creme,brulee}. Nothing in
-- them means anything to a regular expression or to to_tsquery(). Null: there is none.
CREATE FUNCTION search_words(text_ text) RETURNS text[] LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
	SELECT array_agg(w.word ORDER BY w.n) FROM (SELECT x.word, x.n FROM unnest(string_to_array(translate(lower(search_plain(text_)),
		E'-_/\\&,.;:!?()[]{}<>|*+=%#@$^~"`\t\r\n''', '                                  '), ' ')) WITH ORDINALITY x(word, n)
		WHERE x.word <> '' ORDER BY x.n LIMIT 8) w;
END;

REVOKE EXECUTE ON FUNCTION search_plain(text), search_likeness(text, text), search_words(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION search_plain(text), search_likeness(text, text), search_words(text) TO restaurant_app;

-- For lists. Only what is not deleted: statements that look ingredients up by their ids hide that from it, and so cannot mistake it for a way to them.
CREATE INDEX ingredient_by_name ON ingredient (restaurant_id, name, id) WHERE deleted_at IS NULL;
