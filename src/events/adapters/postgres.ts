/**
 * PostgreSQL: order and event in one transaction (an outbox), consumers by `FOR UPDATE SKIP LOCKED` with a lease, woken by
 * NOTIFY. Each topic is a schema of its own.
 */
import { Pool } from 'pg';
import { absentBus, type Adapter, type ConnectOptions } from '../adapter.js';
import type { Bus, CloudEvent, Subscription } from '../bus.js';
import { identityOf } from '../envelope.js';
import { openBus } from '../refusal.js';
import { within } from '../within.js';
import { Receiver } from './postgres-receiver.js';
import { clientOptions, statementsOf, type TopicStatements } from './postgres-topic.js';

/** Connections of one process to a topic: publishes in flight, as the client has it by default. */
const CONNECTIONS = 10;

export const adapter: Adapter = {
  connect: (options) =>
    openBus('postgres', options.url, async ({ step, opened }) => {
      const pool = opened(newPool(options.url), (it) => it.end());
      const statements = statementsOf(options.topic);
      await step('connect', () => pool.query('SELECT 1'));
      if (options.existing) {
        const { rows } = await step('hold', () => pool.query<{ found: boolean }>(statements.find));
        if (rows[0]?.found !== true) return absent(pool, options);
      } else {
        await step('create', () => pool.query(statements.create));
      }
      return new PostgresBus(pool, statements, options);
    }),
};

/** Not connected before the first query; broken connections are replaced. */
function newPool(url: string): Pool {
  const pool = new Pool({ ...clientOptions(url), max: CONNECTIONS, allowExitOnIdle: true });
  // A connection that breaks while nobody uses it; every query that suffers rejects by itself.
  pool.on('error', () => {});
  return pool;
}

async function absent(pool: Pool, options: ConnectOptions): Promise<Bus> {
  await pool.end();
  return absentBus('postgres', options);
}

class PostgresBus implements Bus {
  readonly name = 'postgres';
  private readonly pool: Pool;
  private readonly statements: TopicStatements;
  private readonly options: ConnectOptions;
  private readonly receivers: Receiver[] = [];
  private ending: Promise<void> | undefined;
  private isTelling = false;
  private isToTell = false;

  constructor(pool: Pool, statements: TopicStatements, options: ConnectOptions) {
    this.pool = pool;
    this.statements = statements;
    this.options = options;
  }

  async publish(event: CloudEvent): Promise<void> {
    if (this.ending) throw new Error('The bus is closed');
    const { publishTimeout, consumers } = this.options;
    const values = [event.subject, identityOf(event), JSON.stringify(event), consumers];
    await within(publishTimeout, this.pool.query({ name: 'publish', text: this.statements.publish, values }));
    void this.tell();
  }

  async subscribe(subscription: Subscription): Promise<void> {
    const { url, topic } = this.options;
    const receiver = new Receiver(this.pool, { url, topic, statements: this.statements, subscription });
    this.receivers.push(receiver);
    await receiver.started;
  }

  async held(): Promise<Record<string, string[]>> {
    const held: Record<string, string[]> = {};
    for (const consumer of this.options.consumers) {
      const { rows } = await this.pool.query<{ identity: string }>(this.statements.held, [consumer]);
      held[consumer] = rows.map(({ identity }) => identity);
    }
    return held;
  }

  close(): Promise<void> {
    this.ending ??= this.end(() => Promise.resolve());
    return this.ending;
  }

  remove(): Promise<void> {
    this.ending ??= this.end(() => this.pool.query(this.statements.remove));
    return this.ending;
  }

  private async end(last: () => Promise<unknown>): Promise<void> {
    try {
      await Promise.all(this.receivers.map((receiver) => receiver.close()));
      await last();
    } finally {
      await this.pool.end();
    }
  }

  /**
   * Wakes the consumers, once for all that was published meanwhile. Not in the transaction of the publish: commits that
   * notify wait for each other, sync of the disk included. Who dies in between leaves it to the consumers to look.
   */
  private async tell(): Promise<void> {
    this.isToTell = true;
    if (this.isTelling) return;
    this.isTelling = true;
    while (this.isToTell && !this.ending) {
      this.isToTell = false;
      await this.pool.query({ name: 'tell', text: 'SELECT pg_notify($1, $2)', values: [this.options.topic, ''] }).catch(() => {});
    }
    this.isTelling = false;
  }
}
