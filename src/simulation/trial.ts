/** A trial in virtual time, with the same result as a measured one. Pure: the same input gives the same digits. */
import { idealSummary } from '../measurement/ideal.js';
import type { ConsumerResult, EventResult, EventsResult, MeasuredTrial, Outcomes, StepResult, Validity } from '../measurement/record.js';
import { decodeSamples } from '../measurement/samples.js';
import { stageResults } from '../measurement/stages.js';
import { placeOf } from '../measurement/steps.js';
import { areToldApart, consumersOf, type EventStream } from '../scenarios/call-graph.js';
import { markSentence } from '../measurement/fault-accounting.js';
import type { FaultMark } from '../measurement/record.js';
import { formatFault, isProcessFault } from '../scenarios/fault.js';
import { whyUntold } from './buses.js';
import type { Bus } from './discrete-event/bus.js';
import type { TrialInput } from './discrete-event/model.js';
import type { LittlesLaw } from './discrete-event/request-log.js';
import { Simulation } from './discrete-event/simulation.js';
import { machineAt, paceOf } from './pace.js';

export type { TrialInput } from './discrete-event/model.js';

/** Beyond this distance from Little's law a simulation has miscounted. */
const LITTLES_LAW_TOLERANCE = 1e-3;

/**
 * Simulates one trial: the draws, numbers of requests and rules of the live run, in virtual time, with no cost of a
 * machine but the server's own handling (see `TrialInput`). What has no meaning here is empty: `processes`, and
 * `samples` beyond a million requests. Percentiles of more than 131,072 times are within 0.1 %, others are exact.
 */
export function simulateTrial(input: TrialInput): MeasuredTrial {
  const { machine } = input;
  const simulation = new Simulation(machine ? { ...input, machine: machineAt(machine, paceOf(input)) } : input);
  simulation.run();
  const { log, bus } = simulation;
  const { architecture, base, round, load, subject, seed } = input;
  const figures = log.result(bus !== null);
  const events = bus ? eventsOf(simulation, bus) : null;
  const stages = load.ramp && stageResults({ ramp: load.ramp, samples: decodeSamples(figures.samples), backlog: events?.backlog ?? null });
  const marks = marksOf(simulation);
  return {
    subject: subject.name,
    architecture,
    base,
    round,
    load,
    state: 'simulated',
    window: { startedAt: '', seconds: input.duration / 1000, warmupSeconds: input.warmup / 1000 },
    ...figures,
    ...(stages ? { stages } : {}),
    ideal: idealSummary(subject, seed),
    server: serverBooks(figures.attempts ?? figures.outcomes.sent, simulation),
    ...(marks.length > 0 ? { faults: marks } : {}),
    steps: stepsOf(simulation),
    events,
    processes: {},
    validity: validityOf(figures.outcomes, log.littlesLaw, faultNotes(input, marks)),
  };
}

/** What of all attempts the server has read. */
function serverBooks(attempts: number, { clients: { unreached, uncounted } }: Simulation): MeasuredTrial['server'] {
  return { received: attempts - unreached - uncounted, unreached, ...(uncounted > 0 && { uncounted }) };
}

function stepsOf({ calls, queue }: Simulation): Record<string, StepResult> {
  return Object.fromEntries(calls.named.map(({ name, tally, station }) => [name, tally.result(station, queue.now)]));
}

function eventsOf({ log, queue, window, graph, scalers }: Simulation, bus: Bus): EventsResult {
  const endedAt = Math.max(queue.now, window.endAt);
  const places = new Map(consumersOf(graph.streams).map((consumer) => [consumer.name, placeOf(consumer)]));
  const consumers = bus.subscriptions.consumers.map((consumer): [string, ConsumerResult] => {
    const { name } = consumer.options;
    const { counts, lag, meter } = consumer.tally;
    const scaled = scalers.figuresOf(name);
    return [name, { ...places.get(name)!, ...counts, ...(scaled && { scaled }), lag: lag.times, backlog: meter.result(endedAt), ...meter.rates }];
  });
  return {
    ...bus.books.tally.counts,
    lag: bus.books.tally.lag.times,
    completionTime: log.completionTime.times,
    staleness: log.staleness.times,
    backlog: bus.books.tally.meter.result(endedAt),
    consumers: Object.fromEntries(consumers),
    ...(areToldApart(graph.streams) && { byEvent: byEventOf(graph.streams, bus, endedAt) }),
  };
}

/** The account of each stream by itself. */
function byEventOf(streams: readonly EventStream[], { books }: Bus, endedAt: number): Record<string, EventResult> {
  const results = books.ofStreams.map(({ counts, lag, meter }, stream): [string, EventResult] => {
    const { name, type } = streams[stream]!;
    return [name, { type, ...counts, lag: lag.times, backlog: meter.result(endedAt) }];
  });
  return Object.fromEntries(results);
}

/** The books must balance, and Little's law holds of a whole trial whatever it was: where not, the simulation is wrong. */
function validityOf({ sent, ...ends }: Outcomes, { inFlight, rate, time }: LittlesLaw, notes: string[]): Validity {
  const problems: string[] = [];
  const ended = Object.values(ends).reduce((sum, count) => sum + count, 0);
  if (sent === 0) problems.push('No request was sent within the window: there is nothing to measure. Make it longer.');
  if (ended !== sent) problems.push(`The books do not balance: ${sent} requests were sent, and ${ended} ended.`);
  const product = rate * (time / 1000);
  if (Math.abs(product - inFlight) > LITTLES_LAW_TOLERANCE * inFlight) {
    problems.push(`Little's law does not hold: ${inFlight} requests in flight, rate times response time is ${product}.`);
  }
  return { valid: problems.length === 0, problems, notes };
}

/** What happened to processes, by the clock of the window. */
function marksOf({ downtimes, window }: Simulation): FaultMark[] {
  return downtimes.map(({ fault, from, to }) => ({
    fault: formatFault(fault), kind: fault.kind, process: fault.process, at: Math.round(from - window.startAt), until: Math.round(to - window.startAt),
  }));
}

/** What happened to processes, and what of that which was asked for did not, and why. */
function faultNotes({ subject, bus }: TrialInput, marks: readonly FaultMark[]): string[] {
  const missed = subject.faults.filter(isProcessFault).filter((fault) => marks.every((mark) => mark.fault !== formatFault(fault)));
  return [
    ...marks.map(markSentence),
    ...missed.map((fault) => {
      const why = whyUntold(fault, bus, subject);
      return `The fault "${formatFault(fault)}" did not happen: ${why === null ? 'the window had ended, or there is no such process here' : `it is not in the model, since ${why}`}.`;
    }),
  ];
}
