#!/usr/bin/env bash
# Makes .venv with the pinned packages and hrdesk itself (editable), or brings it up to date.
set -euo pipefail
cd "$(dirname "$0")/.."

# The first Python from 3.11 on that can make virtual environments (Debian puts ensurepip into python3-venv).
find_python() {
  local name
  for name in ${PYTHON:-python3 python3.13 python3.12 python3.11}; do
    if "$name" -c 'import sys, ensurepip, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$name"
      return
    fi
  done
  return 1
}

if ! [ -x .venv/bin/python ]; then
  if ! python=$(find_python); then
    bash packaging/linux/system-packages.sh python
    python=$(find_python) || {
      echo "hrdesk needs Python 3.11 or newer with the venv module. Install it, then run make again" >&2
      echo "(PYTHON=/path/to/python3.12 make ... takes that one)." >&2
      exit 1
    }
  fi
  echo "Making .venv with $("$python" --version)"
  "$python" -m venv .venv
fi

pip=(.venv/bin/python -m pip --disable-pip-version-check --no-input -qq)
echo "Installing the pinned packages (about a minute the first time)"
# Dependency groups need pip 25.1; Debian 12 brings 23.
"${pip[@]}" install --upgrade "pip>=25.1"
"${pip[@]}" install --constraint packaging/constraints.txt --editable . --group dev --group model
touch .venv/.ready
