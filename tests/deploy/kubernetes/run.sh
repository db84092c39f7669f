#!/usr/bin/env bash
# Renders deploy/kubernetes and checks every object against the schemas of Kubernetes, against the other objects, and
# against the server, which is started with the rendered configuration. No cluster is needed.
#
#   bash tests/deploy/kubernetes/run.sh --bin DIR [--kubectl FILE] [--venv DIR]
#
# --bin      folder of seedfed-server and seedfed-client
# --kubectl  the program that renders; default: kubectl
# --venv     Python environment, made with pip if absent; default: build/kubernetes-venv
#
# Exit status: 0 passed, 1 failed, 2 a wrong argument, 77 the Python packages could not be installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly skipped=77

fail() {
  echo "kubernetes: $1" >&2
  exit "${2:-1}"
}

bin=
kubectl=kubectl
venv=$here/../../../build/kubernetes-venv
while (($# > 0)); do
  case $1 in
    --bin | --kubectl | --venv)
      (($# > 1)) || fail "$1 needs a value." 2
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    -h | --help)
      sed -n '/^set /q; 2,$s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) fail "unknown argument '$1': expected --bin, --kubectl or --venv." 2 ;;
  esac
done
[[ -x $bin/seedfed-server && -x $bin/seedfed-client ]] ||
  fail "--bin '$bin' holds no seedfed-server and seedfed-client." 2
command -v "$kubectl" >/dev/null || fail "there is no program '$kubectl'; install Debian's kubernetes-client." 2

# shellcheck source=tests/python_environment.sh
source "$here/../../python_environment.sh"
make_python_environment "$venv" "$here/requirements.txt" ||
  fail "skipped: the packages of requirements.txt could not be installed in '$venv'." "$skipped"
export PYTHONDONTWRITEBYTECODE=1 SEEDFED_BIN=$bin SEEDFED_KUBECTL=$kubectl

for tests in schema_test problems_test server_test; do
  "$venv/bin/python" "$here/$tests.py" --quiet --buffer || fail "$tests.py failed."
done
echo "kubernetes: passed"
