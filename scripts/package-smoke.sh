#!/usr/bin/env bash
# The packed tarball, installed into an empty folder, runs the bench: on this Node, and once on Node 24.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tarball=$(npm pack --silent --pack-destination "$folder")
npx --no-install publint run "$folder/$tarball" --strict
cd "$folder"
npm init -y >/dev/null
npm install --silent --no-audit --no-fund "./$tarball"

# Measured, even if this machine is too busy for a valid measurement (exit code 3).
measured() {
  local code=0
  "$@" || code=$?
  [ "$code" -eq 0 ] || [ "$code" -eq 3 ]
}

quick=(bench --quick --no-progress --users 10)
measured npx --no-install sync-vs-events "${quick[@]}" -o json=node.json
# The npm package `node` brings Node itself.
npm install --silent --no-audit --no-fund node@24
./node_modules/node/bin/node --version
measured ./node_modules/node/bin/node node_modules/sync-vs-events/bin/sync-vs-events.js "${quick[@]}" -o json=node24.json
