#!/usr/bin/env bash
# Installs the programs that read the formats of task sheets: Chromium, pdfLaTeX, pdftotext and, from npm, gift-pegjs.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

missing=()
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null ||
  missing+=(chromium fonts-dejavu-core)
command -v pdflatex >/dev/null || missing+=(texlive-latex-base)
command -v pdftotext >/dev/null || missing+=(poppler-utils)
command -v npm >/dev/null || missing+=(nodejs npm)
if [ ${#missing[@]} -gt 0 ]; then
  if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
    echo "make test-formats needs these packages, and only root on Debian or Ubuntu can install them: ${missing[*]}" >&2
    exit 1
  fi
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi
[ -d build/formats/node_modules/gift-pegjs ] ||
  npm install --silent --no-audit --no-fund --prefix build/formats gift-pegjs@1.0.2
