#!/usr/bin/env bash
# Builds the peer into OUTDIR: build.sh OUTDIR
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")"
. ../lib.sh

needs go golang-go
packages=/usr/share/gocode
[ -e "$packages/src/github.com/jackc/pgx/v4" ] || cannot "pgx is missing: install golang-github-jackc-pgx-v4-dev"

mkdir -p "$out"
# Debian's packages are a GOPATH. Without cgo there is no library to load.
export GO111MODULE=off GOFLAGS='' GOPATH=$packages GOCACHE=$kept/go-cache CGO_ENABLED=0
if grep -qw avx2 /proc/cpuinfo && grep -qw bmi2 /proc/cpuinfo; then export GOAMD64=v3; fi
go build -trimpath -ldflags '-s -w' -o "$out/bootstrap" .
