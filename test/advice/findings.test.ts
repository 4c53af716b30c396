import { describe, expect, it } from 'vitest';
import { findings } from '../../src/advice/findings.js';
import { storyOf, topicOf } from '../../src/advice/story.js';
import { consumer, events, measured, step, unmeasured } from '../support/measured.js';
import { checkout, checkoutTrials } from '../support/record.js';

const kinds = (trials: Parameters<typeof findings>[0]): string[] =>
  findings(trials, checkout()).map(({ kind, architecture }) => `${kind} ${architecture}`);

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
