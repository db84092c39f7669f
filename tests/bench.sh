#!/usr/bin/env bash
# Measures the kernels, a step of training, the server and whole federations, each beside a yardstick in the same run; the
# options are those of tests/bench.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case " $* " in
  *" -h "* | *" --help "*) exec python3 tests/bench.py --help ;;
esac
bash deploy/install-dependencies.sh bench data >&2
cmake --preset release >/dev/null
cmake --build --preset release --target seedfed_bench \
  seedfed_fleet seedfed_bare_server seedfed-server seedfed-client seedfed >&2
exec python3 tests/bench.py "$@"
