import { describe, expect, it } from 'vitest';
import { compare, isGain } from '../../src/advice/finding-compare.js';
import { groupTrials, type TrialGroup } from '../../src/advice/rounds.js';
import { events, measured, times, type Sketch } from '../support/measured.js';

const group = (sketch: Sketch): TrialGroup => groupTrials([measured(sketch)])[0] as TrialGroup;
const compared = (a: Partial<Sketch>, b: Partial<Sketch>) =>
  compare(group({ subject: 'a', ms: 100, ...a }), group({ subject: 'b', ms: 100, ...b }));

describe('compare', () => {
  it.each([
    [100, 104.9, 'no-difference a'],
    [100, 105, 'faster a'],
    [105, 100, 'faster b'],
  ])('calls %d and %d ms %s', (a, b, expected) => {
    const found = compared({ ms: a }, { ms: b });
    expect(`${found.kind} ${found.architecture}`).toBe(expected);
  });

  it('lets failures decide before response times: failing fast is not fast', () => {
    const found = compared({ ms: 10, failureRate: 0.2 }, { ms: 500 });
    expect(found).toMatchObject({ kind: 'more-reliable', architecture: 'b', names: { than: 'a' } });
    expect(found.numbers).toMatchObject({ failureRate: 0, otherFailureRate: 0.2 });
  });

  it('lets a few failures pass', () => {
    expect(compared({ ms: 10, failureRate: 0.05 }, { ms: 500 })).toMatchObject({ kind: 'faster', architecture: 'a' });
  });

  it('finds nothing better where both fail more than half', () => {
    expect(compared({ failureRate: 0.6 }, { failureRate: 0.9 }).kind).toBe('both-fail');
  });

  it('looks at the tail when the middle is equal', () => {
    const slow = { responseTime: { ...times(100), p95: 400 } };
    const found = compared({ change: slow }, {});
    expect(found).toMatchObject({
      kind: 'faster',
      architecture: 'b',
      numbers: { factor: 4 },
      names: { metric: 'p95' },
    });
    const noisy = { responseTime: { ...times(100), p95: 120 } };
    expect(compared({ change: noisy }, {}).kind).toBe('no-difference');
  });

  it('does not judge by a percentile with too few samples', () => {
    expect(compared({ sent: 4, ms: 1 }, {}).kind).toBe('too-few');
    const tail = { responseTime: { ...times(100, 58), p95: 400 } };
    expect(compared({ change: tail }, {}).kind).toBe('no-difference');
  });
});

describe('compare with a subject that only accepts', () => {
  const completionTime = times(5520, 1000, 60);
  const accepting = group({
    subject: 'event-driven',
    ms: 2,
    change: { events: events({}, { completionTime }) },
  });

  it('tells when the work is done, and counts it as no gain', () => {
    const found = compare(accepting, group({ subject: 'sync', ms: 1050 }));
    expect(found).toMatchObject({ kind: 'accepts', architecture: 'event-driven', names: { than: 'sync' } });
    expect(found.numbers).toMatchObject({ time: 2, completionP95: 5520, incomplete: 60 });
    expect(isGain(found, 'event-driven')).toBe(false);
  });

  it('still tells that it is slower, or more reliable', () => {
    expect(compare(accepting, group({ subject: 'sync', ms: 1 })).kind).toBe('faster');
    expect(compare(accepting, group({ subject: 'sync', ms: 1, failureRate: 0.5 })).kind).toBe('more-reliable');
  });
});

describe('isGain', () => {
  it('is true for the winner of a comparison and for nobody else', () => {
    const found = compared({ ms: 50 }, { ms: 100 });
    expect(isGain(found, 'a')).toBe(true);
    expect(isGain(found, 'b')).toBe(false);
    expect(isGain(compared({}, {}), 'a')).toBe(false);
  });
});
