/** Real trials: real processes, sockets and load, with short windows. Stories of scenarios have their own test. */
import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { planTrials, type TrialPlan } from '../../src/experiment/plan.js';
import { runTrial, type TrialProgress } from '../../src/experiment/trial.js';
import type { EventsResult, MeasuredTrial } from '../../src/measurement/record.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { emptiness, telling, type Judged } from '../support/live.js';

const SMALL = parseScenario(
  `
services:
  payment: { latency: 30ms, workers: 50 }
  inventory: { latency: 20ms, workers: 50 }
  email: { latency: 40ms, workers: 1 }
steps: [payment!, inventory!, email]
load: { users: [8], duration: 600ms, warmup: 200ms, drain: 200ms, timeout: 2s }
`,
  { file: 'small.yaml' },
);

/** The same with workers enough. */
function calm(architecture: string): Subject {
  const subject = structuredClone(subjectOf(SMALL, architecture)) as Subject;
  for (const service of subject.services) service.workers = 'unlimited';
  return subject;
}

function planned(architecture: string, change: Partial<TrialPlan> = {}): TrialPlan {
  const [trial] = planTrials(SMALL, [subjectOf(SMALL, architecture) as Subject], 1).trials;
  return { ...(trial as TrialPlan), ...change };
}

async function measure(context: Judged, architecture: string, change: Partial<TrialPlan> = {}) {
  const phases = new Set<TrialProgress['phase']>();
  const plan = planned(architecture, change);
  const trial = await telling(context, () => runTrial(plan, new AbortController().signal, ({ phase }) => phases.add(phase)), emptiness);
  return { trial, phases: [...phases] };
}

function balance({ outcomes, server }: MeasuredTrial) {
  const { sent, ...kinds } = outcomes;
  return { sent, sum: Object.values(kinds).reduce((sum, count) => sum + count, 0), seen: (server.received ?? NaN) + server.unreached };
}

describe('a trial', () => {
  it.for(['sync', 'parallel', 'hybrid', 'event-driven'])('of %s balances its books and passes through its phases', async (architecture, context) => {
    const { trial, phases } = await measure(context, architecture);
    const { sent, sum, seen } = balance(trial);
    expect(sent).toBeGreaterThan(0);
    expect([sum, seen]).toEqual([sent, sent]);
    expect(phases).toEqual(['warming up', 'measuring', 'waiting for answers', 'draining']);
  });

  it('over Unix domain sockets has the same books', async (context) => {
    const { trial } = await measure(context, 'hybrid', { hop: 'unix' });
    const { sent, sum, seen } = balance(trial);
    expect(sent).toBeGreaterThan(0);
    expect([sum, seen]).toEqual([sent, sent]);
    expect(Object.keys(trial.processes)).toContain('services');
    expect(trial.steps.payment?.ok).toBeGreaterThan(0);
  });

  it.for(['sync', 'event-driven'])('of %s without hops has the same books, with its services in the process of the server', async (architecture, context) => {
    const { trial } = await measure(context, architecture, { hop: 'in-process' });
    const { sent, sum, seen } = balance(trial);
    expect(sent).toBeGreaterThan(0);
    expect([sum, seen]).toEqual([sent, sent]);
    expect(Object.keys(trial.processes)).toEqual(['load', 'server']);
    const { calls, ok, utilisation } = trial.steps.payment ?? {};
    expect(ok).toBeGreaterThan(0);
    expect(calls).toBeGreaterThanOrEqual(ok ?? NaN);
    expect(utilisation).toBeGreaterThan(0);
  });

  it('of sync waits for the one email worker, of hybrid leaves the mails behind', async (context) => {
    const { trial: sync } = await measure(context, 'sync');
    const { trial: hybrid } = await measure(context, 'hybrid');
    // Eight users, one worker: whoever has an answer has had a mail, and the others wait for theirs.
    expect(sync.outcomes.ok).toBeLessThanOrEqual(sync.steps.email?.ok ?? NaN);
    expect(sync.steps.email?.peakInProgress).toBe(1);
    expect(sync.steps.email?.peakConnections).toBeGreaterThan(1);
    const { acknowledged, processed, pending, lost, deadLettered } = hybrid.events as EventsResult;
    expect(pending).toBeGreaterThan(0);
    expect(processed + pending + lost + deadLettered).toBe(acknowledged);
    expect(acknowledged).toBe(hybrid.outcomes.ok);
  });

  it('warms up until response times are steady, and goes on until p95 is known', async (context) => {
    const change = { maxWarmup: 3000, duration: 300, until: { precision: 0.5, within: 4000 }, load: { model: 'open' as const, rate: 400 } };
    const { trial } = await measure(context, 'parallel', { ...change, subject: calm('parallel') });
    const { outcomes, window, p95Interval, server } = trial;
    // Never longer than it may be; and not before ten sections of 59 requests know their p95.
    expect(window.warmupSeconds).toBeGreaterThan(0);
    expect(window.warmupSeconds * 1000).toBeLessThanOrEqual(change.maxWarmup);
    expect(window.seconds * 1000).toBeLessThanOrEqual(change.until.within);
    expect(outcomes.sent).toBeGreaterThanOrEqual(590);
    expect(p95Interval).not.toBeNull();
    expect(Math.abs(outcomes.sent - 400 * window.seconds)).toBeLessThanOrEqual(1);
    expect(server.received).toBe(outcomes.sent);
  });

  it('leaves no listener on the signal that may interrupt it', async () => {
    const { signal } = new AbortController();
    await runTrial(planned('parallel'), signal, () => {});
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('counts orders told "failed" although they were paid', async (context) => {
    const subject = structuredClone(planned('sync').subject) as Subject;
    for (const step of subject.steps) if (step.name === 'email') step.timeout = 50;
    const { trial } = await measure(context, 'sync', { subject });
    expect(trial.outcomes.http5xx).toBeGreaterThan(0);
    expect(trial.orphaned).toBe(trial.outcomes.http5xx);
  });
});

describe('own work', () => {
  const scenario = parseScenario('services: { payment: 5ms }\nsteps: [{ own: 12ms }, payment!]\nload: { rate: 40, duration: 600ms, warmup: 200ms, drain: 200ms }', { file: 'own.yaml' });

  it.for([
    ['sync', undefined],
    ['event-driven', undefined],
    ['event-driven', { name: 'outbox', publish: 'confirmed', url: null } as const],
  ] as const)('is done where its step is: %s, bus %j', async ([architecture, bus], context) => {
    const [plan] = planTrials(scenario, [subjectOf(scenario, architecture)!], 1).trials;
    const trial = await telling(context, () => runTrial({ ...plan!, ...(bus && { bus }) }, new AbortController().signal, () => {}), emptiness);
    const { own, payment } = trial.steps;
    expect([own!.ok, own!.serviceTime.count]).toEqual([payment!.ok, payment!.ok]);
    expect(own!.serviceTime.min).toBeGreaterThan(11);
  });
});
