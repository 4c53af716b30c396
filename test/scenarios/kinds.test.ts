import { describe, expect, it } from 'vitest';
import { callGraphOf, type Architecture } from '../../src/scenarios/architectures.js';
import { publishesFor, type Flow } from '../../src/scenarios/call-graph.js';
import { isOfKind, kindDraws, kindPositions, rangesOf } from '../../src/scenarios/kinds.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { openVirtualPlace } from '../architectures/virtual-place.js';
import { mistakes, parse } from './support.js';

const SERVICES = 'services: { users: 10ms, catalog: 30ms, payment: 100ms, mail: 50ms }\n';
const SHOP = `${SERVICES}transactions:
  search: { weight: 80%, steps: [users!, catalog!] }
  book:
    weight: 20%
    steps: [users!, payment!, mail]
    event: { type: booking.made, messages: 2 }
`;

function graphOf(architecture: Architecture) {
  return callGraphOf(subjectOf(parse(SHOP), architecture)!);
}

function told(flow: Flow): [string, readonly number[], string | undefined][] {
  return flow.map((task) => [task.kind === 'call' ? task.call.name : task.kind === 'publish' ? `publish ${task.stream}` : task.name, task.after, task.only?.name]);
}

describe('kinds of request', () => {
  it('are drawn by their weights, from seed and request alone', () => {
    const of = kindPositions([{ name: 'a', weight: 0.8 }, { name: 'b', weight: 0.2 }], 7);
    const drawn = Array.from({ length: 10_000 }, (_, request) => of(request));
    // 20 % of 10,000 within four standard deviations.
    expect(Math.abs(drawn.filter((kind) => kind === 1).length - 2000)).toBeLessThan(160);
    expect([-1, -2, 4711].map(of)).toEqual([-1, -2, 4711].map(kindPositions([{ name: 'x', weight: 0.8 }, { name: 'y', weight: 0.2 }], 7)));
    expect(rangesOf([{ name: 'a', weight: 0.1 }, { name: 'b', weight: 0.9 }]).at(-1)).toEqual({ name: 'b', from: 0.1, to: 1 });
  });

  it('have steps and events of their own; a name that two have is told apart by theirs', () => {
    const { steps, event, kinds } = parse(SHOP);
    expect(steps.map(({ name, call, after, only }) => [name, call, after, only])).toEqual([
      ['search-users', 'users', [], 'search'], ['catalog', 'catalog', ['search-users'], 'search'],
      ['book-users', 'users', [], 'book'], ['payment', 'payment', ['book-users'], 'book'], ['mail', 'mail', ['payment'], 'book'],
    ]);
    expect(event.consumers.map(({ name, only }) => [name, only])).toEqual([['mail', 'book']]);
    expect(kinds?.map(({ name, weight, event: { type, after, messages } }) => [name, weight, type, after, messages])).toEqual([
      ['search', 0.8, 'search.done', 'catalog', 1], ['book', 0.2, 'booking.made', 'payment', 2],
    ]);
  });

  it('share what the others leave', () => {
    const text = `${SERVICES}transactions: { a: { steps: [users] }, b: { steps: [mail], weight: 40% }, c: { steps: [catalog] } }`;
    expect(parse(text).kinds?.map(({ weight }) => weight)).toEqual([0.3, 0.4, 0.3]);
  });

  it('are one call graph, in which each does its own part', () => {
    expect(told(graphOf('sync').request)).toEqual([
      ['search-users', [], 'search'], ['catalog', [0], 'search'],
      ['book-users', [], 'book'], ['payment', [2], 'book'], ['mail', [3], 'book'],
    ]);
    const { request, streams } = graphOf('hybrid');
    // Nobody hears of a search: it publishes nothing.
    expect(told(request)).toEqual([
      ['search-users', [], 'search'], ['catalog', [0], 'search'],
      ['book-users', [], 'book'], ['payment', [2], 'book'], ['publish orders-book', [3], 'book'],
    ]);
    expect(streams.map(({ name, type, messages }) => [name, type, messages])).toEqual([['orders-book', 'booking.made', 2]]);
    expect([publishesFor({ request, streams, reply: 'confirmed' }, 0.1), publishesFor({ request, streams, reply: 'confirmed' }, 0.9)]).toEqual([false, true]);
  });

  it('are all submitted to one consumer in event-driven', () => {
    const { request, streams } = graphOf('event-driven');
    expect(told(request)).toEqual([['publish submissions', [], undefined]]);
    expect(streams.map(({ name }) => name)).toEqual(['submissions', 'orders-book']);
    expect(told(streams[0]!.consumers[0]!.flow).map(([name, , only]) => [name, only])).toEqual([
      ['search-users', 'search'], ['catalog', 'search'], ['book-users', 'book'], ['payment', 'book'], ['publish orders-book', 'book'],
    ]);
  });

  it.each(['sync', 'parallel', 'hybrid', 'event-driven'] as const)('take their own time: %s', async (architecture) => {
    const { services, steps, event, kinds } = subjectOf(parse(SHOP), architecture)!;
    const place = await openVirtualPlace({ architecture, services, steps, event, kinds: kinds! });
    const draw = kindDraws(1);
    const [, book] = rangesOf(kinds!);
    const requests = Array.from({ length: 20 }, (_, request) => request);
    const bookings = requests.filter((request) => isOfKind(book, draw(request)));
    const answers = await place.order(...requests);
    await place.drain();
    const times = { sync: [40, 160], parallel: [40, 160], hybrid: [40, 110], 'event-driven': [0, 0] }[architecture];
    expect(answers.map(({ at }) => at)).toEqual(requests.map((request) => times[bookings.includes(request) ? 1 : 0]));
    expect(bookings.length).toBeGreaterThan(0);
    const mails = architecture === 'hybrid' || architecture === 'event-driven' ? 2 : 1;
    expect(place.calls('mail').map(({ request }) => request).toSorted((a, b) => a - b)).toEqual(bookings.flatMap((request) => Array.from({ length: mails }, () => request)));
    expect(place.received('catalog')).toBe(requests.length - bookings.length);
  });
});

