#!/usr/bin/env bash
# `export compose`, from export to record in one command, as containers: the image built with buildah from the packed tarball, run by
# docker-compose over podman; once as exported, and once with half a core for a server that needs most of one, which the record has
# to name. Images of others are not downloaded: those that the export names are made of this machine's own node, Locust and nats-server. Linux, as root.
# Debian: apt install podman buildah runc docker-compose python3-locust nats-server wget. Usage: bash scripts/compose-smoke.sh
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
folder=$(mktemp -d)
end() {
  # By podman itself: what interrupts this script may have ended its service.
  podman rm --all --force --time 1 >/dev/null 2>&1 || true
  podman network rm --force "${COMPOSE_PROJECT_NAME}_default" >/dev/null 2>&1 || true
  # Each was started here.
  for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null || true; done
  # What builds and containers have mounted, the innermost first; a container's last process may still write for a moment.
  mount | awk -v under="$folder/" 'index($3, under) == 1 { print $3 }' | tac | xargs -r umount 2>/dev/null || true
  for _ in 1 2 3; do rm -rf "$folder" 2>/dev/null && return; sleep 1; done
  echo "Left behind: $folder"
}
pids=()

# Storage of its own: images here have the names of others'.
printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/storage"\nrunroot = "%s/runroot"\n' "$folder" "$folder" >"$folder/storage.conf"
# crun refuses hybrid control groups, and limits above one's own are not allowed.
printf '[containers]\ndefault_ulimits = ["nofile=16000:16000", "nproc=16000:16000"]\n[engine]\ncgroup_manager = "cgroupfs"\nruntime = "runc"\n' >"$folder/containers.conf"
export CONTAINERS_STORAGE_CONF=$folder/storage.conf CONTAINERS_CONF=$folder/containers.conf
export DOCKER_HOST=unix://$folder/podman.sock COMPOSE_PROJECT_NAME=sync-vs-events-smoke-$$ COMPOSE_HTTP_TIMEOUT=120
# Not before: without these it would take down containers of others.
trap end EXIT

# What is in a file of the export, by a pattern.
named() { grep -o -m 1 "$1" "$2"; }

# A root with the programs that the images have, and what these load.
make_base() {
  local base=$folder/base python program library
  python=$(readlink -f /usr/bin/python3)
  mkdir -p "$base"/{usr/bin,usr/lib,usr/lib64,etc/ssl,tmp,run,root}
  for link in bin lib lib64; do ln -s "usr/$link" "$base/$link"; done
  ln -s bin "$base/usr/sbin"
  chmod 1777 "$base/tmp"
  local programs=("$(readlink -f "$(command -v node)")" "$python" "$(command -v nats-server)" "$(command -v sh)" "$(command -v env)" "$(command -v wget)")
  for program in "${programs[@]}"; do cp -L "$program" "$base/usr/bin/"; done
  ln -sf "$(basename "$python")" "$base/usr/bin/python3"
  cp /usr/bin/locust "$base/usr/bin/"
  cp -a /usr/lib/python3 "/usr/lib/$(basename "$python")" "$base/usr/lib/"
  mkdir "$base/usr/lib/node_modules"
  cp -a "$(npm root -g)/npm" "$base/usr/lib/node_modules/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$base/usr/bin/npm"
  find /usr/lib/python3 "/usr/lib/$(basename "$python")" -name '*.so' | cat - <(printf '%s\n' "${programs[@]}") |
    while read -r program; do ldd "$program" 2>/dev/null || true; done | grep -o '/[^ ]*\.so[^ ]*' | sort -u |
    while read -r library; do mkdir -p "$base$(dirname "$library")" && cp -L "$library" "$base$library"; done
  cp -aL /etc/ssl/certs "$base/etc/ssl/"
  printf 'root:x:0:0:root:/root:/bin/sh\n' >"$base/etc/passwd"
  printf 'FROM scratch\nCOPY base /\nENV PATH=/usr/bin\n' | buildah bud -q -t "docker.io/library/$1" -f - "$folder" >/dev/null
  rm -rf "$base"
}

# An image of another's name, whose entry point is one of these programs: name, program.
make_image() {
  printf 'FROM docker.io/library/%s\nENTRYPOINT ["%s"]\n' "$node" "$2" | buildah bud --pull-never -q -t "$1" -f - "$folder/run" >/dev/null
}

# Podman 4's own name server passes questions about IPv6 on to others and answers nobody until they have, which they may not: names that are known
# without asking, in a network of their own.
SUBNET=10.213.77
known_names() {
  local services=(broker control services server consumers generator worker-1) at
  printf 'networks: { default: { ipam: { config: [{ subnet: %s.0/24 }] } } }\nx-names: &names\n' "$SUBNET"
  for at in "${!services[@]}"; do printf '  %s: %s.%s\n' "${services[at]}" "$SUBNET" $((at + 10)); done
  printf 'services:\n  collect: { extra_hosts: *names }\n'
  for at in "${!services[@]}"; do
    printf '  %s: { extra_hosts: *names, networks: { default: { ipv4_address: %s.%s } } }\n' "${services[at]}" "$SUBNET" $((at + 10))
  done
}

