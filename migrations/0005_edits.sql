-- What admins change, once each, and who changed what.
--
-- An edit is one call of edit_apply() in one transaction: operation row, lock of the restaurant, If-Match, the change, menu_version + 1, audit row, outcome. All of
-- it runs with the rights of restaurant_app under row-level security. The functions refuse by returning an outcome, before anything is written; only a slug that
-- another restaurant has shows itself by an error, because no restaurant sees another's.
-- What the program checked already (forms, lengths, texts, names of allergens) is not checked again here; what only the rows know is.

-- One row for each edit, from the moment it is begun, so that a second beginner waits for the first and then finds its outcome. It has no foreign key: an edit
-- that failed to make a restaurant names one that never was. `status` is null only inside of its transaction.
CREATE TABLE operation (
	id uuid PRIMARY KEY,
	restaurant_id uuid NOT NULL,
	user_id uuid,
	user_email text,
	action text NOT NULL,
	target_id uuid,
	request_hash text,
	status integer,         -- as HTTP says it
	result json,            -- the answer's body
	etag text,
	menu_version bigint,
	problems jsonb,         -- [{"pointer", "message"}]
	detail text,
	changed json,           -- what menu.changes is told (schemas/menu_changed.json)
	created_at timestamptz NOT NULL DEFAULT now()
);

