#!/bin/sh
# Make .venv with any Python 3.11 or newer, and put uv into it. Says what to install when something is missing.
set -eu
for python in python3.14 python3.13 python3.12 python3.11 python3; do
    if "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        found=$python
        break
    fi
done
if [ -z "${found:-}" ]; then
    echo "Folkmoot needs Python 3.11 or newer. On Debian or Ubuntu: apt install python3 python3-venv" >&2
    exit 1
fi
if ! "$found" -c 'import venv, ensurepip' >/dev/null 2>&1; then
    echo "Python is there, but its venv module is not. On Debian or Ubuntu: apt install python3-venv" >&2
    exit 1
fi
echo "Setting up .venv with $("$found" --version)"
"$found" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9'
