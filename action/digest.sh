#!/usr/bin/env bash
# A digest of everything that the program is built from, as the key of its cache.
set -euo pipefail
cd "${GITHUB_ACTION_PATH:?}"

if command -v sha256sum >/dev/null; then sum=(sha256sum); else sum=(shasum -a 256); fi
digest=$(find Cargo.toml Cargo.lock rust-toolchain.toml build.rs src catalog templates -type f |
    LC_ALL=C sort | tr '\n' '\0' | xargs -0 "${sum[@]}" | "${sum[@]}" | cut -c 1-32)
printf 'digest=%s\n' "$digest" >>"${GITHUB_OUTPUT:?}"
