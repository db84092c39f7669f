#!/usr/bin/env bash
# Builds the Debian packages seedfed-server, seedfed-client and seedfed-tools, from a fresh clone on Debian 12.
#
#   bash deploy/build-packages.sh [OUTDIR]    leaves the three .deb files in OUTDIR (build/packages)
#
# The output of the build is in build/packages-build.log. Exit status: 0 built, 1 installing or building failed, 2 a
# wrong argument.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
readonly root
readonly log=$root/build/packages-build.log
readonly log_lines_on_failure=30

if (($# > 1)) || [[ ${1:-} == -* ]]; then
  echo "build-packages.sh: unexpected '${*:1}': expected nothing or one folder." >&2
  exit 2
fi
out=$(realpath -m "${1:-$root/build/packages}")

build() {
  local settings=()
  # A folder that tests/run.sh has configured keeps its tests.
  [[ -f build/release/CMakeCache.txt ]] || settings=(-DSEEDFED_BUILD_TESTS=OFF)
  cmake --preset release ${settings[@]+"${settings[@]}"} &&
    cmake --build --preset release --parallel "$(nproc)" \
      --target seedfed seedfed-server seedfed-client seedfed_man_pages &&
    (cd build/release && cpack -G DEB -B "$out")
}

cd "$root"
bash deploy/install-dependencies.sh build
mkdir -p build
: >"$log"
echo "Building; the first time takes some minutes (output: $log)"
if ! build >>"$log" 2>&1; then
  tail -n "$log_lines_on_failure" "$log" >&2
  echo "build-packages.sh: the build failed; all of its output is in $log" >&2
  exit 1
fi
rm -rf "$out/_CPack_Packages"
sed -n 's/^CPack: - package: \(.*\) generated\.$/\1/p' "$log"
