/** One consumer's place at PostgreSQL: it takes deliveries on a lease, renews what it has in hand, and lets go what is done. */
import { randomUUID } from 'node:crypto';
import { Client, escapeIdentifier, type Pool } from 'pg';
import { now } from '../../base/clock.js';
import { Batcher } from '../batcher.js';
import type { CloudEvent, Subscription } from '../bus.js';
import type { Deliveries } from '../deliveries.js';
import { PullLoop } from '../pull-loop.js';
import { clientOptions, type TopicStatements } from './postgres-topic.js';

/** What a killed consumer had in hand comes again after this time, s. */
const LEASE_S = 5;
/** How often what is in hand is held on to, ms: two renewals may fail. */
const RENEW_MS = (LEASE_S * 1000) / 3;
/** A look without being woken, ms: who published may have died before it could tell. */
const LOOK_MS = 1000;

/** What a receiver is for. */
export interface Reception {
  url: string;
  topic: string;
  statements: TopicStatements;
  subscription: Subscription;
}

interface Claimed {
  position: number;
  attempts: number;
  event: string;
}

export class Receiver {
  private readonly pool: Pool;
  private readonly reception: Reception;
  private readonly owner = randomUUID();
  /** What is in hand, by position, with the end of its lease on this process's clock, ms. */
  private readonly leases = new Map<number, number>();
  private readonly finishes: Batcher<number>;
  private readonly burials: Batcher<number>;
  private readonly loop: PullLoop;
  private readonly renewing: NodeJS.Timeout;
  /** The connection that NOTIFY comes by; undefined where it has broken. */
  private listener: Promise<Client> | undefined;
  private isAwake = false;
  private isClosed = false;
  private rouse: () => void = () => {};

  /** Resolves when it can be woken; rejects when it is not let in. */
  readonly started: Promise<unknown>;

  constructor(pool: Pool, reception: Reception) {
    this.pool = pool;
    this.reception = reception;
    const { statements, subscription } = reception;
    this.finishes = new Batcher((positions) => this.settle('finish', statements.finish, positions));
    this.burials = new Batcher((positions) => this.settle('bury', statements.bury, positions));
    this.started = this.listen();
    this.started.catch(() => {});
    this.loop = new PullLoop(subscription, (room, deliveries) => this.pull(room, deliveries));
    this.renewing = setInterval(() => void this.renew(), RENEW_MS);
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.wake();
    await this.loop.close();
    clearInterval(this.renewing);
    const { statements, subscription } = this.reception;
    // A broker that is gone gives it to the next one when the lease is over.
    await this.pool.query(statements.release, [subscription.consumer, this.owner]).catch(() => {});
    await this.listener?.then((client) => client.end()).catch(() => {});
  }

  private async pull(room: number, deliveries: Deliveries): Promise<void> {
    await this.listen();
    this.isAwake = false;
    const { statements, subscription } = this.reception;
    const leasedAt = now();
    const values = [subscription.consumer, room, this.owner, LEASE_S];
    const { rows } = await this.pool.query<Claimed>({ name: 'claim', text: statements.claim, values });
    for (const row of rows.toSorted((a, b) => a.position - b.position)) this.receive(row, leasedAt, deliveries);
    if (rows.length === 0 && !this.isAwake && !this.isClosed) await this.nap();
  }

  private receive({ position, attempts, event }: Claimed, leasedAt: number, deliveries: Deliveries): void {
    // A lease that ran out while the work was in hand, and that was taken again here.
    const isInHand = this.leases.has(position);
    this.leases.set(position, leasedAt + LEASE_S * 1000);
    if (isInHand) return;
    const settle = (batcher: Batcher<number>): Promise<void> => batcher.add(position).finally(() => this.leases.delete(position));
    deliveries.add(JSON.parse(event) as CloudEvent, attempts, {
      done: () => settle(this.finishes),
      dead: () => settle(this.burials),
      release: () => void this.leases.delete(position),
      start: () => this.isMine(position),
    });
  }

  /** Whether the lease still holds; what it does not hold any more somebody else may be working on. */
  private isMine(position: number): boolean {
    if ((this.leases.get(position) ?? 0) > now()) return true;
    this.leases.delete(position);
    return false;
  }

  private async renew(): Promise<void> {
    const positions = [...this.leases.keys()];
    if (positions.length === 0) return;
    const until = now() + LEASE_S * 1000;
    const renewed = await this.ask('renew', this.reception.statements.renew, positions, [LEASE_S]).catch(() => []);
    for (const position of renewed) if (this.leases.has(position)) this.leases.set(position, until);
  }

  /** @returns for each position what was wrong with telling it */
  private async settle(name: string, text: string, positions: readonly number[]): Promise<(Error | undefined)[]> {
    const told = new Set(await this.ask(name, text, positions));
    return positions.map((position) => (told.has(position) ? undefined : new Error('The lease ran out before the event was done')));
  }

  /** @returns the positions that are still this receiver's */
  private async ask(name: string, text: string, positions: readonly number[], more: unknown[] = []): Promise<number[]> {
    const values = [this.reception.subscription.consumer, this.owner, positions, ...more];
    const { rows } = await this.pool.query<{ position: number }>({ name, text, values });
    return rows.map(({ position }) => position);
  }

  private listen(): Promise<Client> {
    this.listener ??= this.newListener();
    return this.listener;
  }

  private async newListener(): Promise<Client> {
    const { url, topic } = this.reception;
    const client = new Client(clientOptions(url));
    // Its end follows its error: by then another one may listen.
    let isBroken = false;
    const broken = (): void => {
      if (!isBroken) this.listener = undefined;
      isBroken = true;
      this.wake();
    };
    client.on('notification', () => this.wake()).on('error', broken).on('end', broken);
    try {
      await client.connect();
      await client.query(`LISTEN ${escapeIdentifier(topic)}`);
      return client;
    } catch (error) {
      this.listener = undefined;
      await client.end().catch(() => {});
      throw error;
    }
  }

  private wake(): void {
    this.isAwake = true;
    this.rouse();
  }

  private nap(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, LOOK_MS);
      this.rouse = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
