import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { readDocument } from '../../../src/scenarios/document.js';
import { doubtsAbout } from '../../../src/scenarios/doubts/doubts.js';
import { builtIn, builtInNames } from '../../../src/scenarios/library/library.js';
import { placedLines } from '../../../src/scenarios/problem.js';
import { scenarioFile } from '../arbitrary.js';
import { parse } from '../support.js';

/** Doubts about a text, each `line:column: path: message`. */
function doubts(text: string): string[] {
  const { locate } = readDocument(text, 'my.yaml');
  return placedLines('my.yaml', doubtsAbout(parse(text)), locate).map((line) => line.replace('my.yaml:', ''));
}

const CHAIN = 'services: { a: { latency: { p50: 100ms, p99: 900ms }, workers: 10 }, b: { latency: 2s, workers: 5 } }\n';

describe('a deadline', () => {
  it('is doubted when no client waits for it', () => {
    expect(doubts('services: { a: 10ms }\nsteps: [a!]\ndeadline: 10s\n')).toEqual([
      '3:11: deadline: clients wait 10s at most (load.timeout): before this deadline they have gone',
    ]);
    expect(doubts('services: { a: 10ms }\nsteps: [a!]\ndeadline: 9s\n')).toEqual([]);
  });
});

describe('a timeout', () => {
  it('that calls cannot keep is doubted with the share of those that do not', () => {
    expect(doubts(`${CHAIN}steps: [{ call: a, critical: true, timeout: 300ms }, b]`)).toEqual([
      '2:45: steps.0.timeout: 12 % of the calls of a take longer than this timeout of 300ms, even when none waits: they fail',
    ]);
  });

  it('that one call in a hundred does not keep is what timeouts are for', () => {
    expect(doubts(`${CHAIN}steps: [{ call: a, critical: true, timeout: 900ms }, b]`)).toEqual([]);
    expect(doubts(`${CHAIN}steps: [{ call: a, critical: true, timeout: 899ms }, b]`)).toHaveLength(1);
  });

  it('of a consumer that its step says is doubted at the step', () => {
    expect(doubts(`${CHAIN}steps: [b!, { call: a, timeout: 300ms, onError: continue }]\nload: { rate: 1 }`)).toEqual([
      '2:33: steps.1.timeout: 12 % of the calls of a take longer than this timeout of 300ms, even when none waits: they fail',
    ]);
  });

  it('that is meant to be reached is not doubted: the request goes on without', () => {
    expect(doubts(`${CHAIN}steps: [{ call: a, critical: true, timeout: 300ms, onError: continue }, b]`)).toEqual([]);
    expect(doubts(`${CHAIN}steps: [{ call: a, critical: true, timeout: 300ms, fallback: 20ms }, b]`)).toEqual([]);
    expect(doubts(`${CHAIN}steps: [{ call: a, critical: true, timeout: 300ms, times: 3, concurrency: 3, need: 2 }, b]\nload: { rate: 10 }`)).toEqual([]);
  });

  it('of a step of a group is not doubted, nor what comes after: others may have succeeded', () => {
    const group = 'groups: { any: { need: 1 } }\nsteps: [{ call: a, critical: true, group: any }, { call: b, critical: true, group: any, timeout: 1s }, { name: then, call: a, critical: true }]\nload: { rate: 1 }';
    expect(doubts(`${CHAIN}${group}`)).toEqual([]);
  });

  it('of a group that one of its steps never keeps is doubted: that one never counts', () => {
    const groups = (within: string): string => `${CHAIN}groups: { any: { need: 1, within: ${within} } }\nsteps: [{ call: a, critical: true, group: any }, { call: b, critical: true, group: any }]\nload: { rate: 1 }`;
    expect(doubts(groups('1s'))).toEqual(['3:84: steps.1.group: every call of b takes longer than the 1s that any waits: this step never counts']);
    expect(doubts(groups('2s'))).toEqual([]);
  });

  it('of a consumer is doubted at the consumer, and one that it has from its step at the step', () => {
    const event = 'event: { consumers: { b: { timeout: 1s } } }';
    expect(doubts(`${CHAIN}steps: [a!, b]\n${event}`)).toEqual([
      '3:37: event.consumers.b.timeout: 100 % of the calls of b take longer than this timeout of 1s, even when none waits: they fail',
    ]);
    expect(doubts(`${CHAIN}steps: [a!, { call: b, timeout: 1s }]`)).toEqual([
      '2:33: steps.1.timeout: 100 % of the calls of b take longer than this timeout of 1s, even when none waits: they fail',
    ]);
  });
});

