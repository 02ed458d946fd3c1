-- The audit also tells who changed a restaurant's members, and what was only kept to answer a repeated request goes after a week.

-- A change of members makes no menu version, so a row's key is what did it. The clock, and not the transaction's beginning, orders the rows: who waited for the
-- restaurant's lock comes after who had it.
ALTER TABLE audit DROP CONSTRAINT audit_pkey;
ALTER TABLE audit ADD PRIMARY KEY (restaurant_id, operation_id);
ALTER TABLE audit ALTER menu_version DROP NOT NULL, ALTER created_at SET DEFAULT clock_timestamp();
CREATE UNIQUE INDEX audit_menu_version ON audit (restaurant_id, menu_version);
CREATE INDEX audit_newest ON audit (restaurant_id, created_at);

CREATE FUNCTION member_audit(action text, actor uuid, actor_email text, was jsonb, is_ jsonb) RETURNS void
LANGUAGE sql
BEGIN ATOMIC
	INSERT INTO audit (restaurant_id, operation_id, user_id, user_email, action, target_id, target_name, before, after)
	VALUES (app_tenant(), gen_random_uuid(), actor, actor_email, 'member_' || action, (coalesce(is_, was) ->> 'user_id')::uuid, coalesce(is_, was) ->> 'email',
		CASE WHEN is_ IS NULL OR was IS NULL THEN was ELSE json_differing(was, is_) END,
		CASE WHEN is_ IS NULL OR was IS NULL THEN is_ ELSE json_differing(is_, was) END);
END;

-- As in 0004, but it also names who does it, for the audit.
DROP FUNCTION member_write(text, uuid, text, text, text, text, text, uuid, text);
CREATE FUNCTION member_write(action text, id_ uuid, email_ text, role_ text, name_ text, hash text, if_match text, key_ uuid, key_hash text, actor uuid, actor_email text)
RETURNS TABLE (status integer, detail text, body json)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	a account_answer := account_seen(key_, key_hash);
	was jsonb;
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
		IF a.status < 300 THEN
			PERFORM member_audit(action, actor, actor_email, was, a.body::jsonb);
		END IF;
		PERFORM account_keep(key_, key_hash, a);
	END IF;
	RETURN QUERY SELECT a.status, a.detail, a.body;
END $$;

-- Outcomes of edits are kept for who asks again; what was done stands in the audit. Returns how many went, a thousand at a time so that no lock is long.
CREATE INDEX operation_oldest ON operation (created_at);
CREATE FUNCTION operation_tidy(kept interval) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
	gone bigint;
BEGIN
	DELETE FROM operation o WHERE o.id IN (SELECT x.id FROM operation x WHERE x.created_at < now() - kept AND x.status IS NOT NULL ORDER BY x.created_at LIMIT 1000 FOR UPDATE SKIP LOCKED);
	GET DIAGNOSTICS gone = ROW_COUNT;
	RETURN gone;
END $$;

REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;
GRANT EXECUTE ON FUNCTION member_write(text, uuid, text, text, text, text, text, uuid, text, uuid, text), operation_tidy(interval) TO restaurant_app;
