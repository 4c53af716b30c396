/**
 * Real trials are as their own prediction: response times, throughput and failures by the prediction in the record, the
 * ledger by the same trial in virtual time. What the scenarios claim is proved in virtual time (`scenarios/stories.test.ts`);
 * here is one of each mechanism that virtual time has not: HTTP, processes, a broker, faults.
 */
import { describe, expect, it } from 'vitest';
import { findSubjects, withLoad, type LoadOptions } from '../src/cli/scenario.js';
import { busSettings, type BusChoice } from '../src/events/settings.js';
import { planTrials, type TrialPlan } from '../src/experiment/plan.js';
import { attemptTrial } from '../src/experiment/run.js';
import { runTrial } from '../src/experiment/trial.js';
import type { EventsResult, LedgerCounts, MeasuredTrial } from '../src/measurement/record.js';
import { builtIn } from '../src/scenarios/library/library.js';
import type { Scenario } from '../src/scenarios/scenario.js';
import type { Subject } from '../src/scenarios/subject.js';
import { PREDICTION_TOLERANCE } from '../src/simulation/tolerance.js';
import { STORIES } from './scenarios/stories.js';
import { claimShare, refutedTwice, type Refuted } from './support/claims.js';
import { emptiness, telling, unfitness, type Judged } from './support/live.js';
import { needs } from './support/needs.js';
import { predict } from '../src/simulation/prediction.js';
import { simulate } from './support/simulations.js';
import { virtualTrial } from './support/virtual-trial.js';

interface Story {
  scenario: string;
  subjects: string[];
  load?: LoadOptions;
  bus?: BusChoice;
}

/** Long enough for an event to be processed that was published at the end of the window. */
const DRAIN = 3000;
const WINDOW = 2000;

/** One trial of a story, with a window so many times as long. */
function planned({ scenario: name, load, bus }: Story, subject: string, windows: number): TrialPlan<Subject>[] {
  const options = { quick: true, drain: DRAIN, ...load };
  const scenario = withLoad(builtIn(name) as Scenario, { ...options, duration: windows * (load?.duration ?? WINDOW) });
  return planTrials(scenario, findSubjects(scenario, [subject]), 1, busSettings(bus ?? {})).trials;
}

async function measured(plan: TrialPlan<Subject>): Promise<MeasuredTrial> {
  const trial = await attemptTrial(plan, { runTrial, predict: (input) => predict(input, simulate) }, new AbortController().signal, () => {});
  if (trial.state !== 'measured') throw new Error(`${trial.architecture} was not measured: ${'message' in trial ? trial.message : trial.state}`);
  return trial;
}

/**
 * Whether the trial is held against its prediction in all. One in which something goes wrong on purpose is by its ledger
 * alone, which is a matter of counts on any machine.
 */
function isModelled({ subject }: TrialPlan<Subject>): boolean {
  return subject.faults.length === 0;
}

/** Why a trial says nothing of its prediction: the machine was not fit for it, or the prediction itself says why it does not hold. */
function silence(trial: MeasuredTrial): string[] {
  const { predicted } = trial;
  const why = predicted?.breaks && !predicted.unexplained ? [predicted.breaks] : [];
  // The prediction breaks for what makes the trial invalid, if anything does.
  return [...new Set([...unfitness(trial), ...why])];
}

/** What a trial refutes: figures that part from its prediction for no reason, and counts that cannot be those of the ledger. */
async function refuted(trial: MeasuredTrial, plan: TrialPlan<Subject>, story: Story): Promise<Refuted> {
  const { predicted } = trial;
  const found: Record<string, string> = {};
  if (predicted?.unexplained && isModelled(plan)) found['as predicted'] = JSON.stringify({ predicted, times: trial.responseTime, throughput: trial.throughput, failed: trial.failureRate });
  if (!trial.events) return found;
  const { acknowledged } = trial.events;
  const expected = (await virtualTrial(plan)).events as EventsResult;
  // While a server is away nothing is acknowledged: it loses as many, of fewer.
  const isAway = (trial.faults ?? []).length > 0;
  const whole = isAway ? { ...expected, acknowledged } : expected;
  for (const [count, least, most] of sharesOf(whole, plan, story)) {
    const hits = trial.events[count];
    if (claimShare(hits, acknowledged, least, most) === 'excluded') found[count] = `${hits} of ${acknowledged}, expected ${least} to ${most} of them`;
  }
  return found;
}

type Share = [count: keyof LedgerCounts, least: number, most: number];

/** What share of the acknowledged events each count of the ledger is to be. */
function sharesOf(expected: EventsResult, plan: TrialPlan<Subject>, { scenario }: Story): Share[] {
  const claims = (STORIES[scenario] ?? []).filter(({ isLive, subject }) => isLive && subject === plan.architecture);
  const out: Share[] = claims.map(({ least, most }) => ['outOfOrder', least, most]);
  const of = (count: keyof LedgerCounts): number => expected[count] / expected.acknowledged;
  const exact = (['lost', 'deadLettered', 'duplicated', 'appliedTwice', 'unexpected'] as const).map((count): Share => [count, of(count), of(count)]);
  // What is not yet done when the drain ends is a matter of time, as failures are.
  const { failureRate: points } = PREDICTION_TOLERANCE;
  return [...out, ...exact, ['pending', Math.max(0, of('pending') - points), of('pending') + points]];
}

const MECHANISMS: Record<string, Story> = {
  'calls over HTTP, idle and saturated': { scenario: 'checkout', subjects: ['sync'], load: { users: [10, 100] } },
  'work after the reply': { scenario: 'checkout', subjects: ['hybrid'], load: { users: [100] } },
  'events over a broker': { scenario: 'checkout', subjects: ['hybrid'], load: { users: [10] }, bus: { bus: 'nats' } },
  'timeouts, retries and a breaker over HTTP': { scenario: 'retry-storm', subjects: ['careful'], load: { duration: 3000 } },
  'deliveries that come twice': { scenario: 'duplicates', subjects: ['redelivered'], load: { duration: 4000 } },
  'deliveries that are overtaken': { scenario: 'ordering', subjects: ['overtaken'], load: { duration: 4000 } },
  'a server that is killed': { scenario: 'lost-events', subjects: ['crashed'] },
};

const all = Object.entries(MECHANISMS).flatMap(([mechanism, story]) =>
  story.subjects.flatMap((subject) => planned(story, subject, 1).map((plan, nth) => ({ mechanism, story, subject, nth, load: JSON.stringify(plan.load) }))),
);

describe.each(all)('$mechanism: $story.scenario, $subject at $load', ({ story, subject, nth }) => {
  const options = story.bus ? needs('nats') : {};

  it('is as predicted', { timeout: 240_000, ...options }, async (context) => {
    expect(await refutedTwice((windows) => judged(context, windows))).toEqual([]);
  });

  async function judged(context: Judged, windows: number): Promise<Refuted> {
    const plan = planned(story, subject, windows)[nth] as TrialPlan<Subject>;
    const trial = await telling(context, () => measured(plan), isModelled(plan) ? silence : emptiness);
    // Books that do not balance are no matter of chance.
    expect(trial.validity.problems.filter((problem) => problem.startsWith('The books'))).toEqual([]);
    return refuted(trial, plan, story);
  }
});
