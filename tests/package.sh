#!/usr/bin/env bash
# Builds the Debian packages out of a build folder, installs them with apt in a minimal Debian 12, and runs the server and
# the client there as their systemd units say: two clients train three rounds of Fashion-MNIST.
#
#   tests/package.sh [--build DIR] [--no-systemd]     build/release when not said otherwise
#
# Real systemd runs the units where this machine lets systemd-nspawn boot one. Elsewhere, or with --no-systemd, the units'
# command lines run in a chroot as an unprivileged user. The minimal system is made with debootstrap once and kept in
# DIR/package-test, so only the first run needs a mirror. lintian checks the packages too, if it is installed.
#
# Exit status: 0 passed, 77 this machine cannot run the test, 2 a wrong argument, 1 anything else.
set -euo pipefail

readonly MIRROR=${SEEDFED_DEBIAN_MIRROR:-http://deb.debian.org/debian}
readonly SUITE=bookworm
readonly MOST_PACKAGES=24            # that the client brings into a minimal system
readonly MOST_CLIENT_BYTES=14999999  # of its program
readonly BOOT_SECONDS=60             # until systemd has started the scenario
readonly FINISH_SECONDS=180          # for the whole scenario
readonly DATA=/usr/share/datasets/fashion-mnist

build=""
systemd=yes
while (($# > 0)); do
  case $1 in
    --build) build=${2:?package: --build needs a folder}; shift 2 ;;
    --no-systemd) systemd=no; shift ;;
    -h | --help) sed -n '/^set /q; 2,$s/^# \{0,1\}//p' "${BASH_SOURCE[0]}"; exit 0 ;;
    *) echo "package: unknown argument '$1': expected --build DIR or --no-systemd." >&2; exit 2 ;;
  esac
done

tests=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
readonly tests
build=$(realpath -m "${build:-$tests/../build/release}")
readonly build cache=$build/package-test
readonly base=$cache/$SUITE root=$cache/run debs=$cache/debs log=$cache/log

say() { echo "package: $*"; }

fail() {
  echo "package: failed: $*" >&2
  exit 1
}

cannot() {
  echo "package: skipped: $*"
  exit 77
}

# logged WHAT COMMAND...: runs the command with its output in the log; fails with its end.
logged() {
  local what=$1
  shift
  "$@" >"$log" 2>&1 </dev/null || {
    tail -n 20 "$log" >&2
    fail "$what."
  }
}

in_root() { chroot "$1" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive "${@:2}"; }

started=()  # processes of this test
clean_up() {
  local pid
  for pid in ${started[@]+"${started[@]}"}; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  rm -rf "$root"
}

