/** The outbox as a SQLite file: business row and event row together, and what each consumer has finished. */
import Database from 'libsql';
import { messageOf } from '../../base/errors.js';
import { APPLICATION_ID } from './outbox-header.js';

/** An event to commit, with the order that it is about. */
export interface OutboxRow {
  topic: string;
  order: string;
  identity: string;
  event: string;
}

/** An event that a consumer has done with. */
export interface Finish {
  topic: string;
  consumer: string;
  position: number;
  isDead: boolean;
}

/** An event of the outbox: positions are in order of commit. */
export interface Waiting {
  position: number;
  event: string;
}

/** Wait for another process's commit, ms: less than who opens the file waits, so that it is told why. */
const BUSY_MS = 5000;

const SCHEMA = `
  PRAGMA application_id = ${APPLICATION_ID};
  CREATE TABLE IF NOT EXISTS orders (id TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS outbox (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    topic TEXT NOT NULL,
    identity TEXT NOT NULL,
    event TEXT NOT NULL,
    UNIQUE (topic, identity)
  );
  CREATE INDEX IF NOT EXISTS by_topic ON outbox (topic);
  CREATE TABLE IF NOT EXISTS finished (
    topic TEXT NOT NULL,
    consumer TEXT NOT NULL,
    position INTEGER NOT NULL,
    dead INTEGER NOT NULL,
    PRIMARY KEY (topic, consumer, position)
  ) WITHOUT ROWID;
`;

// Not `OR IGNORE`, which would pass over an event that breaks any other rule as well.
const INSERT_EVENT = `
  INSERT INTO outbox (topic, identity, event) VALUES (?, ?, ?) ON CONFLICT (topic, identity) DO NOTHING
`;

// Many in a statement, as each costs more than a row; of events it makes nothing faster, whose JSON would be read once more.
const INSERT_ORDERS = 'INSERT INTO orders SELECT value FROM json_each(?) WHERE true ON CONFLICT DO NOTHING';
const FINISH = 'INSERT OR REPLACE INTO finished SELECT ?1, ?2, value, ?3 FROM json_each(?4)';

const UNFINISHED = `
  SELECT position, event FROM outbox WHERE topic = ? AND position > ? AND NOT EXISTS (
    SELECT 1 FROM finished WHERE topic = outbox.topic AND consumer = ? AND position = outbox.position
  ) ORDER BY position LIMIT ?
`;

/** WAL with full sync: a commit is on the disk when it returns, and readers never wait for it. */
const DURABILITY = 'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL';
/** Pause before the mode of a file is asked for again that another process is just making, ms. */
const MODE_AGAIN_MS = 10;

/** One connection to the file. Every call blocks until it is done. */
export class OutboxFile {
  private readonly database: Database.Database;
  private readonly statements = new Map<string, Database.Statement>();

  /** `existing`: its tables are there, and opening writes nothing, so that it can be asked what it holds when the disk is full. */
  constructor(path: string, { existing = false } = {}) {
    this.database = new Database(path);
    this.database.exec(`PRAGMA busy_timeout = ${BUSY_MS}`);
    // Before it is in WAL mode, so that what tells whose file it is stands in its header whatever happens next.
    if (!existing) this.inTransaction(() => this.database.exec(SCHEMA));
    this.makeDurable();
  }

  /** Commits everything in one transaction, and so in one sync of the disk. An event that is there already stays. */
  commit(rows: readonly OutboxRow[], finishes: readonly Finish[]): void {
    const event = this.prepared(INSERT_EVENT);
    this.inTransaction(() => {
      this.prepared(INSERT_ORDERS).run(JSON.stringify(rows.map(({ order }) => order)));
      for (const row of rows) event.run(row.topic, row.identity, row.event);
      for (const [{ topic, consumer, isDead }, positions] of alike(finishes)) {
        this.prepared(FINISH).run(topic, consumer, isDead ? 1 : 0, JSON.stringify(positions));
      }
    });
  }

  /** What a consumer has not finished, after a position. */
  unfinished(topic: string, consumer: string, after: number, limit: number): Waiting[] {
    return this.prepared(UNFINISHED).all(topic, after, consumer, limit) as Waiting[];
  }

  remove(topic: string): void {
    this.inTransaction(() => {
      this.database.prepare('DELETE FROM outbox WHERE topic = ?').run(topic);
      this.database.prepare('DELETE FROM finished WHERE topic = ?').run(topic);
    });
  }

  close(): void {
    this.database.close();
  }

  /** A statement is read and planned once. */
  private prepared(sql: string): Database.Statement {
    const known = this.statements.get(sql) ?? this.database.prepare(sql);
    this.statements.set(sql, known);
    return known;
  }

  /** A change of the mode does not wait for other connections by itself. */
  private makeDurable(): void {
    for (const end = Date.now() + BUSY_MS; ; Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MODE_AGAIN_MS)) {
      try {
        this.database.exec(DURABILITY);
        return;
      } catch (error) {
        if (Date.now() > end || !messageOf(error).includes('locked')) throw error;
      }
    }
  }

  private inTransaction(work: () => void): void {
    // The write lock is taken at once: taking it later could fail however long one waits.
    this.database.exec('BEGIN IMMEDIATE');
    try {
      work();
      this.database.exec('COMMIT');
    } catch (error) {
      if (this.database.inTransaction) this.database.exec('ROLLBACK');
      throw error;
    }
  }
}

/** Positions of what one consumer has done with, or given up, on one topic. */
function alike(finishes: readonly Finish[]): [Finish, number[]][] {
  const groups = new Map<string, [Finish, number[]]>();
  for (const finish of finishes) {
    const key = JSON.stringify([finish.topic, finish.consumer, finish.isDead]);
    const group = groups.get(key);
    if (group) group[1].push(finish.position);
    else groups.set(key, [finish, [finish.position]]);
  }
  return [...groups.values()];
}
