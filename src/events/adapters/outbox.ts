/** The embedded durable bus: a SQLite file that takes order and event in one transaction; consumers relay from it. */
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { BUILD } from '../../base/build.js';
import { absentBus, type Adapter, type ConnectOptions } from '../adapter.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import type { Deliveries } from '../deliveries.js';
import { identityOf } from '../envelope.js';
import { PullLoop } from '../pull-loop.js';
import { openBus } from '../refusal.js';
import { within } from '../within.js';
import type { Waiting } from './outbox-file.js';
import { assertOutbox } from './outbox-header.js';
import type { Answer, OPENED as Opened, OutboxRequest, Question } from './outbox-writer.js';

/** How often a consumer looks for what another process has published, ms. */
const POLL_MS = 20;
const EVERYTHING = 2 ** 31;
/** As the writer says it, which is a program: importing more than its types would run it. */
const OPENED: typeof Opened = 0;
const WRITER = new URL('bundle/outbox-writer.js', BUILD);

export const adapter: Adapter = {
  connect: (options) =>
    openBus('outbox', options.url, async ({ step, opened }) => {
      const { url } = options;
      if (options.existing && !statSync(url, { throwIfNoEntry: false })?.size) return absentBus('outbox', options);
      await step('create', () => assertOutbox(url));
      const file = opened(new OutboxThread(options), (it) => it.terminate());
      await step('connect', () => file.opened);
      return new OutboxBus(file, options);
    }),
};

/** The writing thread, as it is asked from here. */
class OutboxThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, { resolve: (waiting: Waiting[]) => void; reject: (error: Error) => void }>();
  private lastId = 0;
  /** Asked in this turn, and told together: each message to a thread costs both of them some microseconds. */
  private asked: Question[] = [];

  /** Rejects when the file cannot be opened. */
  readonly opened: Promise<unknown>;

  constructor({ url, existing }: ConnectOptions) {
    this.worker = new Worker(WRITER, { workerData: { path: url, existing } });
    this.worker.on('message', (answer: Answer) => this.hear(answer));
    this.worker.on('error', (error: Error) => this.hear({ ids: [...this.waiting.keys()], failed: error.message }));
    this.opened = this.expect(OPENED);
    this.opened.catch(() => {});
  }

  terminate(): Promise<unknown> {
    return this.worker.terminate();
  }

  ask(request: OutboxRequest): Promise<Waiting[]> {
    const id = ++this.lastId;
    if (this.asked.push({ ...request, id }) === 1) queueMicrotask(() => this.tell());
    return this.expect(id);
  }

  async close(): Promise<void> {
    const exited = once(this.worker, 'exit');
    await this.ask({ kind: 'close' });
    await exited;
  }

  private tell(): void {
    // A thread has no origin.
    // oxlint-disable-next-line unicorn/require-post-message-target-origin
    this.worker.postMessage(this.asked);
    this.asked = [];
  }

  private expect(id: number): Promise<Waiting[]> {
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  private hear(answer: Answer): void {
    for (const id of answer.ids) {
      const question = this.waiting.get(id);
      this.waiting.delete(id);
      if ('failed' in answer) question?.reject(new Error(answer.failed));
      else question?.resolve(answer.waiting);
    }
  }
}

class OutboxBus implements Bus {
  readonly name = 'outbox';
  private readonly file: OutboxThread;
  private readonly options: ConnectOptions;
  private readonly relays: Relay[] = [];
  private closing: Promise<void> | undefined;

  constructor(file: OutboxThread, options: ConnectOptions) {
    this.file = file;
    this.options = options;
  }

  async publish(event: CloudEvent): Promise<void> {
    if (this.closing) throw new Error('The bus is closed');
    const { topic, publishTimeout } = this.options;
    const row = { topic, order: event.subject, identity: identityOf(event), event: JSON.stringify(event) };
    await within(publishTimeout, this.file.ask({ kind: 'publish', row }));
    for (const relay of this.relays) relay.wake();
  }

  subscribe(subscription: Subscription): Promise<void> {
    this.relays.push(new Relay(this.file, this.options.topic, subscription));
    return Promise.resolve();
  }

  async held(): Promise<Record<string, string[]>> {
    const held: Record<string, string[]> = {};
    const { topic, consumers } = this.options;
    for (const consumer of consumers) {
      const waiting = await this.file.ask({ kind: 'unfinished', topic, consumer, after: 0, limit: EVERYTHING });
      held[consumer] = waiting.map((row) => identityOf(eventOf(row)));
    }
    return held;
  }

  close(): Promise<void> {
    this.closing ??= this.stop(() => Promise.resolve([]));
    return this.closing;
  }

  remove(): Promise<void> {
    this.closing ??= this.stop(() => this.file.ask({ kind: 'remove', topic: this.options.topic }));
    return this.closing;
  }

  private async stop(last: () => Promise<unknown>): Promise<void> {
    try {
      await Promise.all(this.relays.map((relay) => relay.close()));
      await last();
    } finally {
      // A thread that is left open keeps its process alive.
      await this.file.close();
    }
  }
}

function eventOf({ event }: Waiting): CloudEvent {
  return JSON.parse(event) as CloudEvent;
}

/** Takes a consumer's events from the file, in order of commit. A new life begins at the first unfinished one. */
class Relay {
  private readonly file: OutboxThread;
  private readonly topic: string;
  private readonly consumer: string;
  private readonly loop: PullLoop;
  private position = 0;
  private isAwake = false;
  private isClosed = false;
  private rouse: () => void = () => {};

  constructor(file: OutboxThread, topic: string, subscription: Subscription) {
    this.file = file;
    this.topic = topic;
    this.consumer = subscription.consumer;
    this.loop = new PullLoop(subscription, (room, deliveries) => this.pull(room, deliveries));
  }

  /** Something was published here: it need not wait for the next look. */
  wake(): void {
    this.isAwake = true;
    this.rouse();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.wake();
    await this.loop.close();
  }

  private async pull(room: number, deliveries: Deliveries): Promise<void> {
    const { topic, consumer, position } = this;
    this.isAwake = false;
    const rows = await this.file.ask({ kind: 'unfinished', topic, consumer, after: position, limit: room });
    for (const row of rows) {
      this.position = row.position;
      deliveries.add(eventOf(row), 1, {
        done: () => this.finish(row.position, false),
        dead: () => this.finish(row.position, true),
      });
    }
    if (rows.length === 0 && !this.isAwake && !this.isClosed) await this.nap();
  }

  private async finish(position: number, isDead: boolean): Promise<void> {
    const { topic, consumer } = this;
    await this.file.ask({ kind: 'finish', finish: { topic, consumer, position, isDead } });
  }

  private nap(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, POLL_MS);
      this.rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
