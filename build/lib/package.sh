# shellcheck shell=bash
# What packing the function needs. Source it after tools.sh. Dockerfile.aot runs this, too: without root, and where only an SDK is.

# ensure_package_tools ARCHITECTURE
ensure_package_tools() {
  has dotnet || die "the .NET SDK 10 is missing: https://dotnet.microsoft.com/download/dotnet/10.0"
  case $1/$(uname -m) in
    x86_64/x86_64 | arm64/aarch64)
      has clang || ensure_tool gcc || die "a C compiler is needed to link Native AOT programs: gcc or clang"
      has llvm-objcopy || ensure_tool objcopy binutils || die "objcopy is needed to strip Native AOT programs"
      can_link || { can_apt && apt_install libc6-dev && can_link; } || die "the C compiler cannot link a program: install libc6-dev"
      ;;
    # Where they are missing, the program that packs says so, and which other way there is.
    arm64/x86_64) ensure_cross_tools aarch64-linux-gnu libc6-dev-arm64-cross || true ;;
    x86_64/aarch64) ensure_cross_tools x86_64-linux-gnu libc6-dev-amd64-cross || true ;;
  esac
}

# ensure_cross_tools TRIPLE LIBRARY_PACKAGE: false where they cannot be had.
ensure_cross_tools() {
  ensure_tool "$1-gcc" "gcc-${1//_/-}" && ensure_tool "$1-objcopy" "binutils-${1//_/-}" || return 1
  printf 'int main(void) { return 0; }\n' | "$1-gcc" -x c -o /dev/null - 2>/dev/null && return 0
  can_apt && say "Installing Debian package $2" && apt_install "$2"
}

# publish_packed_bootstrap: makes the package for this machine, and exports NATIVELAMBDA_BOOTSTRAP, a copy of the program in it, with what
# is beside it: tests that make packages may do so while others run the program.
publish_packed_bootstrap() {
  local root architecture=x86_64
  root=$(repository_root)
  [ "$(uname -m)" = aarch64 ] && architecture=arm64
  "$root/build/package" --arch "$architecture" >&2 || die "the function could not be packed"
  mkdir -p "$root/artifacts/publish"
  rm -rf "$root/artifacts/publish/bootstrap"
  cp -a "$root/artifacts/package/publish/$architecture" "$root/artifacts/publish/bootstrap"
  export NATIVELAMBDA_BOOTSTRAP=$root/artifacts/publish/bootstrap/bootstrap
}
