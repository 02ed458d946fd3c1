#!/bin/bash
# Starts receiver.py with OpenTelemetry's classes, which go into $BUILD/otlp, once. Its first line of output is its port.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${BUILD:-build}/otlp

install_classes() {
	! cmp -s "$here/requirements.txt" "$venv/installed" || return 0
	rm -rf "$venv"
	python3 -m venv "$venv"
	"$venv/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$here/requirements.txt"
	cp "$here/requirements.txt" "$venv/installed"
}

mkdir -p "${BUILD:-build}"
(flock 9 && install_classes) 9>"$venv.lock" >&2
exec "$venv/bin/python3" "$here/receiver.py"
