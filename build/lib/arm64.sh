# shellcheck shell=bash
# Running an arm64 bootstrap on a machine of another architecture: an emulator of the processor, and the libraries that Lambda's image
# has. Source it after tools.sh. Its tests are skipped, and counted as skipped, where they cannot be had.

# ensure_arm64_runtime: qemu-aarch64, the C library of Debian's cross compiler, and OpenSSL in artifacts/arm64.
ensure_arm64_runtime() {
  [ "$(uname -m)" = aarch64 ] && return 0
  ensure_tool qemu-aarch64 qemu-user && ensure_cross_tools aarch64-linux-gnu libc6-dev-arm64-cross && ensure_arm64_openssl
}

# OpenSSL for arm64, unpacked and not installed: the package manager of this machine goes on knowing one architecture.
ensure_arm64_openssl() {
  local folder options
  folder=$(repository_root)/artifacts/arm64
  [ -e "$folder/libssl.so.3" ] && return 0
  has apt-get || { say "OpenSSL for arm64 cannot be had here: that takes apt"; return 1; }
  say "Fetching OpenSSL for arm64 from Debian"
  mkdir -p "$folder/apt/lists/partial" "$folder/apt/cache/archives/partial"
  options=(-q -o "Dir::State::Lists=$folder/apt/lists" -o "Dir::Cache=$folder/apt/cache" -o APT::Architectures::=amd64 -o APT::Architectures::=arm64 -o APT::Sandbox::User=root)
  (
    cd "$folder/apt" && apt-get "${options[@]}" update && apt-get "${options[@]}" download libssl3:arm64 &&
      dpkg -x libssl3_*_arm64.deb root && cp root/usr/lib/aarch64-linux-gnu/lib{ssl,crypto}.so.3 "$folder"
  ) >"$folder/fetch.log" 2>&1 || { tail -n 3 "$folder/fetch.log" >&2; say "OpenSSL for arm64 could not be fetched"; return 1; }
  rm -rf "$folder/apt"
}
