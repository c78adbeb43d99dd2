#!/bin/bash
# Installs every program that judges artifacts. usage: install.sh      Needs root, or sudo, for what Debian has.
# What is there already is left as it is. Exit 1 if something could not be installed; it says what.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
into=${PORTBOOK_CONFORMANCE:-${XDG_CACHE_HOME:-$HOME/.cache}/portbook-conformance}
failed=0
packages=(
  # Running: a virtual environment, network namespaces, certificates
  python3-venv iproute2 util-linux openssl
  # Squid, and what evaluates PAC files
  squid-openssl python3-pacparser chromium wine wine64 gcc-mingw-w64-x86-64-win32
  # Change requests
  libreoffice-calc
  # Packets through what a Linux machine runs itself
  nftables iptables ipset haproxy
)

# Node.js may come from elsewhere, and then has its own npm.
command -v npm >/dev/null || packages+=(nodejs npm)

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi; }

# Runs a step and notes it if it fails.
step() {
  local what=$1
  shift
  "$@" || { echo "install.sh: could not install $what" >&2; failed=1; }
}

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
if [ ${#missing[@]} -gt 0 ]; then
  # Daemons must not start because they are installed.
  kept=/usr/sbin/policy-rc.d
  if [ ! -e $kept ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee $kept >/dev/null && as_root chmod 755 $kept
    trap 'as_root rm -f /usr/sbin/policy-rc.d' EXIT
  fi
  step "Debian's list of packages" as_root apt-get -o DPkg::Lock::Timeout=300 -qq update
  step "${missing[*]}" as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -qq install -y --no-install-recommends "${missing[@]}"
fi

mkdir -p "$into" || exit 1
[ -x "$into/venv/bin/python" ] || step "a virtual environment" python3 -m venv "$into/venv"
step "the packages of requirements.txt" "$into/venv/bin/pip" install --quiet --disable-pip-version-check -r "$here/requirements.txt"
cp "$here/package.json" "$into/package.json"
step "the packages of package.json" npm install --silent --no-audit --no-fund --prefix "$into"
exit $failed
