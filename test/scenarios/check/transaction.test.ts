import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderFaults, type Waiting } from '../../../src/scenarios/check/transaction.js';
import { mistakes, parse } from '../support.js';

const SERVICES = 'services: { a: 1ms, b: 2ms, c: 3ms }\n';

/** Mistakes without the file's name. */
function mistakesOf(steps: string, rest = ''): string[] {
  return mistakes(`${SERVICES}steps: ${steps}\n${rest}`).map((line) => line.replace('my.yaml:', ''));
}

describe('steps', () => {
  it('must call services that exist', () => {
    expect(mistakesOf('[{ name: x, call: bb }]')).toEqual([
      '2:26: steps.0.call: expected a service (a, b, c), got "bb"; did you mean "b"?',
    ]);
  });

  it('are told of services as they are called, with nothing that a terminal would act on', () => {
    const text = 'services: { "an\\e[31m\\t\\tb": 1ms, c: 2ms }\nsteps: [{ name: x, call: an31mb }]\n';
    const [, call] = mistakes(text);
    expect(call).toContain('expected a service (an\\u001b[31m\\u0009\\u0009b, c), got "an31mb"');
    expect(call).not.toMatch(/\p{Cc}/u);
  });

  it('must wait for steps that exist', () => {
    expect(mistakesOf('[a!, { call: b, after: [a, aa] }]')[0]).toMatch(
      /^2:35: steps\.1\.after\.1: expected a step \(a, b\), got "aa"/,
    );
  });

  it('must not wait for each other', () => {
    expect(mistakesOf('[{ call: a, after: c }, { call: b, after: a }, { call: c, after: b }]')).toEqual([
      '2:27: steps.0.after: these steps wait for each other: a -> c -> b -> a',
    ]);
    expect(mistakesOf('[{ call: a, after: a }, { call: b, after: a }]')).toEqual([
      '2:27: steps.0.after: these steps wait for each other: a -> a',
      '2:50: steps.1.after: this step can never start: it waits for steps that wait for each other',
    ]);
  });

  it('must stand after those that they wait for', () => {
    expect(mistakesOf('[{ call: a, after: b }, { call: b, after: [] }]')).toEqual([
      '2:27: steps.0.after: expected steps that are listed before this one, got "b"; move that up',
    ]);
  });

  it('must not need before the reply what is done after it', () => {
    expect(mistakesOf('[a, { call: b, critical: true, after: a }]')).toEqual([
      '2:46: steps.1.after.0: this step is critical and "a" is not: its work comes after the reply; make both critical, or neither',
    ]);
  });

  it('must have names of their own', () => {
    expect(mistakesOf('[a!, a]')).toEqual(['2:13: steps.1: a second step named "a"; give it a `name` of its own']);
    expect(parse(`${SERVICES}steps: [a!, { name: again, call: a }]`).steps[1]?.name).toBe('again');
  });
});

describe('how many calls must succeed', () => {
  it('is no more than there are', () => {
    expect(mistakesOf('[{ call: a, times: 3, need: 4 }]')).toEqual(['2:36: steps.0.need: expected at most 3, which is all that times allows, got 4']);
    expect(mistakesOf('[{ call: a, need: 3 }]')).toEqual(['2:26: steps.0.need: expected `times` beside it, of which so many must succeed, such as times: 5']);
    expect(mistakesOf('[a!, b]', 'event: { consumers: { b: { times: 2, need: 3 } } }')).toEqual([
      '3:44: event.consumers.b.need: expected at most 2, which is all that times allows, got 3',
    ]);
    expect(parse(`${SERVICES}steps: [{ call: a, times: { p50: 2, max: 5 }, need: 2 }]`).steps[0]).toMatchObject({ need: 2 });
  });
});

describe('compensations', () => {
  it('are services, of steps that change something, and counted under a name of their own', () => {
    expect(mistakesOf('[{ call: a, critical: true, compensate: bb }, b!]')).toEqual([
      '2:48: steps.0.compensate: expected a service (a, b, c), got "bb"; did you mean "b"?',
    ]);
    expect(mistakesOf('[{ call: a, critical: true, effect: false, compensate: b }, b!]')).toEqual([
      '2:63: steps.0.compensate: expected a step that changes something, got one that only reads (effect: false): there is nothing to undo',
    ]);
    expect(mistakesOf('[{ call: a, critical: true, compensate: b }, { name: a-compensation, call: c }]')).toEqual([
      '2:48: steps.0.compensate: expected no other "a-compensation": the calls that undo this step are counted under that name',
    ]);
  });
});

describe('chains of consumers', () => {
  const chain = (consumers: string, steps = '[a!, b, { call: c, after: b }]'): string[] => mistakesOf(steps, `event: { consumers: { ${consumers} } }`);

  it('come after consumers that there are', () => {
    expect(chain('x: { call: a, after: a }')[0]).toMatch(/^3:44: event\.consumers\.x\.after: expected a consumer \(b, c, x\), got "a"/);
  });

  it('must not go round', () => {
    expect(chain('b: { after: c }, x: { call: a, after: [c] }')).toEqual([
      '3:35: event.consumers.b.after: these consumers wait for each other: b -> c -> b',
      '3:61: event.consumers.x.after: this consumer never gets an event: it comes after consumers that wait for each other',
    ]);
  });

  it('follow the steps that are moved, unless they are told otherwise', () => {
    const afterOf = (text: string): unknown[] => parse(`${SERVICES}${text}`).event.consumers.map(({ name, after }) => [name, after]);
    expect(afterOf('steps: [a!, b, { call: c, after: [a, b] }]')).toEqual([['b', undefined], ['c', ['b']]]);
    expect(afterOf('steps: [a!, b, { call: c, after: b }]\nevent: { consumers: { c: { after: [] } } }')).toEqual([['b', undefined], ['c', undefined]]);
    expect(afterOf('steps: [a!, b, c]\nevent: { consumers: { x: { call: a, after: [c, b] } } }').at(-1)).toEqual(['x', ['c', 'b']]);
  });
});

