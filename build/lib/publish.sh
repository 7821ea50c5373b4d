# shellcheck shell=bash
# Native AOT executables for this machine. Source it after tools.sh.

# publish_bootstrap: publishes src/NativeLambda.Function and exports NATIVELAMBDA_BOOTSTRAP, its path. A warning fails it.
publish_bootstrap() {
  publish_aot src/NativeLambda.Function bootstrap bootstrap
  export NATIVELAMBDA_BOOTSTRAP=$published
}

# publish_gateway: publishes src/NativeLambda.Gateway and exports NATIVELAMBDA_GATEWAY, its path. A warning fails it.
publish_gateway() {
  publish_aot src/NativeLambda.Gateway gateway lambda-gateway
  export NATIVELAMBDA_GATEWAY=$published
}

# publish_aot PROJECT FOLDER PROGRAM: publishes a project of the repository into artifacts/publish/FOLDER and sets published, the
# path of its program. A warning fails it.
published=
publish_aot() {
  local project=$1 folder log root
  root=$(repository_root)
  folder=$root/artifacts/publish/$2
  log=$folder.log
  mkdir -p "${log%/*}"
  # Without --runtime: the SDK takes the host's for AOT, and the libraries keep the assets that the solution restored.
  dotnet publish "$root/$project" -c Release -o "$folder" 2>&1 | tee "$log" >&2 ||
    die "$project could not be published"
  if grep -q ': warning ' "$log"; then
    die "the compiler warned about $project"
  fi
  published=$folder/$3
  say "$2: $(stat -c %s "$published") bytes"
}
