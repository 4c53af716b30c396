import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CallFailure, type FailureKind } from '../../src/architectures/failure.js';
import { backoffOf, RetryBudget, withRetries } from '../../src/architectures/retries.js';
import { StepRunner } from '../../src/architectures/step.js';
import { drawsOf } from '../../src/scenarios/draw.js';
import type { Retries } from '../../src/scenarios/scenario.js';
import { step } from './orders.js';

const THREE: Retries = { attempts: 3, backoff: 100, jitter: 'none', budget: 1 };

function retrying(retries: Retries, outcomes: (FailureKind | 'ok')[]) {
  const calls: number[] = [];
  const waits: number[] = [];
  const { report } = new StepRunner(step('email'), 'http://127.0.0.1:1', { seed: 1 });
  const attempt = (request: number, call: number): Promise<void> => {
    calls.push(call);
    const outcome = outcomes.shift() ?? 'ok';
    return outcome === 'ok' ? Promise.resolve() : Promise.reject(new CallFailure('email', outcome, request));
  };
  const sleep = (ms: number): Promise<void> => {
    waits.push(ms);
    return Promise.resolve();
  };
  return { calls, waits, report, run: withRetries(attempt, retries, drawsOf(1, 'email'), report, { sleep }) };
}

describe('retries', () => {
  it.each(['timeout', 'error', 'rejected', 'connection'] as const)('try again after: %s', async (kind) => {
    const { calls, waits, run } = retrying(THREE, [kind, kind, 'ok']);
    await run(4711, 0);
    expect(calls).toEqual([0, 1, 2]);
    expect(waits).toEqual([100, 200]);
  });

  it('end with the last failure', async () => {
    const { calls, run } = retrying(THREE, ['error', 'error', 'timeout', 'ok']);
    await expect(run(1, 0)).rejects.toMatchObject({ kind: 'timeout', step: 'email' });
    expect(calls).toHaveLength(3);
  });

  it('do not follow a refusal by the breaker', async () => {
    const { calls, run } = retrying(THREE, ['error', 'shortCircuited']);
    await expect(run(1, 0)).rejects.toMatchObject({ kind: 'shortCircuited' });
    expect(calls).toHaveLength(2);
  });

  it('stop when the budget is used up, and say so for measured requests', async () => {
    const { calls, report, run } = retrying({ ...THREE, budget: 0.1 }, Array.from({ length: 40 }, () => 'error' as const));
    for (let request = -2; request < 20; request++) await run(request, 0).catch(() => {});
    expect(calls).toHaveLength(22 + 2);
    expect(report.budgetExhausted).toBe(20);
  });

  it('wait a part of the backoff, drawn by request and call, with full jitter', async () => {
    const jitter: Retries = { ...THREE, jitter: 'full' };
    const [first, again, other] = [retrying(jitter, ['error']), retrying(jitter, ['error']), retrying(jitter, ['error'])];
    await Promise.all([first.run(7, 0), again.run(7, 0), other.run(8, 0)]);
    expect(again.waits).toEqual(first.waits);
    expect(other.waits).not.toEqual(first.waits);
    expect(first.waits[0]).toBeLessThan(100);
  });

  it('double the backoff', () => {
    expect([1, 2, 3].map((made) => backoffOf({ backoff: 50, jitter: 'none' }, made, 0.5))).toEqual([50, 100, 200]);
    expect([1, 2, 3].map((made) => backoffOf({ backoff: 50, jitter: 'full' }, made, 0.5))).toEqual([25, 50, 100]);
  });
});

describe('a retry budget', () => {
  it('allows one retry for every ten first calls at a tenth', () => {
    const budget = new RetryBudget(0.1);
    const allowed = Array.from({ length: 20 }, () => {
      budget.deposit();
      return budget.withdraw();
    });
    expect(allowed.flatMap((yes, call) => (yes ? [call + 1] : []))).toEqual([10, 20]);
  });

  it('has no limit at 1', () => {
    const budget = new RetryBudget(1);
    expect([budget.withdraw(), budget.withdraw(), budget.withdraw()]).toEqual([true, true, true]);
  });

  it('does not save up for a storm', () => {
    const budget = new RetryBudget(0.5);
    for (let call = 0; call < 10_000; call++) budget.deposit();
    let retries = 0;
    while (budget.withdraw()) retries++;
    expect(retries).toBe(100);
  });

  it('never allows more than the share, whatever the order', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 0.99, noNaN: true }), fc.array(fc.boolean()), (share, retries) => {
        const budget = new RetryBudget(share);
        let first = 0;
        let allowed = 0;
        for (const retry of retries) {
          if (!retry) {
            first++;
            budget.deposit();
          } else if (budget.withdraw()) allowed++;
        }
        expect(allowed).toBeLessThanOrEqual(share * first + 1e-6);
      }),
    );
  });
});
