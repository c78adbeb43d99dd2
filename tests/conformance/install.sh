#!/bin/bash
# Installs what the conformance tests need: Debian packages, Python packages in a virtual environment, npm packages.
# usage: install.sh     Idempotent. Needs root for apt-get, and says what failed. Exit 0 or 1.
# PORTBOOK_CONFORMANCE: the folder of the virtual environment and of the npm packages (default: below the cache folder).
set -u
here=$(cd "$(dirname "$0")" && pwd)
folder=${PORTBOOK_CONFORMANCE:-${XDG_CACHE_HOME:-$HOME/.cache}/portbook-conformance}
failed=0

# Windows registry files and change requests.
debian=(wine wine64 libreoffice-calc)

say_failed() {
  echo "install.sh: $1 failed; the output above says why" >&2
  failed=1
}

missing=()
for package in "${debian[@]}"; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  # Packages of daemons start nothing here: a policy that says no, for the time of the installation.
  policy=/usr/sbin/policy-rc.d
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy" && trap 'rm -f "$policy"' EXIT
  fi
  wait_for_lock=(-o DPkg::Lock::Timeout=300)
  apt-get "${wait_for_lock[@]}" update || say_failed "apt-get update"
  DEBIAN_FRONTEND=noninteractive apt-get "${wait_for_lock[@]}" install -y --no-install-recommends "${missing[@]}" ||
    say_failed "apt-get install ${missing[*]}"
fi

mkdir -p "$folder"
if [ ! -x "$folder/venv/bin/python" ]; then
  python3 -m venv "$folder/venv" || say_failed "python3 -m venv (Debian: python3-venv)"
fi
"$folder/venv/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements.txt" || say_failed "pip install -r requirements.txt"

if [ -f "$here/package.json" ]; then
  cp "$here/package.json" "$folder/"
  (cd "$folder" && PUPPETEER_SKIP_DOWNLOAD=1 npm install --no-audit --no-fund --silent) || say_failed "npm install"
fi

[ "$failed" = 0 ] && echo "installed; run: $folder/venv/bin/python -m conformance --portbook PATH"
exit "$failed"
