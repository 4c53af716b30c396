import { describe, expect, it } from 'vitest';
import { answers } from '../../src/advice/finding-answer.js';
import { groupTrials } from '../../src/advice/rounds.js';
import { measured, type Sketch } from '../support/measured.js';
import { ofAnyKind } from '../support/findings.js';

const answered = (...sketches: Sketch[]) => ofAnyKind(answers(groupTrials(sketches.map(measured))));
const kindsOf = (...sketches: Sketch[]): string[] =>
  answered(...sketches).map(({ kind, architecture, names }) =>
    [kind, architecture, names.than].filter(Boolean).join(' '),
  );

describe('answers', () => {
  it('tells the factor at each load', () => {
    const found = answered(
      { subject: 'sync', users: 10, ms: 1050 },
      { subject: 'hybrid', users: 10, ms: 500 },
      { subject: 'sync', users: 100, ms: 2000 },
      { subject: 'hybrid', users: 100, ms: 500 },
    );
    expect(found.map(({ kind, architecture, numbers }) => [kind, architecture, numbers.factor])).toEqual([
      ['faster', 'hybrid', 2.1],
      ['faster', 'hybrid', 4],
    ]);
    expect(found[0]).toMatchObject({
      load: { model: 'closed', users: 10 },
      numbers: { time: 500, otherTime: 1050 },
      names: { than: 'sync', metric: 'p50' },
    });
  });

  it('compares with the baseline that the scenario names', () => {
    const trials = [{ subject: 'sync', ms: 900 }, { subject: 'parallel', ms: 400 }, { subject: 'hybrid', ms: 600 }].map((sketch) => measured(sketch as Sketch));
    const told = (baseline?: string): string[] => ofAnyKind(answers(groupTrials(trials, baseline))).map(({ kind, architecture, names }) => [kind, architecture, names.than].filter(Boolean).join(' '));
    expect(told()).toEqual(expect.arrayContaining(['faster parallel sync', 'faster hybrid sync']));
    expect(told('parallel')).toEqual(['stay-with-requests parallel', 'faster parallel hybrid', 'faster parallel sync']);
    expect(told('hybrid')).toEqual(expect.arrayContaining(['faster parallel hybrid', 'faster hybrid sync']));
  });

  it('names the winner whichever it is', () => {
    expect(kindsOf({ subject: 'sync', ms: 500 }, { subject: 'hybrid', ms: 800 })).toEqual([
      'stay-with-requests sync',
      'faster sync hybrid',
    ]);
  });

  it('advises to stay with requests when events gain nothing at any load', () => {
    const found = answered(
      { subject: 'sync', users: 10, ms: 100 },
      { subject: 'hybrid', users: 10, ms: 101 },
      { subject: 'sync', users: 100, ms: 100 },
      { subject: 'hybrid', users: 100, ms: 102 },
    );
    expect(found.map(({ kind }) => kind)).toEqual(['stay-with-requests', 'no-difference', 'no-difference']);
    expect(found[0]).toMatchObject({
      architecture: 'sync',
      load: null,
      numbers: { loads: 2 },
      names: { rivals: 'hybrid' },
    });
  });

  it('advises to stay though orders are accepted at once: that is no gain', () => {
    const found = kindsOf(
      { subject: 'sync', ms: 100 },
      { subject: 'hybrid', ms: 100 },
      { subject: 'event-driven', ms: 2 },
    );
    expect(found[0]).toBe('stay-with-requests sync');
  });

  it('does not advise to stay when events gain at one load', () => {
    const found = kindsOf(
      { subject: 'sync', users: 10, ms: 100 },
      { subject: 'hybrid', users: 10, ms: 100 },
      { subject: 'sync', users: 100, ms: 300 },
      { subject: 'hybrid', users: 100, ms: 100 },
    );
    expect(found).toEqual(['no-difference hybrid sync', 'faster hybrid sync', 'within-goals sync hybrid']);
  });

  it('sees that calling in parallel is enough', () => {
    const found = kindsOf(
      { subject: 'sync', ms: 1000 },
      { subject: 'parallel', ms: 410 },
      { subject: 'hybrid', ms: 420 },
    );
    expect(found[0]).toBe('parallel-wins parallel hybrid');
  });

  it.each([
    ['hybrid is clearly faster', 1000, 600, 400],
    ['parallel gains nothing over sync', 1000, 1000, 1000],
  ])('does not recommend parallel where %s', (_, sync, parallel, hybrid) => {
    const found = kindsOf(
      { subject: 'sync', ms: sync },
      { subject: 'parallel', ms: parallel },
      { subject: 'hybrid', ms: hybrid },
    );
    expect(found.filter((kind) => kind.startsWith('parallel-wins'))).toEqual([]);
  });

  it('says that everything failed, and how, instead of comparing what is left', () => {
    const found = answered(
      { subject: 'sync', ms: 1, failureRate: 1 },
      { subject: 'hybrid', ms: 900, failureRate: 0.995 },
    );
    expect(found.map(({ kind, architecture }) => [kind, architecture])).toEqual([
      ['everything-failed', 'sync'],
      ['everything-failed', 'hybrid'],
    ]);
    expect(found[0]).toMatchObject({ numbers: { sent: 1000, failureRate: 1 }, names: { how: 'http5xx' } });
  });

  it('tells a total failure by the comparison when the other side answers', () => {
    expect(kindsOf({ subject: 'sync', ms: 3000, failureRate: 1 }, { subject: 'hybrid', ms: 600 })).toEqual([
      'more-reliable hybrid sync',
    ]);
  });

  it('tells of a subject that answers before it tells of those that failed', () => {
    const found = kindsOf(
      { subject: 'sync', ms: 3000, failureRate: 1 },
      { subject: 'parallel', ms: 3000, failureRate: 1 },
      { subject: 'hybrid', ms: 600 },
    );
    expect(found).toEqual(['more-reliable hybrid sync', 'everything-failed parallel']);
  });

  it('says that requests meet the goals of advise although events are quicker, and not where they do not', () => {
    const kindsAt = (ms: number, failureRate = 0): string[] => kindsOf({ subject: 'sync', ms, failureRate }, { subject: 'hybrid', ms: ms / 4 });
    expect(kindsAt(1000)).toContain('within-goals sync hybrid');
    expect(kindsAt(1001)).not.toContain('within-goals sync hybrid');
    expect(kindsAt(500, 0.02)).not.toContain('within-goals sync hybrid');
  });

  it('puts the pair with the largest gain first', () => {
    const found = kindsOf(
      { subject: 'sync', ms: 1000 },
      { subject: 'parallel', ms: 900 },
      { subject: 'hybrid', ms: 500 },
      { subject: 'event-driven', ms: 5 },
    );
    expect(found).toEqual(['faster hybrid sync', 'within-goals sync hybrid', 'faster parallel sync', 'accepts event-driven sync']);
  });

  it('has nothing to compare a single subject with', () => {
    expect(kindsOf({ subject: 'sync', ms: 100 })).toEqual([]);
  });
});
