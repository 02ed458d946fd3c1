-- Who may see what.
--
-- Programs work as the role restaurant_app, which owns nothing. Row-level security shows it the rows of one restaurant: the one named by the
-- setting app.tenant, which lives for one transaction; without it there are no rows at all. What must be known before (a slug, the
-- list of restaurants) comes from functions that run as the tables' owner and hand out only what anybody may read.
-- Row-level security is forced, so it holds for the owner too, and the owner has a policy of its own: neither a superuser nor BYPASSRLS is needed.

-- A role belongs to the cluster: another database's migration may make it at this moment.
DO $$
BEGIN
	IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'restaurant_app') THEN
		CREATE ROLE restaurant_app NOLOGIN;
	END IF;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
	NULL;
END $$;

CREATE FUNCTION app_tenant() RETURNS uuid
LANGUAGE sql STABLE PARALLEL SAFE
RETURN nullif(current_setting('app.tenant', true), '')::uuid;

DO $$
DECLARE
	name text;
	tenant text;
BEGIN
	FOREACH name IN ARRAY ARRAY['restaurant', 'menu_category', 'menu_item', 'ingredient', 'menu_item_ingredient', 'conversation', 'message', 'interaction_analytics'] LOOP
		tenant := CASE name WHEN 'restaurant' THEN 'id' ELSE 'restaurant_id' END;
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY tenant ON %I TO restaurant_app USING (%I = app_tenant())', name, tenant);
		EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
	END LOOP;
END $$;

-- Only what the statements of common/queries.def do.
GRANT SELECT ON restaurant, menu_category, menu_item, ingredient, menu_item_ingredient, conversation, message TO restaurant_app;
GRANT INSERT (restaurant_id, id, session_id, reply_partitions) ON conversation TO restaurant_app;
GRANT UPDATE (reply_partitions, profile, last_activity) ON conversation TO restaurant_app;
GRANT INSERT (restaurant_id, id, conversation_id, message_id, sender_type, content, status, attempt, claims, menu_version, provider, tokens_in, tokens_out, meta_data)
	ON message TO restaurant_app;
GRANT UPDATE (attempt) ON message TO restaurant_app;

CREATE FUNCTION restaurant_json(r restaurant) RETURNS json
LANGUAGE sql STABLE PARALLEL SAFE
RETURN json_build_object('id', r.id, 'name', r.name, 'slug', r.slug, 'cuisine_type', r.cuisine_type, 'description', r.description,
	'currency', r.currency, 'timezone', r.timezone, 'hours', r.hours, 'max_price', round(r.max_price, currency_decimals(r.currency)),
	'allowed_origins', r.allowed_origins, 'theme', r.theme, 'avatar_config', r.avatar_config, 'metadata', r.metadata,
	'is_active', r.is_active, 'menu_version', r.menu_version, 'etag', r.revision || '-' || right(r.id::text, 12),
	'created_at', r.created_at, 'updated_at', r.updated_at);

CREATE FUNCTION public_restaurant(slug_ text)
RETURNS TABLE (id uuid, name text, slug text, currency text, timezone text, menu_version bigint, avatar_config jsonb, body json)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
	SELECT r.id, r.name, r.slug, r.currency, r.timezone, r.menu_version, r.avatar_config, restaurant_json(r)
	FROM restaurant r
	WHERE r.slug = slug_ AND r.is_active AND r.deleted_at IS NULL;
END;

CREATE FUNCTION public_restaurants(limit_ bigint, offset_ bigint)
RETURNS TABLE (body json, total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
	SELECT coalesce((SELECT json_agg(restaurant_json(page.r) ORDER BY page.name, page.id)
		FROM (SELECT r, r.name, r.id FROM restaurant r WHERE r.is_active AND r.deleted_at IS NULL ORDER BY r.name, r.id LIMIT limit_ OFFSET offset_) page), '[]'),
		(SELECT count(*) FROM restaurant r WHERE r.is_active AND r.deleted_at IS NULL);
END;

REVOKE EXECUTE ON FUNCTION currency_decimals(text), is_allergen_info(jsonb), partitions_add(integer[], integer), app_tenant(), restaurant_json(restaurant),
	public_restaurant(text), public_restaurants(bigint, bigint) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION currency_decimals(text), is_allergen_info(jsonb), partitions_add(integer[], integer), app_tenant(), restaurant_json(restaurant),
	public_restaurant(text), public_restaurants(bigint, bigint) TO restaurant_app;
