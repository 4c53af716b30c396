/** A performance check among the tests of a project: npx vitest run shop.test.ts */
import { bench, judge, simulate, type RunRecord } from 'sync-vs-events';
import { expect, test } from 'vitest';
import shop from './shop.js';

interface Limits {
  /** Holds with certainty: a check that is unknown does not pass. */
  toPass(expression: string): void;
}

declare module 'vitest' {
  interface Matchers<T> extends Limits {}
}

expect.extend({
  toPass(record: RunRecord, expression: string) {
    const { verdict, checks } = judge(record, [expression]);
    return { pass: verdict === 'pass', message: () => checks.map(({ state, detail }) => `${expression}: ${state}, ${detail}`).join('\n') };
  },
});

test('the model answers within a payment', async () => {
  const predicted = await simulate(shop);
  expect(predicted).toPass('hybrid: p95 < 35ms');
});

test('events answer sooner than the chain, measured', { timeout: 60_000 }, async () => {
  const measured = await bench(shop, { architectures: ['sync', 'hybrid'] });
  expect(measured).toPass('sync/hybrid: p50 >= 1.5');
});
