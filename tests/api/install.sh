#!/usr/bin/env bash
# Installs Schemathesis into this folder, in the versions that requirements.txt names.
set -euo pipefail
cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")"

if [[ .venv/installed -nt requirements.txt ]]; then exit; fi
python3 -m venv .venv
.venv/bin/pip install --quiet --no-deps --requirement requirements.txt
touch .venv/installed
