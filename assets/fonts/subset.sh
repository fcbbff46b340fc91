#!/usr/bin/env bash
# Cuts the fonts in this folder and ../../src/ui/icons.rs anew from Debian's and npm's packages. See README.md.
# Needs: apt-get and dpkg-deb (Debian or Ubuntu), npm, python3 with venv. Installs nothing on the system.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
cd "$work"
apt-get download -q fonts-noto-cjk fonts-noto-cjk-extra fonts-inter
for package in ./*.deb; do
    dpkg-deb -x "$package" unpacked
done
tar xzf "$(npm pack --silent @phosphor-icons/web@2.1.2)"
python3 -m venv python
python/bin/pip install -q 'fonttools==4.68.0'
python/bin/python "$here/subset.py" "$work" "$here"
