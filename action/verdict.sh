#!/usr/bin/env bash
# Fails the job for what the commands found, once everything has been told.
# shellcheck disable=SC2016  # the back-quotes are Markdown
set -euo pipefail

wanted() {
    case $2 in
    true) return 0 ;;
    false) return 1 ;;
    *)
        printf 'portbook: %s is true or false, not `%s`\n' "$1" "$2" >&2
        exit 2
        ;;
    esac
}

code=0
if [ "${FAILED:-}" != false ]; then
    printf '::error title=Portbook::A command could not do its work, or an expectation of the site file does not hold; see the log.\n'
    code=2
fi
if wanted fail-on-refused "${INPUT_FAIL_ON_REFUSED:-true}" && [ "${REFUSED:-}" = true ]; then
    printf '::error title=Portbook::A target cannot say a rule, and nobody accepted that.\n'
    code=3
fi
if wanted fail-on-changed "${INPUT_FAIL_ON_CHANGED:-true}" && [ "${CHANGED:-}" = true ]; then
    printf '::error title=Portbook::The outputs do not match the site file: run `portbook build` and commit what it writes.\n'
    if [ "$code" -eq 0 ]; then code=1; fi
fi
exit "$code"
