import { describe, expect, it } from 'vitest';
import { parse as yaml } from 'yaml';
import { callGraphOf, type Architecture } from '../../src/scenarios/architectures.js';
import { awaitedDeliveries, publishedIn, type Flow } from '../../src/scenarios/call-graph.js';
import { resolvedYaml } from '../../src/scenarios/resolved.js';
import { subjectOf } from '../../src/scenarios/subject.js';
import { mistakes, parse } from './support.js';

const SERVICES = 'services: { payment: 100ms, stock: 50ms, mail: 80ms, fraud: 400ms, ledger: 30ms }\n';
const SHOP = `${SERVICES}steps: [payment!, stock!, mail, fraud]
events:
  order-placed: { wait: true }
  payment-captured:
    after: payment
    payload: 2KB
    consumers: { fraud: { workers: 5 }, ledger: {} }
`;

function graphOf(architecture: Architecture, text = SHOP) {
  return callGraphOf(subjectOf(parse(text), architecture)!);
}

function told(flow: Flow): [string, readonly number[]][] {
  return flow.map((task) => [task.kind === 'call' ? task.call.name : task.kind === 'publish' ? `publish ${task.stream}` : task.name, task.after]);
}

function mistakesOf(text: string): string[] {
  return mistakes(SERVICES + text).map((line) => line.replace('my.yaml:', ''));
}

describe('several events', () => {
  it('are published at their places, on streams of their own, in the order in which a request comes to them', () => {
    const { request, streams } = graphOf('hybrid');
    expect(told(request)).toEqual([['payment', []], ['publish payment-captured', [0]], ['stock', [1]], ['publish order-placed', [2]]]);
    expect(streams.map(({ name, event, type, payload, tells, consumers }) => [name, event, type, payload, tells, consumers.map((one) => one.name)])).toEqual([
      ['payment-captured', 'payment-captured', 'payment.captured', 2000, 'nothing', ['fraud', 'ledger']],
      ['order-placed', 'order-placed', 'order.placed', 0, 'done', ['mail']],
    ]);
  });

  it('are published by the worker of event-driven, where no reply waits', () => {
    const { request, streams } = graphOf('event-driven');
    expect(publishedIn(request)).toEqual(['submissions']);
    expect(streams.map(({ name, tells }) => [name, tells])).toEqual([['submissions', 'outcome'], ['payment-captured', 'nothing'], ['order-placed', 'nothing']]);
    expect(publishedIn(streams[0]!.consumers[0]!.flow)).toEqual(['payment-captured', 'order-placed']);
  });

  it('follow each other at one place, and what comes after the step follows the last', () => {
    const text = `${SERVICES}steps: [payment!, stock!, mail]\nevents: { one: { after: payment }, other: { after: payment }, last: {}, end: {} }`;
    expect(told(graphOf('hybrid', text).request)).toEqual([
      ['payment', []], ['publish one', [0]], ['publish other', [1]], ['stock', [2]], ['publish last', [3]], ['publish end', [4]],
    ]);
  });

  it('are all waited for that say so', () => {
    expect(awaitedDeliveries(graphOf('hybrid'), 0)).toBe(1);
    expect(awaitedDeliveries(graphOf('hybrid', SHOP.replace('payload: 2KB', 'wait: true, messages: 3'.replace(', ', '\n    '))), 0)).toBe(1 + 3 * 2);
  });

  it('have the consumers that they name; a step of none hears that of the step before it, or the first', () => {
    const text = `${SERVICES}steps: [payment!, stock!, mail, { call: fraud, after: payment }, { call: ledger, after: fraud }]
events: { a: {}, b: { consumers: { fraud: {} } } }`;
    expect(parse(text).event.consumers.map(({ name, hears, after }) => [name, hears, after])).toEqual([['mail', 'a', undefined], ['fraud', 'b', undefined], ['ledger', 'b', ['fraud']]]);
    expect(graphOf('hybrid', text).streams.map(({ name, type }) => [name, type])).toEqual([['a', 'a'], ['b', 'b'], ['after-fraud', 'b.after-fraud']]);
  });

  it('are changed by name in variants, and written out', () => {
    const scenario = parse(`${SHOP}variants: { later: { architecture: hybrid, events: { payment-captured: { after: stock, consumers: { ledger: { workers: 2 } } } } } }`);
    const { event } = subjectOf(scenario, 'later')!;
    expect([event.after, event.further?.[0]]).toEqual(['stock', expect.objectContaining({ name: 'payment-captured', after: 'stock', payload: 2000 })]);
    expect(event.consumers.map(({ name, workers }) => [name, workers])).toEqual([['mail', 100], ['fraud', 5], ['ledger', 2]]);
    const written = yaml(resolvedYaml(scenario)) as { events: Record<string, { consumers: object }> };
    expect(Object.entries(written.events).map(([name, { consumers }]) => [name, Object.keys(consumers)])).toEqual([['order-placed', ['mail']], ['payment-captured', ['fraud', 'ledger']]]);
    expect(parse(resolvedYaml(scenario))).toEqual(scenario);
  });

  it('are those of each kind of request', () => {
    const text = `${SERVICES}transactions:
  pay: { weight: 50%, steps: [payment!, mail], events: { placed: {}, paid: { after: payment, consumers: { ledger: {} } }, unheard: {} } }
  look: { steps: [stock!, { call: fraud }], events: { placed: {} } }`;
    const { request, streams } = graphOf('hybrid', text);
    expect(streams.map(({ name, type, consumers }) => [name, type, consumers.map((one) => one.name)])).toEqual([
      ['placed-pay', 'placed', ['mail']], ['paid-pay', 'paid', ['ledger']], ['placed-look', 'placed', ['fraud']],
    ]);
    expect(told(request)).toEqual([['payment', []], ['publish placed-pay', [0]], ['publish paid-pay', [1]], ['stock', []], ['publish placed-look', [3]]]);
    expect(parse(resolvedYaml(parse(text)))).toEqual(parse(text));
  });
});

