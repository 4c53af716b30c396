// What is left when processes are killed: server, consumers and broker die by SIGKILL at random moments under load, again and
// again, and the ledger is asked what became of every acknowledged event. Exits with 1 when a promise is broken.
// Usage: npm run bench:crash [-- --kills 100] [-- --bus outbox,nats,redis,bullmq,rabbitmq,postgres,kafka,sqs] [-- --seed 1]
import { parseArgs } from 'node:util';
import { BUS_NAMES, BUSES } from '../dist/events/buses.js';
import { brokenBooks, brokenPromises, crashTrial, ledgerAgainstServices, victimsOf } from './support/crash-trial.js';
import { randomOf } from './support/random.js';

const isDurable = (bus) => BUSES[bus].capabilities.survives.process;
const DURABLE_BUSES = BUS_NAMES.filter(isDurable);

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '100' },
    bus: { type: 'string', default: DURABLE_BUSES.join(',') },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const KILLS = Number(values.kills);
const SEED = Number(values.seed);
const CHOSEN = values.bus.split(',');

/** Durable buses lose nothing; beside them, what the careless choices cost. */
const DURABLE = CHOSEN.filter(isDurable).map((bus) => ({ bus, inbox: true, isSafe: true }));
const CARELESS = [
  { bus: 'memory', inbox: true, isSafe: false },
  ...['nats', 'postgres', 'kafka'].filter((bus) => CHOSEN.includes(bus)).map((bus) => ({ bus, publish: 'fire-and-forget', inbox: true, isSafe: false })),
  ...(CHOSEN.includes('redis') ? [{ bus: 'redis', inbox: false, isSafe: true }] : []),
];
/** Kills of a careless choice: they show what it costs, and prove nothing. */
const CARELESS_KILLS = 6;

const WIDTHS = [10, 17, 7, 34, 7, 7, 6, 12, 15, 5];
const row = (cells) => console.log(cells.map((cell, i) => String(cell).padEnd(WIDTHS[i])).join(''));
const sum = (counts) => Object.values(counts).reduce((total, count) => total + count, 0);

/** Trials of one choice until enough was killed; whatever does not hold, in words. */
async function tried(choice, kills, random) {
  const options = { ...choice, victims: victimsOf(choice), seed: SEED };
  const killed = Object.fromEntries(options.victims.map((victim) => [victim, 0]));
  const totals = { attempted: 0, acknowledged: 0, lost: 0, duplicated: 0, appliedTwice: 0 };
  const broken = [];
  while (sum(killed) < kills) {
    const { trial, killed: now } = await crashTrial(options, kills - sum(killed), random);
    if (sum(now) === 0) throw new Error(`Nothing was killed: ${trial.validity.notes.join(' ')}`);
    for (const victim of options.victims) killed[victim] += now[victim];
    for (const name of Object.keys(totals)) totals[name] += trial.events[name];
    broken.push(...brokenBooks(trial), ...ledgerAgainstServices(trial, now), ...(choice.isSafe ? brokenPromises(trial, choice.inbox) : []));
    if (!choice.isSafe && trial.failedLater > trial.events.lost + trial.events.deadLettered) broken.push('more orders failed later than events were lost');
  }
  return { killed, totals, broken };
}

console.log(`Seed ${SEED}; at least ${KILLS} kills of each durable bus.\n`);
row(['bus', 'publish', 'inbox', 'killed', 'sent', 'acked', 'lost', 'duplicated', 'applied twice', 's']);
const failures = [];
for (const choice of [...DURABLE, ...CARELESS]) {
  const isProof = choice.isSafe && choice.inbox;
  const begun = Date.now();
  const { killed, totals, broken } = await tried(choice, isProof ? KILLS : Math.min(KILLS, CARELESS_KILLS), randomOf(SEED));
  const { attempted, acknowledged, lost, duplicated, appliedTwice } = totals;
  const dead = Object.entries(killed).map(([victim, count]) => `${count} ${victim}`).join(', ');
  row([choice.bus, choice.publish ?? 'default', choice.inbox ? 'on' : 'off', dead, attempted, acknowledged, lost, duplicated, appliedTwice, Math.round((Date.now() - begun) / 1000)]);
  for (const sentence of broken) console.log(`  BROKEN: ${sentence}`);
  failures.push(...broken);
}
console.log(failures.length === 0 ? '\nEvery promise was kept.' : `\n${failures.length} promises were broken.`);
if (failures.length > 0) process.exitCode = 1;
