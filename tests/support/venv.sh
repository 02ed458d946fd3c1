#!/bin/bash
# venv.sh DIR REQUIREMENTS: a Python environment in DIR with exactly these packages, made once, and anew when the list changes. Who comes meanwhile waits.
set -euo pipefail
dir=$1
wanted=$2

install() {
	! cmp -s "$wanted" "$dir/installed" || return 0
	rm -rf "$dir"
	python3 -m venv "$dir"
	"$dir/bin/pip" install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r "$wanted"
	cp "$wanted" "$dir/installed"
}

mkdir -p "$(dirname "$dir")"
(flock 9 && install) 9>"$dir.lock" >&2
