#!/usr/bin/env bash
# Makes the manual pages of the three programs out of their help texts: one for each program and each subcommand.
#
#   make-man-pages.sh BIN_DIR OUT_DIR [LAUNCHER...]    LAUNCHER runs programs that were built for another machine
#
# Leaves OUT_DIR/PACKAGE/NAME.1.gz. The page's date is the newest entry's of the changelog beside this script.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly here bin=$1 out=$2
shift 2
readonly launcher=("$@")

run() { ${launcher[@]+"${launcher[@]}"} "$bin/$1" "${@:2}"; }

version=$(run seedfed --version)
version=${version##* }
date=$(date --utc --date="$(sed -n 's/^ -- .*>  //p' "$here/changelog" | head -n 1)" +%F)

# page PACKAGE NAME SEE_ALSO ARGUMENT...: the page NAME(1) of what `ARGUMENT... --help` prints.
page() {
  local package=$1 name=$2 see_also=$3
  shift 3
  mkdir -p "$out/$package"
  run "$@" --help |
    awk -v name="$name" -v version="$version" -v date="$date" -v see_also="$see_also" -f "$here/help-to-man.awk" \
      >"$out/$package/$name.1"
  gzip -9n "$out/$package/$name.1"
}

rm -rf "$out"
page seedfed-server seedfed-server "seedfed-client(1), seedfed(1)" seedfed-server
page seedfed-client seedfed-client "seedfed-server(1), seedfed(1)" seedfed-client
page seedfed-tools seedfed "seedfed-server(1), seedfed-client(1)" seedfed
while read -r subcommand; do
  page seedfed-tools "seedfed-$subcommand" "seedfed(1)" seedfed "$subcommand"
done < <(run seedfed --help | sed -n '/^Subcommands:/,/^$/s/^  \([a-z-]*\) .*/\1/p')
