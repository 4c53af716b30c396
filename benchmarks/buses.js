// What a bus of ours carries beside the raw client loop, publish and process together, and what a bus does to the reply
// of hybrid. The two sides of a pair run in turn, against the same private broker.
// Usage: npm run bench:buses [-- --events 4000] [-- --bus nats,kafka]   without --events as many as the raw client carries in a second   (nothing else should run on the machine)
//        npm run bench:buses -- --table   measures what each bus takes when idle, and writes it as the model's defaults
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { hasPrivateBroker } from '../dist/events/buses.js';
import { loadAdapter } from '../dist/events/load-adapter.js';
import { startBroker } from '../dist/events/brokers/broker.js';
import { orderEvent } from '../dist/events/envelope.js';
import { recordOf } from './support/bench.js';
import { inFlight, RAW } from './support/raw-buses.js';

const { values } = parseArgs({ options: { events: { type: 'string' }, bus: { type: 'string', default: Object.keys(RAW).join(',') }, table: { type: 'boolean', default: false } } });
if (values.table) {
  const { measureBusTimes } = await import('./support/bus-times.js');
  await measureBusTimes();
  process.exit();
}
const CHOSEN = values.bus.split(',');
/** Carried first, to find out how many take a second; and no fewer than that are carried then: the code has been compiled by the end of them. */
const LEAST = 2000;
const IN_FLIGHT = 64;
const PAIRS = 3;
const GOAL = { share: 0.5, p50: 0.05 };
let met = true;

function eventOf(request) {
  const order = { orderId: `o-${request}`, userId: 'u-1', request, message: 0, payload: 0, time: new Date(0) };
  return orderEvent({ source: '/orders', type: 'order.placed', ...order });
}

/** Events per second through our port. */
async function ours(name, url, topic, events) {
  const bus = await (await loadAdapter(name)).connect({ url, topic, consumers: ['bench'], publishTimeout: 30_000 });
  const start = performance.now();
  let left = events;
  await new Promise((resolve, reject) => {
    const handler = async () => {
      if (--left === 0) resolve();
    };
    const subscription = { consumer: 'bench', workers: IN_FLIGHT, attempts: 1, backoff: () => 0, handler, onDeadLetter: () => {} };
    bus.subscribe(subscription).then(() => inFlight(events, IN_FLIGHT, (i) => bus.publish(eventOf(i)))).catch(reject);
  });
  const rate = events / ((performance.now() - start) / 1000);
  await bus.close();
  return rate;
}

async function raw(name, url, topic, events) {
  const { run, close } = await RAW[name](url, topic, events, IN_FLIGHT, JSON.stringify(eventOf(1)));
  const start = performance.now();
  await run();
  const rate = events / ((performance.now() - start) / 1000);
  await close();
  return rate;
}

function median(numbers) {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
}

function judged(good, goal) {
  met &&= good;
  return good ? goal : 'MISSED';
}

console.log(`node ${process.version}, ${os.cpus().length} cores, ${IN_FLIGHT} in flight, ${PAIRS} pairs\n`);
console.log('bus         events   a second   raw client   share (median of pairs)');
for (const name of CHOSEN) {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'bench-buses-'));
  const broker = hasPrivateBroker(name) ? await startBroker(name) : null;
  const pairs = [];
  const url = (side, pair) => broker?.url ?? path.join(folder, `${side}-${pair}.db`);
  const events = values.events ? Number(values.events) : Math.max(LEAST, Math.round(await raw(name, url('raw', 'first'), 'raw-first', LEAST)));
  for (let pair = 0; pair < PAIRS; pair++) {
    const measured = { raw: await raw(name, url('raw', pair), `raw-${pair}`, events), ours: await ours(name, url('ours', pair), `ours-${pair}`, events) };
    pairs.push({ ...measured, share: measured.ours / measured.raw });
  }
  await broker?.stop();
  rmSync(folder, { recursive: true });
  const of = (what) => median(pairs.map((pair) => pair[what]));
  console.log(
    `${name.padEnd(9)} ${String(events).padStart(8)} ${of('ours').toFixed(0).padStart(10)} ${of('raw').toFixed(0).padStart(12)}   ` +
      `${of('share').toFixed(2)}   ${judged(of('share') >= GOAL.share, `at least ${GOAL.share}`)}`,
  );
}

console.log('\nhybrid at 100 users     p50   against memory   publish p50');
const p50 = {};
for (const bus of ['memory', ...CHOSEN]) {
  const { trials } = await recordOf(['bench', 'checkout', '-a', 'hybrid', '-c', '100', '-d', '8s', '--bus', bus]);
  const [{ responseTime, events }] = trials;
  p50[bus] = responseTime.p50;
  const ratio = p50[bus] / p50.memory;
  console.log(
    `${bus.padEnd(16)} ${responseTime.p50.toFixed(1).padStart(7)} ms   ${ratio.toFixed(3).padStart(12)}   ` +
      `${events.publishing.latency.p50.toFixed(2).padStart(8)} ms   ${judged(ratio - 1 <= GOAL.p50, 'within 5 %')}`,
  );
}
process.exitCode = met ? 0 : 1;
