/** Records of real processes hold what their schema says, and nothing else. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { bench, capacity, defineScenario, readRecord, render, type RunRecord } from '../../../src/programs/index.js';
import { findings } from '../../support/record-schema.js';

/** Of everything that a scenario can say, what leaves its own fields in a record. */
const shop = defineScenario({
  name: 'shop',
  services: { payment: { latency: '10ms', workers: 4, rate: '40/s' }, stock: '5ms', mail: { latency: '20ms', errors: '20%' } },
  pools: { db: 2 },
  transactions: {
    book: { weight: '60%', steps: [{ call: 'payment', critical: true, pool: 'db', rate: '30/s' }, { call: 'mail' }], event: { type: 'booked' } },
    search: { weight: '40%', steps: [{ call: 'stock', critical: true, pool: 'db' }] },
  },
  load: { users: 6, duration: '700ms', warmup: '100ms', drain: '500ms' },
  thresholds: ['hybrid: p95 < 2s'],
});

/** What the schema finds, and whether the record is read back as it was saved. */
function judged(record: RunRecord): unknown {
  return { states: record.trials.map(({ state }) => state), findings: findings(record), isReadBack: isDeepEqual(readRecord(render(record, 'json')), record) };
}

function isDeepEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

describe('the record of', () => {
  it('checkout, as it is measured by bench', async () => {
    const record = await bench('checkout', { quick: true, architectures: ['hybrid'], users: [5], warmup: 200, duration: 1200 });
    expect(judged(record)).toEqual({ states: ['measured'], findings: [], isReadBack: true });
  });

  it('several kinds of request, pools, rates and failures, with a fault and another bus', async () => {
    const record = await bench(shop, { architectures: ['sync', 'hybrid'], bus: 'outbox', fault: [{ kind: 'crash', process: 'server', at: 200, for: 200 }] });
    expect(judged(record)).toEqual({ states: ['measured', 'measured'], findings: [], isReadBack: true });
    expect(record.trials.some((trial) => trial.state === 'measured' && trial.kinds !== undefined)).toBe(true);
  });

  it("a server of one's own", async () => {
    const server = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const record = await bench('checkout', { target: [`mine=${url}`], architectures: ['mine'], users: [3], duration: 500, warmup: 100 });
    server.close();
    expect(judged(record)).toEqual({ states: ['measured'], findings: [], isReadBack: true });
  });

  it('a search for capacity', async () => {
    const record = await capacity(shop, { simulate: true, architectures: ['sync'] });
    expect(findings(record)).toEqual([]);
    expect(record.capacity).toHaveLength(1);
  });
});