it.each([
  ['retries: { budget: 10% }', '2:55: steps.0.retries.budget: a budget for retries, and there are none: attempts is 1'],
  ['retries: { attempts: 3, budget: 0% }', '2:68: steps.0.retries.budget: a budget of 0 lets no retry through, and attempts is 3'],
  ['share: 0%', '2:43: steps.0.share: no request makes this step: its share is 0'],
])('%s is doubted', (field, expected) => {
  expect(doubts(`${CHAIN}steps: [{ call: a, critical: true, ${field} }, b]`)).toEqual([expected]);
});

describe('workers', () => {
  const withWorkers = (workers: number | string): string[] => doubts(`${CHAIN}steps: [a!, b]\nevent: { consumers: { b: { workers: ${workers} } } }`);

  it('of a consumer are doubted beyond those of its service', () => {
    expect(withWorkers(5)).toEqual([]);
    expect(withWorkers(6)).toEqual(['3:37: event.consumers.b.workers: 6 workers for a service that serves 5 at once: the others only wait there']);
    expect(withWorkers('unlimited')).toHaveLength(1);
  });
});

describe('a load', () => {
  const under = (load: string, steps = '[a!, b]'): string[] =>
    doubts(`services: { a: { latency: 100ms, workers: 10 }, b: { latency: 2s, workers: 5 } }\nsteps: ${steps}\nload: ${load}`);

  it('beyond what a critical service can serve is doubted, at the rate that is', () => {
    expect(under('{ rate: [50, 100, 101] }')).toEqual(['3:25: load.rate.2: 101 requests per second: a can serve 100 requests per second, and replies need it']);
    // Those who only some requests call are called less.
    expect(under('{ rate: 190 }', '[{ call: a, critical: true, share: 50% }, b]')).toEqual([]);
    // b is nothing that a reply needs: its backlog grows, and that is measured.
    expect(under('{ rate: 90 }')).toEqual([]);
  });

  it('with stages is doubted where it is too much on average, and not for a peak', () => {
    expect(under('{ rate: 20, stages: ["2s:220", "8s:220"] }')).toEqual(['3:27: load.stages: 200 requests per second on average: a can serve 100 requests per second, and replies need it']);
    expect(under('{ rate: 20, stages: ["2s:220", "2s:20", "8s:20"] }')).toEqual([]);
  });

  it('of users who must wait for longer than they do is doubted', () => {
    expect(under('{ users: [100, 1001] }')).toEqual([
      '3:22: load.users.1: 1001 users wait 10 s and more, and give up after 10s: a can serve 100 requests per second, and replies need it',
    ]);
    expect(under('{ users: [1001], think: 1s }')).toEqual([]);
  });

  it('that is over before a slow request is doubted', () => {
    expect(under('{ duration: 2s }')).toEqual(['3:19: load.duration: a slow request of sync takes 2.1 s and the measured window is over after 2s']);
    expect(under('{ duration: 3s }')).toEqual([]);
    expect(under('{ stages: ["1s:5"] }')).toHaveLength(1);
  });
});

describe('a client that gives up', () => {
  const under = (text: string, load: string): string[] => doubts(`services: { a: 1s, b: 900ms, c: 1s }\nsteps: ${text}\nload: ${load}\n`);

  it('about when an unloaded request is answered is doubted at its timeout', () => {
    expect(under('[a!, b!, c]', '{ users: 1, timeout: 3s }')).toEqual(['3:28: load.timeout: a request of sync takes 2.9 s on average even when nothing waits, and clients give up after 3s']);
    // With a tenth of its patience to spare it stands: what waits for longer is measured.
    expect(under('[a!, b!, c]', '{ users: 1, timeout: 3.3s }')).toEqual([]);
    expect(under('[{ call: a, critical: true, share: 50% }, b!, c]', '{ users: 1, timeout: 3s }')).toEqual([]);
    expect(under('[{ call: a, critical: true, times: 2 }, b!, c]', '{ users: 1, timeout: 4s }')).toHaveLength(1);
  });

  it('is doubted where nothing that is measured is sooner, and at the deadline where that comes first', () => {
    expect(doubts('services: { a: 1s, b: 900ms, c: 1s }\nsteps: [a!, b!, c]\nload: { users: 1, timeout: 3s }\nsubjects: [hybrid]\n')).toEqual([]);
    expect(doubts('services: { a: 1s, b: 900ms, c: 1s }\nsteps: [a!, b!, c]\ndeadline: 2s\nload: { users: 1 }\n')).toEqual([
      '3:11: deadline: a request of sync takes 2.9 s on average even when nothing waits, and has failed after 2s',
    ]);
  });

  it('is doubted for the slowest kind of request', () => {
    const kinds = 'transactions: { quick: { weight: 90%, steps: [a!] }, slow: { weight: 10%, steps: [a!, b!, c!] } }';
    expect(doubts(`services: { a: 1s, b: 900ms, c: 1s }\n${kinds}\nload: { users: 1, timeout: 3s }\n`)).toEqual([
      '3:28: load.timeout: a request of sync takes 2.9 s on average even when nothing waits, and clients give up after 3s',
    ]);
    expect(doubts(`services: { a: 1s, b: 900ms, c: 1s }\n${kinds}\nload: { users: 1, timeout: 3.5s }\n`)).toEqual([]);
  });
});