describe('mistakes of several events', () => {
  it('are told at their places', () => {
    expect(mistakesOf('steps: [payment!, stock!]\nevents: { a: { after: paymnt, consumers: { mial: {} } } }')).toEqual([
      '3:23: events.a.after: expected a critical step (payment, stock), got "paymnt"; did you mean "payment"?',
      '3:44: events.a.consumers.mial: expected a step or a service, or a `call` in it (payment, stock, mail, fraud, ledger), got "mial"; did you mean "mail"?',
    ]);
    expect(mistakesOf('steps: [payment!]\nevent: { messages: 2 }\nevents: { a: {} }')).toEqual(['3:1: event: expected either `event` or `events`, got both']);
    expect(mistakesOf('steps: [payment!]\nevents: {}')).toEqual(['3:9: events: expected events by name, got none']);
    expect(mistakesOf('steps: [payment!]\nevents: { replies: {}, after-x: {}, payment: {} }')).toEqual([
      '3:11: events.replies: expected another name for an event than "replies": those that the tool itself publishes are called like that',
      '3:24: events.after-x: expected another name for an event than "after-x": those that the tool itself publishes are called like that',
      '3:37: events.payment: expected a name that no step and no consumer has, got "payment"',
    ]);
    expect(mistakesOf('steps: [payment!]\nevents: { a: { consumers: { mail: {} } }, b: { consumers: { mail: {} } } }')).toEqual([
      '3:61: events.b.consumers.mail: hears "a" already: give the one of this event a name of its own, with `call: mail`',
    ]);
    expect(mistakesOf('steps: [payment!, mail]\nevents: { a: {}, b: { consumers: { ledger: { after: mail } } } }')).toEqual([
      '3:53: events.b.consumers.ledger.after: expected consumers of "b", which this one hears, got "mail" of "a": say `after` of this consumer',
    ]);
  });

  it('are told in variants', () => {
    const variant = (events: string): string => `variants: { v: { architecture: hybrid, ${events} } }`;
    expect(mistakesOf(`steps: [payment!]\nevents: { a: {} }\n${variant('events: { b: {} }')}`)).toEqual(['4:50: variants.v.events.b: expected an event (a), got "b"; did you mean "a"?']);
    expect(mistakesOf(`steps: [payment!]\nevents: { a: {} }\n${variant('event: {}')}`)).toEqual(['4:40: variants.v.event: expected changes of `events` by name: the scenario has several']);
    expect(mistakesOf(`steps: [payment!]\n${variant('events: { b: {} }')}`)).toEqual(['3:40: variants.v.events: expected changes of `event`: the scenario has no `events`']);
    expect(mistakesOf('transactions: { x: { steps: [payment!] } }\nevents: { a: {} }')).toEqual(['3:1: events: expected it within the transactions, beside which there is none of its own']);
  });
});
