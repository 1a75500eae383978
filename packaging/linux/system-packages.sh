#!/usr/bin/env bash
# Sees to the Debian/Ubuntu packages that hrdesk needs: `system-packages.sh run`, `test` or `python`.
#
# As root it installs what is missing. Otherwise it prints the one line to run, and fails only where
# hrdesk could not start without. Says nothing where all is there, and on systems without dpkg.
set -euo pipefail

# Qt: start-up and the offscreen platform, then the xcb platform (a window under X11).
needed=(libglib2.0-0 libgl1 libegl1 libxkbcommon0 libdbus-1-3 libfontconfig1
  libxcb-cursor0 libxkbcommon-x11-0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0)
# The window's typeface, and letters of most of the world's writing for the policies.
wanted=(fonts-inter fonts-noto-core)

case "${1:?run, test or python}" in
  run) ;;
  test)  # a screen, a window manager, a keyring and the accessibility bus: tests use real ones
    needed+=(xvfb openbox xdotool dbus gnome-keyring libsecret-tools at-spi2-core
      tesseract-ocr) ;;  # scans are read
  python) needed=("${2:-python3}" "${2:-python3}-venv") wanted=() ;;
  *) echo "usage: $0 run|test|python" >&2; exit 2 ;;
esac

command -v dpkg-query >/dev/null || exit 0

# Names of installed packages and of what they stand in for (libglib2.0-0t64 provides libglib2.0-0).
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package} ${Provides}\n' |
  sed -n 's/^installed //p' | sed 's/([^)]*)//g' | tr -s ', ' '\n')

missing() {
  local name
  for name in "$@"; do grep -qxF -- "$name" <<<"$installed" || echo "$name"; done
}

mapfile -t missing_needed < <(missing "${needed[@]}")
mapfile -t missing_wanted < <(missing ${wanted[@]+"${wanted[@]}"})
all=(${missing_needed[@]+"${missing_needed[@]}"} ${missing_wanted[@]+"${missing_wanted[@]}"})
((${#all[@]})) || exit 0

if [ "$(id -u)" -ne 0 ]; then
  echo "hrdesk uses some system packages that are not installed. Run this once, then make again:"
  echo "    sudo apt-get install -y --no-install-recommends ${all[*]}"
  ((${#missing_needed[@]} == 0))
  exit
fi

echo "Installing system packages: ${all[*]}"
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq --no-install-recommends "${all[@]}" >/dev/null; }
install 2>/dev/null || { apt-get update -qq && install; }
