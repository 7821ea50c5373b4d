# shellcheck shell=bash
# AWS's client for JavaScript, with which the tests call the emulator as anybody's program would. Source it after tools.sh.

# ensure_sdk: installs what tests/NativeLambda.IntegrationTests/Sdk/package-lock.json names into artifacts/sdk (19 MB, once) and
# exports NATIVELAMBDA_SDK, that directory. False, after saying so, when it cannot be had.
ensure_sdk() {
  local source prefix
  source=$(repository_root)/tests/NativeLambda.IntegrationTests/Sdk
  prefix=$(repository_root)/artifacts/sdk
  if ! cmp -s "$source/package-lock.json" "$prefix/.ready"; then
    has npm || { say "npm is missing: no tests with AWS's client"; return 1; }
    say "Installing npm package @aws-sdk/client-lambda into $prefix"
    mkdir -p "$prefix"
    cp "$source/package.json" "$source/package-lock.json" "$prefix/"
    npm ci --prefix "$prefix" --no-audit --no-fund --ignore-scripts --loglevel=error >&2 || { say "@aws-sdk/client-lambda could not be installed"; return 1; }
    cp "$source/package-lock.json" "$prefix/.ready"
  fi
  export NATIVELAMBDA_SDK=$prefix
}
