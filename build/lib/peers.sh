# shellcheck shell=bash
# What the peers of the benchmark are built with. Source it after tools.sh and foreign.sh. A peer whose tools cannot be had is skipped,
# and its build script says why.

# ensure_peer_tools: installs them. Ends only when all are there, or have been said to be missing.
ensure_peer_tools() {
  ensure_peer_package gcc libc6-dev libssl-dev || true
  { ensure_peer_package libpq-dev && ensure_libpq_archives; } || true
  { ensure_tool go golang-go && ensure_peer_package golang-github-jackc-pgx-v4-dev; } || true
  { ensure_tool cargo && ensure_tool rustc && ensure_peer_package librust-tokio-postgres-dev librust-tokio-rustls-dev \
    librust-rustls-pemfile-dev librust-serde-derive-dev librust-serde-json-dev; } || true
  ensure_node_packages || true
  end_foreign_runtimes
  ric_ready || { begin_foreign_runtimes && end_foreign_runtimes; }
}

pg_version=8.23.1
esbuild_version=0.28.2

ensure_node_packages() {
  local folder log
  folder=$(peer_folder)/node
  log=$folder/install.log
  [ -e "$folder/.ready-$pg_version-$esbuild_version" ] && return 0
  mkdir -p "$folder"
  say "Installing npm packages pg $pg_version and esbuild $esbuild_version for a peer of the benchmark"
  if npm install --prefix "$folder" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
    "pg@$pg_version" "esbuild@$esbuild_version" >"$log" 2>&1; then
    : >"$folder/.ready-$pg_version-$esbuild_version"
    return 0
  fi
  tail -n 5 "$log" >&2
  say "npm packages pg and esbuild could not be installed: a peer of the benchmark is skipped"
  return 1
}

peer_folder() { printf '%s\n' "$(repository_root)/artifacts/peers"; }

has_package() { dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null | grep -qx installed; }

# ensure_peer_package PACKAGE…: true when these Debian packages are there, or could be installed; else says so and is false.
ensure_peer_package() {
  local package missing=()
  for package in "$@"; do
    has_package "$package" || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  if ! can_apt; then
    say "${missing[*]} cannot be installed here (that takes root and apt): a peer of the benchmark is skipped"
    return 1
  fi
  say "Installing Debian packages for the peers of the benchmark: ${missing[*]}"
  apt_install "${missing[@]}" && return 0
  say "${missing[*]} could not be installed: a peer of the benchmark is skipped"
  return 1
}

# Two libraries that libpq.a cannot be linked without are in a package that depends on a whole compiler: only they are taken from it.
ensure_libpq_archives() {
  local folder major scratch
  folder=$(peer_folder)/postgresql
  { [ -e "$folder/libpgcommon.a" ] && [ -e "$folder/libpgport.a" ]; } && return 0
  major=$(dpkg-query -W -f '${Version}' libpq-dev)
  major=${major%%.*}
  mkdir -p "$folder"
  scratch=$(mktemp -d)
  say "Taking libpgcommon.a and libpgport.a from Debian package postgresql-server-dev-$major"
  if (cd "$scratch" && apt-get download -q "postgresql-server-dev-$major" >log 2>&1 && dpkg-deb -x ./*.deb . &&
    cp "usr/lib/postgresql/$major/lib/libpgcommon.a" "usr/lib/postgresql/$major/lib/libpgport.a" "$folder/"); then
    rm -rf "$scratch"
    return 0
  fi
  tail -n 3 "$scratch/log" >&2
  rm -rf "$scratch"
  say "postgresql-server-dev-$major could not be had: the peer with libpq is skipped"
  return 1
}
