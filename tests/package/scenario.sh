#!/usr/bin/env bash
# Runs inside the minimal Debian, under its systemd, where tests/package.sh has installed and configured the packages:
# what an operator does with the services, from the first start to the purge.
set -euo pipefail
exec >/var/tmp/scenario.log 2>&1

fail() {
  echo "failed: $*"
  systemctl status --no-pager --full seedfed-server seedfed-client second-client || true
  journalctl --no-pager --lines=30 -u seedfed-server -u seedfed-client -u second-client || true
  exit 1
}

# wait_until SECONDS WHAT COMMAND...
wait_until() {
  local end=$((SECONDS + $1)) what=$2
  shift 2
  until "$@"; do
    ((SECONDS < end)) || fail "$what."
    sleep 0.1
  done
}

property() { systemctl show --property="$2" --value "$1"; }
has() { [[ $(property "$1" "$2") == "$3" ]]; }
rounds_are_valid() { seedfed verify --store /var/lib/seedfed/store | grep "^Valid: $1 rounds"; }

for unit in seedfed-server seedfed-client; do
  [[ $(systemctl is-enabled $unit) == disabled ]] || fail "installing the package enabled $unit"
  has $unit ActiveState inactive || fail "installing the package started $unit"
  systemd-analyze verify --man=no $unit.service || fail "$unit.service has faults"
  # In tenths: 2.0 of 10.
  systemd-analyze security --no-pager --threshold=20 $unit.service >/var/tmp/security ||
    fail "$unit.service is too exposed: $(tail -n 1 /var/tmp/security)"
  sed -n 's/.*Overall/Overall/p' /var/tmp/security
done

systemctl enable --now seedfed-server || fail "the server does not start"
systemctl start seedfed-client second-client || fail "a client does not start"
for unit in seedfed-client second-client; do
  wait_until 90 "$unit is not done" has $unit ActiveState inactive
  has $unit Result success || fail "$unit ended with $(property $unit Result)"
done
echo "trained"
wait_until 10 "the store does not hold three rounds" rounds_are_valid 3

main=$(property seedfed-server MainPID)
for line in "NoNewPrivs:	1" "Seccomp:	2" "CapEff:	0000000000000000" "CapBnd:	0000000000000000"; do
  grep -qx "$line" "/proc/$main/status" || fail "the server's process has no '$line'"
done
[[ $(stat -c %u "/proc/$main") != 0 ]] || fail "the server runs as root"

mkdir -p /run/systemd/system/seedfed-server.service.d
printf '[Service]\nWatchdogSec=5\nRestartSec=100ms\n' >/run/systemd/system/seedfed-server.service.d/test.conf
systemctl daemon-reload
systemctl restart seedfed-server
main=$(property seedfed-server MainPID)
has seedfed-server NRestarts 0 || fail "the server was restarted before it hung"
kill -STOP "$main"
wait_until 30 "a server that hangs is not started again" has seedfed-server NRestarts 1
wait_until 30 "the server does not serve again" has seedfed-server ActiveState active
rounds_are_valid 3
echo "a server that hung was started again"

main=$(property seedfed-server MainPID)
dpkg --install /var/tmp/seedfed-server_*.deb >/dev/null </dev/null || fail "the package cannot be installed over itself"
wait_until 30 "an upgrade stops the server for good" has seedfed-server ActiveState active
! has seedfed-server MainPID "$main" || fail "an upgrade leaves the old server running"
grep -q '^rounds = 3$' /etc/seedfed/server.toml || fail "an upgrade changes the configuration"
rounds_are_valid 3
echo "an upgrade started the server again, with its configuration"

token=/etc/credstore/seedfed.admin-token
mkdir -p /etc/credstore
(umask 077 && head -c 24 /dev/urandom | base64 >$token)
sed -i '/^\[admin\]/,/^\[clients\]/s/^# token_file/token_file/' /etc/seedfed/server.toml
systemctl restart seedfed-server || fail "the server does not start with an admin token"
! seedfed status 2>/dev/null || fail "the server shows its status without the admin token"
seedfed status --admin-token-file $token >/dev/null || fail "the server refuses its admin token"
rm $token
echo "the admin token is asked for"

sed -i 's/^rounds = .*/rounds = "many"/' /etc/seedfed/server.toml
! systemctl restart seedfed-server 2>/dev/null || fail "the server starts with a wrong configuration"
has seedfed-server ExecMainStatus 2 || fail "the server did not end with exit status 2"
has seedfed-server ActiveState failed || fail "the server is tried again with a wrong configuration"
echo "a wrong configuration is not tried again"

dpkg --remove seedfed-server seedfed-client
[[ -e /etc/seedfed/server.toml && -e /etc/seedfed/client.conf ]] || fail "removing took the configuration away"
rm /etc/seedfed/second-client.conf
dpkg --purge seedfed-server seedfed-client
[[ ! -e /etc/seedfed ]] || fail "purging left $(ls /etc/seedfed) in /etc/seedfed"
left=$(find /etc /var/lib/systemd -name 'seedfed*' ! -path '*/seedfed-server.service.d*')
[[ -z $left ]] || fail "purging left $left"
rounds_are_valid 3 || fail "purging took the federation's history away"
[[ ! -e /var/lib/private/seedfed-client && ! -L /var/lib/seedfed-client ]] || fail "purging left the client's empty folder"
echo "removed and purged; the federation's history is still there"