# Has apt put the files of all packages that this test installs at hand; asks the mirror only for those that are missing.
get_packages() {
  rm -f "$base"/var/tmp/*.deb
  cp "$debs"/*.deb "$base/var/tmp/"
  in_root "$base" sh -c 'apt-get install -y --no-install-recommends --download-only /var/tmp/*.deb systemd' \
    >"$log" 2>&1 </dev/null
}

make_base() {
  # An old list of packages may name files that the mirror no longer has.
  [[ -e $base.complete ]] && get_packages && return
  say "making a minimal Debian $SUITE in $base"
  rm -rf "$base" "$base.complete"
  if ! debootstrap --variant=minbase "$SUITE" "$base" "$MIRROR" >"$log" 2>&1 </dev/null; then
    cannot "debootstrap could not make a minimal Debian from $MIRROR: $(grep -E '^[EW]:' "$log" | tail -n 1)"
  fi
  # debootstrap leaves this to the installer.
  echo '127.0.0.1 localhost' >"$base/etc/hosts"
  # This system lives for a minute: its packages need not survive a power cut.
  echo force-unsafe-io >"$base/etc/dpkg/dpkg.cfg.d/unsafe-io"
  get_packages || cannot "apt could not get packages from $MIRROR: $(grep '^E:' "$log" | head -n 1)"
  touch "$base.complete"
}

# shellcheck disable=SC2016
installed_packages() { in_root "$root" dpkg-query -W -f '${Package}\n' | sort; }

install_in_root() { in_root "$root" apt-get install -y --no-install-recommends "$@"; }

# The file of a package as the root sees it.
deb() { (cd "$root" && echo "/var/tmp/$(basename var/tmp/"seedfed-$1"_*.deb)"); }

check_client_is_small() {
  local before added bytes
  before=$(installed_packages)
  logged "apt could not install seedfed-client" install_in_root "$(deb client)"
  added=$(comm -13 <(echo "$before") <(installed_packages))
  bytes=$(stat -c %s "$root/usr/bin/seedfed-client")
  say "the client brings in $(wc -l <<<"$added") packages, itself included: $(paste -sd ' ' <<<"$added")"
  say "its program has $bytes bytes"
  (($(wc -l <<<"$added") <= MOST_PACKAGES)) || fail "the client brings in more than $MOST_PACKAGES packages."
  ((bytes <= MOST_CLIENT_BYTES)) || fail "the client's program has more than $MOST_CLIENT_BYTES bytes."
}

check_man_pages() {
  local page complaints
  for page in "$root"/usr/share/man/man1/seedfed*.1.gz; do
    complaints=$(gzip -dc "$page" | mandoc -Tlint -Wwarning) || true
    [[ -z $complaints ]] || fail "$(basename "$page") has faults: $complaints"
  done
  for page in seedfed seedfed-server seedfed-client; do
    [[ -e $root/usr/share/man/man1/$page.1.gz ]] || fail "there is no manual page $page(1)."
  done
}

# The settings an operator would make: three rounds of two clients.
configure() {
  sed -i -e 's/^rounds = .*/rounds = 3/' -e 's/^clients = .*/clients = 2/' -e 's/^samples = .*/samples = 500/' \
    -e "s/^listen = \"127.0.0.1:7733\"/listen = \"127.0.0.1:$1\"/" "$root/etc/seedfed/server.toml"
  sed -i -e "s/^SEEDFED_SERVER=.*/SEEDFED_SERVER=localhost:$2/" \
    -e "s#^SEEDFED_OPTIONS=.*#SEEDFED_OPTIONS=\"--data $DATA --id one\"#" "$root/etc/seedfed/client.conf"
  sed 's/--id one/--id two/' "$root/etc/seedfed/client.conf" >"$root/etc/seedfed/second-client.conf"
}

# False when systemd cannot run here.
run_under_systemd() {
  command -v systemd-nspawn >/dev/null || return 1
  local nspawn=(systemd-nspawn --quiet --register=no --keep-unit --private-network "--directory=$root")
  "${nspawn[@]}" true >"$log" 2>&1 </dev/null || return 1
  configure 7733 7733
  install -m 755 "$tests/package/scenario.sh" "$root/var/tmp/scenario.sh"
  install -m 644 "$tests/package/scenario.service" "$root/etc/systemd/system/scenario.service"
  sed -e 's/client\.conf/second-client.conf/' -e 's/^StateDirectory=.*/&-2/' -e '/^WorkingDirectory=/d' \
    "$root/lib/systemd/system/seedfed-client.service" >"$root/etc/systemd/system/second-client.service"
  say "booting it"
  timeout --kill-after=10 $((BOOT_SECONDS + FINISH_SECONDS)) \
    "${nspawn[@]}" --boot systemd.unit=scenario.service >"$log" 2>&1 </dev/null &
  local machine=$! end=$((SECONDS + BOOT_SECONDS))
  started+=("$machine")
  while [[ ! -e $root/var/tmp/scenario.log ]] && kill -0 "$machine" 2>/dev/null && ((SECONDS < end)); do sleep 0.2; done
  if [[ ! -e $root/var/tmp/scenario.log ]]; then
    kill "$machine" 2>/dev/null || true
    wait "$machine" || true
    return 1
  fi
  local status=0
  wait "$machine" || status=$?
  sed 's/^/  /' "$root/var/tmp/scenario.log"
  ((status == 0)) || fail "the scenario ended with exit status $status."
}

