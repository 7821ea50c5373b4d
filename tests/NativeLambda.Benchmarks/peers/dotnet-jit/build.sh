#!/usr/bin/env bash
# Builds the peer into OUTDIR: build.sh OUTDIR
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")"
. ../lib.sh

publish_dotnet dotnet-jit.csproj "$out"
