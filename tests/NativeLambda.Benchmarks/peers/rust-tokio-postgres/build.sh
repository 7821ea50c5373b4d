#!/usr/bin/env bash
# Builds the peer into OUTDIR: build.sh OUTDIR
set -euo pipefail
out=$(realpath -m "$1")
cd "$(dirname "$0")"
. ../lib.sh

needs gcc gcc
needs cargo cargo
needs rustc rustc
for crate in tokio-postgres tokio-rustls rustls-pemfile serde_derive; do
  compgen -G "/usr/share/cargo/registry/$crate-*" >/dev/null || cannot "The crate $crate is missing: install librust-${crate/_/-}-dev"
done

# A copy, because cargo writes its lock file beside the sources.
mkdir -p "$out" "$kept/rust"
rm -rf "$kept/rust/source"
cp -r . "$kept/rust/source"
cd "$kept/rust/source"
flags='-C target-feature=+crt-static -C relocation-model=static'
if grep -qw avx2 /proc/cpuinfo && grep -qw bmi2 /proc/cpuinfo; then flags+=' -C target-cpu=x86-64-v3'; fi
export RUSTFLAGS=$flags CARGO_TARGET_DIR=$kept/rust/target CARGO_HOME=$kept/rust/home
# The target is named so that the flags are not for what runs within the build.
target=$(rustc -vV | sed -n 's/^host: //p')
cargo build --release --quiet --target "$target"
cp "$CARGO_TARGET_DIR/$target/release/bootstrap" "$out/bootstrap"
