import { describe, expect, it } from 'vitest';
import { advise, type Advice } from '../../src/advice/steps.js';
import type { TrialLoad } from '../../src/measurement/record.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import type { TrialInput } from '../../src/simulation/trial.js';
import { simulate } from '../support/simulations.js';
import { service, step, subject, trialOf } from '../simulation/worlds.js';

function planOf(think = 0): (world: Subject, load: TrialLoad) => TrialInput {
  return (world, load) =>
    trialOf(world, { load, think, warmup: 3000, duration: 10_000, entry: 1000 + think, drain: 2000, timeout: 10_000, handling: 0.05 });
}

async function adviceFor(name: string, change: (scenario: Scenario) => void = () => {}): Promise<Advice> {
  const scenario = builtIn(name);
  if (!scenario) throw new Error(`Expected a scenario ${name}`);
  change(scenario);
  const world = subjectOf(scenario, 'sync');
  if (!world) throw new Error('Expected sync');
  const { users, rates, think } = scenario.load;
  const closed = users.map((count): TrialLoad => ({ model: 'closed', users: count }));
  const loads = closed.length > 0 ? closed : rates.map((rate): TrialLoad => ({ model: 'open', rate }));
  return advise(world, { loads, plan: planOf(think), drainWithin: 60_000, simulate });
}

describe('advise', () => {
  it('says of checkout: move email first, and give it workers for the peak', async () => {
    const { decision, order, steps } = await adviceFor('checkout');
    expect(decision).toMatchObject({ kind: 'move', first: 'email' });
    expect(order[0]).toBe('email');
    const [payment, , email] = steps;
    expect(payment).toMatchObject({ verdict: 'keep', hindrance: { kind: 'critical', by: null }, loads: [] });
    expect(email).toMatchObject({ verdict: 'with-workers', workers: 20, hindrance: null });
    // 10 users of 650 ms send 15.4 orders a second.
    expect(email?.loads[0]?.gain.share).toBeCloseTo(400 / 1050, 6);
    expect(email?.loads[0]?.workersNeeded).toBe(7);
    expect(email?.loads[0]?.bottleneck).toBe('analytics');
    // With 500 users 667 a second get through analytics: 100 workers of 150 ms.
    expect(email?.loads[2]?.arrivalRate).toBeCloseTo(667, -1);
    expect(email?.loads[2]?.workersNeeded).toBeGreaterThan(264);
    expect(email?.loads[2]?.workersNeeded).toBeLessThan(268);
    expect(email?.loads[2]?.atRisk).toBeGreaterThan(6000);
  });

  it('counts the workers that are done within a stated time after the peak', async () => {
    const email = (await adviceFor('checkout')).steps[2]?.loads[2];
    expect(email?.workersToDrain).toBe(Math.ceil(((email?.arrivalRate ?? 0) * 0.4 * 10) / 70));
  });

  it('says of real-checkout: call the reads side by side, and leave email where it is', async () => {
    const { decision, steps, parallel } = await adviceFor('real-checkout');
    expect(decision.kind).toBe('parallel');
    expect(parallel[0]?.gain.share).toBeGreaterThan(0.4);
    expect(steps.find(({ step: name }) => name === 'email')).toMatchObject({ verdict: 'keep', hindrance: null });
    expect(steps.find(({ step: name }) => name === 'email')?.gain).toBeCloseTo(0.05, 1);
  });

  it.each([
    ['simple-crud', 'nothing-to-move'],
    ['immediate-consistency', 'quick-enough'],
    ['moderate-load', 'quick-enough'],
  ])('says of %s: stay with requests, because %s', async (name, because) => {
    expect((await adviceFor(name)).decision).toMatchObject({ kind: 'stay', because });
  });

  it('tells how long a caller would read stale data', async () => {
    const view = (await adviceFor('immediate-consistency')).steps[1];
    expect(view?.loads[0]?.staleness).toBeCloseTo(200, 3);
    expect(view?.loads[0]?.gain).toMatchObject({ before: 240, after: 40 });
  });

  it('finds that moving email gains 25 %, not 52 %, where payment is as scarce', async () => {
    const names = { payment: 300, inventory: 200, email: 400, analytics: 150 };
    const services = Object.entries(names).map(([name, mean]) => service(name, { kind: 'exponential', mean }, { workers: 50 }));
    const steps = Object.keys(names).map((name) => step(name, { critical: name === 'payment' || name === 'inventory' }));
    const loads = [{ model: 'closed', users: 500 } as const];
    const plan = (world: Subject, load: TrialLoad): TrialInput =>
      trialOf(world, { load, warmup: 20_000, duration: 60_000, entry: 4000, timeout: 1e6 });
    const { moved } = await advise(subject(services, steps), { loads, plan, drainWithin: 60_000, simulate });
    expect(moved[0]?.gain.before).toBeCloseTo(4000, -2);
    expect(moved[0]?.gain.after).toBeCloseTo(3000, -2);
    expect(moved[0]?.gain.share).toBeCloseTo(0.25, 1);
  });

  it('says that a backlog cannot be paid, and what it would cost', async () => {
    const services = [service('pay', 100, { workers: 500 }), service('render', 2000, { workers: 4 })];
    const world = subject(services, [step('pay'), step('render', { critical: false })]);
    const loads = [{ model: 'closed', users: 20 } as const, { model: 'closed', users: 100 } as const];
    const { decision, steps } = await advise(world, { loads, plan: planOf(), drainWithin: 60_000, simulate });
    expect(steps[1]).toMatchObject({ verdict: 'only-with-workers', workers: 4 });
    // 100 users of 100 ms are 1000 orders a second of 2 s of work each.
    expect(decision).toMatchObject({ kind: 'buy-workers', first: 'render', workers: 2000, has: 4 });
  });

  it('keeps a step that a critical one comes after', async () => {
    const world = subject(
      [service('quote', 500), service('pay', 100), service('note', 600)],
      [step('quote', { critical: false }), step('pay', { after: ['quote'] }), step('note', { critical: false, after: ['pay'] })],
    );
    const loads = [{ model: 'closed', users: 5 } as const];
    const { steps, decision } = await advise(world, { loads, plan: planOf(), drainWithin: 60_000, simulate });
    expect(steps[0]).toMatchObject({ verdict: 'keep', hindrance: { kind: 'needed', by: 'pay' } });
    expect(decision).toMatchObject({ kind: 'move', first: 'note', workers: null });
  });

  it('keeps what gains too little', async () => {
    const world = subject([service('pay', 2000), service('note', 10)], [step('pay'), step('note', { critical: false })]);
    const loads = [{ model: 'closed', users: 5 } as const];
    const { decision, order } = await advise(world, { loads, plan: planOf(), drainWithin: 60_000, simulate });
    expect(decision).toMatchObject({ kind: 'stay', because: 'too-little-gain' });
    expect(order).toEqual([]);
  });
});
