#!/bin/bash
# Schemathesis against a running product: requests made from /openapi.json, valid and broken ones, alone and in sequences, as a platform admin; every answer
# must be one that the document promises. It changes and deletes what it finds: give it a product of its own.
# One check is left out, positive_data_acceptance ("what follows the schema is accepted"): a schema cannot say which words name an allergen, that a text holds no NUL or
# control character, or how many decimals a currency has.
#
#   check.sh URL DIR    DIR gets the report; the tool goes into $BUILD/schemathesis, once
# ADMIN_EMAIL and ADMIN_PASSWORD sign in. SCHEMATHESIS_EXAMPLES: how many requests an operation at most (10); SCHEMATHESIS_SEED (1): another one makes other requests.
set -euo pipefail
url=$1
dir=$2
here=$(cd "$(dirname "$0")" && pwd)
venv=${BUILD:-build}/schemathesis

# member NAME: of the JSON object on stdin, or of the first one of an array
member() {
	python3 -c 'import json, sys; v = json.load(sys.stdin); print((v[0] if isinstance(v, list) else v)[sys.argv[1]])' "$1"
}

# The lists are asked for a restaurant that is there.
write_config() {
	cat >"$dir/schemathesis.toml" <<-TOML
		[[operations]]
		include-operation-id-regex = "^(category|item|ingredient)_list$"
		parameters = { "path.id" = "$1" }
	TOML
}

"$here/../support/venv.sh" "$venv" "$here/requirements.txt"
restaurant=$(curl -sf "$url/api/v1/restaurants" | member id)
token=$(curl -sf -H 'Content-Type: application/json' -d "{\"email\":\"$ADMIN_EMAIL\",\"password\":\"$ADMIN_PASSWORD\"}" "$url/api/v1/auth/login" | member access_token)
write_config "$restaurant"
"$venv/bin/schemathesis" --config-file "$dir/schemathesis.toml" run "$url/openapi.json" --checks all --exclude-checks positive_data_acceptance --max-examples "${SCHEMATHESIS_EXAMPLES:-10}" \
	--generation-database none --no-color --header "Authorization: Bearer $token" --seed "${SCHEMATHESIS_SEED:-1}" >"$dir/schemathesis.log" 2>&1 && {
	grep -E 'generated|Selected' "$dir/schemathesis.log"
	exit 0
}
tail -n 150 "$dir/schemathesis.log"
exit 1
