/** Where a trial of the live core and its simulation part: each figure that is not the same. */
import type { ConsumerResult, EventsResult, MeasuredTrial, StepResult } from '../../src/measurement/record.js';

/** Relative distance within which sums made in another order, and times kept as 32-bit floats, are the same digits. */
const ROUNDING = 1e-7;

/** One line for each figure that differs; none when the two agree. */
export function differences(live: MeasuredTrial, simulated: MeasuredTrial): string[] {
  const lines: string[] = [];
  compare('', figuresOf(live), figuresOf(simulated), lines);
  return lines;
}

/** Everything that must be the same: not what is said of processes, and what only one side keeps. */
function figuresOf(trial: MeasuredTrial): object {
  const { outcomes, failureRate, throughput, responseTime, responseTimeOk, orphaned, failedLater, samples, ideal, kinds, stages, attempts, repeatedEffects } = trial;
  return {
    kinds, stages, attempts, repeatedEffects, outcomes, failureRate, throughput, responseTime, responseTimeOk, orphaned, failedLater, samples, ideal,
    received: trial.server.received, unreached: trial.server.unreached,
    steps: Object.fromEntries(Object.entries(trial.steps).map(([name, step]) => [name, stepFigures(step)])),
    events: trial.events && eventFigures(trial.events),
  };
}

function stepFigures({ peakConnections: _peak, ...step }: StepResult): object {
  return step;
}

function eventFigures({ publishing: _publishing, gaps: _gaps, samples: _samples, staleness: _staleness, consumers, ...events }: EventsResult): object {
  return { ...events, consumers: Object.fromEntries(Object.entries(consumers).map(([name, one]) => [name, consumerFigures(one)])) };
}

function consumerFigures({ lagSeries: _series, ...consumer }: ConsumerResult): object {
  return consumer;
}

function compare(path: string, live: unknown, simulated: unknown, lines: string[]): void {
  if (isObject(live) && isObject(simulated)) {
    for (const key of new Set([...Object.keys(live), ...Object.keys(simulated)])) {
      compare(path === '' ? key : `${path}.${key}`, live[key], simulated[key], lines);
    }
    return;
  }
  const isSame = typeof live === 'number' && typeof simulated === 'number' ? isNear(live, simulated) : live === simulated;
  if (!isSame) lines.push(`${path}: live ${String(live).slice(0, 60)}, simulated ${String(simulated).slice(0, 60)}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function isNear(a: number, b: number): boolean {
  if (Number.isInteger(a) && Number.isInteger(b)) return a === b;
  return Math.abs(a - b) <= ROUNDING * Math.max(1e-3, Math.abs(a), Math.abs(b));
}
