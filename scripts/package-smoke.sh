#!/usr/bin/env bash
# On Node 20, 22 and 24, each the one that runs this or brought by the npm package `node`: `npm ci` prints no warning, and the packed tarball, installed
# into an empty folder, runs the bench; and what is simulated is the same on all of them, to the digit. Usage: bash scripts/package-smoke.sh [version ...]
set -euo pipefail
cd "$(dirname "$0")/.."

versions=("$@")
[ ${#versions[@]} -gt 0 ] || versions=(20 22 24)
root=$PWD
npm=$(npm root -g)/npm/bin/npm-cli.js
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
tarball=$(npm pack --silent --pack-destination "$folder")
npx --no-install publint run "$folder/$tarball" --strict

# Measured, even if this machine is too busy for a valid measurement (exit code 3).
measured() {
  local code=0
  "$@" || code=$?
  [ "$code" -eq 0 ] || [ "$code" -eq 3 ]
}

# Fails with what npm said, if it warned of anything.
silent() {
  local said
  said=$("$@" 2>&1)
  if grep -i 'npm warn\|deprecated' <<<"$said"; then return 1; fi
}

# One version of Node; the last line says its digits.
tried() {
  local version=$1 node said
  mkdir "$folder/$version" "$folder/$version/node" "$folder/$version/ci" "$folder/$version/installed"
  node=$(command -v node)
  if [ "$("$node" -p 'process.versions.node.split(".")[0]')" != "$version" ]; then
    npm install --silent --no-audit --no-fund --prefix "$folder/$version/node" "node@$version"
    node=$folder/$version/node/node_modules/node/bin/node
  fi
  printf '== Node %s\n' "$("$node" --version)"

  # The same installation as that of a clone, but for what it would build.
  cp "$root/package.json" "$root/package-lock.json" "$folder/$version/ci"
  cd "$folder/$version/ci"
  PATH=$(dirname "$node"):$PATH silent "$node" "$npm" ci --ignore-scripts --no-audit --no-fund

  cd "$folder/$version/installed"
  printf '{ "private": true }\n' >package.json
  PATH=$(dirname "$node"):$PATH "$node" "$npm" install --silent --no-audit --no-fund "$folder/$tarball"
  measured "$node" node_modules/sync-vs-events/bin/sync-vs-events.js bench --quick --no-progress --users 10 -o json=run.json
  cd "$root"
  said=$("$node" scripts/digits.js)
  printf 'simulated: %s\n' "$said"
}

# The example of a performance check among the tests of a project, typed and run, from the same tarball.
example() {
  pinned() { node -p "require('$root/package.json').devDependencies['$1']"; }
  mkdir "$folder/vitest"
  cp "$root"/examples/vitest/* "$folder/vitest"
  cd "$folder/vitest"
  printf '{ "private": true, "type": "module" }\n' >package.json
  npm install --silent --no-audit --no-fund "$folder/$tarball" "vitest@$(pinned vitest)" "typescript@$(pinned typescript)" "@types/node@$(pinned @types/node)"
  npx --no-install tsc --noEmit --strict --skipLibCheck --module nodenext --target es2023 --allowJs --types node shop.test.ts
  npx --no-install vitest run
  npx --no-install sync-vs-events simulate shop.js -a hybrid
}

# The versions beside each other, since most of it is waiting for a registry and for windows; what they say one after another.
for version in "${versions[@]}"; do
  tried "$version" >"$folder/$version.log" 2>&1 &
  pids+=($!)
done
failed=0
for i in "${!versions[@]}"; do
  wait "${pids[$i]}" || { failed=1; printf 'FAILED: Node %s\n' "${versions[$i]}"; }
  cat "$folder/${versions[$i]}.log"
done
[ "$failed" -eq 0 ]
digits=$(for version in "${versions[@]}"; do tail -n 1 "$folder/$version.log"; done | sort -u)
[ "$(wc -l <<<"$digits")" -eq 1 ] || { printf 'Other digits from version to version:\n%s\n' "$digits"; exit 1; }
# Alone: it measures, and must not be invalid.
example
