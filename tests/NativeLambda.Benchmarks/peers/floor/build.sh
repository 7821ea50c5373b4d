#!/usr/bin/env bash
# Builds one of the floors into OUTDIR: build.sh process|trust|scram|tls OUTDIR
set -euo pipefail
kind=$1
out=$(realpath -m "$2")
cd "$(dirname "$0")"
. ../lib.sh

needs gcc gcc
has_archive libc.a || cannot "the C library is missing: install libc6-dev"
case $kind in
  process) sources=(process.c) libraries=() ;;
  trust) sources=(main.c transport.c) libraries=() ;;
  scram) sources=(-DWITH_SCRAM main.c transport.c scram.c base64.c) libraries=(-l:libcrypto.a) ;;
  tls) sources=(-DWITH_SCRAM -DWITH_TLS main.c transport.c scram.c base64.c) libraries=(-l:libssl.a -l:libcrypto.a) ;;
esac
if [ ${#libraries[@]} -gt 0 ]; then
  has_archive libssl.a libcrypto.a || cannot "OpenSSL is missing: install libssl-dev"
fi

mkdir -p "$out"
gcc "${c_flags[@]}" "${sources[@]}" "${common[@]}" "${link_flags[@]}" -o "$out/bootstrap" "${libraries[@]}"
