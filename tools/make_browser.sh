#!/bin/sh
# Installs Debian's Chromium where it may: as root, on Debian or Ubuntu, with apt. Anywhere else it says so, and the browser tests skip by name.
set -u
for name in chromium chromium-browser google-chrome google-chrome-stable; do
    command -v "$name" >/dev/null 2>&1 && exit 0
done
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "no Chromium, and it cannot be installed from here: tests/browser is skipped (on Debian: apt install chromium)" >&2
    exit 0
fi
apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core >/dev/null ||
    echo "Chromium could not be installed: tests/browser is skipped" >&2
