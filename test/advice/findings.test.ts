import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findings } from '../../src/advice/findings.js';
import { storyOf, topicOf } from '../../src/advice/story.js';
import { FINDING_KINDS } from '../../src/measurement/schema/finding.js';
import { consumer, events, measured, step, unmeasured } from '../support/measured.js';
import { checkout, checkoutTrials } from '../support/record.js';

const kinds = (trials: Parameters<typeof findings>[0]): string[] =>
  findings(trials, checkout()).map(({ kind, architecture }) => `${kind} ${architecture}`);

/** Files that look for findings, and those that draw a run's from what a model said. */
const ADVICE = new URL('../../src/advice/', import.meta.url);
const finders = readdirSync(ADVICE).filter((file) => file !== 'story.ts').map((file) => readFileSync(new URL(file, ADVICE), 'utf8')).join('\n');

describe('the table of findings', () => {
  // What each is told as, and where it belongs, the compiler asks for.
  it.each(FINDING_KINDS)('has somebody who finds %s', (kind) => {
    expect(finders).toContain(`'${kind}'`);
  });
});

describe('findings', () => {
  it('tells the answer, its cause and its price before anything else', () => {
    const topics = findings(checkoutTrials(), checkout()).map(topicOf);
    const first = topics.filter((topic, i) => topics.indexOf(topic) === i);
    expect(first).toEqual(['answer', 'cause', 'bill']);
    expect(topics.at(-1)).toBe('cause');
  });

  it('keeps the findings of one story together, its loads ascending', () => {
    const found = findings(checkoutTrials(), checkout());
    const stories = found.map(storyOf);
    const runs = stories.filter((story, i) => story !== stories[i - 1]);
    expect(new Set(runs).size).toBe(runs.length);
    const users = found.filter(({ kind }) => kind === 'faster').map(({ load }) => load);
    expect(users).toEqual([
      { model: 'closed', users: 10 },
      { model: 'closed', users: 100 },
    ]);
  });

  it('names every trial that has no numbers or bad ones, and compares neither', () => {
    const validity = { valid: false, problems: ['The load generator was busy.'], notes: [] };
    const found = kinds([
      unmeasured('sync', 100, 'The server process was killed'),
      measured({ subject: 'hybrid', ms: 500, change: { validity } }),
    ]);
    expect(found).toEqual(['unmeasured sync', 'invalid hybrid']);
  });

  it('has nothing to say about nothing', () => {
    expect(findings([], checkout())).toEqual([]);
  });

  it('does not mind a subject that the scenario does not know', () => {
    const trials = [measured({ subject: 'mine', ms: 100 }), measured({ subject: 'yours', ms: 300 })];
    expect(kinds(trials)).toEqual(['faster mine']);
  });

  it('puts the event side behind its own price, not the cause of its replies', () => {
    const trials = [
      measured({
        subject: 'hybrid',
        ms: 500,
        change: {
          steps: { email: step('email', { utilisation: 1, queueTime: { ...step('email').queueTime, mean: 9000 } }) },
          events: events({ email: consumer('email') }),
        },
      }),
    ];
    expect(kinds(trials)).toEqual(['keeps-up hybrid']);
  });
});
