#!/usr/bin/env bash
# Builds the peer into OUTDIR: build.sh OUTDIR
exec "$(dirname "$0")/../floor/build.sh" tls "$1"
