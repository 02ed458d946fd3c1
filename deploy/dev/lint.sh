#!/bin/bash
# The gates of `make lint`. Each check is a function that prints what is wrong, file:line first, and nothing when all is well.
# There are no exceptions: a rule that does not fit is changed here, for everybody.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
BUILD=${BUILD:-build}
file_lines_max=500
function_lines_max=60
complexity_max=15

mapfile -t c_files < <(find api common deploy/dev schemas workers tests -name '*.[ch]' | sort)
mapfile -t sources < <(printf '%s\n' "${c_files[@]}" | grep '\.c$')
mapfile -t scripts < <(find deploy tests .ci -name '*.sh' -o -path .ci/run | sort)
mapfile -t texts < <(find api common deploy docs migrations schemas workers tests web/src web/e2e web/scripts Makefile README.md .ci \
	-type f -not -path '*/tests/data/*' -not -path 'tests/data/*' -not -path '*/corpus/*' 2>/dev/null | sort)

check_file_length() {
	wc -l "${c_files[@]}" "${scripts[@]}" | awk -v max=$file_lines_max '$2 != "total" && $1 > max { print $2 ": " $1 " lines, at most " max }'
}

check_functions() {
	pmccabe "${sources[@]}" | awk -F'\t' -v lines=$function_lines_max -v paths=$complexity_max '
		$5 > lines { print $6 ": " $5 " lines, at most " lines }
		$1 > paths { print $6 ": complexity " $1 ", at most " paths }'
}

check_banned_functions() {
	grep -nE '\b(strcpy|strcat|stpcpy|sprintf|vsprintf|gets|atoi|atol|atoll|atof|strtok|alloca)[[:space:]]*\(' "${c_files[@]}"
	grep -nE '\b(system|popen)[[:space:]]*\(' "${c_files[@]}" | grep -v '^tests/'
}

check_goto() {
	grep -nE '\bgoto[[:space:]]+[a-z_]+[[:space:]]*;' "${sources[@]}" | grep -v 'goto out;'
}

check_unfinished_marks() {
	grep -nwE 'TO''DO|FIX''ME|X''XX|HA''CK' "${texts[@]}"
}

check_private_paths() {
	grep -nE '/wor''k/(main|shared)|/tmp''/h[0-9]|/hom''e/[a-z]+/|/roo''t/' "${texts[@]}"
	grep -nE '"resolved"' web/package-lock.json 2>/dev/null | head -n 3
}

# only HEADER FILE-PATTERN...: who includes HEADER must match one of the patterns (extended regular expressions).
only() {
	local header=$1
	shift
	local IFS='|'
	grep -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]$header" "${c_files[@]}" | grep -vE "^($*)"
}

check_dependencies() {
	grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"(api|workers)/' common/*.[ch]
	grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"workers/' api/*.[ch] api/handle/*.[ch] 2>/dev/null
	grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"api/' workers/*.[ch]
	only 'h2o(\.h|/)' 'api/server[a-z_]*\.' 'workers/server_metrics\.' tests/
	only 'librdkafka/' 'common/bus[a-z_]*\.' 'deploy/dev/devbroker' tests/
	only '(postgresql/)?libpq' 'common/pg[a-z_]*\.' tests/
	only 'curl/' 'common/http[a-z_]*\.' tests/
}

# What programs print about themselves must be what is in the repository.
check_documents() {
	local doc
	for doc in ${DOCS:-}; do
		"$BUILD/api" --print "${doc%.*}" | cmp -s - "docs/$doc" || echo "docs/$doc: out of date (make docs)"
	done
	"$BUILD/api" --print env | cmp -s - .env.example || echo ".env.example: out of date (make docs)"
	cmp -s "$BUILD/gen/types.ts" web/src/gen/types.ts || echo "web/src/gen/types.ts: out of date (make docs)"
}

check_format() {
	clang-format-14 --dry-run -Werror "${c_files[@]}" 2>&1 | grep -E 'error:' | awk -F: '{ n[$1]++; if (n[$1] == 1) print $1 ":" $2 ": not as clang-format writes it (make format)" }'
}

check_clang() {
	printf '%s\0' "${sources[@]}" | xargs -0 -n 8 -P 2 clang -std=gnu11 -I. "-I$BUILD/gen" -isystem /usr/include/postgresql -D_GNU_SOURCE= -Wall -Wextra -Werror -fsyntax-only 2>&1 |
		grep -E '(error|warning):'
}

check_shell() {
	shellcheck "${scripts[@]}" -f gcc
}

# SECURITY.md names tests: the files are there, and so are the tests in them.
check_named_tests() {
	local named test
	local -a files tests
	grep -oE 'test_[a-z_]+\.c(: [a-z_0-9]+(, [a-z_0-9]+)*)?' docs/SECURITY.md | sort -u | while read -r named; do
		mapfile -t files < <(compgen -G "tests/*/${named%%:*}")
		[ ${#files[@]} -gt 0 ] || echo "docs/SECURITY.md: names ${named%%:*}, which is not there"
		read -r -a tests < <(sed 's/^[^:]*:*//; s/,/ /g' <<<"$named")
		for test in "${tests[@]}"; do
			[[ $test == test_* ]] || grep -qE "^Test\([a-z_]*, ${test}[),]" "${files[@]}" || echo "docs/SECURITY.md: names the test $test of ${named%%:*}, which is not there"
		done
	done
}

# Links between documents lead somewhere, each alert is explained, and the alerts of the chart are those that are tested.
check_links() {
	local file link target
	for file in README.md docs/*.md docs/decisions/*.md; do
		while read -r link; do
			target=$(dirname "$file")/${link%%#*}
			[ -e "$target" ] || echo "$file: leads to $link, which is not there"
		done < <(grep -oE '\]\([^)]+\)' "$file" | sed 's/^](//; s/)$//' | grep -vE '^(https?:|mailto:|#)')
	done
	while read -r link; do
		grep -qx "### $link" docs/OPERATIONS.md || echo "docs/OPERATIONS.md: says nothing of the alert $link"
	done < <(sed -n 's/.*- alert: //p' deploy/prometheus/rules.yml)
	cmp deploy/prometheus/rules.yml deploy/helm/restaurant-ai/files/rules.yml
	if command -v promtool >/dev/null; then
		promtool test rules deploy/prometheus/rules_test.yml 2>&1 | grep -A20 FAILED
	fi
}

check_web() {
	[ -e web/package.json ] || return 0
	local said
	said=$(cd web && npm run --silent lint 2>&1) || echo "web: $said"
}

passed=0
failed=0
for check in $(declare -F | awk '$3 ~ /^check_/ { print $3 }'); do
	said=$($check)
	if [ -z "$said" ]; then
		echo "ok     ${check#check_}"
		passed=$((passed + 1))
	else
		echo "FAILED ${check#check_}"
		head -n 40 <<<"$said" | sed 's/^/       /'
		failed=$((failed + 1))
	fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
