#!/usr/bin/env bash
# Puts portbook on the path of later steps: the one that is given, the cached one, or one that is built here.
set -euo pipefail

if [ -n "${INPUT_BINARY:-}" ]; then
    folder=$(cd "$(dirname -- "$INPUT_BINARY")" && pwd)
    program=$folder/$(basename -- "$INPUT_BINARY")
else
    root=${RUNNER_TEMP:?}/portbook-program
    folder=$root/bin
    program=$folder/portbook
    if [ "${RUNNER_OS:-}" = Windows ]; then program=$program.exe; fi
    if [ ! -x "$program" ]; then
        # From its own folder, where rust-toolchain.toml names the compiler.
        (cd "${GITHUB_ACTION_PATH:?}" && cargo install --locked --path . --root "$root")
    fi
fi
if [ ! -f "$program" ] || [ ! -x "$program" ]; then
    printf 'portbook: %s is no program that can be run\n' "$program" >&2
    exit 2
fi
"$program" --version
case $program in
*$'\n'* | *$'\r'*)
    printf 'portbook: the path of the program has a line break\n' >&2
    exit 2
    ;;
esac
printf '%s\n' "$folder" >>"${GITHUB_PATH:?}"
printf 'binary=%s\n' "$program" >>"${GITHUB_OUTPUT:?}"
