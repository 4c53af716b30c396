/** The commands as functions, as a program has them: from the build. */
import { describe, expect, it } from 'vitest';
import { advise, bench, capacity, compare, defineScenario, judge, parseScenario, readRecord, render, simulate, UserError } from '../../src/programs/index.js';

const shop = defineScenario({
  name: 'shop',
  services: { payment: { latency: '30ms', workers: 4 }, mail: '50ms' },
  steps: [{ call: 'payment', critical: true }, { call: 'mail' }],
  load: { users: 2, duration: '500ms', warmup: '100ms' },
});

describe('for programs', () => {
  it('simulate gives the record, which is judged, compared, rendered and read back', async () => {
    const run = await simulate(shop, { architectures: ['sync', 'hybrid'], duration: 30_000 });
    expect(run.trials.map((trial) => [trial.architecture, trial.state, 'responseTime' in trial && trial.responseTime.p95])).toEqual([
      ['sync', 'simulated', 80],
      ['hybrid', 'simulated', 30],
    ]);
    expect(judge(run, ['hybrid: p95 < 40ms', 'sync/hybrid: p50 >= 2']).verdict).toBe('pass');
    expect(judge(run, ['hybrid: p95 < 20ms'])).toMatchObject({ verdict: 'fail', checks: [{ state: 'fail' }] });
    expect(() => judge(run, ['parallel: p95 < 20ms'])).toThrow(UserError);
    expect(compare(run, run)).toMatchObject({ state: 'compared', verdict: 'pass' });
    expect(readRecord(render(run, 'json'))).toEqual(run);
    expect(() => render(run, 'pdf' as 'html')).toThrow('there are json, markdown, html');
  });

  it('bench measures, tells how far it is, and ends with a signal', async () => {
    const said: string[] = [];
    const run = await bench(shop, { architectures: ['hybrid'], onProgress: (text) => said.push(text) });
    expect(run.trials).toMatchObject([{ state: 'measured', architecture: 'hybrid' }]);
    expect(said.join('')).toContain('trial 1 of 1: hybrid at 2 users');

    const aborting = new AbortController();
    const ended = bench(shop, { duration: 60_000, signal: aborting.signal, onProgress: () => aborting.abort() });
    expect((await ended).trials.every(({ state }) => state === 'aborted')).toBe(true);
    await expect(bench(shop, { signal: aborting.signal })).rejects.toThrow('aborted');
    expect(process.listenerCount('SIGINT')).toBe(0);
  });

  it('advise and capacity answer', async () => {
    expect(await advise(shop)).toMatchObject({ state: 'simulated', scenario: { name: 'shop' } });
    const { capacity: found } = await capacity(shop, { simulate: true, architectures: ['sync'] });
    expect(found).toMatchObject([{ architecture: 'sync', model: 'closed', end: 'limit' }]);
  });

  it('parses text and objects, with lines where there are some', () => {
    expect(parseScenario(shop)).toEqual(parseScenario(JSON.stringify(shop)));
    expect(() => parseScenario({ ...shop, steps: [] })).toThrow('scenario: steps: expected steps');
    expect(() => parseScenario('services: 1\nsteps: []', { file: 'a.yaml' })).toThrow('a.yaml:1:11: services:');
  });
});
