/** What a bus can refuse, call by call, as a user is told of it: one line with the broker's reason, exit 2, nothing left running. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { OutboxFile } from '../../src/events/adapters/outbox-file.js';
import { startBroker, type Broker } from '../../src/events/brokers/broker.js';
import { BROKERS } from '../../src/events/buses.js';
import { BUS_CALLS, type BusCall } from '../../src/events/refusal.js';
import { needs } from '../support/needs.js';
import { GUARDED, PASSWORD, type Cell, type Row } from './guarded.js';

const BIN = join(import.meta.dirname, '../../bin/sync-vs-events.js');
const folder = mkdtempSync(join(tmpdir(), 'refusals-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Given to a command to end by itself, ms: one that hangs never does. */
const ENDS_WITHIN = 90_000;

function bench(bus: string, url: string): Promise<{ code: number | null; err: string }> {
  const args = [BIN, 'bench', '-a', 'hybrid', '-c', '1', '-d', '500ms', '--warmup', '0s', '--quiet', '--bus', bus, '--bus-url', url];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { timeout: ENDS_WITHIN, env: { ...process.env, NO_COLOR: '1', AWS_CA_BUNDLE: '' } }, (error, _, err) => {
      resolve({ code: error ? (typeof error.code === 'number' ? error.code : null) : 0, err });
    });
  });
}

const SENTENCE = /^error: The (NATS|Redis|BullMQ|RabbitMQ|PostgreSQL|Kafka|SQS) server at \S+:\*\*\*@127\.0\.0\.1:\d+(?:\/|\/postgres)? refuses to /;

/** Those that can be had: the others say why not. */
const refused = (row: Row): [string, Exclude<Cell, string>][] =>
  Object.entries(row).flatMap(([call, cell]): [string, Exclude<Cell, string>][] => (typeof cell === 'string' ? [] : [[call, cell]]));

for (const kind of BROKERS) {
  describe(`what ${kind} refuses`, { timeout: ENDS_WITHIN + 10_000, ...needs(kind) }, () => {
    const { settings, prepare, refuses, stop } = GUARDED[kind];
    let broker: Broker;
    let address: string;
    beforeAll(async () => {
      broker = await startBroker(kind, undefined, await settings(folder));
      address = (await prepare?.(broker.url)) ?? broker.url;
    }, 90_000);
    afterAll(async () => {
      await broker.stop();
      stop?.();
    });
    const as = (user: string): string => {
      const [name = '', password = PASSWORD] = user.split(':');
      const url = new URL(address);
      return `${url.protocol}//${name}:${encodeURIComponent(password)}@${url.host}${kind === 'postgres' ? '/postgres' : ''}`;
    };

    it('is nothing to a user with all rights', async () => {
      const { code, err } = await bench(kind, as('me'));
      expect(err).toBe('');
      // Measured, on a machine that may have been busy.
      expect([0, 3]).toContain(code);
    });

    it.each(refused(refuses))('%s: the reason in one line, exit 2, and the process ends', async (call, [user, reason]) => {
      const { code, err } = await bench(kind, as(user));
      expect(err).toMatch(SENTENCE);
      expect(err).toContain(`refuses to ${BUS_CALLS[call as BusCall]}: `);
      expect(err).toMatch(reason);
      expect(err.trim().split('\n')).toHaveLength(1);
      expect(err).not.toContain(PASSWORD);
      expect(code).toBe(2);
    });

    it('connect: a port that takes connections and says nothing is no broker', async () => {
      const silent = createServer(() => {}).listen(0, '127.0.0.1');
      await once(silent, 'listening');
      const url = Object.assign(new URL(as('me')), { port: (silent.address() as AddressInfo).port });
      const { code, err } = await bench(kind, url.href);
      silent.close();
      expect(err).toMatch(/^error: No (NATS|Redis|BullMQ|RabbitMQ|PostgreSQL|Kafka|SQS) server answers at \S+: [^\n]+\n$/);
      expect(code).toBe(2);
    });
  });
}

/** What makes a file of SQLite refuse a call, and how it says so: statements that an outbox of ours was given by somebody else. */
const FILES: Row = {
  authenticate: 'a file has no users: whoever may open it is let in',
  create: ['CREATE TABLE orders (id TEXT)', /it is a SQLite database of another application/],
  publish: ["CREATE TRIGGER no BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'no room'); END", /no room/],
  read: 'is the statement that asks what it holds',
  acknowledge: ["CREATE TRIGGER no BEFORE INSERT ON finished BEGIN SELECT RAISE(ABORT, 'no more'); END", /no more/],
  hold: [
    `DROP TABLE finished;
    CREATE VIEW finished AS SELECT topic, json(identity) AS consumer, position, 0 AS dead FROM outbox;
    CREATE TRIGGER no INSTEAD OF INSERT ON finished BEGIN SELECT 1; END`,
    /malformed JSON/,
  ],
  remove: ["CREATE TRIGGER no BEFORE DELETE ON outbox BEGIN SELECT RAISE(ABORT, 'for good'); END", /for good/],
};

describe('what an outbox refuses', { timeout: ENDS_WITHIN + 10_000 }, () => {
  it.each(refused(FILES))('%s: the reason in one line, exit 2, and the process ends', async (call, [statement, reason]) => {
    const file = join(folder, `${call}.db`);
    if (call !== 'create') new OutboxFile(file).close();
    const database = new Database(file);
    database.exec(statement);
    database.close();
    const { code, err } = await bench('outbox', file);
    expect(err).toContain(`error: The outbox ${file} refuses to ${BUS_CALLS[call as BusCall]}: `);
    expect(err).toMatch(reason);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(code).toBe(2);
  });

  it('connect: a file that another process does not let go of', async () => {
    const file = join(folder, 'locked.db');
    new OutboxFile(file).close();
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    const { code, err } = await bench('outbox', file);
    other.exec('ROLLBACK');
    other.close();
    expect(err).toBe(`error: The outbox ${file} cannot be opened: database is locked. Its folder has to be there, with room on the disk, and no other program may hold the file\n`);
    expect(code).toBe(2);
  });
});
