#!/bin/bash
# Runs test suites against one real PostgreSQL and one real Kafka, both private and stopped at the end whatever happens.
#
#   BUILD=build/check tests/run.sh unit flow contract integration chaos schemathesis docs web e2e coverage
#   BUILD=build       tests/run.sh bench
#   BUILD=build/fuzz  tests/run.sh fuzz
#
# Each suite is a program $BUILD/tests/NAME; one that was not built (its folder is empty) is said to be missing. A suite finds in
# its environment:
#   TEST_DATABASE_URL     a role that may create databases and roles, and is no superuser, as in production
#   TEST_SUPERUSER_URL    the superuser, for what only that one may do
#   TEST_KAFKA_BROKERS    host:port
#   TEST_POSTGRES_DIR     for deploy/dev/postgres.sh stop|start|kill DIR: the port and the data stay
#   TEST_KAFKA_DIR        for deploy/dev/kafka.sh stop|start|kill DIR
#   BUILD                 where api, worker, devbroker, modeldouble and launch are
# SUITE_SECONDS limits each suite (2700).
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export BUILD=${BUILD:-build}
mkdir -p "$BUILD"
dir=$(mktemp -d "$PWD/$BUILD/stack.XXXXXX")
dev=deploy/dev
failed=()
report=()
children=()

