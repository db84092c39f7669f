#!/usr/bin/env bash
# Installs the Debian packages seedfed needs; the only list of them.
#
#   deploy/install-dependencies.sh SET...          installs what is missing, quick and offline when nothing is
#   deploy/install-dependencies.sh --list SET...   prints the packages, one a line, and changes nothing
#
# Sets: build    compilers, tools and development files
#       test     build, plus what the tests need
#       fuzz     build, plus clang with libFuzzer, for tests/fuzz.sh
#       data     the Fashion-MNIST files, under /usr/share/datasets/fashion-mnist
#       bench    build, plus what tests/bench.sh needs
#       runtime  the shared libraries the three programs load, with the names Debian 12 gives them
#
# Works as root or through sudo. Exit status: 0 everything is installed, 1 a package could not be installed,
# 2 a wrong argument or a system without apt.
set -euo pipefail

readonly BUILD=(
  build-essential cmake ninja-build ccache mold git pkg-config file
  libgrpc++-dev protobuf-compiler protobuf-compiler-grpc libprotobuf-dev libabsl-dev
  libboost-dev libboost-filesystem-dev libsqlite3-dev libeigen3-dev libcli11-dev libtomlplusplus-dev
  libspdlog-dev nlohmann-json3-dev zlib1g-dev libsodium-dev libxxhash-dev libzip-dev libssl-dev prometheus-cpp-dev libhwy-dev
)
readonly DATA=(dataset-fashion-mnist)
readonly TEST=("${BUILD[@]}" libgtest-dev libgmock-dev python3 python3-venv faketime openssl prometheus
  debootstrap mandoc systemd-container chromium chromium-driver python3-selenium python3-yaml procps kubernetes-client clang-14
  "${DATA[@]}")
readonly FUZZ=("${BUILD[@]}" libgtest-dev libgmock-dev clang-14 libclang-rt-14-dev)
readonly RUNTIME=(
  libgrpc++1.51 libgrpc29 libprotobuf32 libabsl20220623
  libsqlite3-0 libspdlog1.10 libfmt9 zlib1g libsodium23 libxxhash0 libzip4 libssl3 libprometheus-cpp-core1.0
  libhwy1
)
readonly BENCH=("${BUILD[@]}" libbenchmark-dev libopenblas-dev python3-matplotlib)

fail() {
  local status=$1
  shift
  echo "install-dependencies.sh: $*" >&2
  exit "$status"
}

list_only=no
packages=()
for argument in "$@"; do
  case $argument in
    --list) list_only=yes ;;
    build) packages+=("${BUILD[@]}") ;;
    test) packages+=("${TEST[@]}") ;;
    fuzz) packages+=("${FUZZ[@]}") ;;
    data) packages+=("${DATA[@]}") ;;
    runtime) packages+=("${RUNTIME[@]}") ;;
    bench) packages+=("${BENCH[@]}") ;;
    *) fail 2 "unknown argument '$argument': expected build, test, fuzz, data, runtime or bench, optionally after --list." ;;
  esac
done
((${#packages[@]} > 0)) || fail 2 "no set named: expected build, test, fuzz, data, runtime or bench."
mapfile -t packages < <(printf '%s\n' "${packages[@]}" | sort -u)

if [[ $list_only == yes ]]; then
  printf '%s\n' "${packages[@]}"
  exit 0
fi

system="this system"
if [[ -r /etc/os-release ]]; then
  # shellcheck source=/dev/null
  system=$(. /etc/os-release && echo "${PRETTY_NAME:-this system}")
fi
if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  fail 2 "$system has no apt-get: seedfed's packages are named for Debian 12, install their equivalents by hand (--list prints them)."
fi

is_installed() {
  dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed && return
  # Kubernetes and clouds have packages of their own with a kubectl; Debian's cannot be installed beside them.
  [[ $1 == kubernetes-client ]] && command -v kubectl >/dev/null
}

missing=()
for package in "${packages[@]}"; do
  is_installed "$package" || missing+=("$package")
done
if ((${#missing[@]} == 0)); then
  echo "Nothing to install: the packages asked for (${#packages[@]}) are there."
  exit 0
fi

as_root=()
if ((EUID != 0)); then
  command -v sudo >/dev/null ||
    fail 1 "installing ${missing[*]} needs root: run this as root, or install sudo."
  as_root=(sudo)
fi

log=$(mktemp)
policy=""
clean_up() {
  rm -f "$log"
  [[ -z $policy ]] || "${as_root[@]}" rm -f "$policy"
}
trap clean_up EXIT

# Some packages bring a service that Debian would start, now and at every boot. Here they are only programs
# (prometheus: for the tests): their service is neither started nor left to start. A machine that has a policy of its
# own keeps it.
readonly SERVICES=(prometheus)
readonly POLICY=/usr/sbin/policy-rc.d
forbid_services() {
  [[ ! -e $POLICY ]] || return 0
  policy=$POLICY
  printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$POLICY" >/dev/null
  "${as_root[@]}" chmod 755 "$POLICY"
}
disable_services() {
  local package
  for package in "${missing[@]}"; do
    [[ " ${SERVICES[*]} " == *" $package "* ]] || continue
    "${as_root[@]}" update-rc.d "$package" disable >/dev/null 2>&1 ||
      fail 1 "the service $package could not be kept from starting at boot."
  done
}

run_apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C \
    apt-get -y -o Acquire::Retries=3 -o DPkg::Lock::Timeout=300 "$@" >"$log" 2>&1
}

# The first line in which apt names a cause, without its mark; empty when there is none.
apt_cause() {
  sed -n -e 's/^E: //p' -e 's/^W: \(Failed to fetch\)/\1/p' "$log" | sed -n 1p
}

echo "Installing ${#missing[@]} of ${#packages[@]} packages: ${missing[*]}"
# apt-get update also exits 0 when a repository cannot be read; that matters only when it holds one of the packages.
update_cause=""
run_apt update || update_cause="apt-get update failed"
[[ -z $(apt_cause) ]] || update_cause=$(apt_cause)

for package in "${missing[@]}"; do
  if ! apt-cache show "$package" >/dev/null 2>&1; then
    [[ -z $update_cause ]] ||
      fail 1 "no package '$package' in the lists at hand, and they could not be renewed: $update_cause"
    fail 1 "$system offers no package '$package': seedfed's packages are named for Debian 12 (bookworm)."
  fi
done

forbid_services
if ! run_apt install --no-install-recommends "${missing[@]}"; then
  tail -n 20 "$log" >&2
  fail 1 "apt-get could not install ${missing[*]}: $(apt_cause)"
fi

for package in "${missing[@]}"; do
  is_installed "$package" || fail 1 "apt-get reported success but '$package' is not installed."
done
disable_services
echo "Installed."
