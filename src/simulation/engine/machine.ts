/** What the machine of a trial adds to its requests, calls and publishes: drawn from what was measured, each for itself. */
import type { MachineTimes } from '../../measurement/record.js';
import { drawAt, SALTS, streamOf } from '../../scenarios/draw.js';

/** Time added to one of several things of a request, by its number among them, ms. */
export type AddedTime = (request: number, number: number) => number;

/** @param times sorted, ms. @returns null where nothing is added */
export function addedTime(seed: number, name: string, times: readonly number[] = []): AddedTime | null {
  if (times.length === 0) return null;
  const sorted = Float64Array.from(times);
  const stream = streamOf(seed, name);
  return (request, number) => sorted[Math.floor(drawAt(stream, request, number, SALTS.latency) * sorted.length)]!;
}

/** The time of a publish: what the machine takes, and no less than the scenario says. @returns null where it takes none */
export function publishTime(seed: number, stream: string, least: number, machine: MachineTimes | undefined): AddedTime | null {
  const added = addedTime(seed, `${stream}:publish`, machine?.publish);
  if (added) return (request, number) => Math.max(least, added(request, number));
  return least > 0 ? () => least : null;
}
