/** Servers of one's own under load: real processes, the same books. */
import { afterEach, describe, expect, it } from 'vitest';
import { reveal } from '../../../src/base/secret.js';
import { planTrials } from '../../../src/experiment/plan.js';
import { runTrial } from '../../../src/experiment/trial.js';
import { goodAnswersWithin } from '../../../src/measurement/outcomes.js';
import type { MeasuredTrial, Validity } from '../../../src/measurement/record.js';
import { decodeSamples } from '../../../src/measurement/samples.js';
import { refold } from '../../support/refold.js';
import { parseScenario } from '../../../src/scenarios/parse.js';
import type { Load } from '../../../src/scenarios/load.js';
import type { Target } from '../../../src/scenarios/target.js';
import { startHostile, type HostileServer } from '../../support/hostile/server.js';
import { targetOf } from '../../support/target/targets.js';

let server: HostileServer | undefined;
afterEach(async () => {
  await server?.close();
  server = undefined;
});

const SCENARIO = parseScenario('targets: { shop: "http://localhost/" }\nload: { duration: 500ms, warmup: 100ms, timeout: 300ms }', {
  file: 'shop.yaml',
});

function run(target: Target, load: Partial<Load> = {}): Promise<MeasuredTrial> {
  const scenario = { ...SCENARIO, load: { ...SCENARIO.load, users: [4], ...load } };
  const [trial] = planTrials(scenario, [target], 1).trials;
  if (!trial) throw new Error('nothing planned');
  return runTrial({ ...trial, entry: 50 }, new AbortController().signal, () => {});
}

/** A busy machine may have problems of its own. */
const bookProblems = ({ problems }: Validity): string[] => problems.filter((problem) => problem.includes('books'));

/** Where the server of a target tells its count. */
const countUrl = (target: Target, path: string): Target => ({ ...target, received: { url: new URL(path, reveal(target.url)).href } });

describe('a server of one\'s own', () => {
  it.each([
    ['a URL that answers with a number', (target: Target) => countUrl(target, '/count')],
    ['a URL that answers with JSON', (target: Target) => countUrl(target, '/count.json')],
    ['a header of its answers', (target: Target): Target => ({ ...target, received: { header: 'X-Count' } })],
  ])('has books that balance with its own, told by %s', async (_, tell) => {
    const trial = await run(tell(await targetOf('ok')));
    const { outcomes, server: seen, validity, base, ideal } = trial;
    expect(outcomes.sent).toBeGreaterThan(3);
    expect(outcomes.ok).toBe(outcomes.sent);
    expect(seen).toEqual({ received: outcomes.sent, unreached: 0 });
    expect(bookProblems(validity)).toEqual([]);
    expect({ base, ideal }).toEqual({ base: null, ideal: null });
    expect(trial).toMatchObject(refold(trial));
  });

  it('that does not tell its count has one side of the books, and is valid', async () => {
    const { server: seen, validity } = await run(await targetOf('ok'));
    expect(seen.received).toBeNull();
    expect(bookProblems(validity)).toEqual([]);
    expect(validity.notes).toContain('The server does not tell how many requests it received: the books have one side only.');
  });

  it('whose count is not its own is not valid', async () => {
    server = await startHostile((request) => request.answer());
    const other = server.url;
    const target = await targetOf('ok');
    await expect(run({ ...target, received: { url: other } })).rejects.toThrow(
      /^shop: the number of requests received cannot be read from http:.*: expected a number, got "ok"\.$/,
    );
    let count = 0;
    await server.close();
    server = await startHostile((request) => {
      const text = String(count++);
      request.socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${text.length}\r\n\r\n${text}`);
    });
    const { validity } = await run({ ...target, received: { url: server.url } });
    expect(bookProblems(validity)).toHaveLength(1);
  });

  it('that redirects is said to', async () => {
    const { outcomes, failureRate, validity } = await run(await targetOf('redirects'));
    expect(outcomes.mismatch).toBe(outcomes.sent);
    expect(failureRate).toBe(1);
    expect(validity.notes.join(' ')).toContain(`${outcomes.sent} answers were redirects: they are not followed`);
  });

  it('that answers 200 with a wrong body has failed', async () => {
    const { outcomes, validity } = await run(await targetOf('wrong', { expect: { status: [200], body: 'confirmed' } }));
    expect(outcomes.ok + outcomes.mismatch).toBe(outcomes.sent);
    // Every second one; where the warm-up and the last ones ended is not known.
    expect(Math.abs(outcomes.ok - outcomes.mismatch)).toBeLessThanOrEqual(8);
    expect(validity.notes.join(' ')).toContain(`${outcomes.mismatch} answers had a status or a body that was not expected`);
  });

  it('that stops answering has timeouts, each in the books and in the percentiles', async () => {
    const { outcomes, responseTime } = await run(await targetOf('stops'), { timeout: 100 });
    expect(outcomes.timeout).toBeGreaterThan(0);
    expect(outcomes.ok + outcomes.timeout).toBe(outcomes.sent);
    expect(responseTime.censored).toBe(outcomes.timeout);
    expect(responseTime.count).toBe(outcomes.sent);
  });

  it('that is starved makes its requests wait, from their intended start', async () => {
    const { samples, throughput, window, outcomes } = await run(await targetOf('starved'), { users: [], rates: [50], timeout: 5000 });
    expect(outcomes.ok).toBe(outcomes.sent);
    // 40 ms of work every 20 ms: of 25 it does 13 at most within the window, and answers the others all the same.
    expect(outcomes.sent).toBe(25);
    expect(goodAnswersWithin(decodeSamples(samples), window.seconds * 1000)).toBeLessThan(14);
    expect(throughput * window.seconds).toBeCloseTo(25, 6);
  });
});
