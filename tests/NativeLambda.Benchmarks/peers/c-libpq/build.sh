#!/usr/bin/env bash
# Builds the peer into OUTDIR: build.sh OUTDIR
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")"
. ../lib.sh

needs gcc gcc
has_archive libpq.a libssl.a libcrypto.a libc.a || cannot "libpq or OpenSSL is missing: install libpq-dev and libssl-dev"
postgresql=$kept/postgresql
{ [ -e "$postgresql/libpgcommon.a" ] && [ -e "$postgresql/libpgport.a" ]; } ||
  cannot "libpgcommon.a and libpgport.a are missing, which libpq.a needs: build/lib/peers.sh fetches them from postgresql-server-dev"

mkdir -p "$out"
gcc "${c_flags[@]}" -I/usr/include/postgresql main.c absent.c "${common[@]}" "${link_flags[@]}" -Wl,--wrap=SSL_CTX_new -o "$out/bootstrap" \
  -l:libpq.a "$postgresql/libpgcommon.a" "$postgresql/libpgport.a" -l:libssl.a -l:libcrypto.a
