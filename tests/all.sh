#!/bin/bash
# Every suite, in two lanes at once, each with servers of its own: most of what takes long here waits for something, so two cores carry both.
#
#   BUILD=build/check tests/all.sh SUITE...      integration is one lane, the others are the other; coverage comes last
#
# The first lane's output is shown as it comes, the second one's when the first has ended.
set -uo pipefail
cd "$(dirname "$0")/.." || exit 1
export BUILD=${BUILD:-build}
mkdir -p "$BUILD"
first=()
second=()
last=()
for suite in "$@"; do
	case $suite in
	integration) second+=("$suite") ;;
	coverage) last+=("$suite") ;;
	*) first+=("$suite") ;;
	esac
done

find "$BUILD/obj" -name '*.gcda' -delete 2>/dev/null
said=$(mktemp "$BUILD/lane.XXXXXX")
pid=
end() {
	[ -z "$pid" ] || kill "$pid" 2>/dev/null
	[ -z "$pid" ] || wait "$pid"
	rm -f "$said"
}
trap end EXIT
trap 'exit 130' INT TERM

result=0
if [ ${#second[@]} -gt 0 ]; then
	tests/run.sh "${second[@]}" >"$said" 2>&1 &
	pid=$!
fi
[ ${#first[@]} = 0 ] || tests/run.sh "${first[@]}" || result=1
if [ -n "$pid" ]; then
	wait "$pid" || result=1
	pid=
	cat "$said"
fi
[ ${#last[@]} = 0 ] || tests/run.sh "${last[@]}" || result=1
if [ $result = 0 ]; then
	echo "every suite passed"
else
	echo "a suite FAILED: see the summaries above"
fi
[ $result = 0 ]
