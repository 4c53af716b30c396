// `capacity` where arithmetic knows the answer: email has 20 workers of 400 ms, so it serves 50 orders a second, and with
// 1050 ms an order that is 52.5 users. Twice in a row, each within 10 %.
// Usage: npm run bench:capacity [-- --times 2 --duration 3s]   (nothing else should run on the machine)
import { parseArgs } from 'node:util';
import { recordOf, scenarioFile } from './support/bench.js';

const { values } = parseArgs({ options: { times: { type: 'string', default: '2' }, duration: { type: 'string', default: '3s' } } });
const ANSWER = 52;
const GOAL = 0.1;
let met = true;
for (let time = 1; time <= Number(values.times); time++) {
  const begun = performance.now();
  // Past 52.5 users everyone waits for email: p95 is the first to tell. From 40 users on it takes a minute or so.
  const args = ['capacity', scenarioFile('capacity.yaml'), '-a', 'sync', '--p95', '1.05x', '--from', '40', '--duration', values.duration];
  const { capacity } = await recordOf(args);
  const [{ most, end, limit }] = capacity;
  const apart = most / ANSWER - 1;
  const good = Math.abs(apart) <= GOAL;
  met &&= good;
  const seconds = ((performance.now() - begun) / 1000).toFixed(0);
  console.log(`sync carries ${most} users (${limit ?? end}), ${ANSWER} by arithmetic: ${(100 * apart).toFixed(1)}%   goal ${100 * GOAL}%   ${good ? 'met' : 'MISSED'}   ${seconds} s`);
}
process.exitCode = met ? 0 : 1;
