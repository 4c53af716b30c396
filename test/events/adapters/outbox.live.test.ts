import Database from 'libsql';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadAdapter } from '../../../src/events/load-adapter.js';
import { OutboxFile } from '../../../src/events/adapters/outbox-file.js';
import { describeContract } from '../contract.js';
import { itSurvivesItsConsumer, itSurvivesItsPublisher } from '../crashes.js';

const folder = mkdtempSync(join(tmpdir(), 'outbox-'));
const url = join(folder, 'outbox.db');
afterAll(() => rmSync(folder, { recursive: true }));

const adapter = await loadAdapter('outbox');

describeContract('outbox', adapter, () => url);

describe('crashes of outbox', () => {
  itSurvivesItsPublisher('outbox', adapter, () => url);
  itSurvivesItsConsumer('outbox', adapter, () => url, 3);
});

describe('outbox', () => {
  it('says when its file cannot be opened', async () => {
    const options = { url: join(folder, 'missing', 'outbox.db'), topic: 'x', consumers: [], publishTimeout: 1000 };
    await expect(adapter.connect(options)).rejects.toThrow(/^The outbox .*missing\/outbox\.db cannot be opened: .*\. Its folder has to be there, with room on the disk/);
  });

  it('leaves files of others as they are, to the byte, and says whose they are', async () => {
    const database = join(folder, 'shop.db');
    const shop = new Database(database);
    shop.exec('CREATE TABLE orders (id TEXT); INSERT INTO orders VALUES (1)');
    shop.close();
    const text = join(folder, 'notes.txt');
    writeFileSync(text, 'remember the milk');
    const refused = async (file: string): Promise<string> => {
      const before = readFileSync(file);
      const connecting = adapter.connect({ url: file, topic: 'x', consumers: ['email'], publishTimeout: 1000 });
      const message = await connecting.then(() => 'opened', (error: Error) => error.message);
      expect(readFileSync(file)).toEqual(before);
      expect(readdirSync(folder).filter((name) => name.startsWith(basename(file)))).toEqual([basename(file)]);
      return message;
    };
    expect(await refused(database)).toBe(
      `The outbox ${database} refuses to create what a topic needs: it is a SQLite database of another application. ` +
        'Name a file of its own by --bus-url: one that does not exist yet, or one that an outbox of this tool is in',
    );
    expect(await refused(text)).toContain('it is no SQLite file');
  });

  it('knows its own file again, also one that a killed process left', async () => {
    const file = join(folder, 'left.db');
    const left = new OutboxFile(file);
    left.commit([{ topic: 't', order: 'o', identity: 'i', event: '{}' }], []);
    // Not closed: what was written is in the write-ahead log alone.
    const bus = await adapter.connect({ url: file, topic: 't', consumers: ['email'], publishTimeout: 1000 });
    expect(left.unfinished('t', 'email', 0, 10)).toHaveLength(1);
    await bus.close();
    left.close();
  });

  it('is asked what it holds although nothing can be written to it, as on a full disk', () => {
    const file = join(folder, 'full.db');
    const made = new OutboxFile(file);
    made.commit([{ topic: 't', order: 'o', identity: 'i', event: '{}' }], []);
    const writer = new Database(file);
    writer.exec('BEGIN IMMEDIATE');
    const reader = new OutboxFile(file, { existing: true });
    expect(reader.unfinished('t', 'email', 0, 10)).toHaveLength(1);
    writer.exec('ROLLBACK');
    for (const one of [reader, writer, made]) one.close();
  });

  it('holds nothing where there is no file, and makes none', async () => {
    const file = join(folder, 'nowhere.db');
    const bus = await adapter.connect({ url: file, topic: 't', consumers: ['email'], publishTimeout: 1000, existing: true });
    expect(await bus.held()).toEqual({ email: [] });
    await bus.remove();
    expect(existsSync(file)).toBe(false);
  });

  it('commits order and event together or not at all', () => {
    const file = new OutboxFile(join(folder, 'together.db'));
    const row = { topic: 't', order: 'o', identity: 'i', event: '{}' };
    const broken = { ...row, order: 'p', identity: 'j', event: null as unknown as string };
    expect(() => file.commit([row, broken], [])).toThrow('NOT NULL constraint failed: outbox.event');
    expect(file.unfinished('t', 'email', 0, 10)).toEqual([]);
    file.commit([row], []);
    expect(file.unfinished('t', 'email', 0, 10)).toMatchObject([{ event: '{}' }]);
    file.close();
  });
});
