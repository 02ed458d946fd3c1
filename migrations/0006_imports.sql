-- Imports: the file in chunks, the plan that is made of it, and how it is applied and undone.
--
-- A file arrives in chunks (import_chunk). The worker parses it, copies its rows into a temporary table (import_stage()), and import_plan() compares them with the menu
-- in sets: one row of import_row for each row of the file, with the whole new value of the dish and what was there before. That is all that the preview
-- shows, all that import_apply() does, and all that import_undo() needs: both hold only while the menu's version is the one that they begin from, so what was before
-- is still what is there. Everything runs with the rights of restaurant_app under row-level security.
--
-- import_row and import_chunk have no foreign keys: they are written by the million, go with their import (import_tidy()), and row-level security keeps them apart.

CREATE TYPE import_status AS ENUM ('receiving', 'previewing', 'ready', 'applying', 'applied', 'rejected', 'undone');
CREATE TYPE import_outcome AS ENUM ('create', 'update', 'unchanged', 'remove', 'error');

CREATE TABLE menu_import (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	id uuid NOT NULL,
	status import_status NOT NULL DEFAULT 'receiving',
	reason text,                                    -- of rejected: upload_incomplete, file_refused, too_many_imports, failed
	detail text,                                    -- the same in plain words
	mode text NOT NULL DEFAULT 'upsert' CHECK (mode IN ('upsert', 'replace')),
	on_error text NOT NULL DEFAULT 'reject_all' CHECK (on_error IN ('reject_all', 'skip_rows')),
	format text CHECK (format IN ('csv', 'json', 'ndjson')),
	name text CHECK (char_length(name) <= 255),     -- of the file
	bytes bigint NOT NULL DEFAULT 0,                -- stored so far; of the whole file once it is there
	counts jsonb NOT NULL DEFAULT '{"create": 0, "update": 0, "unchanged": 0, "remove": 0, "error": 0, "warning": 0}',
	needs_confirmation jsonb NOT NULL DEFAULT '[]', -- codes which apply must name
	confirmations jsonb NOT NULL DEFAULT '{}',      -- how many rows each of them is about
	columns jsonb NOT NULL DEFAULT '[]',            -- [{"header", "column"}] in the order of the file; column null: not imported
	notes jsonb NOT NULL DEFAULT '[]',              -- of the file: [{"column", "code", "severity", "message"}]
	base_version bigint,                            -- the menu that the preview compares with
	applied_version bigint,                         -- the menu that apply made
	done bigint NOT NULL DEFAULT 0,                 -- of total: bytes while previewing, rows while applying
	total bigint NOT NULL DEFAULT 0,
	watchers integer[] NOT NULL DEFAULT '{}',       -- partitions of the topic `replies`, at most four
	created_by uuid,
	created_by_email text,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	applied_at timestamptz,
	undone_at timestamptz,
	tidied_at timestamptz,                          -- its rows are gone
	PRIMARY KEY (id, restaurant_id)
);
CREATE INDEX menu_import_restaurant ON menu_import (restaurant_id, created_at);

CREATE TABLE import_chunk (
	restaurant_id uuid NOT NULL,
	import_id uuid NOT NULL,
	seq bigint NOT NULL,                            -- from 0
	data bytea NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (import_id, seq, restaurant_id)
);
ALTER TABLE import_chunk ALTER COLUMN data SET STORAGE EXTERNAL;

-- `number` counts the rows of the file; dishes that are to be removed come behind them and have no line. The members of the dish are those that it shall have.
CREATE TABLE import_row (
	restaurant_id uuid NOT NULL,
	import_id uuid NOT NULL,
	outcome import_outcome NOT NULL,
	number bigint NOT NULL,
	line bigint,
	item_id uuid,
	category_id uuid,
	category text,
	external_id text,
	name text,
	description text,
	price numeric(12, 3),
	image_url text,
	is_signature boolean,
	spice_level smallint,
	allergen_info jsonb,
	tags text[],
	ingredients uuid[],
	display_order integer,
	is_available boolean,
	changed text[],                                 -- of update: which of them differ
	before jsonb,                                   -- and what they were
	confirm text[],                                 -- codes of needs_confirmation
	notes jsonb,                                    -- [{"column", "code", "severity", "message"}]
	cells jsonb,                                    -- of error: the row's cells as they were read, in the order of menu_import.columns
	PRIMARY KEY (import_id, outcome, number, restaurant_id)
);

