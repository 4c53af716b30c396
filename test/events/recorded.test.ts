import { describe, expect, it } from 'vitest';
import type { Bus } from '../../src/events/bus.js';
import { memoryBus } from '../../src/events/memory.js';
import { recorded, type RecordedOptions } from '../../src/events/recorded.js';
import { memoryRecorder } from '../../src/events/recorder.js';
import { eventOf, subscriptionOf } from './fixtures.js';
import { VirtualClock } from '../support/virtual-clock.js';

function recordedMemoryBus(options: RecordedOptions = {}) {
  const time = new VirtualClock();
  const recorder = memoryRecorder();
  const bus = recorded(memoryBus({ clock: time }), recorder, { clock: () => time.now(), ...options });
  const told = (): string[] => recorder.entries().map(({ kind, consumer, at }) => `${at} ${kind} ${consumer}`.trim());
  return { time, recorder, bus, told };
}

describe('recorded', () => {
  it('writes publish, start, effect and end with event, request, sequence, consumer and moment', async () => {
    const { time, recorder, bus } = recordedMemoryBus();
    const handler = (): Promise<void> => new Promise((resolve) => void time.at(time.now() + 7, resolve));
    await bus.subscribe(subscriptionOf({ handler }));
    await bus.publish(eventOf(4, 2));
    await time.advance(20);
    const common = { event: '/test order-4.0000000003', request: 4, sequence: 3 };
    expect(recorder.entries()).toEqual([
      { kind: 'attempted', ...common, consumer: '', at: 0 },
      { kind: 'acknowledged', ...common, consumer: '', at: 0 },
      { kind: 'started', ...common, consumer: 'email', at: 0 },
      { kind: 'applied', ...common, consumer: 'email', at: 7 },
      { kind: 'processed', ...common, consumer: 'email', at: 7 },
    ]);
  });

  it('writes every failed delivery and the dead letter, and tells both to the bus', async () => {
    const { time, bus, told } = recordedMemoryBus();
    const dead: number[] = [];
    const handler = (): Promise<void> => Promise.reject(new Error('no'));
    const onDeadLetter = ({ request }: { request: number }): void => void dead.push(request);
    await bus.subscribe(subscriptionOf({ attempts: 2, handler, onDeadLetter }));
    await bus.publish(eventOf(1));
    await time.advance(100);
    expect(told()).toEqual([
      '0 attempted',
      '0 acknowledged',
      '0 started email',
      '0 failed email',
      '10 started email',
      '10 failed email',
      '10 deadLettered email',
    ]);
    expect(dead).toEqual([1]);
  });

  it('writes a publish that was refused, and refuses it to the caller', async () => {
    const refusing: Bus = { ...memoryBus(), publish: () => Promise.reject(new Error('broker away')) };
    const recorder = memoryRecorder();
    await expect(recorded(refusing, recorder, { clock: () => 0 }).publish(eventOf(1))).rejects.toThrow('broker away');
    expect(recorder.entries().map(({ kind }) => kind)).toEqual(['attempted', 'rejected']);
  });

  it('keeps the count of what waits', async () => {
    const { time, recorder, bus } = recordedMemoryBus();
    const handler = (): Promise<void> => new Promise((resolve) => void time.at(time.now() + 10, resolve));
    await bus.subscribe(subscriptionOf({ handler }));
    for (const request of [1, 2, 3]) await bus.publish(eventOf(request));
    expect(recorder.backlog()).toEqual({ email: 3 });
    await time.advance(15);
    expect(recorder.backlog()).toEqual({ email: 2 });
    await time.advance(100);
    expect(recorder.backlog()).toEqual({ email: 0 });
    await bus.close();
  });

  describe('inbox', () => {
    it('lets the effect of an event that comes again take place once', async () => {
      const { time, bus, told } = recordedMemoryBus({ inbox: true });
      let calls = 0;
      await bus.subscribe(subscriptionOf({ handler: () => Promise.resolve(void calls++) }));
      await bus.publish(eventOf(1));
      await time.advance(1);
      await bus.publish(eventOf(1));
      await time.advance(1);
      expect(calls).toBe(1);
      expect(told().filter((entry) => entry.endsWith('email'))).toEqual([
        '0 started email',
        '0 applied email',
        '0 processed email',
        '1 started email',
        '1 processed email',
      ]);
    });

    it('does so too when the same event is in progress twice', async () => {
      const { time, bus, told } = recordedMemoryBus({ inbox: true });
      const handler = (): Promise<void> => new Promise((resolve) => void time.at(time.now() + 5, resolve));
      await bus.subscribe(subscriptionOf({ workers: 2, handler }));
      await bus.publish(eventOf(1));
      await bus.publish(eventOf(1));
      await time.advance(20);
      expect(told().filter((entry) => entry.includes('applied'))).toEqual(['5 applied email']);
      expect(told().filter((entry) => entry.includes('processed'))).toHaveLength(2);
    });

    it('is one for each consumer, and lets a failed delivery try again', async () => {
      const { time, bus, told } = recordedMemoryBus({ inbox: true });
      let failures = 0;
      const handler = (): Promise<void> => (failures++ === 0 ? Promise.reject(new Error('no')) : Promise.resolve());
      await bus.subscribe(subscriptionOf({ handler }));
      await bus.subscribe(subscriptionOf({ consumer: 'analytics' }));
      await bus.publish(eventOf(1));
      await time.advance(100);
      expect(told().filter((entry) => entry.includes('applied'))).toEqual(['0 applied analytics', '10 applied email']);
    });

    it('is off unless asked for, so that duplicates take effect', async () => {
      const { time, bus, told } = recordedMemoryBus();
      await bus.subscribe(subscriptionOf());
      await bus.publish(eventOf(1));
      await bus.publish(eventOf(1));
      await time.advance(10);
      expect(told().filter((entry) => entry.includes('applied'))).toHaveLength(2);
    });
  });
});
