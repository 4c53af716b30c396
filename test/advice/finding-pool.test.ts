import { isOf } from '../../src/measurement/finding.js';
import { describe, expect, it } from 'vitest';
import { findings } from '../../src/advice/findings.js';
import { sentences } from '../../src/report/sentences.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { parse } from '../scenarios/support.js';
import { trialOf } from '../simulation/worlds.js';

/** A request holds a connection for 30 ms: two carry 66.7 requests a second. */
const SCENARIO = parse(`
services: { stock: 10ms, journal: 20ms, mail: 5ms }
pools: { db: 2 }
steps: [{ call: stock, critical: true, pool: db }, { call: journal, critical: true, pool: db }, mail]
`);

const found = (subject: string, rate: number) => {
  const trial = { ...trialOf(subjectOf(SCENARIO, subject)!, { load: { model: 'open', rate }, duration: 2000, timeout: 10_000, drain: 10_000 }), architecture: subject };
  return findings([simulateTrial(trial)], SCENARIO).filter((finding) => isOf(finding, 'pool'));
};

describe('a pool that steps share', () => {
  it('limits a subject when calls wait for it', () => {
    const [pool] = found('hybrid', 100);
    expect(pool).toMatchObject({ names: { pool: 'db', steps: 'stock, journal' }, numbers: { connections: 2, demand: 100, needed: 4 } });
    expect(pool!.numbers.capacity).toBeCloseTo(66.667, 3);
    expect(sentences([{ ...pool!, numbers: { ...pool!.numbers, wait: 120 } }])).toEqual([
      'The pool db limits hybrid: calls of stock and journal wait 120 ms on average for one of its 2 connections, which carry 66.7 a second; ' +
        'the load would take 100 at 100 requests/s, and 4 connections.',
    ]);
  });

  it('does not when they do not wait, or the reply makes none of them', () => {
    expect([...found('hybrid', 40), ...found('event-driven', 100)]).toEqual([]);
  });
});
