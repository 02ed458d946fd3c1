-- mode=replace: the file is the whole menu that guests see, as our export writes it. Dishes of a category that is switched off (a season's, say) are not in an export,
-- so a file without them does not remove them.
CREATE OR REPLACE FUNCTION import_plan_removes(import_ uuid) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
	last bigint := (SELECT coalesce(max(s.number), 0) FROM stage s);
BEGIN
	INSERT INTO import_row (restaurant_id, import_id, outcome, number, item_id, category_id, category, external_id, name, price)
	SELECT app_tenant(), import_, 'remove', last + row_number() OVER (ORDER BY c.display_order, c.name, i.display_order, i.name, i.id), i.id, i.category_id, c.name,
		i.external_id, i.name, i.price
	FROM menu_item i JOIN menu_category c ON c.id = i.category_id AND c.restaurant_id = i.restaurant_id AND c.is_active
	WHERE i.restaurant_id = app_tenant() AND i.deleted_at IS NULL AND NOT EXISTS (SELECT FROM plan_row p WHERE p.item_id = i.id);
END $$;
