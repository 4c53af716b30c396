import { describe, expect, it } from 'vitest';
import { idealResponseTime } from '../../src/measurement/ideal.js';
import { latencyMean, latencyQuantile } from '../../src/scenarios/draw.js';
import { resolvedYaml } from '../../src/scenarios/resolved.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { differences } from '../support/agreement.js';
import { liveTrial } from '../support/live-trial.js';
import { trialOf } from '../simulation/worlds.js';
import { parse } from './support.js';

/** Small orders and large ones: what is slow at one step is slow at all of them. */
const CSV = 'payment,email,audit\n10,20,1\n12,21,2\n11,19,1\n200,400,60\n';
const CHAIN = `
rows: shop.csv
services: { payment: { latency: { column: payment } }, email: { latency: { column: email } }, audit: { latency: { column: audit } } }
steps: [payment!, email, audit]
`;
const chain = parse(CHAIN, { readFile: () => CSV });
/** The same columns, each drawn by itself. */
const apart = parse(CHAIN.replace('rows: shop.csv', '').replaceAll('{ column:', '{ values: shop.csv, column:'), { readFile: () => CSV });
const TOTALS = [31, 35, 31, 660];

describe('rows', () => {
  it.each(['sync', 'parallel', 'hybrid', 'event-driven'])('are taken whole by each request of %s, live and simulated', async (name) => {
    const trial = trialOf(subjectOf(chain, name)!, { load: { model: 'open', rate: 20 }, duration: 4000, timeout: 10_000, drain: 10_000 });
    const result = simulateTrial(trial);
    expect(differences(await liveTrial(trial), result)).toEqual([]);
    expect(result.responseTime.count).toBe(80);
  });

  it('keep together what belonged together: every total is that of a row', () => {
    const subject = subjectOf(chain, 'sync')!;
    const ideal = idealResponseTime({ ...subject, server: { ...subject.server, work: 0 } }, 1);
    const totals = Array.from({ length: 4000 }, (_, request) => Math.round(ideal(request)));
    expect([...new Set(totals)].toSorted((a, b) => a - b)).toEqual([...new Set(TOTALS)].toSorted((a, b) => a - b));
    // A quarter of the requests are large orders: within five standard deviations.
    expect(Math.abs(totals.filter((total) => total === 660).length - 1000)).toBeLessThan(140);
  });

  it('take the same row in every architecture, where columns of their own do not', () => {
    const large = (scenario: typeof chain, name: string): boolean[] => {
      const ideal = idealResponseTime(subjectOf(scenario, name)!, 1);
      return Array.from({ length: 200 }, (_, request) => ideal(request) > 150);
    };
    expect(large(chain, 'hybrid')).toEqual(large(chain, 'sync'));
    expect(large(apart, 'hybrid')).not.toEqual(large(apart, 'sync'));
  });

  it('have the mean and the quantiles of their column, in whatever order they stand', () => {
    const { latency } = chain.services[0]!;
    expect([latencyMean(latency), latencyQuantile(latency, 0.1), latencyQuantile(latency, 0.9)]).toEqual([233 / 4, 10, 200]);
  });

  it('are written out with the scenario', () => {
    const written = resolvedYaml(chain);
    expect(written).toContain('payment: [ 10ms, 12ms, 11ms, 200ms ]');
    expect(parse(written)).toEqual(chain);
  });

  it.each([
    ['{ column: a }', '', 'my.yaml:1:37: services.a.latency.column: expected `rows` in the scenario, of which this is a column: rows: shop.csv'],
    ['{ column: aa }', 'rows: { a: [1ms], b: [2ms] }', 'my.yaml:1:37: services.a.latency.column: expected a column of the rows (a, b), got "aa"; did you mean "a"?'],
    ['1ms', 'rows: { a: [1ms], b: [2ms, 3ms] }', 'my.yaml:3:7: rows: expected columns of equal length: a row has a time in each of them'],
    ['{ column: sms }', 'rows: shop.csv', 'my.yaml:1:37: services.a.latency.column: cannot use "shop.csv": it has no column "sms"'],
  ])('%s with "%s" is refused with its place', (latency, rows, message) => {
    expect(() => parse(`services: { a: { latency: ${latency} } }\nsteps: [a!]\n${rows}`, { readFile: () => CSV })).toThrow(message);
  });
});
