#!/usr/bin/env bash
# Installs what the window and its tests need from the system, where that can be done; says what is lacking otherwise.
set -euo pipefail
packages=(gcc libvulkan1 mesa-vulkan-drivers xvfb xauth libxkbcommon-x11-0 libx11-xcb1 libxcursor1 libxi6)
if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian or Ubuntu system. Install the equivalents of: ${packages[*]}" >&2
    exit 0
fi
missing=()
for package in "${packages[@]}"; do
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
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
