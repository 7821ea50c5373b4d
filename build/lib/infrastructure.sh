# shellcheck shell=bash
# What the files in deploy/ are checked with: CloudFormation's resource specification, HashiCorp's parser and formatter, and the schema of
# the AWS provider for Terraform, all from npm. Neither terraform nor cfn-lint is needed. Source it after tools.sh.

provider_bindings=21.22.1 # of the provider's version 6.25.0, the last that bindings were published for
provider_bindings_integrity=sha512-BuSHeaQFUL9l33pBzIMRT7cTQ69AM2mLtijjteCPhVQRmvuhuj9Lvfymf7knAMhYqAT6+Lrls9jiGVW/Us3zrQ==

# ensure_infrastructure_checks: installs what tests/NativeLambda.IntegrationTests/Deploy/check/package-lock.json names into
# artifacts/infrastructure (25 MB, once), and there the bindings (37 MB), of which it takes out the types in deploy/terraform. Exports
# NATIVELAMBDA_INFRASTRUCTURE, that directory. False, after saying so, when it cannot be had.
ensure_infrastructure_checks() {
  local prefix source
  source=$(repository_root)/tests/NativeLambda.IntegrationTests/Deploy/check
  prefix=$(repository_root)/artifacts/infrastructure
  mkdir -p "$prefix"
  if ! cmp -s "$source/package-lock.json" "$prefix/.ready"; then
    has npm || { say "npm is missing: no checks of deploy/"; return 1; }
    say "Installing npm packages for checks of deploy/ into $prefix"
    cp "$source/package.json" "$source/package-lock.json" "$prefix/"
    npm ci --prefix "$prefix" --no-audit --no-fund --ignore-scripts --loglevel=error >&2 ||
      { say "the npm packages for checks of deploy/ could not be installed"; return 1; }
    cp "$source/package-lock.json" "$prefix/.ready"
  fi
  ensure_provider_types "$prefix" || { say "the AWS provider's schema could not be had: no checks of deploy/"; return 1; }
  export NATIVELAMBDA_INFRASTRUCTURE=$prefix
}

# The bindings as a whole are 400 MB: only what deploy/terraform uses is unpacked.
ensure_provider_types() {
  local archive=$1/provider-$provider_bindings.tgz folder=$1/provider types
  types=$(terraform_types)
  [ "$(cat "$folder/.ready" 2>/dev/null)" = "$provider_bindings $types" ] && return 0
  if [ "$(integrity "$archive")" != "$provider_bindings_integrity" ]; then
    has npm || return 1
    say "Fetching npm package @cdktf/provider-aws $provider_bindings, the schema of the AWS provider"
    (cd "$1" && npm pack --silent "@cdktf/provider-aws@$provider_bindings" >/dev/null &&
      mv "cdktf-provider-aws-$provider_bindings.tgz" "$archive") >&2 || return 1
    [ "$(integrity "$archive")" = "$provider_bindings_integrity" ] || { say "it is not the package that was published"; return 1; }
  fi
  rm -rf "$folder"
  mkdir -p "$folder"
  # A type that the provider lacks is not in there: the check says so.
  # shellcheck disable=SC2046,SC2086 # a word a type
  tar -xzf "$archive" -C "$folder" --strip-components=2 $(printf 'package/lib/%s ' $types) 2>/dev/null || true
  [ -n "$(ls "$folder")" ] && printf '%s\n' "$provider_bindings $types" >"$folder/.ready"
}

# aws_db_instance is db-instance there, and the data source aws_region is data-aws-region.
terraform_types() {
  sed -nE 's/^resource "aws_([a-z0-9_]+)".*/\1/p; s/^data "(aws_[a-z0-9_]+)".*/data_\1/p' "$(repository_root)"/deploy/terraform/*.tf |
    tr _ - | sort -u | tr '\n' ' '
}

integrity() {
  [ -s "$1" ] && printf 'sha512-%s\n' "$(node -p 'require("node:crypto").createHash("sha512").update(require("node:fs").readFileSync(process.argv[1])).digest("base64")' "$1")"
}
