#!/bin/bash
# Follows the commands of the documents, as they stand there: the block behind a line `<!-- test: ... -->`.
#
#   <!-- test: run -->     each line, to its end, with exit status 0
#   <!-- test: serve -->   the first line: it must come up, show the menu, answer the README's question over HTTP, and end with 0 at SIGTERM
#
# BUILD says which build; what is served has a folder, ports and an embedded broker of its own. Needs what `make run` needs.
set -uo pipefail
cd "$(dirname "$0")/../.." || exit 1
export BUILD=${BUILD:-build}
mkdir -p "$BUILD"
dir=$(mktemp -d "$PWD/$BUILD/docs.XXXXXX")
served=
failed=0

end() {
	[ -z "$served" ] || kill "$served" 2>/dev/null
	[ -z "$served" ] || wait "$served"
	[ $failed != 0 ] || rm -rf "$dir"
}
trap end EXIT
trap 'exit 130' INT TERM

# blocks FILE KIND: the lines of its blocks of that kind, comments and continuations taken away.
blocks() {
	awk -v kind="<!-- test: $2 -->" '$0 == kind { armed = 1; next } armed && /^```/ { if (inside) armed = inside = 0; else inside = 1; next } inside' "$1" | sed -E 's/[[:space:]]+#.*$//' | grep -v '^$'
}

# said WHAT RESULT
said() {
	if [ "$2" = 0 ]; then
		echo "ok      $1"
	else
		echo "FAILED  $1"
		failed=$((failed + 1))
	fi
}

answers() {
	local url
	url=$(head -n 1 "$dir/run/ready") || return 1
	url=${url%/}
	curl -sSf "$url/r/the-cookie-jar" | grep -q '<div id="root"' || return 1
	curl -sSf -H 'Content-Type: application/json' -d '{"message":"Tell me about your cookies","session_id":"follows-the-readme"}' \
		"$url/api/v1/chat/the-cookie-jar/message?wait=true" | grep -q '"status":"complete"'
}

serve() {
	local result=1 child _
	RUN_DIR=$dir/run API_PORTS=0 bash -c "exec $1" >"$dir/log" 2>&1 &
	served=$!
	for _ in {1..6000}; do # it may have to build first
		[ -s "$dir/run/ready" ] && break
		kill -0 "$served" 2>/dev/null || break
		sleep 0.1
	done
	answers && result=0
	# `make` itself would die of a signal; what it runs ends in good order, and `make` with it.
	read -r child _ <"/proc/$served/task/$served/children" # no line end: its status says nothing
	kill "${child:-$served}"
	wait "$served" || result=1
	served=
	[ $result = 0 ] || tail -n 20 "$dir/log"
	rm -rf "$dir/run"
	return $result
}

before=
for file in README.md docs/*.md; do
	line=$(blocks "$file" serve | head -n 1)
	if [ -n "$line" ] && [ "$line" != "$before" ]; then # the same command once
		serve "$line"
		said "$file: $line" $?
		before=$line
	fi
	while read -r line; do
		bash -c "$line" </dev/null >"$dir/log" 2>&1
		result=$?
		[ $result = 0 ] || tail -n 20 "$dir/log"
		said "$file: $line" $result
	done < <(blocks "$file" run)
done
[ $failed = 0 ]
