#!/bin/bash
# Starts receiver.py with OpenTelemetry's classes, which go into $BUILD/otlp, once. Its first line of output is its port.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
venv=${BUILD:-build}/otlp

"$here/../support/venv.sh" "$venv" "$here/requirements.txt"
exec "$venv/bin/python3" "$here/receiver.py"
