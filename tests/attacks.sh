#!/usr/bin/env bash
# Measures what attackers cost a federation on Fashion-MNIST under each aggregation strategy, and prints a markdown
# table: final test accuracy, a row for each attack. docs/security.md has the results.
#
#   bash tests/attacks.sh [--rounds N] [--clients N] [--attackers N] [--strategies NAME...] [--attacks NAME...]
#                         [--key KEY] [--data DIR] [--threads N] [--server=FLAG...]
#
# --rounds      default: 30
# --clients     default: 10
# --attackers   the first of the clients; default: 3
# --strategies  default: mean median trimmed_mean krum multi_krum norm_bound cosine
# --attacks     default: none sign_flip noise label_flip free_rider_zero free_rider_old collusion collusion_hidden replay
# --key         of the federation; default: 1
# --data        folder of the IDX files; default: that of Debian's dataset-fashion-mnist
# --threads     federations at a time, one thread each; default: the processors
# --server      one more flag of seedfed-server, such as --server=--alpha=0.3; may be repeated
#
# All federations run within one process: the server's real core, the clients' real training, words as on the wire. The
# figures do not depend on threads or on how busy the machine is. A federation of 30 rounds takes about 16 s of a processor.
#
# Exit status: 0 measured, 1 failed, 2 a wrong argument.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root

for argument in "$@"; do
  if [[ $argument == -h || $argument == --help ]]; then
    sed -n '/^set /q; 2,$s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"
    exit 0
  fi
done

mkdir -p "$root/build"
readonly log=$root/build/attacks-build.log
if ! (cd "$root" && cmake --preset release -DSEEDFED_BUILD_TESTS=ON &&
      cmake --build --preset release --target seedfed_attack_table) >"$log" 2>&1; then
  tail -n 60 "$log" >&2
  echo "attacks: the build failed; all of its output is in $log" >&2
  exit 1
fi
exec "$root/build/release/tests/seedfed_attack_table" "$@"
