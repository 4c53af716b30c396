/** What the durable buses must survive: the broker is killed under load, and so is a consumer. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import type { Adapter, ConnectOptions } from '../../src/events/adapter.js';
import type { Bus } from '../../src/events/bus.js';
import type { BusName } from '../../src/events/buses.js';
import type { Broker } from '../../src/events/brokers/broker.js';
import { readHistory } from '../../src/events/durable.js';
import type { HistoryEntry } from '../../src/events/history.js';
import { recorded } from '../../src/events/recorded.js';
import { memoryRecorder } from '../../src/events/recorder.js';
import { judge, type Ledger } from '../../src/measurement/ledger.js';
import { eventually } from './contract.js';
import { eventOf, subscriptionOf } from './fixtures.js';

const CONSUMERS = ['email', 'analytics'];

/** Publishes about 200 events a second until told to stop; refused ones are dropped, as a server would. */
function publishing(bus: Bus): () => Promise<number> {
  const stopping = new AbortController();
  const inFlight = new Set<Promise<void>>();
  const loop = async (): Promise<number> => {
    let request = 0;
    for (; !stopping.signal.aborted; request++) {
      const publish = bus.publish(eventOf(request)).catch(() => {});
      inFlight.add(publish);
      void publish.then(() => inFlight.delete(publish));
      await sleep(5);
    }
    await Promise.all(inFlight);
    return request;
  };
  const published = loop();
  return () => {
    stopping.abort();
    return published;
  };
}

async function ledgerOf(history: () => HistoryEntry[], bus: Bus): Promise<Ledger> {
  const topics = [{ source: '/test', consumers: CONSUMERS }];
  const account = (held: Record<string, string[]>): Ledger => judge(history(), { topics, held, endedAt: now() });
  // Not asking the bus: on some, looking takes away from the consumers.
  await eventually(() => account({}).counts, ({ processed, acknowledged }) => processed >= acknowledged);
  const ledger = account(await bus.held());
  const { processed, deadLettered, pending, lost, acknowledged } = ledger.counts;
  expect(processed + deadLettered + pending + lost).toBe(acknowledged);
  return ledger;
}

/** The broker is killed in the middle and comes back: what was acknowledged is processed in the end. */
export function itSurvivesTheBroker(adapter: Adapter, broker: () => Broker, kills: number): void {
  it('loses nothing that it acknowledged when the broker is killed under load', { timeout: 180_000 }, async () => {
    const recorder = memoryRecorder();
    const options = { url: broker().url, topic: `crash-${process.pid}`, consumers: CONSUMERS, publishTimeout: 1000 };
    const bus = recorded(await adapter.connect(options), recorder);
    try {
      for (const consumer of CONSUMERS) {
        await bus.subscribe(subscriptionOf({ consumer, workers: 8, handler: () => sleep(2) }));
      }
      const stop = publishing(bus);
      for (let kill = 0; kill < kills; kill++) {
        await sleep(150 + 100 * kill);
        await broker().kill();
        await sleep(100);
        await broker().restart();
        await eventually(() => recorder.entries().findLast(({ kind }) => kind === 'acknowledged')?.at ?? 0, isRecent);
      }
      const published = await stop();
      const { counts } = await ledgerOf(() => recorder.entries(), bus);
      expect(counts).toMatchObject({ attempted: published, lost: 0, deadLettered: 0, pending: 0, unexpected: 0 });
      expect(counts.acknowledged).toBeGreaterThan(10);
    } finally {
      await bus.close();
    }
  });
}

/** Whether a moment is of the last 100 ms. */
function isRecent(at: number): boolean {
  return now() - at < 100;
}

/** A consumer's process is killed again and again: the next one does what it left. */
export function itSurvivesItsConsumer(name: BusName, adapter: Adapter, url: () => string, kills: number): void {
  it('loses nothing when a consumer is killed under load', { timeout: 180_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crash-'));
    const options = { url: url(), topic: `consumer-${process.pid}`, consumers: CONSUMERS, publishTimeout: 5000 };
    const recorder = memoryRecorder();
    const bus = recorded(await adapter.connect(options), recorder);
    const files = CONSUMERS.map((consumer) => join(folder, consumer));
    let consumer = await startConsumer(name, options, files);
    try {
      const stop = publishing(bus);
      for (let kill = 0; kill < kills; kill++) {
        await sleep(200 + 30 * kill);
        consumer.kill('SIGKILL');
        consumer = await startConsumer(name, options, files);
      }
      await stop();
      const history = (): HistoryEntry[] => [...recorder.entries(), ...files.flatMap((file) => readHistory(file))];
      const { counts } = await ledgerOf(history, bus);
      expect(counts).toMatchObject({ lost: 0, deadLettered: 0, pending: 0, unexpected: 0, appliedTwice: 0 });
      expect(counts.acknowledged).toBe(counts.attempted);
      expect(history().filter(({ kind }) => kind === 'started').length).toBeGreaterThan(counts.acknowledged);
    } finally {
      consumer.kill('SIGKILL');
      await bus.close();
      rmSync(folder, { recursive: true });
    }
  });
}

/** The process that publishes is killed: what it was told is acknowledged is processed by others. */
export function itSurvivesItsPublisher(name: BusName, adapter: Adapter, url: () => string): void {
  it('loses nothing that a killed publisher had acknowledged', { timeout: 180_000 }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crash-'));
    const file = join(folder, 'publisher');
    const options = { url: url(), topic: `publisher-${process.pid}`, consumers: CONSUMERS, publishTimeout: 5000 };
    const recorder = memoryRecorder();
    const bus = recorded(await adapter.connect(options), recorder);
    try {
      for (const consumer of CONSUMERS) await bus.subscribe(subscriptionOf({ consumer, workers: 8 }));
      const publisher = await startProcess('publisher-process.mjs', [name, JSON.stringify({ options, file })]);
      await sleep(400);
      publisher.kill('SIGKILL');
      await once(publisher, 'exit');
      const { counts } = await ledgerOf(() => [...readHistory(file), ...recorder.entries()], bus);
      expect(counts).toMatchObject({ lost: 0, deadLettered: 0, pending: 0, unexpected: 0 });
      expect(counts.acknowledged).toBeGreaterThan(10);
    } finally {
      await bus.close();
      rmSync(folder, { recursive: true });
    }
  });
}

function startConsumer(name: BusName, options: ConnectOptions, files: string[]): Promise<ChildProcess> {
  return startProcess('consumer-process.mjs', [name, JSON.stringify({ options, files })]);
}

async function startProcess(script: string, args: string[]): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, script), args);
  const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${script} ended before it was ready`)));
  await Promise.race([once(child, 'message'), ended]);
  ended.catch(() => {});
  return child;
}
