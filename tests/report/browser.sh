#!/usr/bin/env bash
# Opens the HTML pages of Portbook in a browser and lets the W3C checker and axe-core judge them.
#
# usage: NODE_PACKAGES=DIR tests/report/browser.sh [SCREENSHOTS]
#
# DIR holds node_modules with what tests/report/package.json names:
#   mkdir DIR && cp tests/report/package.json DIR && npm --prefix DIR install --ignore-scripts
# CHROMIUM names the browser, /usr/bin/chromium by default. With SCREENSHOTS, pictures of the pages are written to that folder:
# light, dark, narrow and wide. Installs nothing; says all that is missing. Exit 0: all is well, 1: it is not, 2: something is missing.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
screenshots=${1:-}
chromium=${CHROMIUM:-/usr/bin/chromium}
packages=${NODE_PACKAGES:-}

missing=()
for program in node java cargo; do
    command -v "$program" >/dev/null || missing+=("the program $program")
done
[ -x "$chromium" ] || missing+=("a browser at $chromium (apt-get install chromium, or CHROMIUM=PATH)")
if [ -z "$packages" ]; then
    missing+=("NODE_PACKAGES=DIR, a folder that has node_modules: see the head of this script")
else
    for package in puppeteer-core axe-core vnu-jar; do
        [ -d "$packages/node_modules/$package" ] || missing+=("the package $package in $packages/node_modules")
    done
fi
if [ ${#missing[@]} -gt 0 ]; then
    printf 'browser.sh: missing: %s\n' "${missing[@]}" >&2
    exit 2
fi

pages=$(mktemp -d)
trap 'rm -rf "$pages"' EXIT
(cd "$here/../.." && REPORT_PAGES="$pages" cargo test --quiet --test report -- --ignored --exact browser::pages_for_browsers)

echo '== W3C checker'
# Warnings count too: nothing of a page is left to how a browser mends it.
java -jar "$packages/node_modules/vnu-jar/build/dist/vnu.jar" --Werror "$pages"/*.html
echo 'no error, no warning'

echo '== browser'
CHROMIUM="$chromium" NODE_PACKAGES="$packages" node "$here/browser.cjs" "$pages" "$screenshots"
