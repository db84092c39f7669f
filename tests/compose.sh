#!/usr/bin/env bash
# Runs the federation of docker-compose.yml in containers, kills the server in the middle, starts it again, and checks
# that the metrics can be read with the admin token only, that every round was finished once, and that server, clients
# and evaluator all ended with exit status 0.
#
#   tests/compose.sh [--clients N] [--rounds N]     3 clients and 5 rounds when not said otherwise
#
# Needs no image registry: it installs Docker from Debian's packages when absent, starts a daemon when none answers (and
# ends that one), and makes debian:bookworm-slim with debootstrap when it cannot be pulled. Containers, network and
# volume are removed at the end; the images stay, so that a second run is quick.
#
# Exit status: 0 passed, 77 this machine cannot run containers, 1 anything else.
set -euo pipefail

readonly PROJECT=seedfed-compose-test
readonly BASE_IMAGE=debian:bookworm-slim
readonly KILL_AFTER_ROUND=2
readonly BUILD_SECONDS=3600   # one compilation of everything on a small machine
readonly START_SECONDS=180    # until the server is healthy and all containers run
readonly FINISH_SECONDS=600   # until the last container has ended

clients=3
rounds=5
while (($# > 0)); do
  case "$1" in
    --clients | --rounds)
      if [[ ! ${2:-} =~ ^[1-9][0-9]{0,3}$ ]]; then
        echo "compose: $1 is '${2:-}': expected a whole number from 1 to 9999." >&2
        exit 1
      fi
      if [[ $1 == --clients ]]; then clients=$2; else rounds=$2; fi
      shift 2
      ;;
    *)
      echo "compose: unknown argument '$1': expected --clients N or --rounds N." >&2
      exit 1
      ;;
  esac
done
if ((rounds <= KILL_AFTER_ROUND + 1)); then
  echo "compose: --rounds is $rounds: expected $((KILL_AFTER_ROUND + 2)) or more, for a kill after round $KILL_AFTER_ROUND." >&2
  exit 1
fi

cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
dockerd_pid=""
compose=()
started=no

clean_up() {
  if [[ $started == yes ]]; then
    "${compose[@]}" down --volumes --timeout 5 >"$work/down.log" 2>&1 ||
      echo "compose: could not remove the containers: $(tail -n 1 "$work/down.log")" >&2
  fi
  if [[ -n $dockerd_pid ]]; then
    kill "$dockerd_pid" 2>/dev/null || true
    wait "$dockerd_pid" 2>/dev/null || true
  fi
  rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() { echo "compose: $*"; }

fail() {
  if [[ $started == yes ]]; then
    "${compose[@]}" logs --no-color --tail 15 >&2 || true
  fi
  echo "compose: failed: $*" >&2
  exit 1
}

no_containers() {
  echo "compose: this machine cannot run containers: $*" >&2
  exit 77
}

daemon_answers() { docker info >/dev/null 2>&1; }

# wait_until SECONDS COMMAND...: true as soon as the command is, false after that many seconds.
wait_until() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep 0.2
  done
}

install_packages() {
  ((EUID == 0)) || fail "$* must be installed first, and only root can do that."
  command -v apt-get >/dev/null || fail "$* must be installed first, and there is no apt-get to do it."
  say "installing $*"
  apt-get update >"$work/apt.log" 2>&1 || true
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >"$work/apt.log" 2>&1 ||
    fail "apt-get could not install $*: $(grep '^E:' "$work/apt.log" | head -n 1)"
}

