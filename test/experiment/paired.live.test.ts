/** Pairs of blocks on real processes: what is compared may be simulated, or somebody's own server. */
import { describe, expect, it } from 'vitest';
import { MEMORY } from '../../src/events/settings.js';
import { comparePaired } from '../../src/experiment/paired.js';
import { targetOf } from '../support/target/targets.js';

describe('pairs of blocks', () => {
  it('are measured on servers of one\'s own, until they are no longer wanted', async () => {
    const [base, head] = [await targetOf('ok', { name: 'old' }), await targetOf('redirects', { name: 'new' })];
    const controller = new AbortController();
    const load = { model: 'open', rate: 300 } as const;
    const plan = { base, head, load, timeout: 1000, think: 0, drain: 0, seed: 1, bus: MEMORY };
    let pairs = 0;
    const run = await comparePaired(plan, controller.signal, (done) => {
      pairs = done;
      controller.abort();
    });
    expect(run).toMatchObject({ base: 'old', head: 'new', load });
    expect(pairs).toBe(1);
    expect(run.pairs).toHaveLength(1);
  });
});