-- One row for each menu version that an edit made. `before` and `after` hold what differs (the whole object when one of them is null).
CREATE TABLE audit (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	menu_version bigint NOT NULL,
	operation_id uuid NOT NULL,
	user_id uuid,
	user_email text,
	action text NOT NULL,
	target_id uuid,
	target_name text,
	before jsonb,
	after jsonb,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (restaurant_id, menu_version)
);

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['operation', 'audit'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY tenant ON %I TO restaurant_app USING (restaurant_id = app_tenant())', name);
		EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
	END LOOP;
END $$;

-- Closed restaurants by the address that they had.
CREATE INDEX restaurant_slug_deleted ON restaurant (slug, deleted_at) WHERE deleted_at IS NOT NULL;

-- Dishes that come back by themselves: reads of the menu ask when the next one does.
CREATE INDEX menu_item_again ON menu_item (restaurant_id, available_again_at) WHERE NOT is_available AND available_again_at IS NOT NULL AND deleted_at IS NULL;

-- An audit row is written once: nobody changes or deletes it.
GRANT SELECT, INSERT ON audit TO restaurant_app;
GRANT SELECT, INSERT ON operation TO restaurant_app;
GRANT UPDATE (status, result, etag, menu_version, problems, detail, changed) ON operation TO restaurant_app;
GRANT INSERT, UPDATE ON restaurant, menu_category, menu_item, ingredient TO restaurant_app;
GRANT INSERT, DELETE ON menu_item_ingredient TO restaurant_app;

-- --- objects as the API shows them ---

CREATE FUNCTION object_etag(revision bigint, id uuid) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN revision || '-' || right(id::text, 12);

-- A sold-out dish counts as available again from the time that was given for it.
CREATE FUNCTION is_available_now(is_available boolean, available_again_at timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN is_available OR coalesce(available_again_at <= now(), false);

CREATE FUNCTION category_json(c menu_category) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN json_build_object('id', c.id, 'restaurant_id', c.restaurant_id, 'name', c.name, 'description', c.description, 'display_order', c.display_order,
	'is_active', c.is_active, 'etag', object_etag(c.revision, c.id), 'created_at', c.created_at, 'updated_at', c.updated_at);

CREATE FUNCTION ingredient_json(g ingredient) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN json_build_object('id', g.id, 'restaurant_id', g.restaurant_id, 'name', g.name, 'description', g.description, 'allergen_info', g.allergen_info,
	'is_active', g.is_active, 'etag', object_etag(g.revision, g.id), 'created_at', g.created_at, 'updated_at', g.updated_at);

CREATE FUNCTION item_json(i menu_item, currency text) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN json_build_object('id', i.id, 'restaurant_id', i.restaurant_id, 'category_id', i.category_id, 'external_id', i.external_id, 'name', i.name,
	'description', i.description, 'price', round(i.price, currency_decimals(currency)), 'image_url', i.image_url, 'is_signature', i.is_signature,
	'spice_level', i.spice_level, 'allergen_info', i.allergen_info, 'tags', i.tags,
	'ingredients', (SELECT coalesce(json_agg(json_build_object('id', g.id, 'name', g.name) ORDER BY x.display_order, g.name), '[]'::json)
		FROM menu_item_ingredient x JOIN ingredient g ON g.restaurant_id = x.restaurant_id AND g.id = x.ingredient_id AND g.deleted_at IS NULL
		WHERE x.restaurant_id = i.restaurant_id AND x.menu_item_id = i.id),
	'etag', object_etag(i.revision, i.id), 'display_order', i.display_order, 'is_available', is_available_now(i.is_available, i.available_again_at),
	'available_again_at', i.available_again_at, 'created_at', i.created_at, 'updated_at', i.updated_at);

-- --- the beginning and the end of every edit ---

-- What an action comes to. A refusal has a status of 400 or more and nothing written.
CREATE TYPE edit_outcome AS (status integer, target_id uuid, target_name text, etag text, result json, before jsonb, after jsonb, items json,
	problems jsonb, detail text);

CREATE FUNCTION edit_refusal(status_ integer, detail_ text, problems_ jsonb DEFAULT '[]') RETURNS edit_outcome
LANGUAGE sql IMMUTABLE
RETURN ROW(status_, NULL, NULL, NULL, NULL, NULL, NULL, NULL, problems_, detail_)::edit_outcome;

CREATE FUNCTION edit_problem(pointer text, message text) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN jsonb_build_array(jsonb_build_object('pointer', pointer, 'message', message));

-- Makes the operation's row. Its status is null: the edit is ours to do. Else it was done before, or the id stands for another request (422, not stored).
CREATE FUNCTION edit_open(operation_ uuid, user_ uuid, email_ text, action_ text, target_ uuid, hash_ text) RETURNS operation
LANGUAGE plpgsql AS $$
DECLARE
	o operation;
BEGIN
	INSERT INTO operation (id, restaurant_id, user_id, user_email, action, target_id, request_hash)
	VALUES (operation_, app_tenant(), user_, email_, action_, target_, hash_) ON CONFLICT (id) DO NOTHING RETURNING * INTO o;
	IF FOUND THEN
		RETURN o;
	END IF;
	SELECT * INTO o FROM operation WHERE id = operation_;
	IF NOT FOUND OR o.request_hash IS DISTINCT FROM hash_ THEN
		o := NULL;
		o.status := 422;
		o.problems := '[]';
		o.detail := 'This Idempotency-Key was used for another request. Send the request with a new key.';
	END IF;
	RETURN o;
END $$;

-- Writes the outcome into the operation's row; of a change also the next menu version and the audit row. A new restaurant begins with version 1.
CREATE FUNCTION edit_close(operation_ uuid, o edit_outcome) RETURNS operation
LANGUAGE plpgsql AS $$
DECLARE
	row_ operation;
	r restaurant;
BEGIN
	IF o.status < 300 THEN
		UPDATE restaurant SET menu_version = menu_version + CASE (SELECT action FROM operation WHERE id = operation_) WHEN 'restaurant_create' THEN 0 ELSE 1 END
		WHERE id = app_tenant() RETURNING * INTO STRICT r;
		IF o.target_id = r.id AND o.status < 204 AND o.result IS NULL THEN
			o.result := restaurant_json(r);
		END IF;
	END IF;
	UPDATE operation SET status = o.status, result = o.result, etag = o.etag, menu_version = r.menu_version, problems = o.problems, detail = o.detail,
		changed = CASE WHEN r.id IS NOT NULL THEN json_strip_nulls(json_build_object('restaurant_id', r.id, 'slug', r.slug, 'menu_version', r.menu_version))
			::jsonb || CASE WHEN o.items IS NULL THEN '{}' ELSE jsonb_build_object('items', o.items) END END
	WHERE id = operation_ RETURNING * INTO STRICT row_;
	IF r.id IS NOT NULL THEN
		INSERT INTO audit (restaurant_id, menu_version, operation_id, user_id, user_email, action, target_id, target_name, before, after)
		VALUES (r.id, r.menu_version, operation_, row_.user_id, row_.user_email, row_.action, o.target_id, o.target_name, o.before, o.after);
	END IF;
	RETURN row_;
END $$;

-- The tags of If-Match, without quotes: the object's, or the menu's of this version as reads show it ("<id>-7", "<id>-7.1-gz", "<id>-r7"). None: always.
CREATE FUNCTION edit_matches(tags text[], etag text, r restaurant) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN cardinality(tags) = 0 OR '*' = ANY (tags) OR etag = ANY (tags)
	OR EXISTS (SELECT FROM unnest(tags) tag WHERE regexp_replace(tag, '(\.\d+)?(-gz)?$', '') IN (r.id || '-' || r.menu_version, r.id || '-r' || r.menu_version));

-- Members of `a` that `b` has otherwise, or not; not those that every change changes.
CREATE FUNCTION json_differing(a jsonb, b jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (SELECT coalesce(jsonb_object_agg(x.key, x.value), '{}') FROM jsonb_each(a) x
	WHERE x.value IS DISTINCT FROM b -> x.key AND x.key NOT IN ('etag', 'updated_at', 'menu_version'));

-- Without the members that are null.
CREATE FUNCTION json_present(a jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (SELECT coalesce(jsonb_object_agg(x.key, x.value), '{}') FROM jsonb_each(a) x WHERE x.value <> 'null');

-- Of an object that was there: 404 or 412, or null to go on.
CREATE FUNCTION edit_precondition(found_ boolean, tags text[], etag text, r restaurant) RETURNS edit_outcome
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN NOT found_ THEN edit_refusal(404, 'There is nothing of this id here.')
	WHEN NOT edit_matches(tags, etag, r) THEN edit_refusal(412, 'The object''s etag is ' || coalesce(etag, 'another one') || ' now. Read it again.') END;

CREATE FUNCTION edit_changed(target uuid, name text, etag text, result_ json, before_ jsonb) RETURNS edit_outcome
LANGUAGE sql IMMUTABLE
RETURN CASE WHEN before_ IS NULL THEN ROW(201, target, name, etag, result_, NULL, result_::jsonb, NULL, '[]', NULL)::edit_outcome
	ELSE ROW(200, target, name, etag, result_, json_differing(before_, result_::jsonb), json_differing(result_::jsonb, before_), NULL, '[]', NULL)::edit_outcome END;

CREATE FUNCTION edit_deleted(target uuid, name text, before_ jsonb) RETURNS edit_outcome
LANGUAGE sql IMMUTABLE
RETURN ROW(204, target, name, NULL, NULL, before_, NULL, NULL, '[]', NULL)::edit_outcome;

-- --- restaurants ---

-- One that PostgreSQL knows, by its name.
CREATE FUNCTION is_time_zone(name text) RETURNS boolean
LANGUAGE plpgsql STABLE AS $$
BEGIN
	PERFORM now() AT TIME ZONE name;
	RETURN true;
EXCEPTION WHEN invalid_parameter_value THEN
	RETURN false;
END $$;

CREATE FUNCTION edit_restaurant_problems(r restaurant, body jsonb, is_new boolean) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
	problems jsonb := '[]';
	decimals integer := currency_decimals(r.currency);
BEGIN
	IF body ? 'timezone' AND NOT is_time_zone(r.timezone) THEN
		problems := problems || edit_problem('/timezone', 'must be the name of a time zone, as "Europe/Berlin"');
	END IF;
	IF body ? 'max_price' AND scale(trim_scale((body ->> 'max_price')::numeric)) > decimals THEN
		problems := problems || edit_problem('/max_price', format('must have at most %s decimals in %s', decimals, r.currency));
	END IF;
	IF is_new THEN
		RETURN problems;
	END IF;
	IF body ? 'currency' AND EXISTS (SELECT FROM menu_item i WHERE i.restaurant_id = r.id AND i.deleted_at IS NULL AND scale(trim_scale(i.price)) > decimals) THEN
		problems := problems || edit_problem('/currency', format('%s has %s decimals, and there are dishes whose price has more', r.currency, decimals));
	END IF;
	IF body ? 'max_price' AND EXISTS (SELECT FROM menu_item i WHERE i.restaurant_id = r.id AND i.deleted_at IS NULL AND i.price > r.max_price) THEN
		problems := problems || edit_problem('/max_price', 'must not be less than the price of a dish that is there');
	END IF;
	RETURN problems;
END $$;

CREATE FUNCTION edit_restaurant_create(target uuid, body jsonb, tags text[]) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	r restaurant;
	problems jsonb;
BEGIN
	IF cardinality(tags) > 0 THEN
		RETURN edit_refusal(412, 'There is nothing yet that If-Match could match.');
	END IF;
	r.id := target;
	r.currency := 'USD';
	r.timezone := 'UTC';
	r.allowed_origins := '{}';
	r.avatar_config := '{}';
	r.metadata := '{}';
	r.menu_version := 1;
	r.is_active := true;
	r.revision := 1;
	r.created_at := now();
	r.updated_at := now();
	r := jsonb_populate_record(r, json_present(body) - 'max_price');
	r.avatar_config := jsonb_strip_nulls(r.avatar_config);
	r.max_price := coalesce((body ->> 'max_price')::numeric, CASE currency_decimals(r.currency) WHEN 0 THEN 1000000 ELSE 1000 END);
	problems := edit_restaurant_problems(r, body, true);
	IF problems <> '[]' THEN
		RETURN edit_refusal(422, NULL, problems);
	END IF;
	BEGIN
		INSERT INTO restaurant SELECT r.*;
	EXCEPTION WHEN unique_violation THEN
		RETURN edit_refusal(409, format('The slug "%s" is taken.', r.slug), edit_problem('/slug', 'is taken by another restaurant'));
	END;
	RETURN ROW(201, r.id, r.name, object_etag(r.revision, r.id), NULL, NULL, restaurant_json(r)::jsonb, NULL, '[]', NULL)::edit_outcome;
END $$;

CREATE FUNCTION edit_restaurant_update(r restaurant, body jsonb, tags text[]) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	n restaurant := jsonb_populate_record(r, body - 'max_price' - 'avatar_config');
	o edit_outcome := edit_precondition(true, tags, object_etag(r.revision, r.id), r);
	problems jsonb;
BEGIN
	IF o.status IS NOT NULL THEN
		RETURN o;
	END IF;
	n.max_price := coalesce((body ->> 'max_price')::numeric, r.max_price);
	n.metadata := coalesce(n.metadata, '{}');
	n.avatar_config := jsonb_strip_nulls(r.avatar_config || coalesce(nullif(body -> 'avatar_config', 'null'), '{}'));
	problems := edit_restaurant_problems(n, body, false);
	IF problems <> '[]' THEN
		RETURN edit_refusal(422, NULL, problems);
	END IF;
	BEGIN
		UPDATE restaurant SET name = n.name, slug = n.slug, cuisine_type = n.cuisine_type, description = n.description, currency = n.currency,
			timezone = n.timezone, hours = n.hours, max_price = n.max_price, allowed_origins = n.allowed_origins, theme = n.theme,
			avatar_config = n.avatar_config, metadata = n.metadata, is_active = n.is_active, revision = revision + 1, updated_at = now()
		WHERE id = r.id RETURNING * INTO STRICT n;
	EXCEPTION WHEN unique_violation THEN
		RETURN edit_refusal(409, format('The slug "%s" is taken.', n.slug), edit_problem('/slug', 'is taken by another restaurant'));
	END;
	RETURN ROW(200, n.id, n.name, object_etag(n.revision, n.id), NULL, json_differing(restaurant_json(r)::jsonb, restaurant_json(n)::jsonb),
		json_differing(restaurant_json(n)::jsonb, restaurant_json(r)::jsonb), NULL, '[]', NULL)::edit_outcome;
END $$;

CREATE FUNCTION edit_restaurant_delete(r restaurant, tags text[]) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	o edit_outcome := edit_precondition(true, tags, object_etag(r.revision, r.id), r);
BEGIN
	IF o.status IS NOT NULL THEN
		RETURN o;
	END IF;
	UPDATE restaurant SET deleted_at = now(), revision = revision + 1, updated_at = now() WHERE id = r.id;
	RETURN edit_deleted(r.id, r.name, restaurant_json(r)::jsonb);
END $$;

CREATE FUNCTION edit_avatar_update(r restaurant, body jsonb, tags text[]) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	o edit_outcome := edit_precondition(true, tags, object_etag(r.revision, r.id), r);
	n restaurant;
BEGIN
	IF o.status IS NOT NULL THEN
		RETURN o;
	END IF;
	UPDATE restaurant SET avatar_config = jsonb_strip_nulls(avatar_config || body), revision = revision + 1, updated_at = now()
	WHERE id = r.id RETURNING * INTO STRICT n;
	RETURN edit_changed(n.id, n.name, object_etag(n.revision, n.id), n.avatar_config::json, r.avatar_config);
END $$;

-- --- categories ---

CREATE FUNCTION edit_category_save(r restaurant, target uuid, is_new boolean, body jsonb, tags text[]) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	c menu_category;
	before_ jsonb;
	o edit_outcome;
BEGIN
	IF is_new THEN
		c := ROW(r.id, target, NULL, NULL, (SELECT coalesce(max(display_order) + 1, 0) FROM menu_category WHERE restaurant_id = r.id AND deleted_at IS NULL), true,
			0, now(), now(), NULL)::menu_category;
	ELSE
		SELECT * INTO c FROM menu_category WHERE restaurant_id = r.id AND id = target AND deleted_at IS NULL;
		before_ := category_json(c)::jsonb;
	END IF;
	o := edit_precondition(c.id IS NOT NULL, tags, object_etag(c.revision, c.id), r);
	IF o.status IS NOT NULL THEN
		RETURN o;
	END IF;
	c := jsonb_populate_record(c, body);
	IF is_new THEN
		INSERT INTO menu_category (restaurant_id, id, name, description, display_order, is_active)
		VALUES (r.id, c.id, c.name, c.description, c.display_order, c.is_active) RETURNING * INTO STRICT c;
	ELSE
		UPDATE menu_category SET name = c.name, description = c.description, display_order = c.display_order, is_active = c.is_active,
			revision = revision + 1, updated_at = now()
		WHERE restaurant_id = r.id AND id = c.id RETURNING * INTO STRICT c;
	END IF;
	RETURN edit_changed(c.id, c.name, object_etag(c.revision, c.id), category_json(c), before_);
END $$;

CREATE FUNCTION edit_category_delete(r restaurant, target uuid, tags text[]) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	c menu_category;
	o edit_outcome;
	dishes bigint;
BEGIN
	SELECT * INTO c FROM menu_category WHERE restaurant_id = r.id AND id = target AND deleted_at IS NULL;
	o := edit_precondition(FOUND, tags, object_etag(c.revision, c.id), r);
	IF o.status IS NOT NULL THEN
		RETURN o;
	END IF;
	SELECT count(*) INTO dishes FROM menu_item WHERE restaurant_id = r.id AND category_id = target AND deleted_at IS NULL;
	IF dishes > 0 THEN
		RETURN edit_refusal(409, format('The category still has dishes: %s. Move or delete them first.', dishes));
	END IF;
	UPDATE menu_category SET deleted_at = now(), revision = revision + 1, updated_at = now() WHERE restaurant_id = r.id AND id = target;
	RETURN edit_deleted(c.id, c.name, category_json(c)::jsonb);
END $$;

-- --- allergens of dishes and ingredients ---

CREATE FUNCTION allergens_unknown() RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{"contains": [], "may_contain": [], "free_of": [], "reviewed_at": null, "reviewed_by": null}'::jsonb;

-- What the lists that are given (names of the taxonomy, as an object; null: take all back) make of what was declared. Lists that are not given stay. A review holds
-- for the lists that were reviewed: other lists need a new one.
CREATE FUNCTION allergens_merged(old jsonb, given jsonb, who text) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
	lists jsonb := old - 'reviewed_at' - 'reviewed_by';
	merged jsonb;
BEGIN
	IF jsonb_typeof(given) <> 'object' THEN
		RETURN allergens_unknown();
	END IF;
	merged := lists || (given - 'reviewed');
	IF (given ->> 'reviewed')::boolean THEN
		RETURN merged || jsonb_build_object('reviewed_at', now(), 'reviewed_by', who);
	ELSIF merged = lists AND (given ->> 'reviewed') IS NULL THEN
		RETURN old;
	END IF;
	RETURN merged || '{"reviewed_at": null, "reviewed_by": null}';
END $$;

-- A name in two lists says two things.
CREATE FUNCTION allergens_problems(info jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('pointer', '/allergen_info/' || said.second, 'message',
		format('"%s" stands in %s as well: say one of the two', said.name, said.first)) ORDER BY said.second, said.name), '[]')
	FROM (SELECT a.value AS name, pair.first, pair.second
		FROM (VALUES ('contains', 'may_contain'), ('contains', 'free_of'), ('may_contain', 'free_of')) pair(first, second)
		CROSS JOIN LATERAL jsonb_array_elements_text(info -> pair.second) a
		WHERE info -> pair.first ? a.value) said);

-- --- dishes ---

CREATE FUNCTION edit_price_problems(r restaurant, body jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
	price numeric := (body ->> 'price')::numeric;
	decimals integer := currency_decimals(r.currency);
BEGIN
	IF price <= 0 THEN
		RETURN edit_problem('/price', 'must be greater than 0; null means: ask for the price');
	ELSIF price > r.max_price THEN
		RETURN edit_problem('/price', format('must be at most %s %s, the limit of this restaurant', round(r.max_price, decimals), r.currency));
	ELSIF scale(trim_scale(price)) > decimals THEN
		RETURN edit_problem('/price', format('must have at most %s decimals in %s', decimals, r.currency));
	END IF;
	RETURN '[]';
END $$;

CREATE FUNCTION edit_ingredient_problems(r restaurant, body jsonb) RETURNS jsonb
LANGUAGE sql STABLE
RETURN (SELECT coalesce(jsonb_agg(jsonb_build_object('pointer', '/ingredients/' || x.position - 1, 'message', 'must be the id of an ingredient of this restaurant')
		ORDER BY x.position), '[]')
	FROM jsonb_array_elements_text(coalesce(body -> 'ingredients', '[]')) WITH ORDINALITY x(id, position)
	WHERE NOT EXISTS (SELECT FROM ingredient g WHERE g.restaurant_id = r.id AND g.id = x.id::uuid AND g.deleted_at IS NULL));

CREATE FUNCTION edit_item_problems(r restaurant, i menu_item, body jsonb) RETURNS jsonb
LANGUAGE plpgsql STABLE AS $$
DECLARE
	problems jsonb := edit_price_problems(r, body) || edit_ingredient_problems(r, body) || allergens_problems(i.allergen_info);
BEGIN
	IF NOT EXISTS (SELECT FROM menu_category c WHERE c.restaurant_id = r.id AND c.id = i.category_id AND c.deleted_at IS NULL) THEN
		problems := problems || edit_problem('/category_id', 'must be the id of a category of this restaurant');
	END IF;
	RETURN problems;
END $$;

-- A time with an offset, or one of the restaurant's own clock.
CREATE FUNCTION edit_time(said text, timezone text) RETURNS timestamptz
LANGUAGE sql STABLE
RETURN CASE WHEN said ~* '(z|[+-]\d\d:\d\d)$' THEN said::timestamptz ELSE said::timestamp AT TIME ZONE timezone END;

-- Present members of the body over what is there. Who says whether a dish can be had says it for good, unless a time is given too.
CREATE FUNCTION edit_item_merged(r restaurant, i menu_item, body jsonb, who text) RETURNS menu_item
LANGUAGE plpgsql STABLE AS $$
DECLARE
	n menu_item := jsonb_populate_record(i, body - 'price' - 'allergen_info' - 'available_again_at');
BEGIN
	IF body ? 'allergen_info' THEN
		n.allergen_info := allergens_merged(i.allergen_info, body -> 'allergen_info', who);
	END IF;
	IF body ? 'is_available' OR body ? 'available_again_at' THEN
		n.available_again_at := CASE WHEN NOT n.is_available THEN edit_time(body ->> 'available_again_at', r.timezone) END;
	END IF;
	RETURN n;
END $$;

CREATE FUNCTION edit_item_link(r restaurant, target uuid, body jsonb) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF NOT body ? 'ingredients' THEN
		RETURN;
	END IF;
	DELETE FROM menu_item_ingredient WHERE restaurant_id = r.id AND menu_item_id = target;
	INSERT INTO menu_item_ingredient (restaurant_id, menu_item_id, ingredient_id, display_order)
	SELECT r.id, target, x.id::uuid, x.position FROM jsonb_array_elements_text(body -> 'ingredients') WITH ORDINALITY x(id, position)
	ON CONFLICT DO NOTHING;
END $$;

-- Sockets may patch what they show when nothing but price and availability changed; else they fetch the menu again.
CREATE FUNCTION edit_item_patch(i menu_item, currency text, changed jsonb) RETURNS json
LANGUAGE sql STABLE
RETURN CASE WHEN changed - 'price' - 'is_available' - 'available_again_at' = '{}' THEN
	json_build_array(json_build_object('id', i.id, 'price', round(i.price, currency_decimals(currency)), 'is_available', is_available_now(i.is_available, i.available_again_at))) END;

CREATE FUNCTION edit_item_save(r restaurant, target uuid, is_new boolean, body jsonb, tags text[], who text) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	i menu_item;
	n menu_item;
	before_ jsonb;
	problems jsonb;
	o edit_outcome;
BEGIN
	IF is_new THEN
		i.restaurant_id := r.id;
		i.id := target;
		i.is_signature := false;
		i.allergen_info := allergens_unknown();
		i.tags := '{}';
		i.display_order := (SELECT coalesce(max(display_order) + 1, 0) FROM menu_item
			WHERE restaurant_id = r.id AND category_id = (body ->> 'category_id')::uuid AND deleted_at IS NULL);
		i.is_available := true;
		i.revision := 0;
	ELSE
		SELECT * INTO i FROM menu_item WHERE restaurant_id = r.id AND id = target AND deleted_at IS NULL;
		before_ := item_json(i, r.currency)::jsonb;
	END IF;
	o := edit_precondition(i.id IS NOT NULL, tags, object_etag(i.revision, i.id), r);
	IF o.status IS NOT NULL THEN
		RETURN o;
	END IF;
	n := edit_item_merged(r, i, body, who);
	problems := edit_item_problems(r, n, body);
	IF problems <> '[]' THEN
		RETURN edit_refusal(422, NULL, problems);
	END IF;
	IF body ? 'price' THEN
		n.price := (body ->> 'price')::numeric;
	END IF;
	IF EXISTS (SELECT FROM menu_item x WHERE x.restaurant_id = r.id AND x.external_id = n.external_id AND x.deleted_at IS NULL AND x.id <> n.id) THEN
		RETURN edit_refusal(409, format('Another dish has the external_id "%s".', n.external_id), edit_problem('/external_id', 'is the external_id of another dish'));
	END IF;
	IF is_new THEN
		INSERT INTO menu_item (restaurant_id, id, category_id, external_id, name, description, price, image_url, is_signature, spice_level, allergen_info, tags,
			display_order, is_available, available_again_at)
		VALUES (r.id, n.id, n.category_id, n.external_id, n.name, n.description, n.price, n.image_url, n.is_signature, n.spice_level, n.allergen_info, n.tags,
			n.display_order, n.is_available, n.available_again_at)
		RETURNING * INTO STRICT n;
	ELSE
		UPDATE menu_item SET category_id = n.category_id, external_id = n.external_id, name = n.name, description = n.description, price = n.price,
			image_url = n.image_url, is_signature = n.is_signature, spice_level = n.spice_level, allergen_info = n.allergen_info, tags = n.tags,
			display_order = n.display_order, is_available = n.is_available, available_again_at = n.available_again_at, revision = revision + 1, updated_at = now()
		WHERE restaurant_id = r.id AND id = n.id RETURNING * INTO STRICT n;
	END IF;
	PERFORM edit_item_link(r, n.id, body);
	o := edit_changed(n.id, n.name, object_etag(n.revision, n.id), item_json(n, r.currency), before_);
	IF NOT is_new THEN
		o.items := edit_item_patch(n, r.currency, o.after);
	END IF;
	RETURN o;
END $$;

CREATE FUNCTION edit_item_delete(r restaurant, target uuid, tags text[]) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	i menu_item;
	o edit_outcome;
BEGIN
	SELECT * INTO i FROM menu_item WHERE restaurant_id = r.id AND id = target AND deleted_at IS NULL;
	o := edit_precondition(FOUND, tags, object_etag(i.revision, i.id), r);
	IF o.status IS NOT NULL THEN
		RETURN o;
	END IF;
	o := edit_deleted(i.id, i.name, item_json(i, r.currency)::jsonb);
	UPDATE menu_item SET deleted_at = now(), revision = revision + 1, updated_at = now() WHERE restaurant_id = r.id AND id = target;
	RETURN o;
END $$;

-- --- ingredients ---

CREATE FUNCTION edit_ingredient_save(r restaurant, target uuid, is_new boolean, body jsonb, tags text[], who text) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	g ingredient;
	n ingredient;
	before_ jsonb;
	o edit_outcome;
BEGIN
	IF is_new THEN
		g := ROW(r.id, target, NULL, NULL, allergens_unknown(), true, 0, now(), now(), NULL)::ingredient;
	ELSE
		SELECT * INTO g FROM ingredient WHERE restaurant_id = r.id AND id = target AND deleted_at IS NULL;
		before_ := ingredient_json(g)::jsonb;
	END IF;
	o := edit_precondition(g.id IS NOT NULL, tags, object_etag(g.revision, g.id), r);
	IF o.status IS NOT NULL THEN
		RETURN o;
	END IF;
	n := jsonb_populate_record(g, body - 'allergen_info');
	IF body ? 'allergen_info' THEN
		n.allergen_info := allergens_merged(g.allergen_info, body -> 'allergen_info', who);
	END IF;
	IF allergens_problems(n.allergen_info) <> '[]' THEN
		RETURN edit_refusal(422, NULL, allergens_problems(n.allergen_info));
	END IF;
	IF EXISTS (SELECT FROM ingredient x WHERE x.restaurant_id = r.id AND lower(x.name) = lower(n.name) AND x.deleted_at IS NULL AND x.id <> n.id) THEN
		RETURN edit_refusal(409, format('There is an ingredient "%s" already.', n.name), edit_problem('/name', 'is the name of another ingredient'));
	END IF;
	IF is_new THEN
		INSERT INTO ingredient (restaurant_id, id, name, description, allergen_info, is_active)
		VALUES (r.id, n.id, n.name, n.description, n.allergen_info, n.is_active) RETURNING * INTO STRICT n;
	ELSE
		UPDATE ingredient SET name = n.name, description = n.description, allergen_info = n.allergen_info, is_active = n.is_active, revision = revision + 1,
			updated_at = now()
		WHERE restaurant_id = r.id AND id = n.id RETURNING * INTO STRICT n;
	END IF;
	RETURN edit_changed(n.id, n.name, object_etag(n.revision, n.id), ingredient_json(n), before_);
END $$;

CREATE FUNCTION edit_ingredient_delete(r restaurant, target uuid, tags text[]) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
DECLARE
	g ingredient;
	o edit_outcome;
	dishes bigint;
BEGIN
	SELECT * INTO g FROM ingredient WHERE restaurant_id = r.id AND id = target AND deleted_at IS NULL;
	o := edit_precondition(FOUND, tags, object_etag(g.revision, g.id), r);
	IF o.status IS NOT NULL THEN
		RETURN o;
	END IF;
	SELECT count(*) INTO dishes FROM menu_item_ingredient x JOIN menu_item i ON i.restaurant_id = x.restaurant_id AND i.id = x.menu_item_id AND i.deleted_at IS NULL
	WHERE x.restaurant_id = r.id AND x.ingredient_id = target;
	IF dishes > 0 THEN
		RETURN edit_refusal(409, format('Dishes are made with this ingredient: %s. Take it off them first.', dishes));
	END IF;
	UPDATE ingredient SET deleted_at = now(), revision = revision + 1, updated_at = now() WHERE restaurant_id = r.id AND id = target;
	RETURN edit_deleted(g.id, g.name, ingredient_json(g)::jsonb);
END $$;

-- --- one edit ---

CREATE FUNCTION edit_perform(r restaurant, action text, target uuid, body jsonb, tags text[], who text) RETURNS edit_outcome
LANGUAGE plpgsql AS $$
BEGIN
	CASE action
	WHEN 'restaurant_update' THEN RETURN edit_restaurant_update(r, body, tags);
	WHEN 'restaurant_delete' THEN RETURN edit_restaurant_delete(r, tags);
	WHEN 'avatar_update' THEN RETURN edit_avatar_update(r, body, tags);
	WHEN 'category_create' THEN RETURN edit_category_save(r, target, true, body, tags);
	WHEN 'category_update' THEN RETURN edit_category_save(r, target, false, body, tags);
	WHEN 'category_delete' THEN RETURN edit_category_delete(r, target, tags);
	WHEN 'item_create' THEN RETURN edit_item_save(r, target, true, body, tags, who);
	WHEN 'item_update' THEN RETURN edit_item_save(r, target, false, body, tags, who);
	WHEN 'item_delete' THEN RETURN edit_item_delete(r, target, tags);
	WHEN 'ingredient_create' THEN RETURN edit_ingredient_save(r, target, true, body, tags, who);
	WHEN 'ingredient_update' THEN RETURN edit_ingredient_save(r, target, false, body, tags, who);
	WHEN 'ingredient_delete' THEN RETURN edit_ingredient_delete(r, target, tags);
	WHEN 'import_apply' THEN RETURN import_apply(r, target, body, tags, who);      -- these two come with 0006_imports.sql
	WHEN 'import_undo' THEN RETURN import_undo(r, target, tags);
	END CASE;
END $$;

-- `refusal_`: the program refused it already ({"status", "detail", "problems"}); then only the outcome is stored.
CREATE FUNCTION edit_apply(operation_ uuid, user_ uuid, email_ text, action_ text, target_ uuid, body_ jsonb, tags_ text[], hash_ text, refusal_ jsonb)
RETURNS operation
LANGUAGE plpgsql AS $$
DECLARE
	opened operation := edit_open(operation_, user_, email_, action_, target_, hash_);
	r restaurant;
	o edit_outcome;
BEGIN
	IF opened.status IS NOT NULL THEN
		RETURN opened;
	ELSIF refusal_ IS NOT NULL THEN
		o := edit_refusal((refusal_ ->> 'status')::integer, refusal_ ->> 'detail', coalesce(refusal_ -> 'problems', '[]'));
	ELSIF action_ = 'restaurant_create' THEN
		o := edit_restaurant_create(target_, body_, tags_);
	ELSE
		SELECT * INTO r FROM restaurant WHERE id = app_tenant() AND deleted_at IS NULL FOR NO KEY UPDATE;
		IF FOUND THEN
			o := edit_perform(r, action_, target_, body_, tags_, email_);
		ELSE
			o := edit_refusal(404, 'There is no such restaurant.');
		END IF;
	END IF;
	RETURN edit_close(operation_, o);
END $$;

-- --- reading ---

-- An operation is shown to who asked for it: its id is a secret.
CREATE FUNCTION operation_of(id_ uuid)
RETURNS TABLE (user_id uuid, action text, status integer, result json, etag text, menu_version bigint, problems jsonb, detail text, created_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
	SELECT o.user_id, o.action, o.status, o.result, o.etag, o.menu_version, o.problems, o.detail, o.created_at FROM operation o WHERE o.id = id_;
END;

DO $$
DECLARE
	name regprocedure;
BEGIN
	FOR name IN SELECT p.oid::regprocedure FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.proacl IS NULL LOOP
		EXECUTE format('REVOKE EXECUTE ON FUNCTION %s FROM PUBLIC', name);
		EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO restaurant_app', name);
	END LOOP;
END $$;
