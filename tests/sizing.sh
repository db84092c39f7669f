#!/usr/bin/env bash
# Measures what a server and its clients need: memory, processor time and connections while real clients wait for a
# round that does not end. docs/deployment.md has the results.
#
#   bash tests/sizing.sh [--bin DIR] [--clients "N..."] [--model A-B-...] [--window SECONDS] [--data DIR]
#
# --bin      folder of the programs; default: build/release/bin
# --clients  how many at a time; default: "10 100 1000"
# --model    the network; default: 784-256-128-10
# --window   how long the clients wait while the processor time is counted; default: 60
# --data     folder of IDX files that each client loads; default: a table of one example, so that many clients fit
#
# Columns: the server's memory now and at most (VmRSS, VmHWM), its processor time until the update of every client was
# durable, and the milliseconds of it per second while they wait; then the median client's memory now and at most, and its
# processor time. The figures hardly depend on how busy the machine is.
#
# Exit status: 0 measured, 1 a process failed, 2 a wrong argument.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly ready_seconds=600
readonly started_at_a_time=20   # clients, so that the machine stays usable

fail() {
  echo "sizing: $1" >&2
  exit "${2:-1}"
}

bin=$root/build/release/bin
clients="10 100 1000"
model=784-256-128-10
window=60
data=
while (($# > 0)); do
  case $1 in
    --bin | --clients | --model | --window | --data)
      (($# > 1)) || fail "$1 needs a value." 2
      printf -v "${1#--}" '%s' "$2"
      shift 2
      ;;
    -h | --help)
      sed -n '/^set /q; 2,$s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
      exit 0
      ;;
    *) fail "unknown argument '$1': expected --bin, --clients, --model, --window or --data." 2 ;;
  esac
done
[[ -x $bin/seedfed-server && -x $bin/seedfed-client ]] ||
  fail "--bin '$bin' holds no seedfed-server and seedfed-client." 2
[[ $clients =~ ^[1-9][0-9]*( [1-9][0-9]*)*$ ]] || fail "--clients is '$clients': expected whole numbers above 0." 2
[[ $window =~ ^[1-9][0-9]*$ ]] || fail "--window is '$window': expected a whole number of seconds above 0." 2

work=$(mktemp -d)
pids=()
end_processes() {
  ((${#pids[@]} == 0)) || kill "${pids[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  pids=()
}
trap 'end_processes; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM

source=(--data "$data")
if [[ -z $data ]]; then
  # One example of class 0; without a first line of names.
  inputs=${model%%-*}
  awk -v n="$inputs" 'BEGIN { printf "0"; for (i = 0; i < n; i++) printf ",%d", i % 256; print "" }' >"$work/one.csv"
  source=(--csv "$work/one.csv" --label-column 0)
fi

# mebibytes PID FIELD: of /proc/PID/status
mebibytes() { awk -v field="$2:" '$1 == field { print $2 / 1024 }' "/proc/$1/status"; }

# ticks PID: processor time of the process, in user and system mode
ticks() { sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'; }
seconds() { awk -v ticks="$1" -v hertz="$(getconf CLK_TCK)" 'BEGIN { print ticks / hertz }'; }

# clients FUNCTION ARGUMENT...: the median of FUNCTION over the client processes
clients() {
  local pid
  for pid in "${pids[@]:1}"; do "$1" "$pid" "${@:2}"; done | sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'
}

# updates PORT: those of the open round that are durable
updates() {
  "$bin/seedfed" status --server "127.0.0.1:$1" --timeout 30 --json | sed 's/.*"open_round":{[^}]*"updates":\([0-9]*\).*/\1/'
}

# wait_for_updates N PORT FOLDER
wait_for_updates() {
  local end=$((SECONDS + ready_seconds))
  while (($(updates "$2") < $1)); do
    ((SECONDS < end)) || fail "$1 clients are not ready after $ready_seconds s: $(tail -n 1 "$3/clients.log")"
    sleep 0.2
  done
}

# measure N: prints one line of the table
measure() {
  local n=$1 folder=$work/$1 port server waiting_from waiting_to i
  mkdir "$folder"
  # One update more than there are clients, so that the round stays open.
  "$bin/seedfed-server" --listen 127.0.0.1:0 --port-file "$folder/port" --http none --store "$folder/store" \
    --model "$model" --clients $((n + 1)) 2>"$folder/server.log" &
  server=$!
  pids=("$server")
  while [[ ! -s $folder/port ]]; do
    kill -0 "$server" 2>/dev/null || fail "the server did not start: $(tail -n 1 "$folder/server.log")"
    sleep 0.1
  done
  port=$(<"$folder/port")
  for ((i = 1; i <= n; i++)); do
    "$bin/seedfed-client" --server "127.0.0.1:$port" --id "client-$i" --log-level error "${source[@]}" \
      2>>"$folder/clients.log" &
    pids+=($!)
    ((i % started_at_a_time != 0)) || wait_for_updates "$i" "$port" "$folder"
  done
  wait_for_updates "$n" "$port" "$folder"

  waiting_from=$(ticks "$server")
  sleep "$window"
  waiting_to=$(ticks "$server")
  printf '%7d  %10.1f %8.1f  %10.2f %12.2f  %10.1f %8.1f %9.2f\n' "$n" \
    "$(mebibytes "$server" VmRSS)" "$(mebibytes "$server" VmHWM)" "$(seconds "$waiting_from")" \
    "$(seconds $((1000 * (waiting_to - waiting_from) / window)))" \
    "$(clients mebibytes VmRSS)" "$(clients mebibytes VmHWM)" "$(seconds "$(clients ticks)")"
  end_processes
}

echo "Network $model; $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)"
printf '%7s  %10s %8s  %10s %12s  %10s %8s %9s\n' clients server/MiB most start/s waiting/ms/s client/MiB most start/s
for n in $clients; do measure "$n"; done
