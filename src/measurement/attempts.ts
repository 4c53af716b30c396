/** Requests that their clients have sent several times, counted by attempts. Pure. */
import type { Observations } from '../load/load.js';
import { attemptNumber } from '../scenarios/request.js';
import type { MeasuredTrial } from './record.js';

/** Attempts of those requests whose index is measured, or of those of the warm-up. */
export function countAttempts({ index, attempts }: Observations, isMeasured = true): number {
  return index.reduce((sum, request, row) => (request >= 0 === isMeasured ? sum + (attempts?.[row] ?? 1) : sum), 0);
}

/** Those of them that no server can have seen. */
export function countUnreached({ index, unreached }: Observations, isMeasured = true): number {
  return index.reduce((sum, request, row) => (request >= 0 === isMeasured ? sum + (unreached[row] ?? 0) : sum), 0);
}

/** Tells the number of the last attempt of each measured request, which its client was told the outcome of. */
export function lastAttempts({ index, attempts }: Observations): (request: number) => number {
  if (!attempts) return (request) => request;
  const last = new Map(Array.from(index, (request, row) => [request, attemptNumber(request, attempts[row]! - 1)]));
  return (request) => last.get(request) ?? request;
}

/** What a trial says of attempts; nothing where every measured request was sent once. */
export function attemptFigures(observations: Observations, repeatedEffects: number | null): Pick<MeasuredTrial, 'attempts' | 'repeatedEffects'> {
  const isRepeated = observations.attempts?.some((attempts, row) => attempts > 1 && observations.index[row]! >= 0) ?? false;
  return isRepeated ? { attempts: countAttempts(observations), repeatedEffects } : {};
}
