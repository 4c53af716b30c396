#!/usr/bin/env bash
# Both commands of the README, on a machine that has Node, npm and git and nothing else: a clone of what is committed, an
# empty HOME, and a PATH without browser or broker. Usage: bash scripts/fresh-machine.sh [node]   (the program to test with)
set -euo pipefail
cd "$(dirname "$0")/.."

node=$(readlink -f "${1:-$(command -v node)}")
npm=$(npm root -g)/npm/bin
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/bin" "$folder/home" "$folder/tmp"

# What a shell and npm cannot do without, and no more.
for tool in sh bash env git awk cat ls mkdir mkfifo printf rm sed tar uname; do ln -s "$(command -v "$tool")" "$folder/bin/$tool"; done
ln -s "$node" "$folder/bin/node"
# npm goes by where it is, not by its name on the PATH.
for tool in npm npx; do
  printf '#!/bin/sh\nexec "%s" "%s/%s-cli.js" "$@"\n' "$node" "$npm" "$tool" >"$folder/bin/$tool"
  chmod +x "$folder/bin/$tool"
done

git clone --quiet . "$folder/clone"
cd "$folder/clone"

# Where packages come from is no part of what is tested.
fresh() {
  env -i PATH="$folder/bin" HOME="$folder/home" TMPDIR="$folder/tmp" LANG=C.UTF-8 \
    npm_config_registry="$registry" npm_config_cache="$folder/cache" "$@"
}
registry=$(npm config get registry)

failed=0
for name in bench test; do
  command=$(awk -v marker="<!-- $name -->" '$0 == marker { found = 1; next } found && /^```/ { if (inside) exit; inside = 1; next } inside { print }' README.md)
  start=$SECONDS
  code=0
  fresh bash -c "$command" >"$folder/$name.log" 2>&1 || code=$?
  tail -n 25 "$folder/$name.log"
  # A machine that does other work too may not be fit for a valid measurement: measured all the same.
  if [ "$code" -eq 0 ]; then result=passed; else result="FAILED with $code"; failed=1; fi
  if grep -ni 'npm warn\|EBADENGINE\|deprecated' "$folder/$name.log"; then
    result="FAILED: npm warns"
    failed=1
  fi
  printf -- '-- %s: %s (%ss): %s\n\n' "$name" "$result" $((SECONDS - start)) "$command"
done
exit "$failed"