# unit_command UNIT CONFIG: the words of the unit's ExecStart, one a line, with the variables of the file CONFIG.
unit_command() {
  (
    # shellcheck source=/dev/null
    [[ -z $2 ]] || . "$2"
    eval "printf '%s\n' $(sed -n 's/^ExecStart=//p' "$root/lib/systemd/system/$1")"
  )
}

# as_service UNIT CONFIG: becomes the unit's program in the root, as a user without rights and in the unit's folder.
as_service() {
  local words state
  mapfile -t words < <(unit_command "$1" "$2")
  state=$(sed -n 's/^StateDirectory=//p' "$root/lib/systemd/system/$1")
  install -d -m 700 -o 65534 -g 65534 "$root/var/lib/$state"
  exec chroot "$root" env -i "--chdir=/var/lib/$state" PATH=/usr/bin \
    setpriv --reuid=65534 --regid=65534 --clear-groups --no-new-privs --bounding-set=-all "${words[@]}"
}

run_by_hand() {
  local end=$((SECONDS + FINISH_SECONDS)) server clients pid
  rm -rf "$root"/etc/seedfed/second-client.conf "$root"/var/lib/private
  sed -i 's/^# port_file = "server.port"/port_file = "port"/; s/^# listen = "127.0.0.1:7780"/listen = "none"/' \
    "$root/etc/seedfed/server.toml"
  configure 0 0
  as_service seedfed-server.service "" >"$cache/server.log" 2>&1 </dev/null &
  server=$!
  started+=("$server")
  until [[ -s $root/var/lib/seedfed/port ]]; do
    kill -0 "$server" 2>/dev/null || fail "the server ended at once: $(tail -n 1 "$cache/server.log")"
    ((SECONDS < end)) || fail "the server does not listen."
    sleep 0.1
  done
  configure 0 "$(<"$root/var/lib/seedfed/port")"
  as_service seedfed-client.service "$root/etc/seedfed/client.conf" >"$cache/client.log" 2>&1 </dev/null &
  clients=($!)
  as_service seedfed-client.service "$root/etc/seedfed/second-client.conf" >"$cache/second-client.log" 2>&1 </dev/null &
  clients+=($!)
  started+=("${clients[@]}")
  for pid in "${clients[@]}"; do
    while kill -0 "$pid" 2>/dev/null; do
      ((SECONDS < end)) || fail "the clients are not done after $FINISH_SECONDS seconds: $(tail -n 1 "$cache/client.log")"
      sleep 0.2
    done
    wait "$pid" || fail "a client ended with exit status $?: $(tail -qn 1 "$cache"/*client.log)"
  done
  kill "$server"
  wait "$server" || fail "the server ended with exit status $?: $(tail -n 1 "$cache/server.log")"
  in_root "$root" seedfed verify --store /var/lib/seedfed/store | tee "$log"
  grep -q '^Valid: 3 rounds' "$log" || fail "the store does not hold three rounds."
}

((EUID == 0)) || cannot "only root may make a Debian root and install packages in it."
for program in debootstrap cpack mandoc; do
  command -v "$program" >/dev/null || cannot "there is no $program: bash deploy/install-dependencies.sh test"
done
[[ -e $DATA/train-images-idx3-ubyte.gz ]] || cannot "there is no $DATA: bash deploy/install-dependencies.sh data"
[[ -e $build/CPackConfig.cmake ]] || fail "$build has no CPackConfig.cmake: expected a build folder."

mkdir -p "$cache"
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

rm -rf "$debs" "$root"
logged "cpack could not make the packages" cpack --config "$build/CPackConfig.cmake" -G DEB -B "$debs"
rm -rf "$debs/_CPack_Packages"
if command -v lintian >/dev/null; then
  logged "lintian finds faults" lintian --fail-on error,warning "$debs"/*.deb
fi

make_base
cp -a "$base" "$root"
check_client_is_small
logged "apt could not install the packages" \
  install_in_root "$(deb server)" "$(deb tools)" systemd
check_man_pages
mkdir -p "$root$DATA"
cp "$DATA"/* "$root$DATA/"

if [[ $systemd == yes ]] && run_under_systemd; then
  say "passed, under systemd"
else
  say "running the units' command lines by hand"
  run_by_hand
  say "passed, without systemd"
fi
