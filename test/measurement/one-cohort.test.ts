/** Throughput, failures and response times of a record are of the same requests, whatever the scenario: those begun in the window. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OUTCOMES } from '../../src/load/load.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { decodeSamples } from '../../src/measurement/samples.js';
import { columnsOf, rowsOf } from '../../src/report/columns.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { arbitraryTrial } from '../simulation/arbitrary-trial.js';
import { liveTrial } from '../support/live-trial.js';
import { measured } from '../support/measured.js';
import { cases } from '../support/properties.js';

/** Requests begun in the window and timed that were in flight, on average over it: counted up at each beginning, down at each end. */
function inFlight({ samples, window }: MeasuredTrial): number {
  const { start, time, outcome } = decodeSamples(samples);
  const isTimed = (row: number): boolean => !['connection', 'hangup', 'cutOff', 'stale'].includes(OUTCOMES[outcome[row]!]!);
  const changes = [...start.keys()].filter((row) => start[row]! >= 0 && isTimed(row)).flatMap((row) => [[start[row]!, 1], [start[row]! + time[row]!, -1]] as const);
  let [area, count, at] = [0, 0, 0];
  for (const [moment, change] of changes.toSorted(([a], [b]) => a - b)) {
    area += count * (moment - at);
    [count, at] = [count + change, moment];
  }
  return area / (window.seconds * 1000);
}

/** What is wrong with the figures of a trial beside each other. */
function contradictions(trial: MeasuredTrial): string[] {
  const { outcomes: { sent, ok }, failureRate, throughput, responseTime, responseTimeOk, window: { seconds } } = trial;
  const isNear = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-4 * Math.max(a, b, 1e-3);
  const claims = {
    'good answers are those counted': isNear(throughput * seconds, ok),
    'and those timed': responseTimeOk.count === ok,
    'and those that did not fail': sent === 0 || isNear(throughput, (sent / seconds) * (1 - failureRate)),
    // Little's law, on the requests that were timed: one that a killed server cuts off has no response time.
    'rate times response time is in flight': isNear((responseTime.count / seconds) * ((responseTime.mean ?? 0) / 1000), inFlight(trial)),
  };
  return Object.entries(claims).flatMap(([claim, holds]) => (holds ? [] : [claim]));
}

/** What a row of the report tells of failures and of good answers. */
function cellsOf(trial: MeasuredTrial): { failed: string; ok: string } {
  const rows = rowsOf([trial]);
  const cell = (label: string): string => columnsOf(rows).find((column) => column.label === label)!.cell(rows[0]!);
  return { failed: cell('failed'), ok: cell('ok/s') };
}

describe('a record', () => {
  it('has one cohort, simulated', () => {
    fc.assert(fc.property(arbitraryTrial, (plan) => {
      expect(contradictions(simulateTrial(plan))).toEqual([]);
    }), { numRuns: cases(50) });
  });

  it('has one cohort, live', async () => {
    await fc.assert(fc.asyncProperty(arbitraryTrial, async (plan) => {
      expect(contradictions(await liveTrial(plan))).toEqual([]);
    }), { numRuns: cases(12) });
  });
});

describe('no report', () => {
  const isSaid = ({ failed, ok }: ReturnType<typeof cellsOf>): boolean => failed === '-' || (failed === '100%') === (ok === '0');

  it('says that all failed and some succeeded, or that some did and none', () => {
    fc.assert(fc.property(arbitraryTrial, (plan) => {
      expect(cellsOf(simulateTrial(plan))).toSatisfy(isSaid);
    }), { numRuns: cases(40) });
    const few = fc.tuple(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 0, max: 3 }), fc.constantFrom(3, 10, 600, 3600));
    fc.assert(fc.property(few, ([sent, good, seconds]) => {
      const ok = Math.min(good, sent);
      const { outcomes, window, ...trial } = measured({ subject: 'sync', ms: 10, sent: 1 });
      const failureRate = (sent - ok) / sent;
      expect(cellsOf({ ...trial, outcomes: { ...outcomes, sent, ok, http5xx: sent - ok }, window: { ...window, seconds }, failureRate, throughput: ok / seconds })).toSatisfy(isSaid);
    }));
  });
});
