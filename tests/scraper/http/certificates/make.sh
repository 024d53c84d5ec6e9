#!/bin/sh
# Makes the certificates of test_hostile_tls.py anew: an authority that only the tests trust, and four that it
# signed or did not. They are of no use elsewhere, so their keys are no secrets.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.key"; }

key authority
openssl req -x509 -new -key "$work/authority.key" -subj "/CN=cratedig tests" -days 36500 -out authority.pem \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign"

# NAME SUBJECT-ALTERNATIVE-NAME FROM UNTIL
signed() {
    key "$1"
    openssl req -new -key "$work/$1.key" -subj "/CN=$1" -out "$work/$1.csr"
    printf 'subjectAltName=%s\nbasicConstraints=critical,CA:FALSE\nauthorityKeyIdentifier=keyid\n' "$2" >"$work/$1.ext"
    : >"$work/index"
    cat >"$work/ca.cnf" <<END
[ca]
default_ca = here
[here]
database = $work/index
new_certs_dir = $work
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
END
    openssl ca -batch -notext -config "$work/ca.cnf" -cert authority.pem -keyfile "$work/authority.key" \
        -startdate "$3" -enddate "$4" -extfile "$work/$1.ext" -in "$work/$1.csr" -out "$work/$1.crt"
    cat "$work/$1.crt" "$work/$1.key" >"$1.pem"
}
signed good IP:127.0.0.1 20240101000000Z 21200101000000Z
signed expired IP:127.0.0.1 20240101000000Z 20240201000000Z
signed future IP:127.0.0.1 21190101000000Z 21200101000000Z
signed wrong-host DNS:other.example 20240101000000Z 21200101000000Z

key self-signed
openssl req -x509 -new -key "$work/self-signed.key" -subj "/CN=127.0.0.1" -days 36500 -out "$work/self-signed.crt" \
    -addext "subjectAltName=IP:127.0.0.1"
cat "$work/self-signed.crt" "$work/self-signed.key" >self-signed.pem