-- Categories and ingredients that the import makes.
CREATE TABLE import_new (
	restaurant_id uuid NOT NULL,
	import_id uuid NOT NULL,
	kind text NOT NULL CHECK (kind IN ('category', 'ingredient')),
	id uuid NOT NULL,
	name text NOT NULL,
	display_order integer NOT NULL DEFAULT 0,
	PRIMARY KEY (import_id, id, restaurant_id)
);

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['menu_import', 'import_chunk', 'import_row', 'import_new'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY tenant ON %I TO restaurant_app USING (restaurant_id = app_tenant())', name);
		EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
		EXECUTE format('GRANT SELECT, INSERT, DELETE ON %I TO restaurant_app', name);
	END LOOP;
END $$;
REVOKE DELETE ON menu_import FROM restaurant_app;
GRANT UPDATE ON menu_import TO restaurant_app;

-- Is it the same word? Case, Unicode form and runs of blanks do not count.
CREATE FUNCTION menu_fold(text_ text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN octet_length(text_) = char_length(text_) AND strpos(text_, '  ') = 0 THEN lower(text_ COLLATE "C") COLLATE "C"
	ELSE regexp_replace(lower(upper(normalize(text_, NFKC) COLLATE "und-x-icu")), '\s+', ' ', 'g') COLLATE "C" END;

CREATE FUNCTION import_note(column_ text, code text, message text) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('column', column_, 'code', code, 'severity', 'error', 'message', message);

-- --- receiving ---

-- The import's row, made when it is not there yet. A restaurant has at most `open_max` imports that are not ready; one more is rejected.
CREATE FUNCTION import_open(import_ uuid, open_max bigint) RETURNS import_status
LANGUAGE plpgsql AS $$
DECLARE
	open_ bigint;
BEGIN
	INSERT INTO menu_import (restaurant_id, id) VALUES (app_tenant(), import_) ON CONFLICT DO NOTHING;
	IF FOUND THEN
		SELECT count(*) INTO open_ FROM menu_import m WHERE m.restaurant_id = app_tenant() AND m.status IN ('receiving', 'previewing') AND m.id <> import_;
		UPDATE menu_import m SET status = 'rejected', reason = 'too_many_imports',
			detail = format('%s imports of this restaurant are under way already. Wait until they are ready, and upload the file again.', open_)
		WHERE m.id = import_ AND open_ >= open_max;
	END IF;
	RETURN (SELECT m.status FROM menu_import m WHERE m.id = import_);
END $$;

-- Stores a chunk. The outcome is the import's status now: nothing is stored unless it is receiving.
CREATE FUNCTION import_receive(import_ uuid, seq_ bigint, data_ bytea, open_max bigint) RETURNS import_status
LANGUAGE plpgsql AS $$
DECLARE
	status_ import_status := import_open(import_, open_max);
BEGIN
	IF status_ = 'receiving' THEN
		INSERT INTO import_chunk (restaurant_id, import_id, seq, data) VALUES (app_tenant(), import_, seq_, data_) ON CONFLICT DO NOTHING;
		IF FOUND THEN
			UPDATE menu_import m SET bytes = bytes + octet_length(data_), updated_at = now() WHERE m.id = import_;
		END IF;
	END IF;
	RETURN status_;
END $$;

-- The upload is complete: what is known of it is noted (schemas/import_uploaded.json), and the preview may begin, or begin again. Any other status: there is nothing to do.
CREATE FUNCTION import_begin(import_ uuid, about jsonb, open_max bigint)
RETURNS TABLE (status import_status, chunks bigint, currency text, decimals integer, max_price text)
LANGUAGE plpgsql AS $$
DECLARE
	status_ import_status := import_open(import_, open_max);
BEGIN
	IF status_ IN ('receiving', 'previewing', 'rejected') THEN
		UPDATE menu_import m SET status = CASE status_ WHEN 'receiving' THEN 'previewing' ELSE status_ END, mode = about ->> 'mode', on_error = about ->> 'on_error',
			format = about ->> 'format', name = left(about ->> 'name', 255), bytes = (about ->> 'bytes')::bigint, total = (about ->> 'bytes')::bigint, done = 0,
			created_by = (about ->> 'user_id')::uuid, created_by_email = about ->> 'user_email', updated_at = now()
		WHERE m.id = import_;
	END IF;
	RETURN QUERY SELECT m.status, (SELECT count(*) FROM import_chunk c WHERE c.import_id = import_), r.currency, currency_decimals(r.currency), r.max_price::text
	FROM menu_import m JOIN restaurant r ON r.id = m.restaurant_id AND r.deleted_at IS NULL WHERE m.id = import_;
END $$;

CREATE FUNCTION import_reject(import_ uuid, reason_ text, detail_ text, columns_ jsonb, notes_ jsonb) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE menu_import m SET status = 'rejected', reason = reason_, detail = detail_, columns = coalesce(columns_, '[]'), notes = coalesce(notes_, '[]'), updated_at = now()
	WHERE m.id = import_ AND m.status IN ('receiving', 'previewing');
	DELETE FROM import_chunk c WHERE c.import_id = import_ AND EXISTS (SELECT FROM menu_import m WHERE m.id = import_ AND m.status = 'rejected');
	RETURN EXISTS (SELECT FROM menu_import m WHERE m.id = import_ AND m.status = 'rejected');
END $$;

-- --- the plan ---

-- The rows of the file as the parser read them. A column that is null leaves what is there; the names in `cleared` empty it. Lists are separated by U+001F.
CREATE FUNCTION import_stage() RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMP TABLE stage (
		number bigint, line bigint, id uuid, failed boolean, cleared text, notes jsonb, cells jsonb,
		external_id text, category text, name text, description text, price numeric, image_url text, is_signature boolean, spice_level smallint,
		contains jsonb, may_contain jsonb, free_of jsonb, none_declared boolean, tags text, ingredients text, display_order integer, is_available boolean
	);
	RETURN true;
END $$;

-- What is known of the tables is from before they were filled; a wrong guess makes nested loops of a hundred thousand by a hundred thousand. For many rows they are never right.
-- Holds for the transaction.
CREATE FUNCTION import_plan_joins(rows_ bigint) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM set_config('enable_nestloop', CASE WHEN rows_ > 1000 THEN 'off' ELSE 'on' END, true);
END $$;

-- Which dish a row is about: that of its external_id; else that of its category and name, unless it has an external_id of its own; without a category that
-- of its name, when there is one only. Fills the temporary tables plan_category and plan_row.
CREATE FUNCTION import_match() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMP TABLE plan_category ON COMMIT DROP AS
	SELECT DISTINCT ON (x.key) x.key, x.id, x.name, x.is_new, x.place FROM (
		SELECT menu_fold(c.name) AS key, c.id, c.name, false AS is_new, c.display_order::bigint AS place FROM menu_category c
		WHERE c.restaurant_id = app_tenant() AND c.deleted_at IS NULL
		UNION ALL
		(SELECT DISTINCT ON (key) menu_fold(s.category) AS key, gen_random_uuid(), s.category, true, s.number FROM stage s WHERE s.category IS NOT NULL
		ORDER BY key, s.number)) x
	ORDER BY x.key, x.is_new, x.place, x.id;
	ANALYZE plan_category;

	CREATE TEMP TABLE plan_row ON COMMIT DROP AS
	SELECT s.number, s.external_id, menu_fold(s.category) AS category_key, CASE WHEN i.id IS NULL THEN menu_fold(s.name) END AS name_key, i.id AS item_id,
		0::bigint AS namesakes, NULL::jsonb AS problem
	FROM stage s LEFT JOIN menu_item i ON i.restaurant_id = app_tenant() AND i.external_id = s.external_id AND i.deleted_at IS NULL;
	ANALYZE plan_row;
	IF NOT EXISTS (SELECT FROM plan_row p WHERE p.item_id IS NULL) OR NOT EXISTS (SELECT FROM menu_item i WHERE i.restaurant_id = app_tenant() AND i.deleted_at IS NULL) THEN
		RETURN;
	END IF;

	CREATE TEMP TABLE plan_item ON COMMIT DROP AS
	SELECT i.id, i.external_id, i.display_order, menu_fold(c.name) AS category_key, menu_fold(i.name) AS name_key
	FROM menu_item i JOIN menu_category c ON c.restaurant_id = i.restaurant_id AND c.id = i.category_id
	WHERE i.restaurant_id = app_tenant() AND i.deleted_at IS NULL AND NOT EXISTS (SELECT FROM plan_row p WHERE p.item_id = i.id);
	ANALYZE plan_item;
	UPDATE plan_row p SET item_id = i.id
	FROM (SELECT DISTINCT ON (i.category_key, i.name_key) i.* FROM plan_item i ORDER BY i.category_key, i.name_key, i.display_order, i.id) i
	WHERE p.item_id IS NULL AND i.category_key = p.category_key AND i.name_key = p.name_key AND (p.external_id IS NULL OR i.external_id IS NULL);
	UPDATE plan_row p SET item_id = CASE WHEN i.n = 1 THEN i.id END, namesakes = i.n
	FROM (SELECT i.name_key, count(*) AS n, min(i.id::text)::uuid AS id FROM plan_item i GROUP BY i.name_key) i
	WHERE p.item_id IS NULL AND p.category_key IS NULL AND p.external_id IS NULL AND i.name_key = p.name_key;
END $$;

-- What only the comparison finds wrong.
CREATE FUNCTION import_find_problems() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE plan_row p SET problem = CASE
		WHEN p.namesakes > 1 THEN import_note('category', 'item_ambiguous', format('There are %s dishes of this name: say the category or the external_id.', p.namesakes))
		ELSE import_note('category', 'category_missing', 'This dish is not on the menu yet, and a new dish needs a category.') END
	WHERE p.item_id IS NULL AND p.category_key IS NULL;
	UPDATE plan_row p SET problem = import_note(NULL, 'duplicate_item', format('This is the same dish as in line %s.', first.line))
	FROM (SELECT p.item_id, min(p.number) AS number FROM plan_row p WHERE p.item_id IS NOT NULL GROUP BY p.item_id HAVING count(*) > 1) twin
	JOIN stage first ON first.number = twin.number
	WHERE p.item_id = twin.item_id AND p.number > twin.number AND p.problem IS NULL;
	UPDATE plan_row p SET problem = s.notes FROM stage s WHERE s.number = p.number AND s.failed;
END $$;

-- Ingredients of rows that name some, by their names; those that are not there yet are made. Fills plan_ingredient, plan_link and, with what the dishes
-- are made of now, plan_had.
CREATE FUNCTION import_link() RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	CREATE TEMP TABLE plan_link (number bigint, ingredients uuid[]) ON COMMIT DROP;
	CREATE TEMP TABLE plan_had (item_id uuid, ingredients uuid[]) ON COMMIT DROP;
	CREATE TEMP TABLE plan_ingredient (key text, id uuid, name text, is_new boolean) ON COMMIT DROP;
	IF NOT EXISTS (SELECT FROM stage s WHERE s.ingredients IS NOT NULL) THEN
		RETURN;
	END IF;
	CREATE TEMP TABLE plan_name ON COMMIT DROP AS
	SELECT s.number, x.place, x.name, lower(x.name) AS key FROM stage s CROSS JOIN LATERAL unnest(string_to_array(s.ingredients, U&'\001F')) WITH ORDINALITY x(name, place)
	WHERE s.ingredients <> '' AND NOT s.failed;
	INSERT INTO plan_ingredient SELECT lower(g.name), g.id, g.name, false FROM ingredient g WHERE g.restaurant_id = app_tenant() AND g.deleted_at IS NULL;
	INSERT INTO plan_ingredient SELECT n.key, gen_random_uuid(), n.name, true FROM (SELECT DISTINCT ON (n.key) n.key, n.name FROM plan_name n
		ORDER BY n.key, n.number, n.place) n WHERE NOT EXISTS (SELECT FROM plan_ingredient g WHERE g.key = n.key);
	ANALYZE plan_ingredient;
	INSERT INTO plan_link SELECT x.number, array_agg(x.id ORDER BY x.place) FROM (SELECT n.number, g.id, min(n.place) AS place FROM plan_name n
		JOIN plan_ingredient g ON g.key = n.key GROUP BY n.number, g.id) x GROUP BY x.number;
	INSERT INTO plan_link SELECT s.number, '{}' FROM stage s WHERE s.ingredients = '' AND NOT s.failed;
	ANALYZE plan_link;
	INSERT INTO plan_had SELECT x.menu_item_id, array_agg(x.ingredient_id ORDER BY x.display_order, g.name)
	FROM plan_row p JOIN menu_item_ingredient x ON x.restaurant_id = app_tenant() AND x.menu_item_id = p.item_id
		JOIN ingredient g ON g.restaurant_id = x.restaurant_id AND g.id = x.ingredient_id AND g.deleted_at IS NULL
	GROUP BY x.menu_item_id;
	ANALYZE plan_had;
END $$;

-- Members of the list `a` that are not in `b`.
CREATE FUNCTION json_without(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN a = '[]' OR b = '[]' THEN a ELSE (SELECT coalesce(jsonb_agg(x.value ORDER BY x.place), '[]') FROM jsonb_array_elements(a) WITH ORDINALITY x(value, place)
	WHERE NOT b @> x.value) END;

-- The lists that are given over those that are there. What a given list says leaves the lists that are not given. A list that says the same in another order is
-- left as it is. A review holds for the lists that were reviewed; who declares that there are none reviews the dish (import_apply() says who and when).
CREATE FUNCTION import_allergens(old jsonb, contains_ jsonb, may_ jsonb, free_ jsonb) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
	c jsonb := old -> 'contains';
	m jsonb := old -> 'may_contain';
	f jsonb := old -> 'free_of';
BEGIN
	IF contains_ IS NOT NULL AND NOT (c @> contains_ AND contains_ @> c) THEN
		c := contains_;
	END IF;
	IF may_ IS NOT NULL AND NOT (m @> may_ AND may_ @> m) THEN
		m := may_;
	END IF;
	IF free_ IS NOT NULL AND NOT (f @> free_ AND free_ @> f) THEN
		f := free_;
	END IF;
	IF contains_ IS NULL THEN
		c := json_without(c, coalesce(may_, '[]') || coalesce(free_, '[]'));
	END IF;
	IF may_ IS NULL THEN
		m := json_without(m, coalesce(contains_, '[]') || coalesce(free_, '[]'));
	END IF;
	IF free_ IS NULL THEN
		f := json_without(f, coalesce(contains_, '[]') || coalesce(may_, '[]'));
	END IF;
	IF c = old -> 'contains' AND m = old -> 'may_contain' AND f = old -> 'free_of' THEN
		RETURN old;
	END IF;
	RETURN jsonb_build_object('contains', c, 'may_contain', m, 'free_of', f, 'reviewed_at', NULL, 'reviewed_by', NULL);
END $$;

-- Rows that are held back, with whatever of them could be read.
CREATE FUNCTION import_plan_errors(import_ uuid, columns_ jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO import_row (restaurant_id, import_id, outcome, number, line, item_id, category, external_id, name, price, notes, cells)
	SELECT app_tenant(), import_, 'error', s.number, s.line, p.item_id, s.category, s.external_id, s.name, s.price,
		CASE WHEN s.failed THEN p.problem ELSE jsonb_build_array(p.problem) || coalesce(s.notes, '[]') END, CASE WHEN s.failed THEN s.cells ELSE import_cells(to_jsonb(s), columns_) END
	FROM stage s JOIN plan_row p ON p.number = s.number WHERE p.problem IS NOT NULL;
END $$;

-- A cell over what is there.
CREATE FUNCTION import_value(given text, old text, column_ text, cleared text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN given IS NOT NULL THEN given WHEN cleared IS NULL OR strpos(cleared, ',' || column_ || ',') = 0 THEN old END;

-- The cells of a row that the parser found nothing wrong with, as they were understood, in the order of the file's columns.
CREATE FUNCTION import_cells(row_ jsonb, columns_ jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (SELECT jsonb_agg(CASE jsonb_typeof(c.value -> 'column') WHEN 'string' THEN
		CASE jsonb_typeof(row_ -> (c.value ->> 'column')) WHEN 'array' THEN (SELECT string_agg(x.value, '|') FROM jsonb_array_elements_text(row_ -> (c.value ->> 'column')) x)
		ELSE replace(row_ ->> (c.value ->> 'column'), U&'\001F', '|') END END ORDER BY c.place)
	FROM jsonb_array_elements(columns_) WITH ORDINALITY c(value, place));

-- New dishes. Without a display_order they stand in the order of the file.
CREATE FUNCTION import_plan_creates(import_ uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO import_row (restaurant_id, import_id, outcome, number, line, item_id, category_id, category, external_id, name, description, price, image_url,
		is_signature, spice_level, allergen_info, tags, ingredients, display_order, is_available, confirm, notes)
	SELECT app_tenant(), import_, 'create', s.number, s.line, s.id, c.id, c.name, s.external_id, s.name, s.description, s.price, s.image_url,
		coalesce(s.is_signature, false), s.spice_level,
		CASE WHEN s.contains IS NULL AND s.may_contain IS NULL AND s.free_of IS NULL THEN allergens_unknown()
			ELSE jsonb_build_object('contains', coalesce(s.contains, '[]'), 'may_contain', coalesce(s.may_contain, '[]'), 'free_of', coalesce(s.free_of, '[]'),
				'reviewed_at', CASE WHEN s.none_declared THEN '' END, 'reviewed_by', NULL) END,
		CASE WHEN s.tags <> '' THEN string_to_array(s.tags, U&'\001F') ELSE '{}' END, coalesce(l.ingredients, '{}'), coalesce(s.display_order, s.number),
		coalesce(s.is_available, true), CASE WHEN s.none_declared THEN ARRAY['none_declared'] END, s.notes
	FROM stage s JOIN plan_row p ON p.number = s.number JOIN plan_category c ON c.key = p.category_key LEFT JOIN plan_link l ON l.number = s.number
	WHERE p.item_id IS NULL AND p.problem IS NULL
	ORDER BY s.number;
END $$;

-- Dishes that are on the menu: what they shall be, and in what that differs.
CREATE FUNCTION import_plan_updates(import_ uuid) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO import_row (restaurant_id, import_id, outcome, number, line, item_id, category_id, category, external_id, name, description, price, image_url,
		is_signature, spice_level, allergen_info, tags, ingredients, display_order, is_available, changed, before, confirm, notes)
	SELECT app_tenant(), import_, CASE WHEN x.changed = '{}' THEN 'unchanged' ELSE 'update' END::import_outcome, s.number, s.line, i.id, v.category_id, v.category,
		v.external_id, v.name, v.description, v.price, v.image_url, v.is_signature, v.spice_level, v.allergen_info, v.tags, v.ingredients, v.display_order,
		v.is_available, nullif(x.changed, '{}'),
		CASE WHEN x.changed <> '{}' THEN jsonb_build_object('category_id', i.category_id, 'category', o.name, 'external_id', i.external_id, 'name', i.name,
			'description', i.description, 'price', i.price, 'image_url', i.image_url, 'is_signature', i.is_signature, 'spice_level', i.spice_level,
			'allergen_info', i.allergen_info, 'tags', i.tags, 'ingredients', coalesce(h.ingredients, '{}'), 'display_order', i.display_order,
			'is_available', i.is_available, 'available_again_at', i.available_again_at) END,
		CASE WHEN x.changed <> '{}' THEN nullif(array_remove(ARRAY[
			CASE WHEN NOT (v.allergen_info -> 'contains' @> (i.allergen_info -> 'contains')) OR NOT ((v.allergen_info -> 'contains') || (v.allergen_info -> 'may_contain')
				@> (i.allergen_info -> 'may_contain')) THEN 'allergen_weakened' END,
			CASE WHEN abs(v.price - i.price) * 2 > i.price THEN 'price_jump' END,
			CASE WHEN s.none_declared AND 'allergen_info' = ANY (x.changed) THEN 'none_declared' END], NULL), '{}') END,
		s.notes
	FROM stage s JOIN plan_row p ON p.number = s.number
		JOIN menu_item i ON i.id = p.item_id AND i.restaurant_id = app_tenant()
		JOIN menu_category o ON o.id = i.category_id AND o.restaurant_id = app_tenant()
		LEFT JOIN plan_category c ON c.key = p.category_key AND c.key <> menu_fold(o.name)
		LEFT JOIN plan_link l ON l.number = s.number
		LEFT JOIN plan_had h ON h.item_id = i.id
		CROSS JOIN LATERAL (SELECT CASE WHEN s.contains IS NULL AND s.may_contain IS NULL AND s.free_of IS NULL THEN i.allergen_info
			ELSE import_allergens(i.allergen_info, s.contains, s.may_contain, s.free_of) END AS info OFFSET 0) a
		CROSS JOIN LATERAL (SELECT coalesce(c.id, i.category_id) AS category_id, coalesce(c.name, o.name) AS category,
			import_value(s.external_id, i.external_id, 'external_id', s.cleared) AS external_id, coalesce(s.name, i.name) AS name,
			import_value(s.description, i.description, 'description', s.cleared) AS description,
			CASE WHEN s.price IS NOT NULL THEN s.price WHEN s.cleared IS NULL OR strpos(s.cleared, ',price,') = 0 THEN i.price END AS price,
			import_value(s.image_url, i.image_url, 'image_url', s.cleared) AS image_url, coalesce(s.is_signature, i.is_signature) AS is_signature,
			CASE WHEN s.spice_level IS NOT NULL THEN s.spice_level WHEN s.cleared IS NULL OR strpos(s.cleared, ',spice_level,') = 0 THEN i.spice_level END AS spice_level,
			CASE WHEN s.none_declared AND a.info ->> 'reviewed_at' IS NULL THEN a.info || '{"reviewed_at": ""}' ELSE a.info END AS allergen_info,
			CASE WHEN s.tags IS NULL THEN i.tags WHEN s.tags = '' THEN '{}' ELSE string_to_array(s.tags, U&'\001F') END AS tags,
			coalesce(l.ingredients, h.ingredients, '{}') AS ingredients, coalesce(s.display_order, i.display_order) AS display_order,
			CASE WHEN s.is_available <> is_available_now(i.is_available, i.available_again_at) THEN s.is_available ELSE i.is_available END AS is_available OFFSET 0) v
		CROSS JOIN LATERAL (SELECT array_remove(ARRAY[
			CASE WHEN v.category_id <> i.category_id THEN 'category_id' END,
			CASE WHEN v.external_id IS DISTINCT FROM i.external_id THEN 'external_id' END,
			CASE WHEN v.name <> i.name THEN 'name' END,
			CASE WHEN v.description IS DISTINCT FROM i.description THEN 'description' END,
			CASE WHEN v.price IS DISTINCT FROM i.price THEN 'price' END,
			CASE WHEN v.image_url IS DISTINCT FROM i.image_url THEN 'image_url' END,
			CASE WHEN v.is_signature <> i.is_signature THEN 'is_signature' END,
			CASE WHEN v.spice_level IS DISTINCT FROM i.spice_level THEN 'spice_level' END,
			CASE WHEN v.allergen_info <> i.allergen_info THEN 'allergen_info' END,
			CASE WHEN v.tags <> i.tags THEN 'tags' END,
			CASE WHEN v.ingredients <> coalesce(h.ingredients, '{}') THEN 'ingredients' END,
			CASE WHEN v.display_order <> i.display_order THEN 'display_order' END,
			CASE WHEN v.is_available <> i.is_available THEN 'is_available' END], NULL) AS changed OFFSET 0) x
	WHERE p.problem IS NULL
	ORDER BY s.number;
END $$;

-- Dishes that the file does not name, in mode replace. What a row with errors is about is named by it.
CREATE FUNCTION import_plan_removes(import_ uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	last bigint := (SELECT coalesce(max(s.number), 0) FROM stage s);
BEGIN
	INSERT INTO import_row (restaurant_id, import_id, outcome, number, item_id, category_id, category, external_id, name, price)
	SELECT app_tenant(), import_, 'remove', last + row_number() OVER (ORDER BY c.display_order, c.name, i.display_order, i.name, i.id), i.id, i.category_id, c.name,
		i.external_id, i.name, i.price
	FROM menu_item i JOIN menu_category c ON c.id = i.category_id AND c.restaurant_id = i.restaurant_id
	WHERE i.restaurant_id = app_tenant() AND i.deleted_at IS NULL AND NOT EXISTS (SELECT FROM plan_row p WHERE p.item_id = i.id);
END $$;

-- Compares the staged rows with the menu, stores the plan, and drops the chunks: all or nothing. To be run in a transaction that sees one menu (repeatable read).
CREATE FUNCTION import_plan(import_ uuid, columns_ jsonb, notes_ jsonb) RETURNS jsonb
LANGUAGE plpgsql AS $$
DECLARE
	m menu_import;
	version_ bigint;
	items_ bigint;
	counts_ jsonb;
	confirmations_ jsonb;
BEGIN
	SELECT * INTO STRICT m FROM menu_import WHERE id = import_;
	PERFORM import_plan_joins((SELECT count(*) FROM stage));
	SELECT r.menu_version INTO STRICT version_ FROM restaurant r WHERE r.id = app_tenant();
	SELECT count(*) INTO items_ FROM menu_item i WHERE i.restaurant_id = app_tenant() AND i.deleted_at IS NULL;
	ANALYZE stage;
	PERFORM import_match();
	PERFORM import_find_problems();
	PERFORM import_link();
	PERFORM import_plan_errors(import_, columns_);
	PERFORM import_plan_creates(import_);
	PERFORM import_plan_updates(import_);
	IF m.mode = 'replace' THEN
		PERFORM import_plan_removes(import_);
	END IF;
	INSERT INTO import_new (restaurant_id, import_id, kind, id, name, display_order)
	SELECT app_tenant(), import_, 'category', c.id, c.name, row_number() OVER (ORDER BY c.place) + (SELECT coalesce(max(x.display_order), -1) FROM menu_category x
		WHERE x.restaurant_id = app_tenant() AND x.deleted_at IS NULL)
	FROM plan_category c WHERE c.is_new AND c.id IN (SELECT r.category_id FROM import_row r WHERE r.import_id = import_ AND r.outcome IN ('create', 'update'));
	INSERT INTO import_new (restaurant_id, import_id, kind, id, name)
	SELECT DISTINCT app_tenant(), import_, 'ingredient', g.id, g.name FROM plan_link l JOIN plan_row p ON p.number = l.number AND p.problem IS NULL
		CROSS JOIN LATERAL unnest(l.ingredients) x(id) JOIN plan_ingredient g ON g.id = x.id AND g.is_new;
	SELECT m.counts || coalesce(jsonb_object_agg(x.outcome, x.n), '{}') || jsonb_build_object('warning', coalesce(sum(x.warnings), 0)) INTO counts_
	FROM (SELECT r.outcome, count(*) AS n, count(r.notes) FILTER (WHERE r.outcome <> 'error') AS warnings FROM import_row r WHERE r.import_id = import_ GROUP BY r.outcome) x;
	SELECT coalesce(jsonb_object_agg(x.code, x.n), '{}') INTO confirmations_
	FROM (SELECT c.code, count(*) AS n FROM import_row r CROSS JOIN LATERAL unnest(r.confirm) c(code) WHERE r.import_id = import_ AND r.confirm IS NOT NULL GROUP BY c.code
		UNION ALL SELECT 'mass_removal', (counts_ ->> 'remove')::bigint WHERE (counts_ ->> 'remove')::bigint * 5 > items_) x;
	DELETE FROM import_chunk c WHERE c.import_id = import_;
	UPDATE menu_import SET status = 'ready', counts = counts_, confirmations = confirmations_, columns = columns_, notes = notes_, base_version = version_,
		needs_confirmation = (SELECT coalesce(jsonb_agg(x.key ORDER BY x.key), '[]') FROM jsonb_object_keys(confirmations_) x(key)),
		done = (SELECT count(*) FROM stage), total = (SELECT count(*) FROM stage), updated_at = now()
	WHERE id = import_ AND status = 'previewing';
	IF NOT FOUND THEN
		RAISE EXCEPTION 'the import is not being previewed any more';
	END IF;
	RETURN counts_;
END $$;

-- --- apply and undo: actions of edit_perform() ---

-- What edits made of the menu since that version, for people; at most ten of them.
CREATE FUNCTION import_changes_since(version_ bigint) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('pointer', '', 'message', format('version %s: %s%s%s', a.menu_version, a.action,
		coalesce(' "' || a.target_name || '"', ''), coalesce(' by ' || a.user_email, ''))) ORDER BY a.menu_version), '[]')
	FROM (SELECT * FROM audit a WHERE a.restaurant_id = app_tenant() AND a.menu_version > version_ ORDER BY a.menu_version LIMIT 10) a);

CREATE FUNCTION import_json(m menu_import) RETURNS json
LANGUAGE sql STABLE
RETURN json_build_object('id', m.id, 'restaurant_id', m.restaurant_id, 'status', m.status, 'reason', m.reason, 'detail', m.detail, 'mode', m.mode, 'on_error', m.on_error,
	'format', m.format, 'name', m.name, 'bytes', m.bytes, 'counts', m.counts, 'needs_confirmation', m.needs_confirmation, 'confirmations', m.confirmations,
	'columns', m.columns, 'notes', m.notes, 'base_version', m.base_version, 'applied_version', m.applied_version, 'done', m.done, 'total', m.total,
	'created_by', m.created_by_email, 'created_at', m.created_at, 'updated_at', m.updated_at, 'applied_at', m.applied_at, 'undone_at', m.undone_at);

-- A row of the preview: what the dish will be ("values" of a new one), or what changes ({"price": {"before", "after"}}).
CREATE FUNCTION import_row_json(w import_row, currency text) RETURNS json
LANGUAGE sql STABLE
RETURN (SELECT json_build_object('number', w.number, 'line', w.line, 'outcome', w.outcome, 'item_id', CASE WHEN w.outcome <> 'create' THEN w.item_id END,
		'external_id', w.external_id, 'category', w.category, 'name', w.name, 'price', round(w.price, currency_decimals(currency)), 'currency', currency,
		'values', CASE WHEN w.outcome = 'create' THEN x.after - 'price' || jsonb_build_object('price', round(w.price, currency_decimals(currency))) END,
		'changes', (SELECT jsonb_object_agg(c.name, jsonb_build_object(
			'before', CASE c.name WHEN 'price' THEN to_jsonb(round((w.before ->> 'price')::numeric, currency_decimals(currency))) ELSE w.before -> c.name END,
			'after', CASE c.name WHEN 'price' THEN to_jsonb(round(w.price, currency_decimals(currency))) ELSE x.after -> c.name END))
			FROM unnest(array_replace(w.changed, 'category_id', 'category')) c(name)),
		'confirm', coalesce(w.confirm, '{}'), 'notes', coalesce(w.notes, '[]'))
	FROM (SELECT jsonb_build_object('category', w.category, 'external_id', w.external_id, 'name', w.name, 'description', w.description, 'image_url', w.image_url,
		'is_signature', w.is_signature, 'spice_level', w.spice_level, 'allergen_info', w.allergen_info, 'tags', w.tags, 'display_order', w.display_order,
		'is_available', w.is_available, 'ingredients', to_jsonb(w.ingredients)) AS after) x);

-- Why it cannot be applied or undone now; null: nothing speaks against it.
CREATE FUNCTION import_obstacle(r restaurant, m menu_import, undo boolean, tags text[]) RETURNS edit_outcome
LANGUAGE sql STABLE
RETURN CASE
	WHEN m.id IS NULL THEN edit_refusal(404, 'There is no import of this id here.')
	WHEN NOT edit_matches(tags, NULL, r) THEN edit_refusal(412, format('The menu''s version is %s now. Read it again.', r.menu_version))
	WHEN m.status = 'rejected' THEN edit_refusal(409, format('This import was rejected: %s', coalesce(m.detail, m.reason)))
	WHEN m.status IN ('receiving', 'previewing') THEN edit_refusal(409, 'This import is not ready yet.')
	WHEN m.tidied_at IS NOT NULL THEN edit_refusal(409, 'This import is too old: what it was made of is not kept any more.')
	WHEN undo AND m.status <> 'applied' THEN edit_refusal(409, format('Only what is applied can be undone; this import is %s.', m.status))
	WHEN NOT undo AND m.status NOT IN ('ready', 'applying') THEN edit_refusal(409, format('This import is %s already.', m.status))
	WHEN undo AND m.applied_version <> r.menu_version THEN edit_refusal(409, format('The menu was changed after this import (version %s, now %s), and undoing would lose that.',
		m.applied_version, r.menu_version), import_changes_since(m.applied_version))
	WHEN NOT undo AND m.base_version <> r.menu_version THEN edit_refusal(409, format('The menu changed since the preview (version %s, now %s). Upload the file again.',
		m.base_version, r.menu_version), import_changes_since(m.base_version))
	WHEN NOT undo AND m.on_error = 'reject_all' AND (m.counts ->> 'error')::bigint > 0 THEN edit_refusal(409, format('%s rows have errors, and this import takes all rows or none.'
		' Correct the file, or upload it with on_error=skip_rows.', m.counts ->> 'error')) END;

CREATE FUNCTION import_unconfirmed(m menu_import, body jsonb) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('pointer', '/confirm', 'message', format('must name "%s": %s rows', c.code, m.confirmations ->> c.code))), '[]')
	FROM jsonb_array_elements_text(m.needs_confirmation) c(code) WHERE NOT coalesce(body -> 'confirm', '[]') ? c.code);

-- New dishes with what they belong to and are made of.
CREATE FUNCTION import_apply_creates(import_ uuid, who text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	INSERT INTO menu_category (restaurant_id, id, name, display_order) SELECT n.restaurant_id, n.id, n.name, n.display_order FROM import_new n
	WHERE n.import_id = import_ AND n.kind = 'category';
	INSERT INTO ingredient (restaurant_id, id, name) SELECT n.restaurant_id, n.id, n.name FROM import_new n WHERE n.import_id = import_ AND n.kind = 'ingredient';
	INSERT INTO menu_item (restaurant_id, id, category_id, external_id, name, description, price, image_url, is_signature, spice_level, allergen_info, tags, display_order, is_available)
	SELECT w.restaurant_id, w.item_id, w.category_id, w.external_id, w.name, w.description, w.price, w.image_url, w.is_signature, w.spice_level,
		import_reviewed(w.allergen_info, who), w.tags, w.display_order, w.is_available
	FROM import_row w WHERE w.import_id = import_ AND w.outcome = 'create' ORDER BY w.number;
	INSERT INTO menu_item_ingredient (restaurant_id, menu_item_id, ingredient_id, display_order)
	SELECT w.restaurant_id, w.item_id, x.id, x.place FROM import_row w CROSS JOIN LATERAL unnest(w.ingredients) WITH ORDINALITY x(id, place)
	WHERE w.import_id = import_ AND w.outcome = 'create';
END $$;

-- Who declares that a dish is without allergens has reviewed it.
CREATE FUNCTION import_reviewed(info jsonb, who text) RETURNS jsonb
LANGUAGE sql STABLE
RETURN CASE info ->> 'reviewed_at' WHEN '' THEN info || jsonb_build_object('reviewed_at', now(), 'reviewed_by', who) ELSE info END;

CREATE FUNCTION import_apply_updates(import_ uuid, who text) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	UPDATE menu_item i SET category_id = w.category_id, external_id = w.external_id, name = w.name, description = w.description, price = w.price, image_url = w.image_url,
		is_signature = w.is_signature, spice_level = w.spice_level, allergen_info = import_reviewed(w.allergen_info, who), tags = w.tags, display_order = w.display_order,
		is_available = w.is_available, available_again_at = CASE WHEN w.is_available = i.is_available THEN i.available_again_at END,
		revision = i.revision + 1, updated_at = now()
	FROM import_row w WHERE w.import_id = import_ AND w.outcome = 'update' AND i.restaurant_id = w.restaurant_id AND i.id = w.item_id;
	UPDATE menu_item i SET deleted_at = now(), revision = i.revision + 1, updated_at = now()
	FROM import_row w WHERE w.import_id = import_ AND w.outcome = 'remove' AND i.restaurant_id = w.restaurant_id AND i.id = w.item_id;
	PERFORM import_relink(import_, false);
END $$;

-- The ingredients of changed dishes: as the import wants them, or as they were.
CREATE FUNCTION import_relink(import_ uuid, undo boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF NOT EXISTS (SELECT FROM import_row w WHERE w.import_id = import_ AND w.outcome = 'update' AND 'ingredients' = ANY (w.changed)) THEN
		RETURN;
	END IF;
	DELETE FROM menu_item_ingredient x USING import_row w
	WHERE w.import_id = import_ AND w.outcome = 'update' AND 'ingredients' = ANY (w.changed) AND x.restaurant_id = w.restaurant_id AND x.menu_item_id = w.item_id;
	INSERT INTO menu_item_ingredient (restaurant_id, menu_item_id, ingredient_id, display_order)
	SELECT w.restaurant_id, w.item_id, x.id, x.place FROM import_row w CROSS JOIN LATERAL unnest(CASE WHEN undo
		THEN ARRAY(SELECT y.id::uuid FROM jsonb_array_elements_text(w.before -> 'ingredients') y(id)) ELSE w.ingredients END) WITH ORDINALITY x(id, place)
	WHERE w.import_id = import_ AND w.outcome = 'update' AND 'ingredients' = ANY (w.changed);
END $$;

-- An import's outcome as that of an edit. The audit names the import; what it did to each dish stands in import_row.
CREATE FUNCTION import_outcome_of(m menu_import) RETURNS edit_outcome
LANGUAGE sql STABLE
RETURN ROW(200, m.id, m.name, NULL, import_json(m), jsonb_build_object('menu_version', m.base_version), jsonb_build_object('status', m.status, 'counts', m.counts), NULL, '[]',
	NULL)::edit_outcome;

-- Exactly what the preview showed. The caller holds the restaurant's lock, makes the next menu version and the audit row, and commits.
CREATE FUNCTION import_apply(r restaurant, import_ uuid, body jsonb, tags text[], who text) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	m menu_import;
	o edit_outcome;
	missing jsonb;
BEGIN
	SELECT * INTO m FROM menu_import WHERE id = import_;
	o := import_obstacle(r, m, false, tags);
	missing := import_unconfirmed(m, body);
	IF o.status IS NULL AND missing <> '[]' THEN
		o := edit_refusal(409, 'The preview lists in needs_confirmation what must be confirmed first.', missing);
	END IF;
	IF o.status IS NOT NULL THEN
		UPDATE menu_import SET status = 'ready', updated_at = now() WHERE id = import_ AND status = 'applying';
		RETURN o;
	END IF;
	PERFORM import_plan_joins(m.total);
	PERFORM import_apply_creates(import_, who);
	PERFORM import_apply_updates(import_, who);
	UPDATE menu_import SET status = 'applied', applied_version = r.menu_version + 1, applied_at = now(), updated_at = now(), done = total WHERE id = import_ RETURNING * INTO m;
	RETURN import_outcome_of(m);
END $$;

-- The menu as it was before: new dishes go, removed ones come back, changed ones are what they were.
CREATE FUNCTION import_undo(r restaurant, import_ uuid, tags text[]) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	m menu_import;
	o edit_outcome;
BEGIN
	SELECT * INTO m FROM menu_import WHERE id = import_;
	o := import_obstacle(r, m, true, tags);
	IF o.status IS NOT NULL THEN
		RETURN o;
	END IF;
	PERFORM import_plan_joins(m.total);
	UPDATE menu_item i SET deleted_at = CASE w.outcome WHEN 'create' THEN now() END, revision = i.revision + 1, updated_at = now()
	FROM import_row w WHERE w.import_id = import_ AND w.outcome IN ('create', 'remove') AND i.restaurant_id = w.restaurant_id AND i.id = w.item_id;
	UPDATE menu_item i SET category_id = b.category_id, external_id = b.external_id, name = b.name, description = b.description, price = b.price, image_url = b.image_url,
		is_signature = b.is_signature, spice_level = b.spice_level, allergen_info = b.allergen_info, tags = b.tags, display_order = b.display_order,
		is_available = b.is_available, available_again_at = b.available_again_at, revision = i.revision + 1, updated_at = now()
	FROM import_row w CROSS JOIN LATERAL jsonb_populate_record(NULL::menu_item, w.before) b
	WHERE w.import_id = import_ AND w.outcome = 'update' AND i.restaurant_id = w.restaurant_id AND i.id = w.item_id;
	PERFORM import_relink(import_, true);
	DELETE FROM menu_item_ingredient x USING import_row w WHERE w.import_id = import_ AND w.outcome = 'create' AND x.restaurant_id = w.restaurant_id AND x.menu_item_id = w.item_id;
	UPDATE menu_category c SET deleted_at = now(), revision = c.revision + 1, updated_at = now() FROM import_new n
	WHERE n.import_id = import_ AND n.kind = 'category' AND c.restaurant_id = n.restaurant_id AND c.id = n.id;
	UPDATE ingredient g SET deleted_at = now(), revision = g.revision + 1, updated_at = now() FROM import_new n
	WHERE n.import_id = import_ AND n.kind = 'ingredient' AND g.restaurant_id = n.restaurant_id AND g.id = n.id;
	UPDATE menu_import SET status = 'undone', undone_at = now(), updated_at = now() WHERE id = import_ RETURNING * INTO m;
	RETURN import_outcome_of(m);
END $$;

-- --- cleaning up ---

-- Uploads that stopped are rejected, and what old imports were made of goes. Returns the imports that were rejected now. One worker at a time does it.
CREATE FUNCTION import_tidy(stale interval, kept interval)
RETURNS TABLE (restaurant_id uuid, import_id uuid, status import_status, done bigint, total bigint, watchers integer[])
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
	old menu_import;
BEGIN
	IF NOT pg_try_advisory_xact_lock(hashtext('import_tidy')) THEN
		RETURN;
	END IF;
	FOR old IN SELECT * FROM menu_import m WHERE m.tidied_at IS NULL AND m.created_at < now() - kept AND m.status NOT IN ('receiving', 'previewing', 'applying')
		ORDER BY m.created_at LIMIT 3 LOOP
		DELETE FROM import_row w WHERE w.import_id = old.id;
		DELETE FROM import_new n WHERE n.import_id = old.id;
		UPDATE menu_import m SET tidied_at = now() WHERE m.id = old.id;
	END LOOP;
	RETURN QUERY
	WITH rejected AS (UPDATE menu_import m SET status = 'rejected', reason = 'upload_incomplete', detail = 'The upload stopped before the file was complete.', updated_at = now()
		WHERE m.status = 'receiving' AND m.updated_at < now() - stale RETURNING m.*),
	dropped AS (DELETE FROM import_chunk c USING rejected x WHERE c.import_id = x.id)
	SELECT x.restaurant_id, x.id, x.status, x.done, x.total, x.watchers FROM rejected x;
END $$;

DO $$
DECLARE
	name regprocedure;
BEGIN
	FOR name IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proacl IS NULL LOOP
		EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
		EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO restaurant_app', name);
	END LOOP;
END $$;
