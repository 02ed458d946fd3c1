-- Restaurants and their menus.
--
-- Tables of a restaurant have keys of id and restaurant_id and point at others by such pairs, so that no row can point at another
-- restaurant's. Keys begin with what tells rows apart, not with the restaurant: a plan that was made while the tables were empty then cannot mistake
-- a walk through all of a restaurant's rows for a look-up. Ids are UUIDv7, made by the program that asks for the row. What conversations may refer to is never deleted but gets a
-- deleted_at. `revision` grows with each change of a row: it is what the row's etag is made of.

-- Digits behind the point of a currency (ISO 4217).
CREATE FUNCTION currency_decimals(currency text) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE
	WHEN currency IN ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI', 'VND', 'VUV', 'XAF', 'XOF', 'XPF') THEN 0
	WHEN currency IN ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') THEN 3
	ELSE 2
END;

-- The shape which every reader of allergens relies on: three lists and who reviewed them when (null: nobody, so what is in no list is unknown).
CREATE FUNCTION is_allergen_info(info jsonb) RETURNS boolean
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_typeof(info -> 'contains') = 'array' AND jsonb_typeof(info -> 'may_contain') = 'array' AND jsonb_typeof(info -> 'free_of') = 'array'
	AND info ? 'reviewed_at' AND info ? 'reviewed_by';

CREATE TABLE restaurant (
	id uuid PRIMARY KEY,
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
	slug text NOT NULL CHECK (slug ~ '^[a-z0-9-]{1,100}$'),
	cuisine_type text CHECK (char_length(cuisine_type) <= 100),
	description text CHECK (char_length(description) <= 2000),
	currency text NOT NULL DEFAULT 'USD' CHECK (currency ~ '^[A-Z]{3}$'),
	timezone text NOT NULL DEFAULT 'UTC' CHECK (char_length(timezone) BETWEEN 1 AND 64),
	hours jsonb,
	max_price numeric(12, 3) NOT NULL DEFAULT 1000 CHECK (max_price > 0),
	allowed_origins text[] NOT NULL DEFAULT '{}',
	theme jsonb,
	avatar_config jsonb NOT NULL DEFAULT '{}' CHECK (jsonb_typeof(avatar_config) = 'object'),
	metadata jsonb NOT NULL DEFAULT '{}',
	menu_version bigint NOT NULL DEFAULT 1 CHECK (menu_version > 0),
	is_active boolean NOT NULL DEFAULT true,
	revision bigint NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	deleted_at timestamptz
);
CREATE UNIQUE INDEX restaurant_slug_key ON restaurant (slug) WHERE deleted_at IS NULL;
CREATE INDEX restaurant_active_by_name ON restaurant (name, id) WHERE is_active AND deleted_at IS NULL;

CREATE TABLE menu_category (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	id uuid NOT NULL,
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
	description text CHECK (char_length(description) <= 500),
	display_order integer NOT NULL DEFAULT 0,
	is_active boolean NOT NULL DEFAULT true,
	revision bigint NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	deleted_at timestamptz,
	PRIMARY KEY (id, restaurant_id)
);
CREATE INDEX menu_category_restaurant ON menu_category (restaurant_id, display_order);

CREATE TABLE menu_item (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	id uuid NOT NULL,
	category_id uuid NOT NULL,
	external_id text CHECK (char_length(external_id) BETWEEN 1 AND 100),
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
	description text CHECK (char_length(description) <= 500),
	price numeric(12, 3) CHECK (price > 0),       -- null: market price, ask
	image_url text CHECK (char_length(image_url) <= 2000),
	is_signature boolean NOT NULL DEFAULT false,
	spice_level smallint CHECK (spice_level BETWEEN 0 AND 5),
	allergen_info jsonb NOT NULL DEFAULT '{"contains": [], "may_contain": [], "free_of": [], "reviewed_at": null, "reviewed_by": null}'
		CHECK (is_allergen_info(allergen_info)),
	tags text[] NOT NULL DEFAULT '{}',
	display_order integer NOT NULL DEFAULT 0,
	is_available boolean NOT NULL DEFAULT true,
	available_again_at timestamptz,               -- a sold-out dish can be ordered again from then on
	revision bigint NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	deleted_at timestamptz,
	PRIMARY KEY (id, restaurant_id),
	FOREIGN KEY (restaurant_id, category_id) REFERENCES menu_category (restaurant_id, id)
);
CREATE INDEX menu_item_category ON menu_item (category_id);
CREATE UNIQUE INDEX menu_item_external_id_key ON menu_item (external_id, restaurant_id) WHERE deleted_at IS NULL;

CREATE TABLE ingredient (
	restaurant_id uuid NOT NULL REFERENCES restaurant,
	id uuid NOT NULL,
	name text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
	description text CHECK (char_length(description) <= 500),
	allergen_info jsonb NOT NULL DEFAULT '{"contains": [], "may_contain": [], "free_of": [], "reviewed_at": null, "reviewed_by": null}'
		CHECK (is_allergen_info(allergen_info)),
	is_active boolean NOT NULL DEFAULT true,
	revision bigint NOT NULL DEFAULT 1,
	created_at timestamptz NOT NULL DEFAULT now(),
	updated_at timestamptz NOT NULL DEFAULT now(),
	deleted_at timestamptz,
	PRIMARY KEY (id, restaurant_id)
);
CREATE UNIQUE INDEX ingredient_name_key ON ingredient (lower(name), restaurant_id) WHERE deleted_at IS NULL;

CREATE TABLE menu_item_ingredient (
	restaurant_id uuid NOT NULL,
	menu_item_id uuid NOT NULL,
	ingredient_id uuid NOT NULL,
	display_order integer NOT NULL DEFAULT 0,
	PRIMARY KEY (menu_item_id, ingredient_id, restaurant_id),
	FOREIGN KEY (restaurant_id, menu_item_id) REFERENCES menu_item (restaurant_id, id) ON DELETE CASCADE,
	FOREIGN KEY (restaurant_id, ingredient_id) REFERENCES ingredient (restaurant_id, id)
);
CREATE INDEX menu_item_ingredient_ingredient ON menu_item_ingredient (ingredient_id);
