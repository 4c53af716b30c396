// Trials in which processes are killed at random moments, and what has to hold of them.
import { planTrials } from '../../dist/experiment/plan.js';
import { runTrial } from '../../dist/experiment/trial.js';
import { BUSES } from '../../dist/events/buses.js';
import { busSettings } from '../../dist/events/settings.js';
import { parseScenario } from '../../dist/scenarios/parse.js';
import { subjectOf } from '../../dist/scenarios/subject.js';

/** An order is a step and two consumers; refused work is tried often enough never to be given up. */
const SHOP = `
services:
  order: { latency: 5ms, workers: unlimited }
  email: { latency: 20ms, workers: 20 }
  analytics: { latency: 10ms, workers: 20 }
steps: [order!, email, analytics]
event: { consumers: { email: { attempts: 20, backoff: 20ms }, analytics: { attempts: 20, backoff: 20ms } } }
load: { rate: 100, warmup: 500ms, timeout: 5s }
`;

/** Longest wait for what is left, ms: a broker delivers again what a dead consumer had in hand after seconds. What is lost never comes. */
const DRAIN_MS = { safe: 60_000, careless: 5000 };

/** From the start of the window to the first kill, and from one to the next, ms: at least, and at most twice as much. */
const FIRST_MS = 300;
const GAP_MS = 700;
/** How long what was killed stays away, ms. */
const AWAY_MS = [20, 300];
/** Kills of one kind of process in one trial. */
const MOST_KILLS = 6;

/** Who can be killed. */
export function victimsOf({ bus, publish }) {
  const { at, capabilities } = BUSES[bus];
  if (!capabilities.separateProcesses) return ['server'];
  return at === 'file' ? ['server', 'consumer'] : publish === 'fire-and-forget' ? ['broker'] : ['server', 'consumer', 'broker'];
}

/** Kills at random moments, about so many; each process has its own. */
function killsAtRandom({ bus, victims }, kills, { uniform }) {
  const between = (least, most) => Math.round(least + (most - least) * uniform());
  const each = Math.min(MOST_KILLS, Math.ceil(kills / victims.length));
  return victims.flatMap((victim) => {
    const { startTime, settleTime } = victim === 'broker' ? BUSES[bus].broker : { startTime: 0, settleTime: 0 };
    const [first, gap] = [Math.max(FIRST_MS, settleTime), Math.max(GAP_MS, startTime)];
    const count = gap > GAP_MS ? 1 : each;
    let at = first;
    return Array.from({ length: count }, () => {
      at += between(0, gap);
      const fault = { kind: 'crash', process: victim, at, for: between(...AWAY_MS) };
      at += fault.for + gap;
      return fault;
    });
  });
}

/**
 * Runs one trial with about so many kills.
 * @returns the trial, and how often each process was killed
 */
export async function crashTrial(options, kills, random) {
  const { bus, publish, inbox, isSafe, seed } = options;
  const faults = killsAtRandom(options, kills, random);
  const duration = Math.max(...faults.map((fault) => fault.at + fault.for)) + 1500;
  const scenario = parseScenario(SHOP, { file: 'crash.yaml' });
  const { event, ...rest } = subjectOf(scenario, 'hybrid');
  const subject = { ...rest, event: { ...event, inbox }, faults };
  const { trials } = planTrials({ ...scenario, load: { ...scenario.load, duration, drain: DRAIN_MS[isSafe ? 'safe' : 'careless'] } }, [subject], seed, busSettings({ bus, publish }));
  const trial = await runTrial({ ...trials[0], calibrate: false }, new AbortController().signal, () => {});
  const done = (trial.faults ?? []).filter(({ until }) => until !== null).map(({ process }) => process);
  return { trial, killed: Object.fromEntries(options.victims.map((victim) => [victim, done.filter((one) => one === victim).length])) };
}

/** What holds whatever is killed: no event in two places, no request in none, and no reply "ok" for an event that is in no book. */
export function brokenBooks({ validity, outcomes, events }) {
  const { acknowledged, processed, deadLettered, pending, lost, unexpected, attempted } = events;
  return [
    ...validity.problems.filter((problem) => problem.includes('books')),
    ...(processed + deadLettered + pending + lost === acknowledged ? [] : ['the books of the events do not balance']),
    ...(unexpected > 0 ? [`${unexpected} events were processed that nobody published`] : []),
    ...(outcomes.ok <= acknowledged && acknowledged <= attempted ? [] : [`${outcomes.ok} orders were told "ok", ${acknowledged} of ${attempted} events acknowledged`]),
  ];
}

/** What a careful team is promised: nothing acknowledged is lost, left over or given up, and no effect takes place twice. */
export function brokenPromises({ events, failedLater }, inbox) {
  const { lost, pending, deadLettered, appliedTwice } = events;
  const none = { lost, pending, deadLettered, failedLater, ...(inbox ? { appliedTwice } : {}) };
  return Object.entries(none).filter(([, count]) => count > 0).map(([name, count]) => `${name} is ${count}`);
}

/**
 * The ledger against the services, which outlive every crash and count each call themselves: what was never processed was
 * called for at most as often as something was in progress when a process died, and an effect took place twice at most
 * as often as there were calls too many.
 */
export function ledgerAgainstServices({ events, steps }, killed) {
  const deaths = Object.values(killed).reduce((sum, count) => sum + count, 0);
  return Object.entries(events.consumers).flatMap(([name, { acknowledged, recovered, lost, pending, appliedTwice, workers, deadLettered }]) => {
    const calls = steps[name].serviceTime.count;
    const done = acknowledged + recovered - lost - pending - deadLettered;
    const cutOff = deaths * (workers ?? 0);
    return [
      ...(calls >= done ? [] : [`${name}: ${done} events are processed in the ledger, and its service was called ${calls} times`]),
      ...(lost === 0 || calls - cutOff <= acknowledged + recovered - lost ? [] : [`${name}: ${lost} events are lost in the ledger, and its service was called ${calls} times for ${acknowledged}`]),
      ...(appliedTwice <= Math.max(0, calls - done) ? [] : [`${name}: ${appliedTwice} effects took place twice in the ledger, with ${calls} calls for ${done} events`]),
    ];
  });
}
