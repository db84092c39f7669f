#!/usr/bin/env bash
# Measures how a server's cost grows with the model and with the clients; the options are those of tests/growth.py.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case " $* " in
  *" -h "* | *" --help "*) exec /usr/bin/python3 -B tests/growth.py --help ;;
esac
bash deploy/install-dependencies.sh bench >&2
cmake --preset release >/dev/null
cmake --build --preset release --target seedfed_fleet seedfed-server seedfed >&2
exec /usr/bin/python3 -B tests/growth.py "$@"
