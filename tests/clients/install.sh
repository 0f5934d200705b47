#!/usr/bin/env bash
# Installs the clients into this folder, each in the version that the lock files name; what is there already is left as it
# is. What cannot be had is said, and the tests of it are skipped.
set -uo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" || exit 1

main() {
  # Without scripts: none of the clients needs one, and two of them ask for more to be downloaded.
  try "the clients of npm" package-lock.json node_modules/.installed npm ci --no-audit --no-fund --ignore-scripts --loglevel=error
  try "the clients of Python" requirements.txt .venv/.installed environment
}

environment() {
  python3 -m venv .venv && .venv/bin/pip install --quiet --no-deps --disable-pip-version-check --requirement requirements.txt
}

# Runs a command unless the copy that it left of its list is the list of now.
try() {
  local what=$1 list=$2 installed=$3
  shift 3
  if cmp -s "$list" "$installed"; then return; fi
  echo "installing $what"
  if "$@"; then cp "$list" "$installed"; else echo "$what could not be installed, so their tests are skipped"; fi
}

main