# Exports a scenario on standard input, runs it with more files of Compose, and prints what a program makes of its record.
run() {
  local program=$1 files=(-f compose.yaml -f names.yaml)
  shift
  cat >"$folder/shop.yaml"
  node "$root/bin/sync-vs-events.js" export compose "$folder/shop.yaml" -a hybrid --bus nats -o "$folder/run" --force >/dev/null
  cd "$folder/run"
  find load -mindepth 1 ! -name export.json ! -name locustfile.py -delete
  # Version 1 of docker-compose knows no name.
  sed -i '/^name:/d' compose.yaml
  known_names >names.yaml
  for text in "$@"; do echo "$text" >more.yaml && files+=(-f more.yaml); done
  # 3: this machine was too busy, or had its quota.
  docker-compose "${files[@]}" run -T --rm collect >"$folder/out" 2>&1 || [ $? -le 3 ] || { cat "$folder/out" && return 1; }
  docker-compose "${files[@]}" down --timeout 1 >/dev/null 2>&1
  node -e "
    const { trials: [{ outcomes, server, events, validity, processes, causes }] } = JSON.parse(fs.readFileSync('load/run.json', 'utf8'));
    const { acknowledged, processed, lost, pending } = events;
    console.log({ ...outcomes, received: server.received, acknowledged, processed, lost, pending, causes });
    // A request that failed in the server has no event; one whose answer did not come in time may have one.
    const { sent, ok, http5xx } = outcomes;
    const isWhole = sent > 0 && sent === server.received && acknowledged >= ok && acknowledged <= sent - http5xx && acknowledged === processed && lost + pending === 0;
    const wrong = validity.problems.filter((problem) => /books|index of another|last row|role|end in order|bus held/.test(problem));
    $program
    for (const sentence of wrong) console.log(sentence);
    process.exitCode = isWhole && wrong.length === 0 ? 0 : 1;
  "
  cd "$root"
}

npm run --silent build
npm pack --silent --ignore-scripts --pack-destination "$folder" >/dev/null
node bin/sync-vs-events.js export compose -a hybrid -R 10 --bus nats -o "$folder/run" >/dev/null
node=$(named 'node:[0-9][^ ]*' "$folder/run/Dockerfile")
make_base "$node"
make_image "docker.io/library/$(named 'nats:[0-9].*' "$folder/run/compose.yaml")" nats-server
make_image "docker.io/$(named 'locustio/locust:.*' "$folder/run/compose.yaml")" locust

mv "$folder"/*.tgz "$folder/run/package.tgz"
[ -z "${NODE_EXTRA_CA_CERTS:-}" ] || cp "$NODE_EXTRA_CA_CERTS" "$folder/run/ca.pem"
buildah bud --pull-never --ulimit nofile=16000:16000 --ulimit nproc=16000:16000 --runtime runc --build-arg PACKAGE=./package.tgz \
  -t "$(named 'sync-vs-events:[0-9].*' "$folder/run/compose.yaml")" "$folder/run" >"$folder/out" 2>&1 || { cat "$folder/out" && exit 1; }
echo 'the image is built'

podman system service --time=0 "$DOCKER_HOST" >"$folder/service" 2>&1 &
pids+=($!)
if [ ! -d /run/systemd/system ]; then
  # podman has its healthchecks run by timers of systemd.
  (while sleep 1; do for one in $(podman ps -q --filter health=starting); do podman healthcheck run "$one" >/dev/null 2>&1 || true; done; done) &
  pids+=($!)
fi
until [ -S "$folder/podman.sock" ]; do sleep 0.2; done

run '' <<'SHOP'
services: { payment: { latency: 30ms }, email: { latency: 40ms, workers: 2 } }
steps: [payment!, email]
load: { rate: 60, duration: 5s, warmup: 1s, drain: 30s }
SHOP
# Three quarters of a core in every period: it comes before others, so that nothing but its quota keeps it from them.
run '
  const { periods, throttled } = processes.server.throttling ?? {};
  const named = validity.problems.filter((problem) => /quota of CPU/.test(problem));
  console.log(named.join());
  if (named.length === 0) wrong.push(`the quota was not named: ${throttled} of ${periods} periods`);
  // A server with too little of a core may not hear in time what the broker holds at the end: the books say that nothing is left.
  wrong.splice(0, wrong.length, ...wrong.filter((problem) => !/bus held/.test(problem)));
' 'services: { server: { cpus: 0.5, cpu_shares: 8192 } }' <<'SHOP'
services: { payment: { latency: 30ms }, email: { latency: 40ms, workers: 20 } }
steps: [payment!, email]
server: { work: 14ms }
load: { rate: 50, duration: 5s, warmup: 1s, drain: 30s }
SHOP
