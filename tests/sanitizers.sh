#!/usr/bin/env bash
# Runs the unit and end-to-end tests under sanitizers: tests/sanitizers.sh --help.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
bash deploy/install-dependencies.sh test
exec python3 tests/sanitizers.py "$@"
