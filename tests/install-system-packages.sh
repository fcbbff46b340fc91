#!/usr/bin/env bash
# Installs what the window and its tests need from the system, where that can be done; says what is lacking otherwise.
set -euo pipefail
packages=(gcc libvulkan1 mesa-vulkan-drivers xvfb xauth libxkbcommon-x11-0 libx11-xcb1 libxcursor1 libxi6)
# A test opens exported pages in a browser of Chromium's family, from the PATH or named in the variable CHROMIUM.
browser=()
[ -n "${CHROMIUM:-}" ] || command -v chromium chromium-browser google-chrome google-chrome-stable >/dev/null || browser=(chromium)
if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian or Ubuntu system. Install the equivalents of: ${packages[*]} ${browser[*]}" >&2
    exit 0
fi
missing=()
for package in "${packages[@]}" "${browser[@]}"; do
    [ "$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null)" = "install ok installed" ] || missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0
as_root=()
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "Lacking: ${missing[*]}. As root: apt-get install ${missing[*]}" >&2
        exit 1
    fi
    as_root=(sudo)
fi
"${as_root[@]}" apt-get update -q
# Ubuntu has Chromium as a snap alone.
if [ ${#browser[@]} -gt 0 ] && ! apt-cache show chromium >/dev/null 2>&1; then
    echo "No package chromium here: install a browser of its family for the tests of exported pages" >&2
    missing=("${missing[@]/#chromium/}")
fi
# Unquoted, as an entry may have become empty.
# shellcheck disable=SC2068
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends ${missing[@]}
