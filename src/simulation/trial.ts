/** A trial in virtual time, with the same result as a measured one. Pure: the same input gives the same digits. */
import { idealSummary } from '../measurement/ideal.js';
import type { ConsumerResult, EventsResult, MeasuredTrial, Outcomes, StepResult, Validity } from '../measurement/record.js';
import { finiteLimit } from '../measurement/steps.js';
import { formatFault, type Fault } from '../scenarios/fault.js';
import type { LittlesLaw } from './engine/books.js';
import type { Bus } from './engine/bus.js';
import type { TrialInput } from './engine/model.js';
import { Simulation } from './engine/simulation.js';

export type { TrialInput } from './engine/model.js';

/** Beyond this distance from Little's law a simulation has miscounted. */
const LITTLES_LAW_TOLERANCE = 1e-3;

/**
 * Simulates one trial: the draws, numbers of requests and rules of the live run, in virtual time, with no cost of a
 * machine but the server's own handling (see `TrialInput`). What has no meaning here is empty: `processes`, and
 * `samples` beyond a million requests. Percentiles of more than 131,072 times are within 0.1 %, others are exact.
 *
 * @param looksAhead false: event by event even where the engine may look ahead, which takes longer and gives the same
 */
export function simulateTrial(input: TrialInput, looksAhead = true): MeasuredTrial {
  const simulation = simulated(input, looksAhead);
  const { books, bus } = simulation;
  const { architecture, base, round, load, subject, seed } = input;
  const figures = books.result();
  return {
    architecture,
    base,
    round,
    load,
    state: 'simulated',
    window: { startedAt: '', seconds: input.duration / 1000, warmupSeconds: input.warmup / 1000 },
    ...figures,
    ideal: idealSummary(subject, seed),
    server: { received: figures.outcomes.sent, unreached: 0 },
    steps: stepsOf(simulation),
    events: bus ? eventsOf(simulation, bus, input) : null,
    processes: {},
    validity: validityOf(figures.outcomes, books.littlesLaw, subject.faults),
  };
}

function simulated(input: TrialInput, looksAhead: boolean): Simulation {
  const simulation = new Simulation(input, looksAhead);
  return simulation.run() ? simulation : simulated(input, false);
}

function stepsOf({ named }: Simulation): Record<string, StepResult> {
  return Object.fromEntries(named.map(({ name, caller }) => [name, caller.tally.result(caller.station)]));
}

function eventsOf({ books, kernel, window }: Simulation, bus: Bus, { subject }: TrialInput): EventsResult {
  const endedAt = Math.max(kernel.now, window.endAt);
  const completions = books.completions();
  const consumers = bus.consumers.map((consumer): [string, ConsumerResult] => {
    const { options, tally } = consumer;
    const service = subject.event.consumers.find(({ name }) => name === options.name)?.call ?? options.name;
    const workers = finiteLimit(options.workers === Infinity ? 'unlimited' : options.workers);
    const { counts, lag } = tally;
    const backlog = bus.backlogOf(consumer);
    return [options.name, { service, workers, ...counts, lag: lag.times, backlog: backlog.result(endedAt), ...backlog.rates }];
  });
  return {
    ...bus.tally.counts,
    lag: bus.tally.lag.times,
    completionTime: completions.times,
    backlog: bus.backlog.result(endedAt),
    consumers: Object.fromEntries(consumers),
  };
}

/** The books must balance, and Little's law holds of a whole trial whatever it was: where not, the engine is wrong. */
function validityOf({ sent, ...ends }: Outcomes, { inFlight, rate, time }: LittlesLaw, faults: readonly Fault[]): Validity {
  const problems: string[] = [];
  const ended = Object.values(ends).reduce((sum, count) => sum + count, 0);
  if (sent === 0) problems.push('No request was sent within the window: there is nothing to measure. Make it longer.');
  if (ended !== sent) problems.push(`The books do not balance: ${sent} requests were sent, and ${ended} ended.`);
  const product = rate * (time / 1000);
  if (Math.abs(product - inFlight) > LITTLES_LAW_TOLERANCE * inFlight) {
    problems.push(`Little's law does not hold: ${inFlight} requests in flight, rate times response time is ${product}.`);
  }
  const left = faults.map(formatFault).join(', ');
  const notes = left === '' ? [] : [`Faults of processes and deliveries are not in the model: ${left} did not happen here.`];
  return { valid: problems.length === 0, problems, notes };
}
