/** Helps to read what a load recorded. */
import { now } from '../../../src/base/clock.js';
import { OUTCOMES, type LoadJob, type LoadResult, type Observations, type Outcome } from '../../../src/load/load.js';
import { startLoad } from '../../../src/load/run.js';

/** One request, read from the columns. */
export interface Row {
  index: number;
  intendedAt: number;
  sentAt: number;
  endedAt: number;
  /** From the intended start, ms. */
  time: number;
  outcome: Outcome;
  status: number;
  unreached: boolean;
}

/** A short job of two users, without warm-up, that starts soon. */
export function jobFor(url: string, changes: Partial<LoadJob> = {}): LoadJob {
  return {
    url,
    method: 'POST',
    headers: {},
    body: '{"order":{{index}}}',
    shape: { model: 'closed', users: 2 },
    startAt: now() + (changes.shape?.model === 'open' ? 150 : 30),
    warmup: 0,
    duration: 400,
    entry: 20,
    think: 0,
    timeout: 2000,
    seed: 1,
    ...changes,
  };
}

/** Runs a job in this process. */
export async function load(url: string, changes: Partial<LoadJob> = {}): Promise<LoadResult & { rows: Row[] }> {
  const result = await startLoad(jobFor(url, changes), () => {}).result;
  return { ...result, rows: rowsOf(result.observations) };
}

export function rowsOf(observations: Observations): Row[] {
  const at = (column: keyof Observations, row: number): number => observations[column]?.[row] ?? Number.NaN;
  return Array.from(observations.index, (index, row) => ({
    index,
    intendedAt: at('intendedAt', row),
    sentAt: at('sentAt', row),
    endedAt: at('endedAt', row),
    time: at('endedAt', row) - at('intendedAt', row),
    outcome: OUTCOMES[at('outcome', row)] ?? 'cutOff',
    status: at('status', row),
    unreached: at('unreached', row) === 1,
  }));
}

/** How often each outcome occurs. */
export function countsOf(rows: Row[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of rows) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** Indices of the rows that a server can have seen, in rising order. */
export function reachedIndices(rows: Row[]): number[] {
  return rows.filter(({ unreached }) => !unreached).map(({ index }) => index).toSorted((a, b) => a - b);
}
