// How far the measured response times are from what arithmetic says: with ample workers as ratios to 1050 and 500 ms, and the
// built-in checkout at 10 users as ratios of architectures.
// Usage: npm run bench:fidelity [-- --duration 10s]   (nothing else should run on the machine)
import os from 'node:os';
import { parseArgs } from 'node:util';
import { recordOf, scenarioFile } from './support/bench.js';

const { values } = parseArgs({ options: { duration: { type: 'string', default: '10s' } } });
const IDEAL = { sync: 1050, parallel: 900, hybrid: 500 };
const GOAL = { p50: 0.01, p99: 0.03 };
const RATIO_GOAL = 0.02;
let met = true;

async function trialsOf(...args) {
  return (await recordOf(['bench', ...args, '-d', values.duration])).trials;
}

function judged(good, goal) {
  met &&= good;
  return good ? goal : 'MISSED';
}

console.log(`node ${process.version}, ${os.cpus().length} cores, windows of ${values.duration}\n`);
console.log('architecture  users  requests   p50/ideal   p99/ideal');
for (const { architecture, load, responseTime } of await trialsOf(scenarioFile('fidelity.yaml'), '-a', 'sync,hybrid', '-c', '10,100')) {
  const ratio = (percentile) => responseTime[percentile] / IDEAL[architecture];
  const good = Object.entries(GOAL).every(([percentile, limit]) => Math.abs(ratio(percentile) - 1) <= limit);
  console.log(
    `${architecture.padEnd(12)} ${String(load.users).padStart(6)} ${String(responseTime.count).padStart(9)}   ` +
      `${ratio('p50').toFixed(4).padStart(9)}   ${ratio('p99').toFixed(4).padStart(9)}   ${judged(good, 'within 1 % and 3 %')}`,
  );
}

console.log('\ncheckout at 10 users     p50   arithmetic');
const [hybrid, ...others] = await trialsOf('checkout', '-a', 'hybrid,sync,parallel', '-c', '10');
for (const { architecture, responseTime } of others) {
  const ratio = responseTime.p50 / hybrid.responseTime.p50;
  const expected = IDEAL[architecture] / IDEAL.hybrid;
  const good = Math.abs(ratio / expected - 1) <= RATIO_GOAL;
  console.log(
    `${`${architecture} / hybrid`.padEnd(20)} ${ratio.toFixed(3).padStart(7)} ${expected.toFixed(3).padStart(12)}   ${judged(good, 'within 2 %')}`,
  );
}
process.exitCode = met ? 0 : 1;
