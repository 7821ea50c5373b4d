# shellcheck shell=bash
# The Native AOT bootstrap for this machine. Source it after tools.sh.

# publish_bootstrap: publishes src/NativeLambda.Function and exports NATIVELAMBDA_BOOTSTRAP, its path. A warning fails it.
publish_bootstrap() {
  local root folder log
  root=$(repository_root)
  folder=$root/artifacts/publish/bootstrap
  log=$root/artifacts/publish/bootstrap.log
  mkdir -p "${log%/*}"
  # Without --runtime: the SDK takes the host's for AOT, and the libraries keep the assets that the solution restored.
  dotnet publish "$root/src/NativeLambda.Function" -c Release -o "$folder" 2>&1 | tee "$log" >&2 ||
    die "the bootstrap could not be published"
  if grep -q ': warning ' "$log"; then
    die "the compiler warned about the bootstrap"
  fi
  export NATIVELAMBDA_BOOTSTRAP=$folder/bootstrap
  say "bootstrap: $(stat -c %s "$NATIVELAMBDA_BOOTSTRAP") bytes"
}
