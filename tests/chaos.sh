#!/usr/bin/env bash
# Kills a federation's processes at random moments and checks that the model comes out the same: tests/chaos.sh --help.
# Needs the programs: bash tests/run.sh, or bash deploy/quickstart.sh --rounds 1.
set -euo pipefail
exec python3 "$(dirname "${BASH_SOURCE[0]}")/chaos.py" "$@"
