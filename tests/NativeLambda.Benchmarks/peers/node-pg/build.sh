#!/usr/bin/env bash
# Builds the peer into OUTDIR: build.sh OUTDIR
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")"
. ../lib.sh

needs node nodejs
packages=$kept/node/node_modules
runtime=$kept/../foreign/ric/node_modules
{ [ -e "$packages/pg" ] && [ -e "$packages/.bin/esbuild" ]; } || cannot "npm packages pg and esbuild are missing: build/lib/peers.sh installs them"
[ -e "$runtime/aws-lambda-ric/dist/rapid-client.node" ] || cannot "npm package aws-lambda-ric is missing or not built: build/lib/foreign.sh builds it"

mkdir -p "$out"
rm -rf "$out/node_modules"
# What runs of it: the rest are the sources that it was compiled from.
mkdir -p "$out/node_modules/aws-lambda-ric"
cp -r "$runtime"/aws-lambda-ric/{bin,dist,package.json,LICENSE,NOTICE,THIRD-PARTY-LICENSES} "$out/node_modules/aws-lambda-ric"
# One file is read faster than forty. pg's require of what Node brings stays one.
NODE_PATH=$packages "$packages/.bin/esbuild" index.mjs --bundle --minify --platform=node --target=node20 --format=esm --external:pg-native \
  --banner:js='import{createRequire}from"node:module";const require=createRequire(import.meta.url);' --log-level=warning --outfile="$out/index.mjs"
cat >"$out/bootstrap" <<'SCRIPT'
#!/bin/sh
cd "${0%/*}" # where AWS's client looks for the function, as Lambda starts it
exec node "$PWD/node_modules/aws-lambda-ric/bin/index.mjs" "${_HANDLER:-index.handler}"
SCRIPT
chmod 755 "$out/bootstrap"
