/**
 * How sure a prediction is: the same trial with other draws, and over services a little slower. Where a scenario is chaotic
 * (breakers, retries at the edge of a queue) one path is no prediction, and the figures say between what they lie.
 */
import type { Latency } from '../scenarios/scenario.js';
import type { Predicted } from '../measurement/record.js';
import type { Simulate, SimulationInput } from './simulate.js';
import { figuresOf, isNear, type Figures } from './tolerance.js';

/** How much slower services are: timers, sockets and a busy machine make them so. */
const SLOWER = [1.005, 1.01, 1.015, 1.02];
/**
 * Where one of those is not near the prediction, so many more are simulated: the least and the largest of n + 1 hold another
 * one like them with probability (n - 1) / (n + 1), 0.9 of these.
 */
const MORE = 16;

/** What the figures of a trial lie between. @param first those of the trial itself, which are among them */
export async function rangesOf(input: SimulationInput, first: Figures, simulate: Simulate): Promise<NonNullable<Predicted['ranges']>> {
  const another = async (number: number): Promise<Figures> => figuresOf(await simulate(changed(input, number)));
  const few = await Promise.all(SLOWER.map((_, i) => another(i + 1)));
  const isSteady = few.every((figures) => isNear(figures, first));
  const more = isSteady ? [] : await Promise.all(Array.from({ length: MORE }, (_, i) => another(SLOWER.length + i + 1)));
  const all = [first, ...few, ...more];
  return { p50: rangeOf(all, 'p50'), p95: rangeOf(all, 'p95'), throughput: rangeOf(all, 'throughput'), failureRate: rangeOf(all, 'failureRate') };
}

function rangeOf(all: readonly Figures[], name: keyof Figures): { low: number; high: number } | null {
  const values = all.map((figures) => figures[name]).filter((value) => value !== null);
  return values.length === 0 ? null : { low: Math.min(...values), high: Math.max(...values) };
}

/** The trial with other draws and slower services. @param number which of them, from 1 */
function changed(input: SimulationInput, number: number): SimulationInput {
  const { subject, seed } = input;
  const factor = SLOWER[(number - 1) % SLOWER.length]!;
  const services = subject.services.map((service) => ({ ...service, latency: slower(service.latency, factor) }));
  return { ...input, seed: seed + number, subject: { ...subject, services } };
}

function slower(latency: Latency, factor: number): Latency {
  switch (latency.kind) {
    case 'constant':
      return { kind: 'constant', ms: latency.ms * factor };
    case 'lognormal':
      return { kind: 'lognormal', p50: latency.p50 * factor, p99: latency.p99 * factor };
    case 'exponential':
      return { kind: 'exponential', mean: latency.mean * factor };
    case 'uniform':
      return { kind: 'uniform', min: latency.min * factor, max: latency.max * factor };
    case 'values':
      return { kind: 'values', values: latency.values.map((ms) => ms * factor) };
    case 'rows':
      return { ...latency, values: latency.values.map((ms) => ms * factor) };
  }
}
