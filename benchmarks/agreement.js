// Whether an outside tool sees what the bench sees: wrk on `serve hybrid` beside the bench's own trial, in turn.
// Exit code 1 when p50 or rate differ by more than 3 %.
// Usage: npm run bench:agreement [-- --users 100 --seconds 15 --rounds 2]   (nothing else should run on the machine)
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import os from 'node:os';
import { parseArgs } from 'node:util';
import { COMMAND, recordOf, scenarioFile } from './support/bench.js';
import { hasWrk, runWrk } from './support/wrk.js';

const { values } = parseArgs({
  options: {
    users: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '15' },
    rounds: { type: 'string', default: '2' },
  },
});
const GOAL = 0.03;
const users = Number(values.users);
const seconds = Number(values.seconds);

async function ours() {
  const { trials } = await recordOf(['bench', scenarioFile('fidelity.yaml'), '-a', 'hybrid', '-c', values.users, '-d', `${seconds}s`]);
  const [trial] = trials;
  if (trial.state !== 'measured') throw new Error(trial.message);
  return { p50: trial.responseTime.p50, rate: trial.throughput };
}

async function outside() {
  const child = spawn(process.execPath, [COMMAND, 'serve', 'hybrid', scenarioFile('fidelity.yaml'), '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [said] = await once(child.stdout, 'data');
    const url = /http:\S+\/orders/.exec(String(said))?.[0];
    if (!url) throw new Error(`serve told no address: ${said}`);
    // Once for the caches: the bench warms up as well.
    runWrk(url, { connections: users, seconds: 3, post: true });
    return runWrk(url, { connections: users, seconds, post: true });
  } finally {
    child.kill('SIGINT');
    await once(child, 'close');
  }
}

if (!hasWrk()) {
  console.error('wrk is not here: install it (apt-get install wrk, brew install wrk) and run this again.');
  process.exit(2);
}
console.log(`node ${process.version}, ${os.cpus().length} cores, ${users} users, windows of ${seconds} s\n`);
let met = true;
for (let round = 1; round <= Number(values.rounds); round++) {
  const [bench, wrk] = [await ours(), await outside()];
  const apart = { p50: bench.p50 / wrk.p50 - 1, rate: bench.rate / wrk.rate - 1 };
  const good = wrk.failed === 0 && Object.values(apart).every((share) => Math.abs(share) <= GOAL);
  met &&= good;
  const percent = (share) => `${share > 0 ? '+' : ''}${(100 * share).toFixed(2)}%`;
  console.log(`bench: p50 ${bench.p50.toFixed(1)} ms, ${bench.rate.toFixed(1)}/s   wrk: p50 ${wrk.p50.toFixed(1)} ms, ${wrk.rate.toFixed(1)}/s`);
  console.log(`  apart by ${percent(apart.p50)} and ${percent(apart.rate)}   goal ${100 * GOAL}%   ${good ? 'met' : 'MISSED'}`);
}
process.exitCode = met ? 0 : 1;
