// What is left when commands are interrupted: signals at random moments over all commands. Each must end with a promised
// code (130; 2 when a process of its own was killed; its own verdict when it was over first), print no stack, and leave no
// process, no temporary folder and no half-written file. Exits with 1 when a promise is broken. Linux: it looks into /proc.
// Usage: npm run bench:abuse [-- --signals 200] [-- --seed 1] [-- --only capacity]
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { commandsOf, furnish } from './support/abused.js';
import { randomOf } from './support/random.js';

const { values } = parseArgs({
  options: {
    signals: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    only: { type: 'string' },
  },
});
const { uniform: random } = randomOf(Number(values.seed));
const BINARY = path.resolve(import.meta.dirname, '../bin/sync-vs-events.js');
/**
 * A command that ends later than this after its last signal hangs, and what it started has been left when it has not followed
 * by then, ms. What is promised is that they go, not how soon: on a machine that others use as well a process may wait for
 * seconds until it hears that it is over.
 */
const HANGS_AFTER = 120_000;
const FOLLOWS_WITHIN = 60_000;
/** Longest wait for a process that could be killed, ms: most commands start none. */
const STARTS_WITHIN = 3000;
/** No command is looked at for longer, ms: one that serves never ends by itself. */
const LONGEST = 8000;

/** What is done to a command at a moment: how often it is told to end, or that a process of its own is killed. */
const ABUSES = [
  { name: 'SIGINT', signals: ['SIGINT'] },
  { name: 'SIGTERM', signals: ['SIGTERM'] },
  { name: 'SIGHUP', signals: ['SIGHUP'] },
  { name: 'SIGINT twice', signals: ['SIGINT', 'SIGINT'] },
  { name: 'a process killed', signals: [], kills: true },
  { name: 'SIGKILL', signals: ['SIGKILL'] },
];

const root = mkdtempSync(path.join(os.tmpdir(), 'abuse-'));

/** A command under way, in folders of its own and with a mark that all its processes inherit. */
function begin(args) {
  const mark = randomUUID();
  const [cwd, temporary] = ['cwd', 'tmp'].map((name) => path.join(root, mark, name));
  for (const folder of [cwd, temporary]) mkdirSync(folder, { recursive: true });
  furnish(cwd, begin.port);
  const child = spawn(process.execPath, [BINARY, ...args], {
    cwd,
    env: { ...process.env, TMPDIR: temporary, ABUSED: mark, NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { err: '', out: '' };
  child.stdout.on('data', (chunk) => (said.out += chunk));
  child.stderr.on('data', (chunk) => (said.err += chunk));
  const ended = new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, at: performance.now() }));
  });
  return { child, said, ended, mark, cwd, temporary, startedAt: performance.now() };
}

/** A process that a command has started, or is about to start; undefined where it starts none, or is over. */
async function victimOf(mark, child) {
  for (const until = performance.now() + STARTS_WITHIN; performance.now() < until; await sleep(20)) {
    if (child.exitCode !== null || child.signalCode !== null) return undefined;
    const own = processesOf(mark, child.pid);
    if (own.length > 0) return own[Math.floor(random() * own.length)];
  }
  return undefined;
}

/** Kills a process. Whether it was still there. */
function killed(pid) {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    return false;
  }
}

/** Processes with a mark in their environment, without the first of them. */
function processesOf(mark, butNot) {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && Number(pid) !== butNot && environmentOf(pid).includes(`ABUSED=${mark}`)).map(Number);
}

function environmentOf(pid) {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}

/** Does it. Whether there was anything to do it to. */
async function abuse({ child, mark }, { signals, kills }) {
  if (kills) {
    const victim = await victimOf(mark, child);
    return victim !== undefined && killed(victim);
  }
  for (const [i, signal] of signals.entries()) {
    if (i > 0) await sleep(random() * 300);
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
  }
  return true;
}

/** What is broken, in words. @param usual codes with which it ends when nobody interrupts it */
async function broken(running, { kills, signals }, end, usual, args) {
  const { said, mark, temporary, cwd } = running;
  const found = [];
  // Once it serves, Ctrl-C is how it ends.
  if (args[0] === 'serve' && said.out.includes('Ctrl-C ends it')) usual = [0];
  const promised = kills ? [...usual, 2, ...(args[0] === 'serve' ? [130] : [])] : [130, ...usual];
  const bySignal = signals.includes(end.signal);
  if (!bySignal && !promised.includes(end.code)) found.push(`ended with ${end.code ?? end.signal}`);
  // Before it has begun to run, and when it is over, it hears nothing: the system ends it, and a shell says 128 and the number of
  // the signal. With SIGINT that is 130 as well.
  const isOver = said.out !== '' && args[0] !== 'serve'; // What is printed is printed at the end.
  if (bySignal && !isOver && end.signal !== 'SIGKILL' && end.signal !== 'SIGINT' && (said.out !== '' || said.err !== '')) found.push(`ended by ${end.signal} after it had begun`);
  if (/\n\s+at .*:\d+:\d+\)?\n|defect of/.test(said.err)) found.push(`a stack: ${said.err.trim().slice(0, 300)}`);
  const wrote = readdirSync(cwd);
  if (wrote.some((name) => name.endsWith('.tmp') && !signals.includes('SIGKILL'))) found.push('a half-written file');
  if (wrote.includes('run.json') && !isJson(path.join(cwd, 'run.json'))) found.push('a record that cannot be read');
  if (end.code === 130 && signals.length === 1 && hasRecord(args) && !wrote.includes('run.json') && wasUnderWay(said)) found.push('no record');
  const until = performance.now() + FOLLOWS_WITHIN;
  while (performance.now() < until && (processesOf(mark).length > 0 || readdirSync(temporary).length > 0)) await sleep(100);
  const left = processesOf(mark);
  if (left.length > 0) found.push(`${left.length} processes left`);
  left.forEach(killed);
  if (readdirSync(temporary).length > 0) found.push(`folders left: ${readdirSync(temporary).join(', ')}`);
  return found;
}

