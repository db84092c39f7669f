#!/usr/bin/env bash
# Fuzzes with clang's libFuzzer under the address and undefined-behaviour sanitizers, one target after the other.
#
#   bash tests/fuzz.sh                              all targets, 60 seconds each
#   bash tests/fuzz.sh --seconds 600 idx csv        these, ten minutes each
#   bash tests/fuzz.sh --runs 1000000 federation_core   so many inputs instead of a time
#   bash tests/fuzz.sh --merge idx                  adds to the corpus in the repository what reached new code
#   bash tests/fuzz.sh --list                       the targets
#
# Starts from tests/fuzz/corpus/TARGET and keeps what it learns in build/fuzz/corpus/TARGET. A finding is an input in
# build/fuzz/findings and ends that target's run; the log beside it says why. Exit status 0: nothing was found,
# 1: there was a finding or the build failed, 2: a wrong argument.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly corpora=tests/fuzz/corpus work=build/fuzz/corpus findings=build/fuzz/findings log=build/fuzz-build.log
readonly most_input_bytes=4096 most_input_seconds=10 most_memory_mb=2048

fail() {
  echo "tests/fuzz.sh: $2" >&2
  exit "$1"
}

# The value of option $1 in $2.
number() {
  [[ ${2-} =~ ^[1-9][0-9]*$ ]] || fail 2 "$1 is '${2-}'; expected a whole number from 1"
  echo "$2"
}

limit=(-max_total_time=60)
merge=no
targets=()
while (($# > 0)); do
  case $1 in
    --seconds) limit=("-max_total_time=$(number "$1" "${2-}")") && shift ;;
    --runs) limit=("-runs=$(number "$1" "${2-}")") && shift ;;
    --merge) merge=yes ;;
    --list)
      ls "$corpora"
      exit 0
      ;;
    -h | --help)
      sed -n '/^set /q; 2,$s/^# \{0,1\}//p' tests/fuzz.sh
      exit 0
      ;;
    -*) fail 2 "unknown option '$1'; --help lists them" ;;
    *)
      [[ -d $corpora/$1 ]] || fail 2 "there is no target '$1'; --list names them"
      targets+=("$1")
      ;;
  esac
  shift
done
if ((${#targets[@]} == 0)); then
  mapfile -t targets < <(ls "$corpora")
fi

bash deploy/install-dependencies.sh fuzz
mkdir -p build
{ cmake --preset fuzz && cmake --build --preset fuzz --parallel "$(nproc)" --target "${targets[@]/#/fuzz_}"; } >"$log" 2>&1 ||
  { tail -n 60 "$log" >&2 && fail 1 "the build failed; all of its output is in $log"; }
mkdir -p "$findings"
# Whole stacks of every allocation would take a third of the time; a finding's input can be run again with them.
export ASAN_OPTIONS=malloc_context_size=3${ASAN_OPTIONS:+:$ASAN_OPTIONS}

# The last number behind "$1" in the log $2; "-" when there is none.
last() {
  sed -n "s/.*$1 *\([0-9][0-9]*\).*/\1/p" "$2" | tail -n 1 | grep . || echo -
}

status=0
printf '%-18s %12s %10s %8s %9s\n' target executions per_second edges findings
for target in "${targets[@]}"; do
  program=build/fuzz/fuzz/fuzz_$target
  mkdir -p "$work/$target"
  if [[ $merge == yes ]]; then
    "$program" -merge=1 -max_len="$most_input_bytes" "$corpora/$target" "$work/$target" >"$findings/$target.log" 2>&1 ||
      fail 1 "the corpora of $target cannot be merged: see $findings/$target.log"
    continue
  fi
  found=0
  # Without -entropic=0 most of the time goes into libFuzzer's own statistics.
  "$program" "${limit[@]}" -entropic=0 -print_final_stats=1 -timeout="$most_input_seconds" -rss_limit_mb="$most_memory_mb" \
    -max_len="$most_input_bytes" -artifact_prefix="$findings/$target-" "$work/$target" "$corpora/$target" \
    >"$findings/$target.log" 2>&1 || found=1
  ((found == 0)) || status=1
  printf '%-18s %12s %10s %8s %9s\n' "$target" \
    "$(last number_of_executed_units: "$findings/$target.log")" \
    "$(last average_exec_per_sec: "$findings/$target.log")" \
    "$(last cov: "$findings/$target.log")" "$found"
done
exit "$status"
