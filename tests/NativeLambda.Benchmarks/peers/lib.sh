# shellcheck shell=bash disable=SC2034,SC2054 # The variables are for those who source it; the linker's commas separate.
# What the build scripts of the peers share. Source it in the folder of a peer.

# cannot REASON: this machine cannot build the peer.
cannot() { printf '%s\n' "$*" >&2; exit 77; }

# needs PROGRAM PACKAGE
needs() { command -v "$1" >/dev/null 2>&1 || cannot "$1 is missing: install $2"; }

# has_archive NAME…: whether the linker finds these static libraries.
has_archive() {
  local name
  for name in "$@"; do
    case $(gcc -print-file-name="$name") in /*) ;; *) return 1 ;; esac
  done
}

# What build/lib/peers.sh keeps for the peers.
kept=$(cd "$(dirname "${BASH_SOURCE[0]}")/../../.." && pwd)/artifacts/peers

c_flags=(-std=gnu17 -O2 -flto -fno-pie -Wall -Wextra -Werror -I../c-common)
# At a fixed address and with everything in one file there is nothing to load, to relocate or to look up.
link_flags=(-static -no-pie -s -Wl,--gc-sections -Wl,--no-warnings)
common=(../c-common/text.c ../c-common/runtime_api.c ../c-common/event.c ../c-common/products.c)

# publish_dotnet PROJECT OUTDIR: publishes it; a package that cannot be restored makes it one that this machine cannot build.
publish_dotnet() {
  local log
  needs dotnet "the .NET SDK 10"
  log=$(mktemp)
  # shellcheck disable=SC2064 # This log, whatever the name means later.
  trap "rm -f '$log'" EXIT
  dotnet restore "$1" >"$log" 2>&1 || cannot "packages cannot be restored: $(grep -m 1 -o 'NU[0-9]*: .*' "$log" | cut -c 1-200)"
  rm -rf "$2"
  if ! dotnet publish "$1" -c Release --no-restore -o "$2" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    return 1
  fi
  # Only what runs.
  find "$2" -type f \( -name '*.xml' -o -name '*.pdb' -o -name '*.dbg' \) -delete
}
