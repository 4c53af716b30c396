import { describe, expect, it } from 'vitest';
import { callGraphOf, publishesEvents, ARCHITECTURES, type Architecture } from '../../src/scenarios/architectures.js';
import { awaitedStreams, callsOf, endsOf, streamOf, type Flow } from '../../src/scenarios/call-graph.js';
import type { BusinessEvent } from '../../src/scenarios/scenario.js';
import { consumer, event, service, step } from '../architectures/orders.js';

const services = [service('payment', 1, { workers: 7 }), service('stock', 1, { workers: 2 }), service('email', 1, { workers: 3 })];
const steps = [
  step('pay', { call: 'payment' }),
  step('stock', { after: ['pay'] }),
  step('refund', { call: 'payment', after: ['pay'] }),
  step('email', { critical: false, after: ['stock', 'refund'] }),
];

function arrange(architecture: Architecture, change: Partial<BusinessEvent> = {}) {
  return callGraphOf({ architecture, services, steps, event: event([consumer('email'), consumer('audit', { call: 'stock' })], change) });
}

/** What a flow does, and what each task comes after. */
function told(flow: Flow): [string, readonly number[]][] {
  return flow.map((task) => [task.kind === 'call' ? task.call.name : task.kind === 'publish' ? `publish ${task.stream}` : task.name, task.after]);
}

describe('the call graph of an architecture', () => {
  it('has every step in turn for sync, and where its `after` allows for parallel', () => {
    expect(told(arrange('sync').request)).toEqual([['pay', []], ['stock', [0]], ['refund', [1]], ['email', [2]]]);
    expect(told(arrange('parallel').request)).toEqual([['pay', []], ['stock', [0]], ['refund', [0]], ['email', [1, 2]]]);
  });

  it('has the event at its place among the critical steps for hybrid, and what follows that step behind it', () => {
    expect(told(arrange('hybrid', { after: 'pay' }).request)).toEqual([
      ['pay', []], ['publish orders', [0]], ['stock', [1]], ['refund', [1]],
    ]);
    expect(told(arrange('hybrid', { after: 'stock' }).request)).toEqual([
      ['pay', []], ['stock', [0]], ['publish orders', [1]], ['refund', [0]],
    ]);
  });

  it('publishes when all critical steps are done, where none is named', () => {
    expect(told(arrange('hybrid').request).at(-1)).toEqual(['publish orders', [1, 2]]);
  });

  it('has the consumers of the event behind it', () => {
    const [stream] = arrange('hybrid', { messages: 3, payload: 50, inbox: false }).streams;
    expect(stream).toMatchObject({ name: 'orders', type: 'order.placed', messages: 3, payload: 50, inbox: false, tells: 'nothing' });
    expect(stream?.consumers.map(({ name, flow }) => [name, told(flow)])).toEqual([['email', [['email', []]]], ['audit', [['audit', []]]]]);
  });

  it('has an event of its own for those who come after a consumer, and one for those who come after several', () => {
    const chain = [
      consumer('audit'), consumer('mail', { after: ['label', 'pack'] }), consumer('pickup', { after: ['label'] }),
      consumer('label', { after: ['pack'] }), consumer('pack'), consumer('again', { after: ['pack', 'label'] }),
    ];
    const { streams } = callGraphOf({ architecture: 'hybrid', services, steps, event: event(chain, { messages: 2, payload: 9 }) });
    expect(streams.map(({ name, type, after, messages, payload }) => [name, type, after, messages, payload])).toEqual([
      ['orders', 'order.placed', [], 2, 9],
      ['after-pack', 'order.after-pack', ['pack'], 2, 0],
      ['before-mail', 'order.before-mail', ['label', 'pack'], 2, 0],
      ['after-label', 'order.after-label', ['label'], 2, 0],
    ]);
    expect(streams.map(({ consumers }) => consumers.map(({ name }) => name))).toEqual([['audit', 'pack'], ['label'], ['mail', 'again'], ['pickup']]);
    expect(told(streams[1]!.consumers[0]!.flow)).toEqual([['label', []], ['publish before-mail', [0]], ['publish after-label', [0]]]);
  });

  it('waits for the deliveries in publish-and-wait', () => {
    expect(awaitedStreams(arrange('hybrid', { wait: true }), 0).map(({ name }) => name)).toEqual(['orders']);
    expect(awaitedStreams(arrange('hybrid'), 0)).toEqual([]);
    // Who has been told "accepted" waits for nothing.
    expect(awaitedStreams(arrange('event-driven', { wait: true }), 0)).toEqual([]);
  });

  it('submits and accepts for event-driven: a consumer has the critical path', () => {
    const graph = arrange('event-driven', { after: 'pay' });
    expect([told(graph.request), graph.reply]).toEqual([[['publish submissions', []]], 'accepted']);
    expect(graph.streams.map(({ type, tells }) => [type, tells])).toEqual([['order.submitted', 'outcome'], ['order.placed', 'nothing']]);
    const [orders] = streamOf(graph, 'submissions').consumers;
    // As many at once as payment (7) and stock (2) serve, each service once.
    expect(orders).toMatchObject({ name: 'orders', workers: 9, attempts: 1 });
    expect(told(orders!.flow)).toEqual([['pay', []], ['publish orders', [0]], ['stock', [1]], ['refund', [1]]]);
  });

  it('names its calls in the order of turns, each once', () => {
    const names = (architecture: Architecture): string[] => callsOf(arrange(architecture)).map(({ name }) => name);
    expect(names('parallel')).toEqual(['pay', 'stock', 'refund', 'email']);
    expect(names('hybrid')).toEqual(['pay', 'stock', 'refund', 'email', 'audit']);
    expect(names('event-driven')).toEqual(names('hybrid'));
  });

  it('says who publishes events', () => {
    expect(ARCHITECTURES.map(publishesEvents)).toEqual([false, false, true, true]);
  });

  it('has workers without limit where a critical service, or none, has any', () => {
    const workers = (called: ReturnType<typeof step>[]) =>
      callGraphOf({ architecture: 'event-driven', services: [service('free', 1)], steps: called, event: event([]) }).streams[0]?.consumers[0]?.workers;
    expect([workers([step('free')]), workers([])]).toEqual(['unlimited', 'unlimited']);
  });
});

describe('when tasks end', () => {
  it('follows what each comes after, in whatever order they stand', () => {
    const task = (after: number[]): Flow[number] => ({ kind: 'publish', stream: '', after });
    const ends = endsOf([task([1, 2]), task([]), task([1])]);
    expect([...ends((position) => [5, 20, 300][position]!)]).toEqual([325, 20, 320]);
  });
});
