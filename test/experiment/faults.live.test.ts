/** Real trials in which processes are killed and stopped, and deliveries go wrong: the books balance all the same. */
import { describe, expect, it } from 'vitest';
import { planTrials, type TrialPlan } from '../../src/experiment/plan.js';
import { runTrial } from '../../src/experiment/trial.js';
import type { EventsResult, MeasuredTrial } from '../../src/measurement/record.js';
import { decodeSamples } from '../../src/measurement/samples.js';
import { type Fault, parseFault } from '../../src/scenarios/fault.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { claimShare } from '../support/claims.js';

const SHOP = parseScenario(
  `
services:
  order: { latency: 10ms, workers: 50 }
  email: { latency: 300ms, workers: 100 }
steps: [order!, email]
load: { rate: 50, duration: 4s, warmup: 300ms, drain: 5s, timeout: 3s }
`,
  { file: 'shop.yaml' },
);

function faultsOf(...sentences: string[]): Fault[] {
  return sentences.map((text) => (parseFault(text) as { fault: Fault }).fault);
}

async function measure(architecture: string, ...sentences: string[]): Promise<MeasuredTrial> {
  const subject: Subject = { ...(subjectOf(SHOP, architecture) as Subject), faults: faultsOf(...sentences) };
  const [trial] = planTrials(SHOP, [subject], 1).trials;
  return runTrial({ ...(trial as TrialPlan), calibrate: false }, new AbortController().signal, () => {});
}

/** Both sides of the books. */
function booksOf({ outcomes: { sent, ...ends }, server }: MeasuredTrial) {
  const ended = Object.values(ends).reduce((sum, count) => sum + count, 0);
  return { sent, ended, seen: (server.received ?? NaN) + server.unreached + (server.uncounted ?? 0) };
}

/** Moments of the window at which the requests that were due from one moment to another ended. */
function endsOf({ samples }: MeasuredTrial, from: number, to: number): number[] {
  const { start, time } = decodeSamples(samples);
  return Array.from(start, (at, row) => ({ at, end: at + (time[row] ?? NaN) })).filter(({ at }) => at >= from && at < to).map(({ end }) => end);
}

function placed({ processed, deadLettered, pending, lost }: EventsResult): number {
  return processed + deadLettered + pending + lost;
}

describe('a server that is killed', () => {
  it('loses what waited on its memory bus, is back at the same address, and its count stays in the books', async () => {
    const trial = await measure('hybrid', 'crash server at 1500ms for 200ms');
    const { sent, ended, seen } = booksOf(trial);
    expect(sent).toBeGreaterThan(150);
    expect([ended, seen]).toEqual([sent, sent]);
    const events = trial.events as EventsResult;
    expect(placed(events)).toBe(events.acknowledged);
    // Fifteen mails are in progress at any moment.
    expect(events.lost).toBeGreaterThan(0);
    expect(trial.failedLater).toBeLessThanOrEqual(events.lost);
    // It is away for 200 ms and the time that a process takes to start.
    expect(trial.outcomes.connection + trial.outcomes.hangup).toBeGreaterThan(10);
    expect(trial.outcomes.ok).toBeGreaterThan(50);
    expect(trial.faults).toEqual([{ fault: 'crash server at 1.5s for 200ms', kind: 'crash', process: 'server', at: expect.any(Number), until: expect.any(Number) }]);
    expect(trial.validity.problems.filter((problem) => problem.includes('books'))).toEqual([]);
    expect(trial.validity.notes[0]).toMatch(/^The server was killed [1-3]\.?\d* s into the window, and was back \d+ ms later\.$/);
  });

  it('more than once, and that of sync has nothing to lose', async () => {
    const trial = await measure('sync', 'crash server at 500ms for 50ms', 'crash server at 2500ms for 50ms');
    const { sent, ended, seen } = booksOf(trial);
    expect([ended, seen]).toEqual([sent, sent]);
    // On a busy machine it may take too long to be back for the second one.
    expect(trial.faults?.length).toBeGreaterThan(0);
    expect(trial.faults?.filter(({ until }) => until === null)).toEqual([]);
    expect(trial.outcomes.ok).toBeGreaterThan(0);
  });
});

describe('a server that is stopped for a while', () => {
  it('answers late, and no process of the machine is blamed', async () => {
    const trial = await measure('hybrid', 'pause server at 400ms for 300ms', 'crash server at 1m');
    const [{ at, until } = { at: NaN, until: null }] = trial.faults ?? [];
    const third = ((until ?? NaN) - at) / 3;
    // Whoever came in the middle third was answered after it: about five, with one every 20 ms.
    const ends = endsOf(trial, at + third, at + 2 * third);
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.filter((end) => end < at + 2 * third)).toEqual([]);
    expect(trial.events).toMatchObject({ lost: 0 });
    expect(trial.validity.problems.filter((problem) => problem.startsWith('The server'))).toEqual([]);
    expect(trial.validity.notes).toContain(
      'The fault "crash server at 1m for 500ms" did not happen: the window had ended, or there is no such process here.',
    );
  });
});

describe('deliveries that go wrong', () => {
  it('are in the ledger: twice, never, and dead', async () => {
    const trial = await measure('event-driven', 'duplicate 20%', 'drop 10%', 'poison order 3');
    expect(trial.events?.acknowledged).toBeGreaterThan(100);
    const events = trial.events as EventsResult;
    expect(placed(events)).toBe(events.acknowledged);
    expect(claimShare(events.lost, events.acknowledged, 0.1)).not.toBe('excluded');
    // Of those that are not dropped.
    expect(claimShare(events.duplicated, events.acknowledged, 0.2 * 0.9)).not.toBe('excluded');
    expect(events.pending).toBe(0);
    expect(events.deadLettered).toBeLessThanOrEqual(2);
    expect(trial.validity.notes).toContain('Faults of deliveries: duplicate 20%, drop 10%, poison order 3.');
  });
});