describe('variants', () => {
  it('change kinds by name', () => {
    const { variants } = parse(`${SHOP}variants:
  more: { architecture: hybrid, transactions: { search: { weight: 50% }, book: { weight: 50%, steps: { mail: { critical: true } }, event: { messages: 1 } } } }
`);
    expect(variants[0]?.kinds?.map(({ weight, event }) => [weight, event.messages])).toEqual([[0.5, 1], [0.5, 1]]);
    expect(variants[0]?.event.consumers).toEqual([]);
  });
});

describe('what is refused', () => {
  it.each([
    ['weights that are not all', `${SERVICES}transactions: { a: { weight: 50%, steps: [users] }, b: { weight: 40%, steps: [mail] } }`, ['2:1: transactions: expected weights of 100 % together, got 90 %']],
    ['steps beside', `${SERVICES}steps: [mail]\ntransactions: { a: { steps: [users] } }`, ['2:1: steps: expected it within the transactions, beside which there is none of its own']],
    ['an event beside', `${SERVICES}event: {}\ntransactions: { a: { steps: [users] } }`, ['2:1: event: expected it within the transactions, beside which there is none of its own']],
    ['a service that there is not', `${SERVICES}transactions: { a: { steps: [users!, mial] } }`, ['2:38: transactions.a.steps.1.call: expected a service (users, catalog, payment, mail), got "mial"; did you mean "mail"?']],
    ['a name twice in one kind', `${SERVICES}transactions: { a: { steps: [mail, mail] } }`, ['2:36: transactions.a.steps.1: a second step named "mail"; give it a `name` of its own']],
    ['changes of a kind that there is not', `${SERVICES}transactions: { a: { steps: [mail] } }\nvariants: { v: { architecture: sync, transactions: { b: {} } } }`, ['3:54: variants.v.transactions.b: expected a transaction (a), got "b"; did you mean "a"?']],
    ['changes of a step that a kind has not', `${SERVICES}transactions: { a: { steps: [mail] } }\nvariants: { v: { architecture: sync, transactions: { a: { steps: { users: {} } } } } }`, ['3:68: variants.v.transactions.a.steps.users: expected a step (mail), got "users"']],
    ['changes of kinds where there are none', `${SERVICES}steps: [mail]\nvariants: { v: { architecture: sync, transactions: { b: {} } } }`, ['3:38: variants.v.transactions: expected changes of steps and event: the scenario has no transactions']],
  ])('%s', (_, text, expected) => {
    expect(mistakes(text).map((line) => line.replace('my.yaml:', ''))).toEqual(expected);
  });
});
