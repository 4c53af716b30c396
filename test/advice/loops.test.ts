/** Calls in a row that could be one call: told before any arrangement. */
import { describe, expect, it } from 'vitest';
import { decisionSentences } from '../../src/report/advice/words.js';
import { adviceFor } from './advice-for.js';

describe('a loop', () => {
  it('comes first where it is worth more than moving what may move', async () => {
    const advice = await adviceFor(`
services: { cart: 20ms, price: 60ms, mail: 40ms }
steps: [cart!, { call: price, critical: true, times: 5 }, mail]
load: { rate: 10 }
`);
    expect(advice.loops).toMatchObject([{ steps: ['price'], service: 'price', calls: 5 }]);
    expect(advice.loops[0]?.share).toBeCloseTo(300 / 360, 6);
    expect(advice.loops[0]?.at[0]?.gain).toMatchObject({ before: 360, after: 120 });
    expect(decisionSentences(advice)).toMatch(/^Read price in one call: its 5 calls in a row are 83.3% of the request, and one in their place, as long as one of them is now, saves 66.7% of the response time\. Stay with requests/);
  });

  it('is what import has seen as one step', async () => {
    const advice = await adviceFor(`
services: { price: { latency: { values: [100ms, 300ms] } }, pay: 20ms }
steps: [{ call: price, critical: true, loop: 4 }, pay!]
load: { rate: 1 }
`);
    expect(advice.loops[0]).toMatchObject({ steps: ['price'], calls: 4 });
    expect(advice.loops[0]?.share).toBeCloseTo(200 / 220, 6);
    expect(advice.loops[0]?.at[0]?.gain.after).toBeCloseTo(advice.loops[0]!.at[0]!.gain.before! < 200 ? 45 : 95, 6);
  });

  it('may be written as steps that call one service after another', async () => {
    const { loops } = await adviceFor(`
services: { price: 60ms, pay: 20ms }
steps: [{ name: p1, call: price, critical: true }, { name: p2, call: price, critical: true }, { name: p3, call: price, critical: true }, pay!]
load: { rate: 10 }
`);
    expect(loops).toMatchObject([{ steps: ['p1', 'p2', 'p3'], calls: 3, at: [{ gain: { before: 200, after: 80 } }] }]);
  });

  it.each(['{ call: price, critical: true, times: 5, concurrency: 5 }', '{ call: price, critical: true, times: 2 }', 'price!'])('is none: %s', async (step) => {
    expect((await adviceFor(`services: { price: 60ms }\nsteps: [${step}]\nload: { rate: 10 }\n`)).loops).toEqual([]);
  });

  it('stands behind what is worth more', async () => {
    const advice = await adviceFor(`
services: { price: 30ms, mail: 900ms, log: 300ms }
steps: [{ call: price, critical: true, times: 5 }, mail, log]
load: { rate: 10 }
`);
    expect(advice.decision.kind).toBe('move');
    expect(decisionSentences(advice)).toMatch(/^Move mail/);
  });
});

describe('the chain as it is', () => {
  it('is side by side where the scenario begins with that, as it was traced', async () => {
    const { options } = await adviceFor(`
services: { a: 300ms, b: 200ms, mail: 100ms }
steps: [a!, { call: b, critical: true, after: [] }, { call: mail, after: [] }]
load: { rate: 10 }
subjects: [parallel, hybrid]
`);
    expect(options[0]).toMatchObject({ kind: 'stay', beside: false });
    expect(options[0]?.loads[0]?.p95).toBeCloseTo(300, 6);
    // What stays is as it was: side by side.
    expect(options.find(({ moved }) => moved.join() === 'mail')?.loads[0]?.p95).toBeCloseTo(300, 6);
    expect(options.filter(({ beside }) => beside)).toEqual([]);
  });
});
