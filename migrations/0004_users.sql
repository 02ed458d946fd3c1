-- Who may sign in, and what of which restaurant they may do.
--
-- Users belong to the platform, not to a restaurant: one person may work in several. Programs never see the tables app_user and refresh_token (no policy shows
-- restaurant_app a row of them); they ask the functions below, each of which does one thing, and those of members look at the restaurant of app.tenant only.
-- An e-mail address is unique whatever its case. It is ASCII (the API sees to that), so lower() in the collation "C" folds it in every locale.
-- Roles are ordered: each may do what those before it may.

CREATE TYPE member_role AS ENUM ('viewer', 'staff', 'manager', 'owner');

CREATE TABLE app_user (
	id uuid PRIMARY KEY,
	email text NOT NULL CHECK (email ~ '^[!-~]{3,254}$'),
	name text NOT NULL DEFAULT '' CHECK (char_length(name) <= 100),
	password_hash text NOT NULL DEFAULT '' CHECK (char_length(password_hash) <= 200),       -- argon2id; '': nobody can sign in with a password
	is_platform_admin boolean NOT NULL DEFAULT false,
	is_active boolean NOT NULL DEFAULT true,
	revision bigint NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now()
);
CREATE UNIQUE INDEX app_user_email_key ON app_user (lower(email COLLATE "C"));

CREATE TABLE membership (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
	role member_role NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (user_id, restaurant_id)
);
CREATE INDEX membership_restaurant ON membership (restaurant_id);

-- One row for each signed-in device: a family of refresh tokens, of which only the newest is good. `token_hash` is SHA-256 of its secret half; the other half is
-- the id. A token that names the row but not its newest secret was used before: somebody has a copy, and the row goes.
CREATE TABLE refresh_token (
	id uuid PRIMARY KEY,
	user_id uuid NOT NULL REFERENCES app_user ON DELETE CASCADE,
	token_hash text NOT NULL CHECK (char_length(token_hash) = 64),
	created_at timestamptz NOT NULL DEFAULT now(),
	rotated_at timestamptz NOT NULL DEFAULT now(),
	expires_at timestamptz NOT NULL
);
CREATE INDEX refresh_token_user ON refresh_token (user_id, rotated_at);

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['app_user', 'membership', 'refresh_token'] LOOP
		EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', name);
		EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', name);
		EXECUTE format('CREATE POLICY owner ON %I TO CURRENT_USER USING (true)', name);
	END LOOP;
END $$;
CREATE POLICY tenant ON membership TO restaurant_app USING (restaurant_id = app_tenant());

-- The restaurant that a request is about; `of_` and `target_` are a route's (api/routes.def). Null: there is none such. The tables menu_import and operation come with later
-- migrations, which need not touch this function: plpgsql looks for them when it runs. An operation outlives its restaurant, and one that failed to make a
-- restaurant names one that never was. What was deleted is still found, because whoever deleted it may send the same request again (Idempotency-Key); that it is gone is
-- for others to say.
CREATE FUNCTION access_restaurant(of_ text, target_ text) RETURNS uuid
LANGUAGE plpgsql STABLE AS $$
DECLARE
	found_ uuid;
BEGIN
	IF target_ IS NULL THEN
		RETURN NULL;
	ELSIF of_ = 'SLUG' THEN
		RETURN coalesce((SELECT r.id FROM restaurant r WHERE r.slug = target_ AND r.deleted_at IS NULL),
			(SELECT r.id FROM restaurant r WHERE r.slug = target_ AND r.deleted_at IS NOT NULL ORDER BY r.deleted_at DESC LIMIT 1));
	ELSIF of_ IN ('RESTAURANT', 'BODY', 'QUERY') THEN
		RETURN (SELECT r.id FROM restaurant r WHERE r.id = target_::uuid AND r.deleted_at IS NULL);
	ELSIF of_ = 'OPERATION' THEN
		RETURN (SELECT o.restaurant_id FROM operation o WHERE o.id = target_::uuid LIMIT 1);
	ELSIF of_ = 'CATEGORY' THEN
		found_ := (SELECT c.restaurant_id FROM menu_category c WHERE c.id = target_::uuid LIMIT 1);
	ELSIF of_ = 'ITEM' THEN
		found_ := (SELECT i.restaurant_id FROM menu_item i WHERE i.id = target_::uuid LIMIT 1);
	ELSIF of_ = 'INGREDIENT' THEN
		found_ := (SELECT g.restaurant_id FROM ingredient g WHERE g.id = target_::uuid LIMIT 1);
	ELSIF of_ = 'IMPORT' THEN
		found_ := (SELECT i.restaurant_id FROM menu_import i WHERE i.id = target_::uuid LIMIT 1);
	END IF;
	RETURN (SELECT r.id FROM restaurant r WHERE r.id = found_ AND r.deleted_at IS NULL);
END $$;

-- May this user in? No row: unknown or not active. Role null: none in that restaurant.
CREATE FUNCTION access_find(user_id_ uuid, of_ text, target_ text)
RETURNS TABLE (email text, is_platform_admin boolean, restaurant_id uuid, slug text, role text)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
	place uuid := access_restaurant(of_, target_);
BEGIN
	RETURN QUERY SELECT u.email, u.is_platform_admin, place, (SELECT r.slug FROM restaurant r WHERE r.id = place),
		(SELECT m.role::text FROM membership m WHERE m.user_id = u.id AND m.restaurant_id = place)
	FROM app_user u WHERE u.id = user_id_ AND u.is_active;
END $$;

-- A user as the API shows it. What he is in restaurants that are deleted is left out.
CREATE FUNCTION user_json(u app_user) RETURNS json
LANGUAGE sql STABLE
RETURN json_build_object('id', u.id, 'email', u.email, 'name', u.name, 'is_platform_admin', u.is_platform_admin, 'is_active', u.is_active,
	'memberships', coalesce((SELECT json_agg(json_build_object('restaurant_id', r.id, 'slug', r.slug, 'name', r.name, 'role', m.role) ORDER BY r.name, r.id)
		FROM membership m JOIN restaurant r ON r.id = m.restaurant_id AND r.deleted_at IS NULL WHERE m.user_id = u.id), '[]'),
	'etag', u.revision || '-' || right(u.id::text, 12), 'created_at', u.created_at, 'updated_at', u.updated_at);

CREATE FUNCTION user_get(id_ uuid) RETURNS TABLE (body json)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
	SELECT user_json(u) FROM app_user u WHERE u.id = id_;
END;

REVOKE EXECUTE ON FUNCTION user_json(app_user), user_get(uuid), access_restaurant(text, text), access_find(uuid, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION user_get(uuid), access_find(uuid, text, text) TO restaurant_app;
