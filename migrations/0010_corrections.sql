-- When the menu takes back what an answer said, whoever was told so is told again.

-- One row for each answer and menu version that made it wrong. It goes with its conversation.
CREATE TABLE correction (
	restaurant_id uuid NOT NULL,
	message_id uuid NOT NULL,
	menu_version bigint NOT NULL,
	conversation_id uuid NOT NULL,
	claims jsonb NOT NULL,  -- what is true now
	content text NOT NULL,
	created_at timestamptz NOT NULL DEFAULT now(),
	PRIMARY KEY (message_id, menu_version, restaurant_id),
	FOREIGN KEY (restaurant_id, conversation_id) REFERENCES conversation (restaurant_id, id) ON DELETE CASCADE
);
CREATE INDEX correction_conversation ON correction (conversation_id);

ALTER TABLE correction ENABLE ROW LEVEL SECURITY;
ALTER TABLE correction FORCE ROW LEVEL SECURITY;
CREATE POLICY tenant ON correction TO restaurant_app USING (restaurant_id = app_tenant());
CREATE POLICY owner ON correction TO CURRENT_USER USING (true);
GRANT SELECT, INSERT ON correction TO restaurant_app;

-- Answers by time: who was told something lately. Only statements that say `claims <> '[]'` can use it, so no plan mistakes it for a way to anything else (see 0002).
CREATE INDEX message_told ON message (restaurant_id, created_at) WHERE sender_type = 'assistant' AND claims <> '[]';
