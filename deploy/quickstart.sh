#!/usr/bin/env bash
# Trains Fashion-MNIST with one server, ten clients and one evaluator on this machine, from a fresh clone on Debian 12.
#
#   bash deploy/quickstart.sh [OPTION...]    installs what is missing, builds, runs `seedfed simulate OPTION...`
#   bash deploy/quickstart.sh --help         shows the options; builds nothing
#
# The output of the build is in build/quickstart-build.log. Exit status: that of the simulation (0 finished, 1 a
# process failed, 2 bad input, 130 stopped by Ctrl-C), or 1 when installing or building fails.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly log=$root/build/quickstart-build.log
readonly program=$root/build/release/bin/seedfed
readonly programs=(seedfed-server seedfed-client seedfed)
readonly log_lines_on_failure=30

show_help() {
  # Built already: the program knows its options better than this list.
  if [[ -x $program ]]; then
    echo "bash deploy/quickstart.sh [OPTION...]: installs what is missing, builds, runs seedfed simulate OPTION..."
    echo
    exec "$program" simulate --help
  fi
  cat <<'EOF'
bash deploy/quickstart.sh [OPTION...]: installs what is missing, builds, runs seedfed simulate OPTION...

Options of seedfed simulate (seedfed simulate --help tells all):
  --rounds N        rounds to train (60)
  --clients N       client processes (10)
  --samples N       examples per client and round (2000); 0: all
  --tile SIDE       4 to 256, a power of two (8); one, or one per layer: 32,16,8
  --codec NAME      ensemble (default), single, or dense (FedAvg with fp32 weights)
  --mode NAME       rolling (default), or pure
  --phase-bits N    2 (default) or 4
  --alpha A         Dirichlet concentration of the split of labels; 0: all alike (default)
  --key KEY         all randomness follows from it (1)
  --json FILE       write settings, rounds and totals to FILE
  --keep DIR        put model, store and logs into DIR
  --watch           serve a page that shows the training; it stays until Ctrl-C
  --http HOST:PORT  address of that page (127.0.0.1:7780, or a free port where that is taken)
EOF
}

for argument in "$@"; do
  if [[ $argument == --help || $argument == -h ]]; then
    show_help
    exit 0
  fi
done

on_terminal=no
[[ -t 1 && ${TERM:-dumb} != dumb ]] && on_terminal=yes

painter=""
# Draws the build's newest "[done/total]" and the time until stop_progress.
start_progress() {
  [[ $on_terminal == yes ]] || return 0
  while :; do
    printf '\r\033[KBuilding %s %d s' \
      "$(tail -c 4096 "$log" | grep -aoE '^\[[0-9]+/[0-9]+\]' | tail -n 1)" $((SECONDS - started))
    sleep 0.5
  done &
  painter=$!
}

stop_progress() {
  [[ -n $painter ]] || return 0
  kill "$painter" 2>/dev/null || true
  wait "$painter" 2>/dev/null || true
  painter=""
  printf '\r\033[K' >&3
}

compile() {
  local settings=()
  # A folder that tests/run.sh has configured keeps its tests: without them their objects would be thrown away.
  [[ -f build/release/CMakeCache.txt ]] || settings=(-DSEEDFED_BUILD_TESTS=OFF)
  cmake --preset release ${settings[@]+"${settings[@]}"} &&
    cmake --build --preset release --parallel "$(nproc)" --target "${programs[@]}"
}

started_in=$PWD
cd "$root"
bash deploy/install-dependencies.sh build data

mkdir -p build
: >"$log"
[[ -x $program ]] || echo "Building; the first time takes some minutes (output: $log)"
started=$SECONDS
# The traps may run while the output goes to the log.
exec 3>&1
trap stop_progress EXIT
trap 'stop_progress; echo "Stopped while building." >&3; exit 130' INT TERM HUP
start_progress
if ! compile >>"$log" 2>&1; then
  stop_progress
  tail -n "$log_lines_on_failure" "$log" >&2
  echo "quickstart.sh: the build failed; all of its output is in $log" >&2
  exit 1
fi
stop_progress
exec 3>&-
trap - EXIT INT TERM HUP
((SECONDS - started < 3)) || echo "Built in $((SECONDS - started)) s."

cd "$started_in"
exec "$program" simulate "$@"
