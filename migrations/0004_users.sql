-- Who may sign in, and what of which restaurant they may do.
--
-- Users belong to the platform, not to a restaurant: one person may work in several. Programs never see the tables app_user, refresh_token and account_request (no policy shows
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

-- What a write answered, by its Idempotency-Key: `key` is made of user, method, path and key, `request_hash` is a keyed hash of the body (it may hold a password). Kept for a day.
CREATE TABLE account_request (
	key uuid PRIMARY KEY,
	request_hash text NOT NULL,
	status integer NOT NULL,
	body json,
	created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX account_request_age ON account_request (created_at);

DO $$
DECLARE
	name text;
BEGIN
	FOREACH name IN ARRAY ARRAY['app_user', 'membership', 'refresh_token', 'account_request'] LOOP
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

CREATE FUNCTION user_etag(u app_user) RETURNS text
LANGUAGE sql IMMUTABLE
RETURN u.revision || '-' || right(u.id::text, 12);

-- A user as the API shows it. What he is in restaurants that are deleted is left out.
CREATE FUNCTION user_json(u app_user) RETURNS json
LANGUAGE sql STABLE
RETURN json_build_object('id', u.id, 'email', u.email, 'name', u.name, 'is_platform_admin', u.is_platform_admin, 'is_active', u.is_active,
	'memberships', coalesce((SELECT json_agg(json_build_object('restaurant_id', r.id, 'slug', r.slug, 'name', r.name, 'role', m.role) ORDER BY r.name, r.id)
		FROM membership m JOIN restaurant r ON r.id = m.restaurant_id AND r.deleted_at IS NULL WHERE m.user_id = u.id), '[]'),
	'etag', user_etag(u), 'created_at', u.created_at, 'updated_at', u.updated_at);

CREATE FUNCTION user_get(id_ uuid) RETURNS TABLE (body json)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
	SELECT user_json(u) FROM app_user u WHERE u.id = id_;
END;

-- --- signing in ---

-- Whose address is it? For login only: the hash is for nobody else's eyes.
CREATE FUNCTION login_find(email_ text) RETURNS TABLE (id uuid, password_hash text, is_active boolean, is_platform_admin boolean)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY SELECT u.id, u.password_hash, u.is_active, u.is_platform_admin FROM app_user u WHERE lower(u.email COLLATE "C") = lower(email_ COLLATE "C");
END $$;

-- A new family of refresh tokens; what is over, and all but the 49 newest of the user's, go. No row: the user was switched off meanwhile.
CREATE FUNCTION session_open(user_id_ uuid, id_ uuid, token_hash_ text, days bigint) RETURNS TABLE (id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
	DELETE FROM refresh_token t WHERE t.user_id = user_id_ AND (t.expires_at <= now()
		OR t.id IN (SELECT o.id FROM refresh_token o WHERE o.user_id = user_id_ ORDER BY o.rotated_at DESC OFFSET 49));
	RETURN QUERY INSERT INTO refresh_token (id, user_id, token_hash, expires_at)
		SELECT id_, u.id, token_hash_, now() + make_interval(days => days::integer) FROM app_user u WHERE u.id = user_id_ AND u.is_active
		RETURNING id;
END $$;

-- The newest token of a family becomes the next one. Another secret of that family: it was used before, or never was ours; the family goes (`reused`). Two calls with
-- the same token at once: the second waits for the first one's lock and finds the secret changed. No row: there is no such family.
CREATE FUNCTION session_rotate(id_ uuid, old_hash text, new_hash text, days bigint) RETURNS TABLE (user_id uuid, reused boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
	RETURN QUERY UPDATE refresh_token t SET token_hash = new_hash, rotated_at = now(), expires_at = now() + make_interval(days => days::integer)
		FROM app_user u WHERE t.id = id_ AND t.token_hash = old_hash AND t.expires_at > now() AND u.id = t.user_id AND u.is_active
		RETURNING t.user_id, false;
	IF NOT FOUND THEN
		RETURN QUERY DELETE FROM refresh_token t WHERE t.id = id_ RETURNING t.user_id, true;
	END IF;
END $$;

CREATE FUNCTION session_close(id_ uuid) RETURNS TABLE (user_id uuid)
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
	DELETE FROM refresh_token t WHERE t.id = id_ RETURNING t.user_id;
END;

-- The first platform admin, of ADMIN_EMAIL. Another password ends what was signed in with the one before.
CREATE FUNCTION admin_put(id_ uuid, email_ text, password_hash_ text) RETURNS TABLE (id uuid)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
DECLARE
	put uuid;
BEGIN
	INSERT INTO app_user AS u (id, email, name, password_hash, is_platform_admin) VALUES (id_, email_, 'Admin', password_hash_, true)
		ON CONFLICT (lower(email COLLATE "C")) DO UPDATE SET password_hash = excluded.password_hash, is_platform_admin = true, is_active = true,
			revision = u.revision + 1, updated_at = now()
		RETURNING u.id INTO put;
	DELETE FROM refresh_token t WHERE t.user_id = put;
	RETURN QUERY SELECT put;
END $$;

-- --- writes of users and members: once, and with an answer ---

CREATE TYPE account_answer AS (status integer, detail text, body json);

-- The stored answer; null: this is the first time. Holds a lock on the key until the transaction ends, so the same request twice at once is one after the other.
CREATE FUNCTION account_seen(key_ uuid, hash_ text) RETURNS account_answer
LANGUAGE plpgsql AS $$
DECLARE
	seen account_request;
BEGIN
	IF key_ IS NULL THEN
		RETURN NULL;
	END IF;
	PERFORM pg_advisory_xact_lock(7302, hashtext(key_::text));
	SELECT * INTO seen FROM account_request q WHERE q.key = key_;
	IF NOT FOUND THEN
		RETURN NULL;
	ELSIF seen.request_hash <> hash_ THEN
		RETURN (422, 'This Idempotency-Key was used for another request.', NULL)::account_answer;
	END IF;
	RETURN (seen.status, NULL, seen.body)::account_answer;
END $$;

CREATE FUNCTION account_keep(key_ uuid, hash_ text, answer account_answer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
	IF key_ IS NOT NULL AND answer.status < 300 THEN
		DELETE FROM account_request WHERE created_at < now() - interval '1 day';
		INSERT INTO account_request (key, request_hash, status, body) VALUES (key_, hash_, answer.status, answer.body);
	END IF;
END $$;

-- Does an If-Match hold this etag? Null: it was not asked.
CREATE FUNCTION etag_matches(if_match text, etag text) RETURNS boolean
LANGUAGE sql IMMUTABLE
RETURN if_match IS NULL OR if_match = '*' OR position('"' || etag || '"' IN if_match) > 0;

-- Somebody must be left who may everything. Locks all admins: two who remove each other at once are one after the other.
CREATE FUNCTION is_last_admin(id_ uuid) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM 1 FROM app_user u WHERE u.is_platform_admin ORDER BY u.id FOR UPDATE;
	RETURN EXISTS (SELECT FROM app_user u WHERE u.id = id_ AND u.is_platform_admin AND u.is_active)
		AND NOT EXISTS (SELECT FROM app_user u WHERE u.id <> id_ AND u.is_platform_admin AND u.is_active);
END $$;

CREATE FUNCTION user_create(id_ uuid, email_ text, name_ text, hash text, platform boolean) RETURNS account_answer
LANGUAGE plpgsql AS $$
DECLARE
	u app_user;
BEGIN
	INSERT INTO app_user (id, email, name, password_hash, is_platform_admin) VALUES (id_, email_, coalesce(name_, ''), coalesce(hash, ''), coalesce(platform, false))
		ON CONFLICT DO NOTHING RETURNING * INTO u;
	IF NOT FOUND THEN
		RETURN (409, 'There is a user with this e-mail address already.', NULL)::account_answer;
	END IF;
	RETURN (201, NULL, user_json(u))::account_answer;
END $$;

-- Null leaves a field as it is. Whoever is switched off, or gets another password, is signed out everywhere.
CREATE FUNCTION user_update(id_ uuid, email_ text, name_ text, hash text, active boolean, platform boolean, if_match text) RETURNS account_answer
LANGUAGE plpgsql AS $$
DECLARE
	u app_user;
	last boolean := (active = false OR platform = false) AND is_last_admin(id_);
BEGIN
	SELECT * INTO u FROM app_user WHERE id = id_ FOR UPDATE;
	IF NOT FOUND THEN
		RETURN (404, NULL, NULL)::account_answer;
	ELSIF NOT etag_matches(if_match, user_etag(u)) THEN
		RETURN (412, NULL, NULL)::account_answer;
	ELSIF last THEN
		RETURN (409, 'This is the last platform admin.', NULL)::account_answer;
	END IF;
	UPDATE app_user SET email = coalesce(email_, email), name = coalesce(name_, name), password_hash = coalesce(hash, password_hash),
		is_active = coalesce(active, is_active), is_platform_admin = coalesce(platform, is_platform_admin), revision = revision + 1, updated_at = now()
		WHERE id = id_ RETURNING * INTO u;
	IF hash IS NOT NULL OR NOT u.is_active THEN
		DELETE FROM refresh_token WHERE user_id = id_;
	END IF;
	RETURN (200, NULL, user_json(u))::account_answer;
EXCEPTION WHEN unique_violation THEN
	RETURN (409, 'There is a user with this e-mail address already.', NULL)::account_answer;
END $$;

CREATE FUNCTION user_delete(id_ uuid, if_match text) RETURNS account_answer
LANGUAGE plpgsql AS $$
DECLARE
	last boolean := is_last_admin(id_);
	u app_user;
BEGIN
	SELECT * INTO u FROM app_user WHERE id = id_ FOR UPDATE;
	IF NOT FOUND THEN
		RETURN (404, NULL, NULL)::account_answer;
	ELSIF NOT etag_matches(if_match, user_etag(u)) THEN
		RETURN (412, NULL, NULL)::account_answer;
	ELSIF last THEN
		RETURN (409, 'This is the last platform admin.', NULL)::account_answer;
	END IF;
	DELETE FROM app_user WHERE id = id_;
	RETURN (204, NULL, NULL)::account_answer;
END $$;

-- POST, PATCH and DELETE of users. Flags are 'true', 'false' or null; the caller is a platform admin (the api's access_find said so).
CREATE FUNCTION user_write(action text, id_ uuid, email_ text, name_ text, hash text, active text, platform text, if_match text, key_ uuid, key_hash text)
RETURNS TABLE (status integer, detail text, body json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	a account_answer := account_seen(key_, key_hash);
BEGIN
	IF a.status IS NULL THEN
		IF action = 'create' THEN
			a := user_create(id_, email_, name_, hash, platform::boolean);
		ELSIF action = 'update' THEN
			a := user_update(id_, email_, name_, hash, active::boolean, platform::boolean, if_match);
		ELSE
			a := user_delete(id_, if_match);
		END IF;
		PERFORM account_keep(key_, key_hash, a);
	END IF;
	RETURN QUERY SELECT a.status, a.detail, a.body;
END $$;

CREATE FUNCTION user_list(limit_ bigint, offset_ bigint) RETURNS TABLE (body json, total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
	SELECT coalesce((SELECT json_agg(user_json(page.u) ORDER BY page.created_at, page.id)
		FROM (SELECT u, u.created_at, u.id FROM app_user u ORDER BY u.created_at, u.id LIMIT limit_ OFFSET offset_) page), '[]'),
		(SELECT count(*) FROM app_user u);
END;

-- --- members of the restaurant of app.tenant ---

CREATE FUNCTION member_json(m membership) RETURNS json
LANGUAGE sql STABLE
RETURN (SELECT json_build_object('user_id', u.id, 'email', u.email, 'name', u.name, 'role', m.role, 'is_active', u.is_active,
	'etag', m.role || '-' || right(u.id::text, 12), 'created_at', m.created_at, 'updated_at', m.updated_at) FROM app_user u WHERE u.id = m.user_id);

CREATE FUNCTION member_list(limit_ bigint, offset_ bigint) RETURNS TABLE (body json, total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
BEGIN ATOMIC
	SELECT coalesce((SELECT json_agg(member_json(page.m) ORDER BY page.created_at, page.user_id)
		FROM (SELECT m, m.created_at, m.user_id FROM membership m WHERE m.restaurant_id = app_tenant() ORDER BY m.created_at, m.user_id LIMIT limit_ OFFSET offset_) page), '[]'),
		(SELECT count(*) FROM membership m WHERE m.restaurant_id = app_tenant());
END;

-- A restaurant keeps an owner who can sign in. Locks its owners, as is_last_admin() does.
CREATE FUNCTION is_last_owner(user_id_ uuid) RETURNS boolean
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM 1 FROM membership m WHERE m.restaurant_id = app_tenant() AND m.role = 'owner' ORDER BY m.user_id FOR UPDATE;
	RETURN EXISTS (SELECT FROM membership m WHERE m.restaurant_id = app_tenant() AND m.user_id = user_id_ AND m.role = 'owner')
		AND NOT EXISTS (SELECT FROM membership m JOIN app_user u ON u.id = m.user_id AND u.is_active
			WHERE m.restaurant_id = app_tenant() AND m.user_id <> user_id_ AND m.role = 'owner');
END $$;

-- The user of that address, made when there is none; one who is there keeps his name and password.
CREATE FUNCTION member_add(id_ uuid, email_ text, role_ member_role, name_ text, hash text) RETURNS account_answer
LANGUAGE plpgsql AS $$
DECLARE
	m membership;
	who uuid;
BEGIN
	INSERT INTO app_user (id, email, name, password_hash) VALUES (id_, email_, coalesce(name_, ''), coalesce(hash, '')) ON CONFLICT DO NOTHING;
	SELECT u.id INTO who FROM app_user u WHERE lower(u.email COLLATE "C") = lower(email_ COLLATE "C");
	INSERT INTO membership (restaurant_id, user_id, role) VALUES (app_tenant(), who, role_) ON CONFLICT DO NOTHING RETURNING * INTO m;
	IF NOT FOUND THEN
		RETURN (409, 'This user is a member already; PUT changes the role.', NULL)::account_answer;
	END IF;
	RETURN (201, NULL, member_json(m))::account_answer;
END $$;

-- role_ null: the member goes, and is signed out everywhere.
CREATE FUNCTION member_change(user_id_ uuid, role_ member_role, if_match text) RETURNS account_answer
LANGUAGE plpgsql AS $$
DECLARE
	m membership;
	last boolean := role_ IS DISTINCT FROM 'owner' AND is_last_owner(user_id_);
BEGIN
	SELECT * INTO m FROM membership x WHERE x.restaurant_id = app_tenant() AND x.user_id = user_id_ FOR UPDATE;
	IF NOT FOUND THEN
		RETURN (404, NULL, NULL)::account_answer;
	ELSIF NOT etag_matches(if_match, m.role || '-' || right(user_id_::text, 12)) THEN
		RETURN (412, NULL, NULL)::account_answer;
	ELSIF last THEN
		RETURN (409, 'This is the last owner; make somebody else an owner first.', NULL)::account_answer;
	ELSIF role_ IS NOT NULL THEN
		UPDATE membership x SET role = role_, updated_at = now() WHERE x.restaurant_id = app_tenant() AND x.user_id = user_id_ RETURNING * INTO m;
		RETURN (200, NULL, member_json(m))::account_answer;
	END IF;
	DELETE FROM membership x WHERE x.restaurant_id = app_tenant() AND x.user_id = user_id_;
	DELETE FROM refresh_token t WHERE t.user_id = user_id_;
	RETURN (204, NULL, NULL)::account_answer;
END $$;

-- POST, PUT and DELETE of members; id_ is the new user's, or the member's. `before` is for the audit: the role that it was.
CREATE FUNCTION member_write(action text, id_ uuid, email_ text, role_ text, name_ text, hash text, if_match text, key_ uuid, key_hash text)
RETURNS TABLE (status integer, detail text, body json, before json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	a account_answer := account_seen(key_, key_hash);
	was json;
BEGIN
	IF app_tenant() IS NULL THEN
		a := (404, NULL, NULL)::account_answer;
	ELSIF a.status IS NULL THEN
		SELECT member_json(m) INTO was FROM membership m WHERE m.restaurant_id = app_tenant() AND m.user_id = id_;
		IF action = 'create' THEN
			a := member_add(id_, email_, role_::member_role, name_, hash);
		ELSE
			a := member_change(id_, CASE WHEN action = 'update' THEN role_::member_role END, if_match);
		END IF;
		PERFORM account_keep(key_, key_hash, a);
	END IF;
	RETURN QUERY SELECT a.status, a.detail, a.body, was;
END $$;

-- Nothing is open to everybody, and only these are open to programs.
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION access_find(uuid, text, text), login_find(text), session_open(uuid, uuid, text, bigint), session_rotate(uuid, text, text, bigint),
	session_close(uuid), admin_put(uuid, text, text), user_get(uuid), user_list(bigint, bigint),
	user_write(text, uuid, text, text, text, text, text, text, uuid, text), member_list(bigint, bigint),
	member_write(text, uuid, text, text, text, text, text, uuid, text) TO restaurant_app;