function isJson(file) {
  try {
    JSON.parse(readFileSync(file, 'utf8'));
    return true;
  } catch {
    return false;
  }
}

/** Whether it saves what was measured so far: a bench does, and its progress tells that there is something. */
const hasRecord = ([command]) => command === 'bench' || command === 'capacity';
const wasUnderWay = ({ err }) => /trial \d|pairs of blocks|with one user alone|\d+\/\d+/.test(err);

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

begin.port = await freePort();
const saved = path.join(root, 'saved.json');
const exported = path.join(root, 'exported');
const made = begin(['bench', 'shop.yaml', '-a', 'sync', '--no-progress', '-o', `json=${saved}`]);
const { code: savedWith } = await made.ended;
if (savedWith !== 0 && savedWith !== 3) throw new Error(`No record to begin with: ${made.said.err}`);
const { code: exportedWith } = await begin(['export', 'locust', 'shop.yaml', '-a', 'hybrid', '--target', 'http://127.0.0.1:9', '-o', exported]).ended;
if (exportedWith !== 0) throw new Error(`Nothing exported to begin with: it ended with ${exportedWith}`);
const commands = commandsOf(saved, exported).filter((args) => values.only === undefined || args.includes(values.only));

/** How long each takes, and how it ends, when nobody interrupts it. */
async function undisturbed(args) {
  const running = begin(args);
  const end = await Promise.race([running.ended, sleep(LONGEST, null)]);
  if (end) return { usual: [end.code], took: end.at - running.startedAt };
  running.child.kill('SIGINT');
  await running.ended;
  // Measured again it may be sure of what it was not. `serve` never ends by itself.
  return { usual: args[0] === 'serve' ? [] : [0, 1, 3], took: LONGEST };
}

console.log(`Seed ${values.seed}: ${values.signals} signals over ${commands.length} commands.\n`);
const failures = [];
const counts = { begun: 0, before: 0, slowest: 0 };
const ways = new Map();
const known = new Map();
for (let i = 0; i < Number(values.signals); i++) {
  const args = commands[i % commands.length];
  const { usual, took } = known.get(args) ?? (known.set(args, await undisturbed(args)), known.get(args));
  const measures = ['bench', 'capacity', 'noise'].includes(args[0]) ? [0, 1, 3] : [];
  let kind = ABUSES[Math.floor(random() * ABUSES.length)];
  const moment = random() * took;
  const running = begin(args);
  await Promise.race([sleep(moment), running.ended]);
  // Left alone because there was nothing to kill, it would go on for as long as it takes, which is no hanging.
  if (!(await abuse(running, kind))) await abuse(running, (kind = ABUSES[0]));
  const abusedAt = performance.now();
  if (args[0] === 'serve' && kind.kills) setTimeout(() => running.child.kill('SIGINT'), 2000).unref();
  const end = await Promise.race([running.ended, sleep(HANGS_AFTER, null, { ref: false })]);
  if (!end) running.child.kill('SIGKILL');
  const found = end ? await broken(running, kind, end, [...usual, ...measures], args) : ['hangs'];
  const about = `${kind.name} after ${Math.round(moment)} ms of ${args.filter((word) => word !== saved).join(' ')}`;
  counts.begun++;
  if (end?.signal && end.signal !== 'SIGKILL') counts.before++;
  if (end && kind.name === 'SIGINT twice') counts.slowest = Math.max(counts.slowest, end.at - abusedAt);
  const way = `${kind.name}: ${end ? (end.code ?? end.signal) : 'hangs'}`;
  ways.set(way, (ways.get(way) ?? 0) + 1);
  for (const what of found) failures.push(`${about}: ${what}`);
  if (found.length > 0) console.log(failures.at(-1));
  rmSync(path.join(root, running.mark), { recursive: true, force: true });
}
for (const [way, count] of [...ways].toSorted(([a], [b]) => a.localeCompare(b))) console.log(`${way.padEnd(28)}${count}`);
console.log(`\n${counts.begun} signals, ${counts.begun - new Set(failures.map((line) => line.split(': ')[0])).size} ended as promised; ${counts.before} before the command had begun to run, or when it was over;`);
console.log(`a second Ctrl-C took ${Math.round(counts.slowest)} ms at the most. ${failures.length} broken promises.`);
rmSync(root, { recursive: true, force: true });
process.exitCode = failures.length > 0 ? 1 : 0;
