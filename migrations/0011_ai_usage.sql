-- What each restaurant's answers cost at the providers, by calendar month (UTC): reserved before a call, settled after it.
CREATE TABLE ai_usage (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	month date NOT NULL,
	tokens bigint NOT NULL,
	PRIMARY KEY (restaurant_id, month)
);

ALTER TABLE ai_usage ENABLE ROW LEVEL SECURITY;
ALTER TABLE ai_usage FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ai_usage TO restaurant_app USING (restaurant_id = app_tenant());
CREATE POLICY owner ON ai_usage TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE (tokens) ON ai_usage TO restaurant_app;
