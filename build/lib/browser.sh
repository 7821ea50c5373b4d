# shellcheck shell=bash
# What the tests of the dashboard need: a browser, and a checker of accessibility. Source it after tools.sh.

axe_version=4.14.1

# ensure_axe: exports NATIVELAMBDA_AXE, the script of the npm package axe-core (2 MB in artifacts/axe, once). False, after saying so,
# when it cannot be had.
ensure_axe() {
  local prefix script
  prefix=$(repository_root)/artifacts/axe
  script=$prefix/node_modules/axe-core/axe.min.js
  if ! grep -qs "\"version\": \"$axe_version\"" "$prefix/node_modules/axe-core/package.json"; then
    has npm || { say "npm is missing: no axe-core"; return 1; }
    say "Installing npm package axe-core $axe_version into $prefix"
    mkdir -p "$prefix"
    npm install --prefix "$prefix" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error "axe-core@$axe_version" >&2 || return 1
  fi
  export NATIVELAMBDA_AXE=$script
}
