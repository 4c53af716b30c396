// What becomes of the work of a consumer of two processes, one of which is stopped (SIGSTOP) for a while and goes on (SIGCONT):
// nobody closes its connections, and nobody can tell it from a slow one.
// Usage: npm run bench:paused [-- --bus nats,redis,bullmq,rabbitmq,postgres,kafka,sqs] [-- --seconds 40]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startBroker } from '../dist/events/brokers/broker.js';
import { orderEvent } from '../dist/events/envelope.js';
import { loadAdapter } from '../dist/events/load-adapter.js';

const { values } = parseArgs({ options: { bus: { type: 'string', default: 'nats,redis,bullmq,rabbitmq,postgres,kafka,sqs' }, seconds: { type: 'string', default: '40' } } });
const PAUSE_MS = 1000 * Number(values.seconds);
const [BEFORE_MS, AFTER_MS, EVERY_MS] = [5000, 10_000, 20];
const PATIENCE_MS = 60_000;
const WORKER = fileURLToPath(new URL('support/paused-worker.js', import.meta.url));

function eventOf(request) {
  const order = { orderId: `o-${request}`, userId: 'u-1', request, message: 0, payload: 0, time: new Date(0) };
  return orderEvent({ source: '/orders', type: 'order.placed', ...order });
}

/** A worker that notes in `events` what it does. */
async function startWorker(name, options, inbox, events) {
  const child = fork(WORKER, [name, JSON.stringify({ options, inbox })]);
  const ready = once(child, 'message');
  child.on('message', (told) => {
    const { started, done, isFirst } = told;
    if (started !== undefined) events[started].starts++;
    if (done === undefined) return;
    events[done].effects += isFirst ? 1 : 0;
    events[done].doneAt ??= told.at;
  });
  await ready;
  return child;
}

async function measured(name) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-paused-'));
  const broker = await startBroker(name);
  const options = { url: broker.url, topic: 'orders', consumers: ['email'], publishTimeout: 30_000 };
  const bus = await (await loadAdapter(name)).connect(options);
  const events = [];
  const workers = [];
  try {
    for (let i = 0; i < 2; i++) workers.push(await startWorker(name, options, path.join(folder, 'inbox.db'), events));
    // A group that has just got its second member shares out its work anew.
    await sleep(BEFORE_MS);
    const begin = Date.now();
    const pauseAt = begin + BEFORE_MS;
    const marks = [[pauseAt, 'SIGSTOP'], [pauseAt + PAUSE_MS, 'SIGCONT']].map(([at, signal]) => setTimeout(() => workers[0].kill(signal), at - begin));
    for (const until = begin + BEFORE_MS + PAUSE_MS + AFTER_MS; Date.now() < until; await sleep(EVERY_MS)) {
      events.push({ publishedAt: Date.now(), starts: 0, effects: 0 });
      await bus.publish(eventOf(events.length - 1));
    }
    for (const until = Date.now() + PATIENCE_MS; events.some(({ doneAt }) => !doneAt) && Date.now() < until; ) await sleep(100);
    // What comes twice may come late.
    await sleep(2000);
    marks.forEach(clearTimeout);
    return { ...judged(events, pauseAt) };
  } finally {
    for (const worker of workers) worker.kill('SIGKILL');
    await bus.close().catch(() => {});
    await broker.stop();
    rmSync(folder, { recursive: true });
  }
}

/** What was late by more than a second, for how long, and what was worked on or took effect more than once. */
function judged(events, pauseAt) {
  const lag = ({ publishedAt, doneAt }) => doneAt - publishedAt;
  const done = events.filter(({ doneAt }) => doneAt);
  const late = done.filter((event) => lag(event) > 1000);
  return {
    events: events.length,
    never: events.length - done.length,
    late: late.length,
    longest: Math.max(...done.map(lag)) / 1000,
    until: late.length === 0 ? 0 : (Math.max(...late.map(({ doneAt }) => doneAt)) - pauseAt) / 1000,
    repeated: events.filter(({ starts }) => starts > 1).length,
    twice: events.filter(({ effects }) => effects > 1).length,
  };
}

console.log(`node ${process.version}, ${os.cpus().length} cores: two processes of one consumer, 50 events/s; one is stopped for ${PAUSE_MS / 1000} s\n`);
console.log('bus        events   never done   more than 1 s late   longest wait   last late one   worked on again   applied twice');
let isKept = true;
for (const name of values.bus.split(',')) {
  const { events, never, late, longest, until, repeated, twice } = await measured(name);
  isKept &&= never === 0 && twice === 0;
  console.log(
    `${name.padEnd(9)}${String(events).padStart(8)}${String(never).padStart(13)}${String(late).padStart(21)}${`${longest.toFixed(1)} s`.padStart(15)}` +
      `${`${until.toFixed(1)} s`.padStart(16)}${String(repeated).padStart(18)}${String(twice).padStart(16)}`,
  );
}
if (!isKept) process.exitCode = 1;
