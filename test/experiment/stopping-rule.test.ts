import { describe, expect, it } from 'vitest';
import { isEnough, type Sight } from '../../src/experiment/stopping-rule.js';
import { EARLY, planTrials, withEarlyEnd, type TrialPlan } from '../../src/experiment/plan.js';
import { OUTCOMES } from '../../src/load/load.js';
import { decodeSamples } from '../../src/measurement/samples.js';
import { growthOf } from '../../src/measurement/backlog-growth.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { checkout } from '../support/record.js';

const scenario = checkout();
const subjects = ['sync', 'hybrid'].map((name) => subjectOf(scenario, name) as Subject);
const plan = withEarlyEnd(planTrials(scenario, subjects, 1)) as { trials: TrialPlan<Subject>[]; estimatedSeconds: number };

/** What would be known of a trial after so much of its window, ms. */
function sightOf(trial: MeasuredTrial, elapsed: number): Sight {
  const { start, time, outcome } = decodeSamples(trial.samples);
  const rows = [...start.keys()].filter((row) => (start[row] ?? -1) >= 0 && (start[row] ?? 0) < elapsed);
  const ended = rows.filter((row) => (start[row] ?? 0) + (time[row] ?? 0) <= elapsed);
  const ok = ended.filter((row) => OUTCOMES[outcome[row] ?? 0] === 'ok').length;
  const { at = [], waiting = [] } = trial.events?.backlog.series ?? {};
  const looks = Array.from({ length: Math.floor(elapsed / 250) }, (_, i) => i * 250);
  const backlog = at.length === 0 ? [] : looks.map((look) => ({ at: look, waiting: waiting[at.findLastIndex((moment) => moment <= look)] ?? 0 }));
  return { elapsed, times: Float32Array.from(ended.map((row) => time[row] ?? 0)), sent: rows.length, ok, failed: ended.length - ok, inFlight: rows.length - ended.length, backlog };
}

/** Where the window of a trial ends, ms. */
function endOf(trial: MeasuredTrial, longest: number): number {
  for (let elapsed: number = EARLY.shortest; elapsed < longest; elapsed += 500) if (isEnough(sightOf(trial, elapsed), EARLY)) return elapsed;
  return longest;
}

describe('a window that ends early', () => {
  const ended = plan.trials.map((trial) => {
    const whole = simulateTrial(trial);
    const end = endOf(whole, trial.duration);
    return { trial, whole, end, short: simulateTrial({ ...trial, duration: end }) };
  });

  it('is no longer than needed: the default takes less than 55 s in all', () => {
    const windows = ended.reduce((sum, { end }) => sum + end, 0);
    expect(windows).toBeLessThan(36_000);
  });

  it('says the same of p95, failures and backlogs as the whole one', () => {
    for (const { whole, short } of ended) {
      expect(Math.abs((short.responseTime.p95 ?? 0) / (whole.responseTime.p95 ?? 1) - 1)).toBeLessThan(EARLY.precision);
      expect(Math.abs(short.failureRate - whole.failureRate)).toBeLessThan(EARLY.precision);
      for (const [name, consumer] of Object.entries(whole.events?.consumers ?? {})) {
        const { share } = growthOf(short.events?.consumers[name] as typeof consumer, short.window.seconds);
        expect(Math.abs(share - growthOf(consumer, whole.window.seconds).share)).toBeLessThan(EARLY.slope);
      }
    }
  });
});

describe('enough', () => {
  const steady = (requests: number): Float32Array => Float32Array.from({ length: requests }, (_, i) => 500 + (i % 7));
  const sight = (change: Partial<Sight> = {}): Sight => ({ elapsed: 4000, times: steady(100), sent: 105, ok: 100, failed: 0, inFlight: 5, backlog: [], ...change });

  it('takes 59 requests for p95, and more of them for failures', () => {
    expect(isEnough(sight(), EARLY)).toBe(true);
    expect(isEnough(sight({ times: steady(58), ok: 58 }), EARLY)).toBe(false);
    expect(isEnough(sight({ ok: 50, failed: 50 }), EARLY)).toBe(false);
    expect(isEnough(sight({ times: steady(1500), ok: 750, failed: 750 }), EARLY)).toBe(false);
    expect(isEnough(sight({ times: steady(4000), ok: 2000, failed: 2000 }), EARLY)).toBe(true);
  });

  it('waits for what is late to be answered', () => {
    // Most are refused at once: what the others take has not been seen.
    expect(isEnough(sight({ inFlight: 80 }), EARLY)).toBe(false);
    expect(isEnough(sight({ times: steady(100).map((time) => time * 6) }), EARLY)).toBe(false);
  });

  it('does not end where response times still change, or differ too much to know p95', () => {
    expect(isEnough(sight({ times: Float32Array.from({ length: 1000 }, (_, i) => 500 + i / 50) }), EARLY)).toBe(false);
    expect(isEnough(sight({ times: steady(100).map((time, i) => time * (1 + (i % 10))) }), EARLY)).toBe(false);
  });

  it('takes a backlog whose slope is known', () => {
    const looks = Array.from({ length: 16 }, (_, i) => i);
    const grows = looks.map((i) => ({ at: i * 250, waiting: 40 * i + (i % 2) }));
    expect(isEnough(sight({ backlog: grows }), EARLY)).toBe(true);
    expect(isEnough(sight({ backlog: grows.slice(0, 7) }), EARLY)).toBe(false);
    const wanders = looks.map((i) => ({ at: i * 250, waiting: 40 * i + 60 * Math.abs((i % 8) - 4) }));
    expect(isEnough(sight({ backlog: wanders }), EARLY)).toBe(false);
  });
});
