import { describe, expect, it } from 'vitest';
import type { CaseKind, CaseOf } from '../../src/advice/cases.js';
import { adviceFor } from './advice-for.js';

async function casesFor(scenario: string): Promise<<K extends CaseKind>(kind: K) => CaseOf<K>> {
  const { cases } = await adviceFor(scenario);
  return <K extends CaseKind>(kind: K) => cases.find((one) => one.kind === kind) as CaseOf<K>;
}

describe('the cases for requests', () => {
  it('hold of a single step that the reply needs', async () => {
    const of = await casesFor('simple-crud');
    expect(of('simple-work')).toMatchObject({ state: 'holds', numbers: { movable: 0, steps: 1 } });
    expect(of('reads-own-write')).toMatchObject({ state: 'fails', numbers: { staleness: 0 } });
    expect(of('moderate-load').state).toBe('holds');
    expect(of('reply-needs-it')).toMatchObject({ state: 'holds', numbers: { share: 1 } });
    for (const kind of ['slow-work', 'peaks', 'unreliable-parties', 'several-consequences', 'nobody-waits'] as const) {
      expect(of(kind)).toMatchObject({ kind, favours: 'events', state: 'fails' });
    }
  });

  it('ask whether the caller reads what would be stale for 200 ms', async () => {
    const { state, numbers, names } = (await casesFor('immediate-consistency'))('reads-own-write');
    expect({ state, names }).toEqual({ state: 'depends', names: { step: 'view' } });
    expect(numbers.staleness).toBeCloseTo(200, 3);
  });
});

describe('the cases for events', () => {
  it('hold of the checkout, each with its number', async () => {
    const of = await casesFor('checkout');
    expect(of('moderate-load')).toMatchObject({ state: 'fails', numbers: { failureRate: 1 } });
    expect(of('reply-needs-it')).toMatchObject({ state: 'fails', numbers: { needed: 500, total: 1050 } });
    expect(of('slow-work')).toMatchObject({ state: 'holds', numbers: { mean: 400 }, names: { step: 'email' } });
    expect(of('peaks')).toMatchObject({ state: 'holds', names: { step: 'email' }, numbers: { failureRate: 1 } });
    // Fulfillment hangs on the event and on no request.
    expect(of('several-consequences')).toMatchObject({ state: 'holds', numbers: { count: 3 } });
    expect(of('nobody-waits').numbers).toMatchObject({ time: 550, count: 2 });
    expect(of('unreliable-parties').state).toBe('fails');
  });

  it('name the partner that fails, and what its errors do to the orders', async () => {
    const { state, names, numbers } = (await casesFor('audit-and-third-party'))('unreliable-parties');
    expect({ state, names }).toEqual({ state: 'holds', names: { step: 'partner' } });
    expect(numbers.errors).toBe(0.05);
    expect(numbers.failuresBefore).toBeGreaterThan(0.03);
    expect(numbers.failuresAfter).toBe(0);
  });

  it('do not count a peak at a step that the reply needs', async () => {
    expect((await casesFor('moderate-load'))('peaks')).toMatchObject({ state: 'fails', numbers: { suffers: 0 } });
  });
});

describe('cases of a chain under a peak', () => {
  it('count the peak, and lay at the door of a party only what it does by itself', async () => {
    const { cases, steps, followed, options, chosen } = await adviceFor(`
services: { store: { latency: 80ms, workers: 100 }, scan: { latency: 900ms, workers: 6, errors: 1% }, thumbs: { latency: 500ms, workers: 2 } }
steps: [store!, { call: scan, timeout: 20s }, { call: thumbs, timeout: 10s }]
load: { rate: 2, stages: ['5s:8', '10s:8', '5s:2', '20s:2'] }
`);
    expect(cases.find(({ kind }) => kind === 'peaks')).toMatchObject({ state: 'holds', names: { step: 'thumbs' } });
    const alone = steps.find(({ step }) => step === 'scan')!.loads.at(-1)!.gain;
    const party = cases.find(({ kind }) => kind === 'unreliable-parties')!;
    expect(party).toMatchObject({ names: { step: 'scan' }, numbers: { failuresBefore: alone.failuresBefore, failuresAfter: alone.failuresAfter } });
    // Nothing is turned down that is advised.
    expect(followed.rejected.some(({ moved }) => moved.join() === options[chosen]!.moved.join())).toBe(false);
  });
});
