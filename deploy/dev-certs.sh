#!/usr/bin/env bash
# Makes what a federation needs for mutual TLS: a private CA, a server certificate and client certificates.
#
#   deploy/dev-certs.sh DIR [--clients N] [--client ID]... [--host NAME]... [--renew]
#
# DIR/ca.pem               the CA's certificate: clients' --tls-ca, the server's --tls-client-ca; 10 years
# DIR/ca.key               the CA's key: whoever has it can join. Keep it off the server
# DIR/server.pem, .key     for localhost, 127.0.0.1, ::1, this machine's name and every NAME, a host
#                          name or an address; 1 year. --renew keeps the names it has
# DIR/clients/ID.pem, .key a client's; its common name is the client id; 1 year. --clients N: client-1 to client-N
#
# What is there already is kept; --renew makes all certificates anew, with new keys, from the same CA. A file is replaced
# at once, so DIR may be that of a running server. Keys have mode 0600. Needs openssl.
# Exit status: 0 done, 1 openssl failed, 2 a wrong argument.
set -euo pipefail
umask 077

readonly CA_DAYS=3650 DAYS=365

fail() {
  echo "dev-certs.sh: $*" >&2
  exit 2
}

folder=
count=0
renew=no
clients=()
hosts=(localhost 127.0.0.1 ::1 "$(hostname)")
while (($# > 0)); do
  case $1 in
    --clients | --client | --host)
      (($# > 1)) || fail "$1 has no value."
      case $1 in
        --clients) count=$2 ;;
        --client) clients+=("$2") ;;
        --host) hosts+=("$2") ;;
      esac
      shift
      ;;
    --renew) renew=yes ;;
    -*) fail "unknown flag '$1': expected --clients, --client, --host or --renew." ;;
    *)
      [[ -z $folder ]] || fail "unexpected argument '$1': the folder is $folder."
      folder=$1
      ;;
  esac
  shift
done
[[ -n $folder ]] || fail "no folder is named: deploy/dev-certs.sh DIR [--clients N] [--host NAME]..."
[[ $count =~ ^[0-9]{1,4}$ ]] || fail "--clients is '$count'; expected a number from 0 to 9999."
for ((i = 1; i <= 10#$count; ++i)); do clients+=("client-$i"); done
for client in "${clients[@]}"; do
  [[ $client =~ ^[A-Za-z0-9._-]{1,64}$ && $client != .* ]] ||
    fail "the client id '$client' is not 1 to 64 of A-Z a-z 0-9 . _ - without a dot at the front."
done
names=()
for host in "${hosts[@]}"; do
  [[ $host =~ ^[A-Za-z0-9._:-]+$ ]] || fail "--host is '$host'; expected a host name or an address."
  kind=DNS
  [[ $host =~ ^[0-9.]+$ || $host == *:* ]] && kind=IP
  names+=("$kind:$host")
done

mkdir -p "$folder/clients"
work=$(mktemp -d "$folder/.making.XXXXXX")
trap 'rm -rf "$work"' EXIT

# Runs openssl quietly; shows what it said when it failed.
quietly() {
  openssl "$@" >"$work/said" 2>&1 || {
    cat "$work/said" >&2
    echo "dev-certs.sh: openssl $1 failed." >&2
    exit 1
  }
}

new_key() { quietly genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1"; }

# place STEM: moves the made key and certificate to STEM.key and STEM.pem, each at once.
place() {
  chmod 644 "$work/new.pem"
  mv -f "$work/new.key" "$1.key"
  mv -f "$work/new.pem" "$1.pem"
}

make_ca() {
  new_key "$work/new.key"
  quietly req -x509 -new -key "$work/new.key" -sha256 -days "$CA_DAYS" -subj "/CN=seedfed private CA" \
    -addext "basicConstraints=critical,CA:TRUE,pathlen:0" -addext "keyUsage=critical,keyCertSign,cRLSign" \
    -out "$work/new.pem"
  place "$folder/ca"
}

# issue STEM COMMON_NAME EXTENSION...: a key and a certificate that the CA has signed.
issue() {
  local stem=$1 name=$2
  shift 2
  new_key "$work/new.key"
  quietly req -new -key "$work/new.key" -subj "/CN=$name" -out "$work/request"
  printf '%s\n' "basicConstraints=critical,CA:FALSE" "keyUsage=critical,digitalSignature" "authorityKeyIdentifier=keyid" "$@" \
    >"$work/extensions"
  quietly x509 -req -in "$work/request" -CA "$folder/ca.pem" -CAkey "$folder/ca.key" -sha256 -days "$DAYS" \
    -set_serial "0x$(openssl rand -hex 16)" -extfile "$work/extensions" -out "$work/new.pem"
  place "$stem"
}

wanted() { [[ $renew == yes || ! -e $1.pem || ! -e $1.key ]]; }

made=()
if [[ ! -e $folder/ca.pem ]]; then
  make_ca
  made+=(ca)
elif [[ ! -e $folder/ca.key ]]; then
  echo "dev-certs.sh: $folder/ca.pem is there, but not its key ca.key, so nothing can be signed." >&2
  exit 1
fi
if wanted "$folder/server"; then
  if [[ -e $folder/server.pem ]]; then  # the names it has stay
    mapfile -t -O "${#names[@]}" names < <(openssl x509 -in "$folder/server.pem" -noout -ext subjectAltName |
      tail -n +2 | tr -d ' ' | tr ',' '\n' | sed 's/^IPAddress:/IP:/')
  fi
  all_names=$(printf '%s\n' "${names[@]}" | sort -u | paste -sd,)
  issue "$folder/server" "seedfed server" "extendedKeyUsage=serverAuth" "subjectAltName=$all_names"
  made+=(server)
fi
if [[ $renew == yes ]]; then
  for file in "$folder"/clients/*.pem; do
    [[ -e $file ]] || continue
    client=${file##*/}
    clients+=("${client%.pem}")
  done
fi
mapfile -t clients < <(printf '%s\n' "${clients[@]}" | sort -uV)
for client in "${clients[@]}"; do
  [[ -n $client ]] || continue
  if wanted "$folder/clients/$client"; then
    issue "$folder/clients/$client" "$client" "extendedKeyUsage=clientAuth"
    made+=("clients/$client")
  fi
done
if ((${#made[@]} == 0)); then
  echo "dev-certs.sh: everything is there; --renew makes the certificates anew."
else
  echo "dev-certs.sh: made in $folder: ${made[*]}"
fi
