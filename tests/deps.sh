#!/bin/sh
# Install Debian packages that are missing: as root, or through sudo.
set -eu
missing=''
for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed ||
        missing="$missing $package"
done
if [ -z "$missing" ]; then
    echo "all $# packages are installed"
    exit 0
fi
sudo=''
if [ "$(id -u)" -ne 0 ]; then
    sudo=$(command -v sudo) || { echo "not root, and no sudo; install:$missing" >&2; exit 1; }
fi
echo "installing:$missing"
export DEBIAN_FRONTEND=noninteractive
$sudo apt-get update -qq
# shellcheck disable=SC2086
$sudo apt-get install -y -qq --no-install-recommends $missing >/dev/null
