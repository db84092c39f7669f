#!/usr/bin/env bash
# Measures what open pages cost a server; the options are those of tests/page_cost.py.
exec python3 "$(dirname "${BASH_SOURCE[0]}")/page_cost.py" "$@"
