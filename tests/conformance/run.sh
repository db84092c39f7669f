#!/usr/bin/env bash
# Checks docs/protocol.md and docs/formats.md with a client in Python that was written from them alone: it
# takes part in federations of the C++ server and C++ clients, and its model must be the server's in every
# round, bit for bit. It also makes the model again from exported words.
#
#   bash tests/conformance/run.sh --bin DIR [--venv DIR] [--data DIR]
#
# --bin   folder of seedfed-server, seedfed-client and seedfed
# --venv  Python environment, made with pip if absent; default: build/conformance-venv
# --data  folder of the Fashion-MNIST files; default: /usr/share/datasets/fashion-mnist
#
# Exit status: 0 passed, 1 failed, 2 a wrong argument, 77 the Python packages could not be installed.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here
readonly process_seconds=60
readonly skipped=77

fail() {
  echo "conformance: $1" >&2
  exit "${2:-1}"
}

bin=
venv=$here/../../build/conformance-venv
data=/usr/share/datasets/fashion-mnist
while (($# > 0)); do
  case $1 in
    --bin | --venv | --data)
      (($# > 1)) || fail "$1 needs a folder." 2
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    -h | --help)
      sed -n '/^set /q; 2,$s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) fail "unknown argument '$1': expected --bin, --venv or --data." 2 ;;
  esac
done
[[ -x $bin/seedfed-server && -x $bin/seedfed-client && -x $bin/seedfed ]] ||
  fail "--bin '$bin' holds no seedfed-server, seedfed-client and seedfed." 2

work=$(mktemp -d)
pids=()
clean_up() {
  local pid
  for pid in ${pids[@]+"${pids[@]}"}; do
    kill "$pid" 2>/dev/null || true
  done
  wait
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 1' INT TERM

# shellcheck source=tests/python_environment.sh
source "$here/../python_environment.sh"
make_python_environment "$venv" "$here/requirements.txt" ||
  fail "skipped: grpcio, numpy and protobuf could not be installed in '$venv'." "$skipped"
export PYTHONDONTWRITEBYTECODE=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1

for tests in golden_test client_test; do
  "$venv/bin/python" "$here/$tests.py" --quiet --buffer || fail "$tests.py failed."
done

# start NAME COMMAND...: runs it in the background with its output in $out/NAME.log; its process id is $last.
start() {
  local name=$1
  shift
  timeout --kill-after=5 "$process_seconds" "$@" >"$out/$name.log" 2>&1 &
  last=$!
  pids+=("$last")
}

fail_with_logs() {
  tail -n 20 "$out"/*.log >&2
  fail "$1"
}

# expect_success NAME PID
expect_success() {
  local status=0
  wait "$2" || status=$?
  ((status == 0)) || fail_with_logs "$federation: $1 ended with status $status, expected 0 (124: it took too long)."
}

# start_server FLAGS...: a server on a free port, $server being its address and $server_pid its process.
start_server() {
  out=$work/$federation
  mkdir "$out"
  start server "$bin/seedfed-server" --listen 127.0.0.1:0 --http 127.0.0.1:0 --port-file "$out/port" --store "$out/store" \
    --key 12345 --samples 256 --poll 2 --export-model "$out/server.model" "$@"
  server_pid=$last
  while [[ ! -s $out/port ]]; do
    kill -0 "$server_pid" 2>/dev/null || fail_with_logs "$federation: the server did not start."
    sleep 0.05
  done
  server=127.0.0.1:$(<"$out/port")
}

cpp_client() {
  start "$1" "$bin/seedfed-client" --server "$server" --id "$1" --data "$data" --give-up 20
}

python_client() {
  start "$1" "$venv/bin/python" "$here/seedfed_client.py" --server "$server" --id "$1" --give-up 20 \
    --write-snapshot "$out/python.model" "${@:2}"
}

expect_same_model() {
  cmp "$out/server.model" "$out/python.model" >&2 ||
    fail_with_logs "$federation: the last model of the Python client is not the server's."
  expect_same_model_from_words
}

# The server's model, made again in Python from the words that the tool exports.
expect_same_model_from_words() {
  "$bin/seedfed" export --store "$out/store" --to "$out/run.words" >"$out/export.log" 2>&1 ||
    fail_with_logs "$federation: the store's words could not be exported."
  "$venv/bin/python" "$here/words_file.py" "$out/run.words" "$out/words.model" >"$out/words.log" 2>&1 ||
    fail_with_logs "$federation: the words file could not be read."
  cmp "$out/server.model" "$out/words.model" >&2 ||
    fail_with_logs "$federation: the model made from the words is not the server's."
}

# expect_lines PATTERN...: the Python client's output is these lines (extended regular expressions), no more.
expect_lines() {
  local lines pattern n=0
  mapfile -t lines <"$out/python.log"
  ((${#lines[@]} == $#)) || fail_with_logs "$federation: the Python client printed ${#lines[@]} lines, expected $#."
  for pattern in "$@"; do
    [[ ${lines[n]} =~ ^$pattern$ ]] || fail_with_logs "$federation: '${lines[n]}' is not like '$pattern'."
    n=$((n + 1))
  done
}

readonly hex='[0-9a-f]{16}'

# together NAME ROUNDS FLAGS...: two C++ clients and a Python client train all rounds.
together() {
  federation=$1
  local rounds=$2 clients=() expected=() name n
  start_server --clients 3 --shards 3 --rounds "$rounds" --exit-when-done "${@:3}"
  for name in cpp1 cpp2; do
    cpp_client "$name"
    clients+=("$last")
  done
  python_client python --data "$data"
  expect_success "the Python client" "$last"
  expect_success cpp1 "${clients[0]}"
  expect_success cpp2 "${clients[1]}"
  expect_success "the server" "$server_pid"
  for ((n = 1; n <= rounds; n++)); do
    expected+=("round $n: loss [0-9.]+, update accepted, fingerprint $hex, checksum agrees")
  done
  expect_lines "${expected[@]}"
  expect_same_model
  sed "s/^/$federation: /" "$out/python.log"
}

# catch_up NAME ROUNDS FLAGS... -- CLIENT_FLAGS...: a Python client that comes after the last round.
catch_up() {
  federation=$1
  local rounds=$2 server_flags=()
  shift 2
  while [[ $1 != -- ]]; do
    server_flags+=("$1")
    shift
  done
  start_server --clients 1 --rounds "$rounds" "${server_flags[@]}"
  cpp_client cpp1
  expect_success cpp1 "$last"
  python_client python "${@:2}"
  expect_success "the Python client" "$last"
  kill "$server_pid"
  expect_success "the server" "$server_pid"
  expect_same_model
  sed "s/^/$federation: /" "$out/python.log"
}

together ensemble 4
together single 2 --codec single --tile 32
together pure 2 --mode pure --tile 8
together dense 2 --codec dense --model 784-16-10
together phases 2 --phase-bits 4 --tile 32,16,8

followed="loss [0-9.]+ in 1 updates, fingerprint $hex, checksum agrees"
catch_up late-evaluator 2 --codec dense --model 784-16-10 -- --evaluate
expect_lines "round 1: $followed" "round 2: $followed"
followed="only followed, fingerprint $hex, checksum agrees"
catch_up late-words 2 --mode rolling -- --data "$data"
expect_lines "round 1: $followed" "round 2: $followed"
# Two rounds of these words are more bytes than a snapshot.
catch_up late-dense 2 --codec dense --model 784-16-10 -- --data "$data"
expect_lines "round 2: snapshot, fingerprint $hex"
catch_up late-pure 2 --mode pure -- --data "$data"
expect_lines "round 2: snapshot, fingerprint $hex"

echo "conformance: passed"
