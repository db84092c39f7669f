#!/usr/bin/env bash
# Measures the kernels and a step of training, each beside a yardstick in the same run; the options are those of
# tests/bench.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case " $* " in
  *" -h "* | *" --help "*) exec python3 tests/bench.py --help ;;
esac
bash deploy/install-dependencies.sh bench >&2
cmake --preset release >/dev/null
cmake --build --preset release --target seedfed_bench >&2
exec python3 tests/bench.py "$@"