stop_all() {
	local pid
	for pid in "${children[@]}"; do
		kill "$pid" 2>/dev/null && wait "$pid"
	done
	[ ! -d "$dir/postgres" ] || $dev/postgres.sh stop "$dir/postgres"
	[ ! -d "$dir/kafka" ] || $dev/kafka.sh stop "$dir/kafka"
	if [ ${#failed[@]} = 0 ]; then
		rm -rf "$dir"
	else
		echo "logs of the servers: ${dir#"$PWD"/}" >&2
	fi
}
trap stop_all EXIT
trap 'failed+=(interrupted); exit 130' INT TERM

# start_servers [durable]: tests do without fsync, benchmarks do not.
start_servers() {
	[ -z "${TEST_DATABASE_URL:-}" ] || return 0
	export TEST_POSTGRES_DIR=$dir/postgres TEST_KAFKA_DIR=$dir/kafka
	[ "${1:-}" = durable ] || export FAST=1
	$dev/kafka.sh start "$TEST_KAFKA_DIR" >"$dir/brokers" &
	local kafka=$!
	TEST_DATABASE_URL=$($dev/postgres.sh start "$TEST_POSTGRES_DIR") || return 1
	wait $kafka || return 1
	TEST_KAFKA_BROKERS=$(cat "$dir/brokers")
	TEST_SUPERUSER_URL=$(sed -E "s#//[^@]*@#//postgres:$(cat "$dir/postgres/superuser.password")@#; s#/[^/]*\$#/postgres#" <<<"$TEST_DATABASE_URL")
	export TEST_DATABASE_URL TEST_KAFKA_BROKERS TEST_SUPERUSER_URL
}

# One Criterion program. The big ones run their tests one after another: they share two cores, a broker and clocks.
criterion() {
	local program=$BUILD/tests/$1
	shift
	if [ ! -x "$program" ]; then
		echo "(no tests yet)"
		return 0
	fi
	timeout -k 10 "${SUITE_SECONDS:-2700}" "$program" "$@" 2>&1 | tee "$program.out"
}

# What failed in a Criterion program, at most 40 lines: at the very end of a long log it is found.
what_failed() {
	[ ! -s "$BUILD/tests/$1.out" ] || grep -aE '^\[(FAIL|----|SKIP)\]|: broken|^guest ' "$BUILD/tests/$1.out" | head -n 40
}

# What a sanitizer found in a test program or in any server that it started fails the suite; Criterion does not look at it.
no_sanitizer_reports() {
	local report found=0
	for report in "$dir"/sanitizer.*; do
		[ -e "$report" ] || continue
		found=$((found + 1))
		[ $found -gt 5 ] || head -n 40 "$report"
		mv "$report" "$dir/reported.${report##*.}"
	done
	[ $found = 0 ] || echo "$found reports of sanitizers, the first ones above, all in ${dir#"$PWD"/}/reported.*"
	[ $found = 0 ]
}

# wait_for FILE PID SECONDS
wait_for() {
	local _
	for _ in $(seq $(($3 * 10))); do
		[ -s "$1" ] && return 0
		kill -0 "$2" 2>/dev/null || return 1
		sleep 0.1
	done
	return 1
}

# start_double NAME ARGUMENT...: a stand-in for a model; its port is then in $dir/NAME.port
start_double() {
	local name=$1
	shift
	"$BUILD/modeldouble" --port 0 --port-file "$dir/$name.port" "$@" >"$dir/$name.log" 2>&1 &
	children+=($!)
	wait_for "$dir/$name.port" $! 10
}

# start_product NAME: with a database and topics of its own; its address is then in $dir/NAME/ready, and who signs in is $ADMIN_EMAIL
start_product() {
	export ADMIN_EMAIL=admin@tests.example ADMIN_PASSWORD=only-for-tests-only-for-tests
	"${PG_BIN:-/usr/lib/postgresql/15/bin}/psql" -X -q "$TEST_DATABASE_URL" -c "CREATE DATABASE $1_$$" || return 1
	RUN_DIR=$dir/$1 API_PORTS=0 KAFKA_TOPIC_PREFIX=$1-$$. DATABASE_URL=${TEST_DATABASE_URL%/*}/$1_$$ KAFKA_BROKERS=$TEST_KAFKA_BROKERS \
		"$BUILD/launch" >"$dir/$1.log" 2>&1 &
	children+=($!)
	wait_for "$dir/$1/ready" $! 60 || { tail -n 20 "$dir/$1.log" "$dir/$1"/log/*.log >&2; return 1; }
}

suite_unit() { criterion unit; }
suite_flow() { criterion flow; }
suite_contract() { start_servers && criterion contract -j1; }
# Tests that stop and start the servers have them for themselves. The others wait most of the time: two halves, each one test after another.
suite_integration() {
	local stoppers='bus|pg|pg_session' program=$BUILD/tests/integration result=0 first
	start_servers && criterion integration -j1 --filter "@($stoppers)/*" || return 1
	[ -x "$program" ] || return 0
	timeout -k 10 "${SUITE_SECONDS:-2700}" "$program" -j1 --filter "!($stoppers|[h-z]*)/*" >"$program.out" 2>&1 &
	first=$!
	timeout -k 10 "${SUITE_SECONDS:-2700}" "$program" -j1 --filter "!($stoppers|[a-g]*)/*" >"$program.more" 2>&1 || result=1
	wait $first || result=1
	cat "$program.more" >>"$program.out"
	rm -f "$program.more"
	cat "$program.out"
	return $result
}
suite_chaos() { start_servers && criterion chaos -j1; }
suite_web() { (cd web && npm run --silent test); }
suite_docs() { tests/docs/run.sh; }
suite_schemathesis() {
	start_servers || return 1
	CHAT_RATE_LIMIT=off CHAT_ADDRESS_LIMIT=off start_product schemathesis || return 1
	tests/schemathesis/check.sh "$(head -n 1 "$dir/schemathesis/ready")" "$dir"
}
suite_e2e() {
	start_servers && start_double double --persona bench --tokens 40 --token-delay-ms 25 || return 1
	AI_PROVIDER=local AI_BASE_URL=http://127.0.0.1:$(cat "$dir/double.port")/v1 start_product e2e || return 1
	local url
	url=$(head -n 1 "$dir/e2e/ready")
	(cd web && BASE_URL=$url timeout -k 10 1500 npm run --silent e2e)
}
suite_bench() {
	local program
	start_servers durable || return 1
	for program in "$BUILD"/tests/bench*; do
		# BENCH="saturation menu": only these sections
		# shellcheck disable=SC2086
		timeout -k 10 "${SUITE_SECONDS:-2700}" "$program" ${BENCH:-} || return 1
	done
	[ -n "${BENCH:-}" ] || lighthouse
}
# The guest's page as a phone sees it: printed, where there is a web app and a browser. Its limits bind on a quiet machine only.
lighthouse() {
	[ -f web/dist/index.html ] && [ -x /usr/bin/chromium ] || return 0
	start_product lighthouse || return 1
	echo "-- Lighthouse"
	(cd web && BASE_URL=$(head -n 1 "$dir/lighthouse/ready") timeout -k 10 300 npm run --silent lighthouse) || echo "       below a limit"
}
suite_fuzz() {
	local program name
	for program in "$BUILD"/tests/fuzz_*; do
		name=$(basename "$program")
		name=${name#fuzz_}
		mkdir -p "$BUILD/corpus/$name" "tests/fuzz/corpus/$name"
		echo "-- $name, ${FUZZ_SECONDS:-60} s"
		"$program" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 -verbosity=0 \
			-artifact_prefix="$BUILD/crash-$name-" "$BUILD/corpus/$name" "tests/fuzz/corpus/$name" || return 1
	done
}
suite_coverage() {
	gcovr -r . -f common/ -f api/ -f workers/ --exclude-unreachable-branches -s --fail-under-line "${COVERAGE:-80}" "$BUILD/obj"
}

export ASAN_OPTIONS=detect_stack_use_after_return=1:log_path=$dir/sanitizer UBSAN_OPTIONS=print_stacktrace=1:log_path=$dir/sanitizer
for suite in "$@"; do
	echo "== $suite"
	began=$SECONDS
	result=0
	"suite_$suite" || result=1
	no_sanitizer_reports || result=1
	if [ $result = 0 ]; then
		report+=("passed $suite ($((SECONDS - began)) s)")
	else
		report+=("FAILED $suite ($((SECONDS - began)) s)")
		failed+=("$suite")
	fi
done
echo "== summary"
printf '%s\n' "${report[@]}"
for suite in "${failed[@]}"; do
	what_failed "$suite"
done
[ ${#failed[@]} = 0 ]
