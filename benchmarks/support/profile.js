/** What the processes of a run spend their time on, by part: sampled in each of them, and folded here. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PROFILER = new URL('profiler.js', import.meta.url).href;

/** The module that each process of a trial begins with. */
const ROLES = { load: 'dist/bundle/load-process.js', server: 'dist/bundle/server-process.js', services: 'dist/bundle/services-process.js' };

/** By where a function is; the first that fits. What has no place is native. */
const PARTS = [
  ['garbage collection', /^\(garbage collector\)/],
  ['writes to sockets (kernel)', /^write\w+ $/],
  ['Node outside JavaScript', / $/],
  ['HTTP (node:http)', /node:(_http|internal\/http)/],
  ['sockets and streams (node:net)', /node:(net|stream|internal\/stream|internal\/streams|internal\/js_stream)/],
  ['timers', /node:(timers|internal\/timers)/],
  ['Express', /node_modules\/(express|router|finalhandler|path-to-regexp|parseurl|encodeurl|on-finished|depd|debug)\//],
  ['autocannon', /node_modules\/(autocannon|hdr|retimer|http-parser-js)/],
  ['other packages', /node_modules\//],
  ['events: bus and histories', /dist\/events\//],
  ['services: stations, fates, logs', /dist\/(services|scenarios)\//],
  ['architectures: steps and calls', /dist\/architectures\//],
  ['load: users and journal', /dist\/load\//],
  ['promises, ticks, the rest', /./],
];

/**
 * Runs something with every process sampled.
 * @param run given the environment for its processes
 * @returns what `run` returns, and for each process of the trial its parts, as shares of the time it was busy
 */
export async function profiled(run) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-profile-'));
  try {
    const result = await run({ NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --import=${PROFILER}`, PROFILE_DIR: folder });
    const profiles = readdirSync(folder).map((file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8')));
    const parts = {};
    for (const [role, entry] of Object.entries(ROLES)) {
      const profile = profiles.find(({ nodes }) => nodes.some(({ callFrame: { url } }) => url.endsWith(entry)));
      if (profile) parts[role] = partsOf(profile);
    }
    return { result, parts };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Shares of the busy time, largest first. */
export function partsOf({ nodes, samples, timeDeltas }) {
  const partOf = new Map(nodes.map(({ id, callFrame: { functionName, url } }) => [id, functionName === '(idle)' ? null : nameOf(`${functionName} ${url}`)]));
  const times = new Map();
  let busy = 0;
  for (const [position, id] of samples.entries()) {
    const part = partOf.get(id);
    if (part === null || part === undefined) continue;
    busy += timeDeltas[position];
    times.set(part, (times.get(part) ?? 0) + timeDeltas[position]);
  }
  return [...times].map(([part, time]) => [part, time / busy]).toSorted(([, a], [, b]) => b - a);
}

function nameOf(place) {
  return PARTS.find(([, pattern]) => pattern.test(place))[0];
}
