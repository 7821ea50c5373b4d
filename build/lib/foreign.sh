# shellcheck shell=bash
# Lambda runtimes that are not ours, for the emulator's tests: AWS's own client for Node, and a bootstrap in Go. Source it after tools.sh.
# Their tests are skipped, and counted as skipped, where they cannot be had.

ric_version=3.3.0
foreign_jobs=()

# begin_foreign_runtimes: installs what they are built with, and builds them in the background: AWS's client compiles curl and a
# library of its own, a minute of one processor.
begin_foreign_runtimes() {
  ensure_tool curl || true
  ensure_tool python3 || true
  if ensure_tool go golang-go; then build_go_runtime & foreign_jobs+=($!); fi
  if ric_ready || { ensure_tool g++ && ensure_tool make && ensure_tool cmake && ensure_tool autoconf && ensure_tool automake &&
    ensure_tool libtoolize libtool; }; then
    build_ric & foreign_jobs+=($!)
  fi
}

# end_foreign_runtimes: waits for them.
end_foreign_runtimes() {
  local job
  for job in "${foreign_jobs[@]}"; do
    wait "$job" || say "A foreign runtime could not be built: its tests are skipped"
  done
  foreign_jobs=()
}

foreign_folder() { printf '%s\n' "$(repository_root)/artifacts/foreign"; }

ric_ready() { [ -e "$(foreign_folder)/ric/.ready-$ric_version" ]; }

build_ric() {
  local folder log
  ric_ready && return 0
  folder=$(foreign_folder)/ric
  log=$folder/build.log
  mkdir -p "$folder"
  say "Building npm package aws-lambda-ric $ric_version in the background"
  # Its scripts are the point: they compile the client. Newer npm asks before it runs any.
  if npm install --prefix "$folder" --no-save --no-audit --no-fund --foreground-scripts --loglevel=error \
    "aws-lambda-ric@$ric_version" >"$log" 2>&1 &&
    { [ -e "$folder/node_modules/aws-lambda-ric/dist/rapid-client.node" ] ||
      npm rebuild --prefix "$folder" --ignore-scripts=false --foreground-scripts aws-lambda-ric >>"$log" 2>&1; } &&
    [ -e "$folder/node_modules/aws-lambda-ric/dist/rapid-client.node" ]; then
    : >"$folder/.ready-$ric_version"
    return 0
  fi
  tail -n 5 "$log" >&2
  return 1
}

build_go_runtime() {
  local folder
  folder=$(foreign_folder)/go
  mkdir -p "$folder"
  GO111MODULE=off GOFLAGS='' GOCACHE=$folder/cache go build -o "$folder/bootstrap" \
    "$(repository_root)/tests/NativeLambda.IntegrationTests/Emulator/bootstraps/go/main.go"
}