describe('consumers', () => {
  it('must call services that exist', () => {
    expect(mistakesOf('[a!, b]', 'event: { consumers: { bc: {}, d: { call: e } } }')).toEqual([
      '3:23: event.consumers.bc: expected a step or a service, or a `call` in it (a, b, c), got "bc"; did you mean "b"?',
      '3:42: event.consumers.d.call: expected a service (a, b, c), got "e"; did you mean "a"?',
    ]);
  });

  it('must not have the name of the worker that does the critical steps', () => {
    const services = 'services: { orders: 1ms, a: 1ms }\n';
    const said = 'expected another name than "orders": the worker that does the critical steps of event-driven has it';
    expect(mistakes(`${services}steps: [a!, orders]`)).toEqual([`my.yaml:2:13: steps.1: ${said}`]);
    expect(mistakes(`${services}steps: [a!]\nevent: { consumers: { orders: {} } }`)).toEqual([`my.yaml:3:23: event.consumers.orders: ${said}`]);
    expect(parse(`${services}steps: [orders!, a]`).steps).toHaveLength(2);
  });

  it('must not be those of a step that the reply does', () => {
    expect(mistakesOf('[a!, b]', 'event: { consumers: { a: { workers: 3 } } }')).toEqual([
      '3:23: event.consumers.a: the step of this name is critical, so that the reply does its work and no consumer',
    ]);
    const variant = 'variants: { moved: { architecture: hybrid, steps: { a: { critical: false } } } }';
    const text = `${SERVICES}steps: [a!, b]\nevent: { consumers: { a: { workers: 3 } } }\n${variant}`;
    expect(parse(text).variants[0]?.event.consumers[0]).toMatchObject({ name: 'a', workers: 3 });
  });

  it('may be written as nothing', () => {
    const { event } = parse(`${SERVICES}steps: [a!, b]\nevent:\n  consumers:\n    c:\n`);
    expect(event.consumers.map(({ name }) => name)).toEqual(['b', 'c']);
  });
});

describe('the place of the event', () => {
  it('is after a critical step; the last one unless it is said', () => {
    expect(parse(`${SERVICES}steps: [a!, b!, c]\nevent: { after: a }`).event.after).toBe('a');
    expect(parse(`${SERVICES}steps: [a!, b!, c]`).event.after).toBe('b');
    expect(parse(`${SERVICES}steps: [a]`).event.after).toBeNull();
    expect(mistakesOf('[a!, b]', 'event: { after: b }')).toEqual([
      '3:17: event.after: expected a critical step (a), got "b"; did you mean "a"?',
    ]);
  });

  it('is gone when a variant moves that step', () => {
    const variant = 'variants: { moved: { architecture: hybrid, steps: { a: { critical: false } } } }';
    expect(mistakes(`${SERVICES}steps: [a!, b!]\nevent: { after: a }\n${variant}`)).toHaveLength(1);
  });
});

describe('outages', () => {
  it('must not overlap', () => {
    const outages = '[{ from: 1s, for: 2s, kind: error }, { from: 2s, for: 1s, kind: hang }]';
    expect(mistakes(`services: { a: { latency: 1ms, outages: ${outages} } }\nsteps: [a!]`)).toEqual([
      'my.yaml:1:78: services.a.outages.1: this outage overlaps the one at 0',
    ]);
  });

  it('have a factor when they are slow, and only then', () => {
    for (const rest of ['kind: slow', 'kind: error, factor: 2']) {
      expect(mistakes(`services: { a: { latency: 1ms, outages: [{ from: 1s, for: 2s, ${rest} }] } }\nsteps: [a!]`)).toEqual([
        'my.yaml:1:42: services.a.outages.0: expected a factor with kind slow, and with no other kind',
      ]);
    }
  });
});

function waiting(text: string): Waiting[] {
  return text.split(' ').map((word) => {
    const [name = '', after = ''] = word.split('<');
    return { name, after: after.split(',').filter(Boolean) };
  });
}

describe('orderFaults', () => {
  it.each([
    ['a b<a c<a,b', [], []],
    ['a<a', [['a', 'a']], []],
    ['a<b b<a', [['a', 'b', 'a']], []],
    ['a<c b<a c<b d<c e', [['a', 'c', 'b', 'a']], ['d']],
    ['a<b b<a c<d d<c e<a,c', [['a', 'b', 'a'], ['c', 'd', 'c']], ['e']],
    ['a<nobody', [], []],
  ])('%s', (text, cycles, stuck) => {
    expect(orderFaults(waiting(text))).toEqual({ cycles, stuck });
  });

  it('finds none when every step waits for earlier ones, and one when the first waits for the last', () => {
    const earlier = fc.array(fc.array(fc.nat(20), { maxLength: 4 }), { minLength: 2, maxLength: 20 });
    fc.assert(
      fc.property(earlier, (lists) => {
        const line = lists.map((after, i) => ({ name: `s${i}`, after: [i - 1, ...after.filter((j) => j < i)].filter((j) => j >= 0).map((j) => `s${j}`) }));
        expect(orderFaults(line)).toEqual({ cycles: [], stuck: [] });
        const closed = [{ name: 's0', after: [`s${lists.length - 1}`] }, ...line.slice(1)];
        const { cycles, stuck } = orderFaults(closed);
        expect(cycles.length).toBeGreaterThan(0);
        expect(cycles.flat().length + stuck.length).toBeGreaterThan(0);
      }),
    );
  });
});