start_daemon() {
  ((EUID == 0)) || no_containers "no docker daemon answers and only root may start one."
  unshare --mount --net true 2>/dev/null ||
    no_containers "this root user lacks the privilege to make mount and network namespaces."
  local needed=() storage
  command -v dockerd >/dev/null || needed+=(docker.io)
  command -v iptables >/dev/null || needed+=(iptables)
  ((${#needed[@]} == 0)) || install_packages "${needed[@]}"
  # A daemon that is starting or stopping holds the pid file: it answers soon or is gone.
  other_is_settled() { daemon_answers || ! kill -0 "$(cat /var/run/docker.pid 2>/dev/null)" 2>/dev/null; }
  wait_until 60 other_is_settled || fail "the docker daemon of /var/run/docker.pid runs but does not answer."
  daemon_answers && return
  for storage in default vfs; do
    local options=()
    [[ $storage == default ]] || options=(--storage-driver="$storage")
    say "starting dockerd with the $storage storage driver"
    # Its own session, so that an interrupt from the terminal reaches it only after the containers are gone.
    setsid dockerd "${options[@]}" >"$work/dockerd.log" 2>&1 &
    dockerd_pid=$!
    daemon_or_end() { daemon_answers || ! kill -0 "$dockerd_pid" 2>/dev/null; }
    wait_until 60 daemon_or_end || true
    daemon_answers && return
    kill "$dockerd_pid" 2>/dev/null || true
    wait "$dockerd_pid" 2>/dev/null || true
    dockerd_pid=""
  done
  no_containers "dockerd does not start: $(tail -n 1 "$work/dockerd.log")"
}

find_compose() {
  if docker compose version >/dev/null 2>&1; then
    compose=(docker compose)
  else
    command -v docker-compose >/dev/null || install_packages docker-compose
    compose=(docker-compose)
  fi
  compose+=(--project-name "$PROJECT")
}

make_base_image() {
  docker image inspect "$BASE_IMAGE" >/dev/null 2>&1 && return
  say "pulling $BASE_IMAGE"
  timeout 120 docker pull "$BASE_IMAGE" >"$work/pull.log" 2>&1 && return
  say "no registry answers; making $BASE_IMAGE with debootstrap"
  command -v debootstrap >/dev/null || install_packages debootstrap
  ((EUID == 0)) || fail "$BASE_IMAGE can neither be pulled nor, without being root, be made."
  local root="$work/rootfs" mirror=http://deb.debian.org
  debootstrap --variant=minbase bookworm "$root" "$mirror/debian" >"$work/debootstrap.log" 2>&1 ||
    fail "debootstrap could not make $BASE_IMAGE: $(tail -n 1 "$work/debootstrap.log")"
  printf 'deb %s main\n' "$mirror/debian bookworm" "$mirror/debian bookworm-updates" \
    "$mirror/debian-security bookworm-security" >"$root/etc/apt/sources.list"
  tar -C "$root" --exclude='./dev/*' --exclude='./var/cache/apt/archives/*.deb' --exclude='./var/lib/apt/lists/*' \
    --exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' --exclude='./usr/share/locale/*' -c . |
    docker import --change 'CMD ["bash"]' - "$BASE_IMAGE" >/dev/null || fail "docker could not import $BASE_IMAGE."
  rm -rf "$root"
}

container_of() { "${compose[@]}" ps --all --quiet "$1" | head -n 1; }

# The rounds the evaluator reported, one a line, in the order it reported them.
evaluated_rounds() { docker logs "$evaluator" 2>/dev/null | sed -n 's/^{.*"round": *\([0-9][0-9]*\).*/\1/p'; }

last_round_is_at_least() {
  local last
  last=$(evaluated_rounds | tail -n 1)
  ((${last:-0} >= $1))
}

# The status code that the server's HTTP port, as published on this machine, answers to GET /metrics.
metrics_status() {
  local address answer
  address=$("${compose[@]}" port server 7780)
  exec 3<>"/dev/tcp/${address%:*}/${address##*:}"
  printf 'GET /metrics HTTP/1.0\r\nHost: %s\r\nAuthorization: Bearer %s\r\n\r\n' "$address" "$1" >&3
  read -r -t 10 _ answer _ <&3 || true
  exec 3>&-
  echo "$answer"
}

kill_round_passed() { last_round_is_at_least "$KILL_AFTER_ROUND"; }

all_ended() {
  local states
  states=$(docker inspect --format '{{.State.Status}}' "${containers[@]}")
  [[ -z $(grep -v '^exited$' <<<"$states" || true) ]]
}

daemon_answers || start_daemon
find_compose
make_base_image
docker run --rm "$BASE_IMAGE" true 2>"$work/run.log" ||
  no_containers "docker run fails: $(tail -n 1 "$work/run.log")"

export CLIENTS=$clients ROUNDS=$rounds HTTP_PORT=  # any free port
export TILE=8 CODEC=ensemble MODE=rolling ALPHA=0 SAMPLES=6000 KEY=1

started=yes
"${compose[@]}" down --volumes >/dev/null 2>&1 || true
say "building the images"
timeout "$BUILD_SECONDS" "${compose[@]}" build >"$work/build.log" 2>&1 || {
  tail -n 30 "$work/build.log" >&2
  fail "the images could not be built."
}
say "starting one server, $clients clients and one evaluator for $rounds rounds"
timeout "$START_SECONDS" "${compose[@]}" up --detach --scale client="$clients" >"$work/up.log" 2>&1 || {
  tail -n 10 "$work/up.log" >&2
  fail "the containers did not start within $START_SECONDS seconds."
}
mapfile -t containers < <("${compose[@]}" ps --all --quiet)
((${#containers[@]} == clients + 3)) || fail "${#containers[@]} containers are there: expected $((clients + 3))."
server=$(container_of server)
evaluator=$(container_of evaluator)

token=$(docker exec "$server" cat /run/seedfed/admin.token)
answers="$(metrics_status "$token") $(metrics_status not-the-token)"
[[ $answers == "200 401" ]] || fail "/metrics answers $answers with the token and without: expected 200 401."

wait_until "$FINISH_SECONDS" kill_round_passed ||
  fail "round $KILL_AFTER_ROUND did not finish within $FINISH_SECONDS seconds."
docker kill "$server" >/dev/null || fail "the server had ended before it could be killed."
[[ $(docker inspect --format '{{.State.Running}} {{.State.ExitCode}}' "$server") == "false 137" ]] ||
  fail "the server is not dead after docker kill."
! last_round_is_at_least "$rounds" || fail "the federation was finished before the server was killed."
say "killed the server after round $(evaluated_rounds | tail -n 1); starting it again"
sleep 2
docker start "$server" >/dev/null || fail "the killed server could not be started again."

wait_until "$FINISH_SECONDS" all_ended || fail "containers still run $FINISH_SECONDS seconds after the restart."
while read -r name code; do
  [[ $code == 0 ]] || fail "container ${name#/} ended with exit status $code: expected 0."
done < <(docker inspect --format '{{.Name}} {{.State.ExitCode}}' "${containers[@]}")

found=$(evaluated_rounds | paste -sd ' ')
expected=$(seq "$rounds" | paste -sd ' ')
[[ $found == "$expected" ]] || fail "the evaluator saw rounds '$found': expected '$expected'."
docker logs "$evaluator" 2>/dev/null | grep '^{' | tail -n 1
say "passed"
