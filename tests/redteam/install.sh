#!/usr/bin/env bash
# Installs the red team's tools into this folder, each in the version that the lock files name. What cannot be had is said,
# and its tool is reported as not run.
set -uo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" || exit 1

main() {
  try "the tools of npm" packages
  try "the tools of Python" environment
  try "geckodriver" cargo install --quiet --locked --root .tools "geckodriver@$GECKODRIVER"
  try "Playwright's builds of Firefox and WebKit" npx --prefix .. playwright-core install firefox webkit
  try "camoufox's browser" .venv/bin/python -m camoufox fetch
}

packages() {
  npm ci --prefix .. --no-audit --no-fund &&
    PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1 npm ci --no-audit --no-fund --ignore-scripts
}

# Without looking at what the packages ask for: the tools disagree about it, and this set of versions works.
environment() {
  python3 -m venv .venv && .venv/bin/pip install --quiet --no-deps --requirement requirements.txt
}

try() {
  local what=$1
  shift
  echo "installing $what"
  "$@" || echo "$what could not be installed"
}

GECKODRIVER=0.37.1

main
