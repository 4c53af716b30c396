import { describe, expect, it } from 'vitest';
import { isKnownTo, isSteady, withSeries } from '../../src/experiment/series.js';
import { OUTCOMES, type Outcome } from '../../src/load/load.js';
import type { MeasuredTrial, TrialLoad } from '../../src/measurement/record.js';
import { encodeSamples } from '../../src/measurement/samples.js';
import { measured } from '../support/measured.js';
import { uniforms } from '../verdict/chance.js';

/** A trial with these response times, one each ms of the window, after some of the warm-up that do not count. */
function trialOf(times: number[], outcomeAt: (i: number) => Outcome = () => 'ok'): MeasuredTrial {
  const all = [1e6, 1e6, ...times];
  const samples = encodeSamples({
    start: Float32Array.from(all, (_, i) => i - 2),
    time: Float32Array.from(all),
    outcome: Uint8Array.from(all, (_, i) => OUTCOMES.indexOf(outcomeAt(i - 2))),
  });
  const window = { startedAt: '', seconds: 10, warmupSeconds: 2.1 };
  return measured({ subject: 'sync', ms: 1, change: { samples, window } });
}

const LOAD: TrialLoad = { model: 'closed', users: 10 };
const uniform = uniforms(3);
const NOISE = Array.from({ length: 2000 }, () => 100 + 10 * uniform());
const RISING = NOISE.map((time, i) => time + i / 10);
const notesOf = (trial: MeasuredTrial, until: { precision: number; within: number } | null = null, load = LOAD) =>
  withSeries(trial, { until, load }).validity.notes;

describe('a series of response times', () => {
  it('is steady or not', () => {
    expect(isSteady(Float32Array.from(NOISE))).toBe(true);
    expect(isSteady(Float32Array.from(RISING))).toBe(false);
    expect(isSteady(Float32Array.from(RISING.slice(0, 99)))).toBe(true);
  });

  it('knows its p95 more or less', () => {
    expect(isKnownTo(Float32Array.from(NOISE), 0.02)).toBe(true);
    expect(isKnownTo(Float32Array.from(NOISE), 0.0001)).toBe(false);
    expect(isKnownTo(Float32Array.from(RISING), 0.02)).toBe(false);
    expect(isKnownTo(Float32Array.from(NOISE.slice(0, 589)), 0.5)).toBe(false);
  });
});

describe('a trial', () => {
  it('tells what its p95 lies within, of the measured requests that have a response time', () => {
    const { p95Interval } = withSeries(trialOf(NOISE), { until: null, load: LOAD });
    expect(p95Interval?.low).toBeGreaterThan(109);
    expect(p95Interval?.high).toBeLessThan(110);
    const refused = trialOf(NOISE, (i) => (i % 2 ? 'connection' : 'ok'));
    expect(withSeries(refused, { until: null, load: LOAD }).p95Interval).not.toBeNull();
    const few = trialOf(NOISE, (i) => (i % 10 ? 'connection' : 'ok'));
    expect(withSeries(few, { until: null, load: LOAD }).p95Interval).toBeNull();
  });

  it('says that it was not steady', () => {
    expect(notesOf(trialOf(NOISE))).toEqual([]);
    expect(notesOf(trialOf(RISING))).toEqual([
      expect.stringMatching(/^Not steady: after 2\.1 s of warm-up response times still changed in the second half .* first 9\d %\)\.$/),
    ]);
    expect(notesOf(trialOf(RISING.slice(0, 400)))).toEqual([]);
    expect(notesOf(trialOf(RISING), null, { ...LOAD, ramp: { from: 0, stages: [] } })).toEqual([]);
  });

  it('says that its p95 is not known as precisely as it should be', () => {
    const until = { precision: 0.02, within: 10_000 };
    expect(notesOf(trialOf(NOISE), until)).toEqual([]);
    expect(notesOf(trialOf(RISING), until).at(-1)).toMatch(
      /^After 10 s p95 is known to \d+(\.\d)? % more or less, and should be to 2 %: allow a longer window\.$/,
    );
    expect(notesOf(trialOf(NOISE.slice(0, 100)), until)).toEqual([
      'After 10 s p95 is known not at all, for want of requests, and should be to 2 %: allow a longer window.',
    ]);
  });
});
