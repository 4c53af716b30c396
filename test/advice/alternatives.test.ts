/** What is tried beside moving a step: catching its error, and side by side with an event after it. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { combinations, keyOf, movable, staying } from '../../src/advice/alternatives.js';
import { compareCosts } from '../../src/advice/decision.js';
import { callGraphOf } from '../../src/scenarios/architectures.js';
import { callsIn } from '../../src/scenarios/call-graph.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { cases } from '../support/properties.js';
import { adviceFor, scenarioOf } from './advice-for.js';

describe('catching the error', () => {
  const chain = (errors: string, critical = ''): string => `
services: { pay: 300ms, mail: { latency: 100ms, errors: ${errors} }, log: 50ms }
steps: [pay!, mail${critical}, log]
load: { rate: 20 }
`;

  it('is advised where a step that the reply does not need fails a few requests, with a timeout that has room', async () => {
    const { decision, options, chosen } = await adviceFor(chain('3%'));
    expect(decision).toMatchObject({ kind: 'catch', caught: [{ step: 'mail', timeout: 150, isShorter: true }], missed: [] });
    expect(options[chosen]?.loads[0]?.failureRate).toBe(0);
    // What the reply goes on without is told: nobody does it later.
    expect((decision as Extract<typeof decision, { kind: 'catch' }>).undone).toBeGreaterThan(0.02);
    expect((decision as Extract<typeof decision, { kind: 'catch' }>).undone).toBeLessThan(0.05);
  });

  it('is no way out where the work of more than 5 % would be left undone, and moving does it', async () => {
    const { decision } = await adviceFor(chain('8%'));
    expect(decision).toMatchObject({ kind: 'move', steps: ['mail'], caught: [], missed: [] });
  });

  it('is for steps that the reply does not need', async () => {
    const { decision, options } = await adviceFor(chain('3%', '!'));
    expect(decision).toMatchObject({ kind: 'stay', missed: ['failures'] });
    expect(options.every(({ caught }) => caught.length === 0)).toBe(true);
  });

  it('of two steps takes both, and side by side what is late as well', async () => {
    const { decision } = await adviceFor(`
services: { pay: 300ms, mail: { latency: 500ms, errors: 2% }, push: { latency: 400ms, errors: 2% } }
steps: [pay!, mail, push]
load: { rate: 20 }
`);
    expect(decision).toMatchObject({ kind: 'parallel', caught: [{ step: 'mail' }, { step: 'push' }], missed: [] });
  });
});

describe('side by side, then events', () => {
  const quotes = `
services: { quote: 700ms, rate: 600ms, pay: 200ms, mail: 900ms }
steps: [quote!, { call: rate, critical: true, after: [] }, { call: pay, critical: true, after: [quote, rate] }, mail]
load: { rate: 20 }
`;

  it('is advised where neither of the two is enough', async () => {
    const { decision, options } = await adviceFor(quotes);
    expect(decision).toMatchObject({ kind: 'move', steps: ['mail'], beside: true, missed: [] });
    const p95 = (moved: string, beside: boolean): number | null | undefined => options.find((one) => one.moved.join() === moved && one.beside === beside)?.loads[0]?.p95;
    expect(p95('', true)).toBeCloseTo(1800, 3);
    expect(p95('mail', false)).toBeCloseTo(1500, 3);
    expect(p95('mail', true)).toBeCloseTo(900, 3);
  });

  it('is preferred to in turn where that would do, as it takes nothing more to run', async () => {
    const { decision, options, chosen } = await adviceFor(quotes, { p95: 1600 });
    expect(decision).toMatchObject({ kind: 'move', steps: ['mail'], beside: true });
    expect(options[chosen]?.loads[0]?.p95).toBeCloseTo(900, 3);
  });

  it('is told where it only comes closer to the goals', async () => {
    const { decision, options, chosen } = await adviceFor(quotes, { p95: 500 });
    expect(decision).toMatchObject({ kind: 'move', beside: true, missed: ['p95'] });
    expect(options[chosen]?.loads[0]?.p95).toBeCloseTo(900, 3);
  });
});

describe('alternatives', () => {
  const link = fc.record({ critical: fc.boolean(), follows: fc.boolean() });
  const chains = fc.array(link, { minLength: 1, maxLength: 5 }).map((links) =>
    scenarioOf(
      JSON.stringify({
        services: Object.fromEntries(links.map((_, i) => [`s${i}`, '10ms'])),
        // What the reply needs cannot wait for what comes after it.
        steps: links.map(({ critical, follows }, i) => ({ call: `s${i}`, critical, ...(follows && i > 0 && (!critical || links[i - 1]!.critical) ? { after: [`s${i - 1}`] } : {}) })),
        load: { rate: 1 },
      }),
    ),
  );

  it('leave every step somewhere, what the reply needs in the request, and are each another one', () => {
    fc.assert(
      fc.property(chains, (scenario) => {
        const subject = subjectOf(scenario, 'sync')!;
        const all = [staying(subject), ...combinations(subject, movable(subject))];
        expect(new Set(all.map(keyOf)).size).toBe(all.length - 1 + Number(all.length === 1));
        for (const { subject: world, moved, caught, beside } of all) {
          const inReply = callsIn(callGraphOf(world).request);
          expect(inReply.map(({ name }) => name).toSorted()).toEqual(scenario.steps.map(({ name }) => name).filter((name) => !moved.includes(name)).toSorted());
          expect(scenario.steps.filter(({ critical }) => critical).every(({ name }) => !moved.includes(name))).toBe(true);
          expect(inReply.filter(({ onError }) => onError === 'continue').map(({ name }) => name)).toEqual(caught.map(({ step }) => step));
          const isInTurn = callGraphOf(world).request.every(({ after }, position) => position === 0 || after.includes(position - 1));
          expect(isInTurn).toBe(!beside);
        }
      }),
      { numRuns: cases(100) },
    );
  });

  it('cost what there is to run, then what may be left undone, then the rearrangement', () => {
    const caught = [{ step: 'a', timeout: 1, isShorter: false }];
    const ordered = [
      { moved: [], caught: [], beside: false },
      { moved: [], caught: [], beside: true },
      { moved: [], caught, beside: false },
      { moved: [], caught, beside: true },
      { moved: ['b'], caught: [], beside: true },
      { moved: ['b'], caught, beside: false },
      { moved: ['b', 'c'], caught: [], beside: false },
    ];
    expect(ordered.toReversed().toSorted(compareCosts)).toEqual(ordered);
  });
});
