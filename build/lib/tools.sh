# shellcheck shell=bash
# The programs that building and testing need: found, or installed from Debian where we may, and said.
# Source it; the functions print what they do to standard error.

say() { printf '>> %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

has() { command -v "$1" >/dev/null 2>&1; }

# dotnet and npm keep their caches below HOME: where that is absent or another user's, as after setpriv, they get artifacts/home.
ensure_writable_home() {
  local home
  mkdir -p "$(repository_root)/artifacts" || die "$(repository_root) cannot be written: use a clone of your own"
  { [ -n "${HOME:-}" ] && [ -d "$HOME" ] && [ -w "$HOME" ]; } && return 0
  home=$(repository_root)/artifacts/home
  mkdir -p "$home"
  say "HOME=${HOME:-} cannot be written: $home serves instead"
  export HOME=$home DOTNET_CLI_HOME=$home
}

# Whether Debian packages can be installed here: by root, with apt.
can_apt() { [ "$(id -u)" -eq 0 ] && has apt-get; }

apt_updated=
# apt_install PACKAGE…: quietly, without recommended packages and without starting a service; its last words only when it fails.
apt_install() {
  local log options=(-y -q --no-install-recommends -o Dpkg::Options::=--force-confold)
  log=$(mktemp)
  if [ -z "$apt_updated" ]; then
    # Stale lists name packages that are no longer there. An update that fails in part may still do.
    apt-get update -q >"$log" 2>&1 || say "apt-get update failed: $(tail -n 1 "$log")"
    apt_updated=1
  fi
  if DEBIAN_FRONTEND=noninteractive without_services apt-get install "${options[@]}" "$@" >"$log" 2>&1 </dev/null; then
    rm -f "$log"
    return 0
  fi
  tail -n 5 "$log" >&2
  rm -f "$log"
  return 1
}

# Runs a command while Debian's package scripts may start no service (policy-rc.d says 101), unless the machine has its own policy.
without_services() (
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    trap 'rm -f "$policy"' EXIT # by Ctrl-C, too
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  "$@"
)

# ensure_tool PROGRAM [PACKAGE]: true when the program is there, or could be installed; else says so and is false.
ensure_tool() {
  local program=$1 package=${2:-$1}
  has "$program" && return 0
  if ! can_apt; then
    say "$program is missing and cannot be installed here (that takes root and apt): install $package"
    return 1
  fi
  say "Installing Debian package $package for $program"
  apt_install "$package" && has "$program" && return 0
  say "$program is missing and Debian package $package could not be installed"
  return 1
}

# libfaketime, a library that has no program of its own: fakes the clock of a process in tests. As ensure_tool.
ensure_libfaketime() {
  has_libfaketime && return 0
  if ! can_apt; then
    say "libfaketime is missing and cannot be installed here (that takes root and apt): install libfaketime"
    return 1
  fi
  say "Installing Debian package libfaketime"
  apt_install libfaketime && has_libfaketime && return 0
  say "Debian package libfaketime could not be installed"
  return 1
}

has_libfaketime() { compgen -G "/usr/lib/*/faketime/libfaketimeMT.so.1" >/dev/null || [ -e /usr/lib/faketime/libfaketimeMT.so.1 ]; }

# What no package of Debian brings, and what the Native AOT compiler needs for linking: a C compiler, the C library's start files
# and objcopy. It brings zlib itself; OpenSSL is loaded at run time.
ensure_build_tools() {
  has dotnet || die "the .NET SDK 10 is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
  dotnet --version >/dev/null 2>&1 ||
    die "no .NET SDK that global.json accepts (10.0.100 or later 10.0): $(dotnet --list-sdks | tr '\n' ' ')is here"
  ensure_tool node nodejs || die "Node.js is needed to sum up the test results and to install npm packages"
  has clang || ensure_tool gcc || die "a C compiler is needed to link Native AOT programs: gcc or clang"
  ensure_tool objcopy binutils || die "objcopy is needed to strip Native AOT programs"
  can_link || { can_apt && say "Installing Debian package libc6-dev" && apt_install libc6-dev && can_link; } ||
    die "the C compiler cannot link a program: install libc6-dev"
}

# Whether the C compiler finds the C library's files for linking.
can_link() {
  local compiler=gcc out status=0
  has clang && compiler=clang
  out=$(mktemp)
  printf 'int main(void) { return 0; }\n' | "$compiler" -x c -o "$out" - 2>/dev/null || status=$?
  rm -f "$out"
  return "$status"
}

# The root of the repository, wherever this was sourced from.
repository_root() { (cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd); }
