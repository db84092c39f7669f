#!/usr/bin/env bash
# Builds everything and runs all tests, from a fresh clone on Debian 12.
#
#   bash tests/run.sh                     all tests; then unit and end-to-end tests with sanitizers, in 20 minutes
#   bash tests/run.sh --no-sanitizers     all tests
#   bash tests/run.sh --quick             only the unit tests
#   bash tests/run.sh [ctest options]     e.g. -R cordic, -L e2e, --repeat until-fail:5
#
# The build folder is build/release, the one deploy/quickstart.sh uses too. tests/sanitizers.sh runs the sanitizers alone and
# without a time limit. Exit status 0: all tests passed and no sanitizer found anything.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
readonly log=build/tests-build.log
readonly test_jobs=2
readonly log_lines_on_failure=60
readonly sanitizer_minutes=20

sanitizers=yes
arguments=()
for argument in "$@"; do
  case $argument in
    --no-sanitizers) sanitizers=no ;;
    --quick) arguments+=(-L '^unit$') ;;
    -h | --help)
      sed -n '/^set /q; 2,$s/^# \{0,1\}//p' tests/run.sh
      exit 0
      ;;
    *) arguments+=("$argument") ;;
  esac
done
if ((${#arguments[@]} > 0)); then sanitizers=no; fi

step_started=$SECONDS
finish_step() {
  printf '%-12s %4d s\n' "$1" $((SECONDS - step_started))
  step_started=$SECONDS
}

# Runs "$@" with its output in the log; shows the log's end when it fails.
run_logged() {
  if ! "$@" >>"$log" 2>&1; then
    tail -n "$log_lines_on_failure" "$log" >&2
    echo "tests/run.sh: '$*' failed; all of its output is in $log" >&2
    exit 1
  fi
}

bash deploy/install-dependencies.sh test
finish_step "Installed"

mkdir -p build
: >"$log"
run_logged cmake --preset release -DSEEDFED_BUILD_TESTS=ON
finish_step "Configured"

run_logged cmake --build --preset release --parallel "$(nproc)"
finish_step "Built"

status=0
ctest --test-dir build/release --parallel "$test_jobs" --output-on-failure --no-tests=error \
  ${arguments[@]+"${arguments[@]}"} | tee build/tests-ctest.log || status=$?
finish_step "Tested"
if [[ $sanitizers == yes ]]; then
  bash tests/sanitizers.sh --minutes "$sanitizer_minutes" | tee build/sanitizers.log || status=$?
  finish_step "Sanitized"
fi
# Last, so that they are what a log ends with.
echo
sed -n '/tests passed,/,$p' build/tests-ctest.log
if [[ $sanitizers == yes ]]; then tail -n 2 build/sanitizers.log; fi
exit "$status"
