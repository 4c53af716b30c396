/** A pool of connections that several steps share, in virtual time. */
import { describe, expect, it } from 'vitest';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { parse } from '../scenarios/support.js';
import { trialOf } from '../simulation/worlds.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { service, step } from './orders.js';
import { openVirtualPlace } from './virtual-place.js';

const pool = { name: 'db', connections: 1 };
const services = [service('orders', 20), service('stock', 30)];

describe('two steps that share one connection', () => {
  it('wait for each other, in the order in which they came', async () => {
    const steps = [step('orders', { pool }), step('stock', { pool })];
    const place = await openVirtualPlace({ architecture: 'parallel', steps, services });
    expect(await place.order(0, 1)).toEqual([{ said: 'confirmed', at: 50 }, { said: 'confirmed', at: 100 }]);
    expect(place.calls('orders').map(({ from }) => from)).toEqual([0, 50]);
    expect(place.calls('stock').map(({ from }) => from)).toEqual([20, 70]);
    const [orders, stock] = place.arrangement.parts.steps.map(({ report }) => [report.pooled, report.pooledTime]);
    expect([orders, stock]).toEqual([[1, 50], [2, 90]]);
  });

  it('count that wait into their timeout, and leave the line when it is over', async () => {
    const steps = [step('orders', { pool }), step('stock', { pool, timeout: 15 })];
    const place = await openVirtualPlace({ architecture: 'parallel', steps, services });
    expect(await place.order(0)).toEqual([{ said: 'stock: timeout', at: 15 }]);
    await place.rest();
    expect(place.received('stock')).toBe(0);
  });

  it('have nothing to do with a step that has a pool of its own', async () => {
    const steps = [step('orders', { pool }), step('stock', { connections: 1 })];
    const place = await openVirtualPlace({ architecture: 'parallel', steps, services });
    expect(await place.order(0, 1)).toEqual([{ said: 'confirmed', at: 30 }, { said: 'confirmed', at: 60 }]);
  });
});

/** 60 orders a second hold a connection for 50 ms each: three are needed, of two. What is moved needs none of them. */
const SCENARIO = parse(`
services: { stock: 10ms, journal: 20ms, history: 20ms }
pools: { db: 2 }
steps:
  - { call: stock, critical: true, pool: db }
  - { call: journal, critical: true, pool: db }
  - { call: history, pool: db }
variants:
  larger: { architecture: sync, pools: { db: 4 } }
  alone: { architecture: sync, steps: { history: { pool: none } } }
`);

describe('a pool that is too small for sync', () => {
  const run = (name: string) => {
    const trial = trialOf(subjectOf(SCENARIO, name)!, { load: { model: 'open', rate: 60 }, duration: 1000, timeout: 10_000, drain: 10_000 });
    return { trial, result: simulateTrial(trial) };
  };

  it('is large enough where a step is moved, or has a pool of its own', () => {
    expect(run('sync').result.responseTime.p95).toBeGreaterThan(250);
    const others = ['larger', 'alone', 'hybrid'].map((name) => run(name).result.responseTime.p95!);
    expect(Math.max(...others)).toBeLessThan(100);
  });

  it.each(['sync', 'parallel', 'event-driven'])('makes calls wait as long, live and simulated: %s', async (name) => {
    const { trial, result } = run(name);
    expect(differences(await liveTrial(trial), result)).toEqual([]);
  });

  it('is in the record where calls have waited for it', () => {
    const { stock, history } = run('sync').result.steps;
    expect(stock!.pooled! > 30 && stock!.pooledTime! > 3000).toBe(true);
    expect([history!.pooled! > 30, run('larger').result.steps.stock!.pooled]).toEqual([true, undefined]);
  });
});
