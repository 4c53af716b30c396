/** Calls of one step in a row, or of steps that call one service in a row, which could be one call (N+1). */
import type { TrialLoad } from '../measurement/record.js';
import { meanCalls, meanTurns } from '../scenarios/call-count.js';
import type { Latency, Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import type { GainAtLoad } from './grounds.js';
import { meanWorkOfRequests } from './mean-work.js';
import { isChain } from './moves.js';

/** A loop, and what one call in its place would give. */
export interface Loop {
  /** Its step, or its steps in the order of the chain. */
  steps: string[];
  service: string;
  /** Calls in a row for one request, on average. */
  calls: number;
  /** Share of the work of a request that they are. */
  share: number;
  /** With one call in their place, as long as one of them is now, at each load. */
  at: GainAtLoad[];
}

/** A loop as it is found in a chain, and the chain with one call in its place. */
export interface LoopFound extends Omit<Loop, 'at'> {
  oneCall: Subject;
}

/** Calls in a row from which on a step is told as a loop. */
const LOOP = 2.5;

/** Loops of a chain, the one with the most work first. */
export function loopsOf(subject: Subject): LoopFound[] {
  const { steps } = subject;
  const workOf = (some: readonly Step[]): number => some.reduce((sum, step) => sum + meanWorkOfRequests(step, subject), 0);
  const total = workOf(steps);
  const shareOf = (some: readonly Step[]): number => (total > 0 ? workOf(some) / total : 0);
  const inSteps = steps.flatMap((step): LoopFound[] => {
    const calls = step.loop ?? meanTurns(step);
    if (calls < LOOP) return [];
    return [{ steps: [step.name], service: step.call, calls, share: shareOf([step]), oneCall: withOneCall(subject, step, calls) }];
  });
  const inRuns = runsOf(steps).flatMap((run): LoopFound[] => {
    const calls = run.reduce((sum, step) => sum + step.share * meanCalls(step.times), 0);
    if (calls < LOOP) return [];
    const [, ...rest] = run.map(({ name }) => name);
    const oneCall = { ...subject, steps: steps.map((step) => (rest.includes(step.name) ? { ...step, share: 0 } : step)) };
    return [{ steps: run.map(({ name }) => name), service: run[0]!.call, calls, share: shareOf(run), oneCall }];
  });
  return [...inSteps, ...inRuns].toSorted((a, b) => b.share - a.share);
}

/** What one call in its place gives, at each load of the scenario. */
export function loopWith({ steps, service, calls, share }: LoopFound, loads: readonly TrialLoad[], gains: readonly GainAtLoad['gain'][]): Loop {
  return { steps, service, calls, share, at: gains.map((gain, i) => ({ load: loads[i]!, gain })) };
}

/** Steps that follow each other, need each other and call one service. */
function runsOf(steps: readonly Step[]): Step[][] {
  const runs: Step[][] = [];
  for (const step of steps) {
    const run = runs.at(-1);
    if (run?.[0]?.call === step.call && isChain([run.at(-1)!, step])) run.push(step);
    else runs.push([step]);
  }
  return runs.filter(({ length }) => length > 1);
}

/** One call in place of those that a step makes, or of those that its latency covers. */
function withOneCall(subject: Subject, { name, call, loop }: Step, calls: number): Subject {
  if (loop === undefined) return { ...subject, steps: subject.steps.map((step) => (step.name === name ? { ...step, times: 1 } : step)) };
  const one = `${call} once`;
  return {
    ...subject,
    steps: subject.steps.map((step) => (step.name === name ? { ...step, call: one } : step)),
    services: subject.services.flatMap((service) => (service.name === call ? [service, { ...service, name: one, latency: scaled(service.latency, 1 / calls) }] : [service])),
  };
}

/** The same distribution, so many times as long. */
export function scaled(latency: Latency, factor: number): Latency {
  switch (latency.kind) {
    case 'constant':
      return { ...latency, ms: latency.ms * factor };
    case 'lognormal':
      return { ...latency, p50: latency.p50 * factor, p99: latency.p99 * factor };
    case 'exponential':
      return { ...latency, mean: latency.mean * factor };
    case 'uniform':
      return { ...latency, min: latency.min * factor, max: latency.max * factor };
    case 'values':
    case 'rows':
      return { ...latency, values: latency.values.map((value) => value * factor) };
  }
}