describe('what can never matter', () => {
  it.each([
    ['a service that nothing calls', 'services: { a: 1ms, b: 2ms, c: 3ms }\nsteps: [a!, b]', ['1:29: services.c: nothing calls this service: neither a step nor a consumer']],
    ['a read that no reply needs', 'services: { a: 1ms, b: 2ms }\nsteps: [a!, { call: b, effect: false }]', ['2:32: steps.1.effect: this step only reads (effect: false) and no reply needs it: nobody would miss it']],
    [
      'a step behind one that always fails',
      'services: { a: { latency: 1ms, errors: 100% }, b: 2ms }\nsteps: [a!, b]',
      ['2:13: steps.1: this step never begins: a, which it comes after, fails every time'],
    ],
    [
      'a service that puts replies first, and is called for nothing else',
      'services: { a: { latency: 1ms, priority: replies }, b: { latency: 2ms, priority: replies } }\nsteps: [a!, b]',
      ['a', 'b'].map((name, i) => `1:${[42, 82][i]}: services.${name}.priority: nothing is put first here: expected a critical step and a consumer that both call this service`),
    ],
    ['a service that puts replies first, where it is shared', 'services: { a: { latency: 1ms, priority: replies }, b: 2ms }\nsteps: [a!, b]\nevent: { consumers: { b: { call: a } } }', []],
    [
      'workers that scale between the same',
      'services: { a: { latency: 1ms, workers: { min: 4, max: 4, start: 1s } }, b: 2ms }\nsteps: [a!, b]\nevent: { consumers: { b: { workers: { max: 1, start: 1s } } } }',
      ['1:41: services.a.workers: min and max are both 4: these workers never scale', '3:37: event.consumers.b.workers: min and max are both 1: these workers never scale'],
    ],
    [
      'workers that start when the window is over',
      'services: { a: { latency: 1ms, workers: { max: 4, start: 10s } }, b: 2ms }\nsteps: [a!, b]\nload: { duration: 10s }',
      ['3:19: load.duration: a worker of a takes 10s to start and the measured window is over after 10s: none that is started in it is seen at work'],
    ],
    ['a consumer for nobody', 'services: { a: 1ms, b: 2ms }\nsteps: [a!, b]\nevent: { consumers: { b: { share: 0 } } }', ['3:35: event.consumers.b.share: this consumer works for no request: its share is 0']],
  ])('%s', (_, text, expected) => {
    expect(doubts(text)).toEqual(expected);
  });
});

describe('variants', () => {
  const text = (subjects: string): string => `services: { a: { latency: { uniform: [50ms, 500ms] } }, b: 1ms }
steps: [{ call: a, critical: true, timeout: 400ms }, b]
subjects: ${subjects}
variants:
  mended: { architecture: sync, steps: { a: { timeout: 1s } } }
  worse: { architecture: sync, steps: { a: { timeout: 100ms } } }
`;

  it('are doubted where they say something of their own', () => {
    expect(doubts(text('[sync, mended, worse]')).map((line) => line.split(':', 3).join(':'))).toEqual(['2:45: steps.0.timeout', '6:55: variants.worse.steps.a.timeout']);
  });

  it('are all that counts where the scenario is not measured itself', () => {
    expect(doubts(text('[mended]')).map((line) => line.split(':', 3).join(':'))).toEqual(['6:55: variants.worse.steps.a.timeout']);
  });
});

it('arises of no built-in scenario but of variants that are about a hasty timeout', () => {
  expect(builtInNames().flatMap((name) => doubtsAbout(builtIn(name)!).map(({ path }) => `${name} ${path.join('.')}`))).toEqual([
    'duplicates variants.hasty.event.consumers.email.timeout',
    'login-risk variants.careless.steps.risk.timeout',
    'search-fallback variants.strict.steps.index.timeout',
    'search-fallback variants.strict.steps.spelling.timeout',
    'search-fallback variants.strict.steps.ads.timeout',
  ]);
});

it('stands somewhere in the file, whatever the scenario', () => {
  fc.assert(
    fc.property(scenarioFile, (file) => {
      const text = stringify(file);
      for (const line of doubts(text)) expect(line).toMatch(/^\d+:\d+: [a-z][\w.-]+: \S/);
    }),
  );
});
