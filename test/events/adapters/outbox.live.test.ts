import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    await expect(adapter.connect(options)).rejects.toThrow(/^The outbox .*missing\/outbox\.db cannot be opened: /);
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
