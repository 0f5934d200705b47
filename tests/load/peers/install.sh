#!/usr/bin/env bash
# Installs the packages that tests/load compares with, each in the version that the lock file names.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"
npm ci --no-audit --no-fund --ignore-scripts
