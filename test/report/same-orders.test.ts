import { describe, expect, it } from 'vitest';
import type { SameOrdersRow } from '../../src/measurement/record.js';
import { htmlReport } from '../../src/report/html/page.js';
import { markdownReport } from '../../src/report/markdown.js';
import { terminalReport } from '../../src/report/terminal.js';
import { checkoutRecord } from '../support/record.js';

const row = (change: Partial<SameOrdersRow>): SameOrdersRow => ({
  rate: 95.2, load: { model: 'closed', users: 100 }, from: 'users', architecture: 'sync', p50: 3500, p95: 3500, isLonger: false,
  failureRate: 0.981, throughput: 1, publishes: false, backlog: null, ...change,
});
const backlog = { consumer: 'email', slope: 46.3, workers: 20, workersNeeded: 39 };
const sameOrders = [
  row({ rate: 50, from: 'carried', p50: 1760, p95: 2540, failureRate: 0 }),
  row({ rate: 50, from: 'carried', architecture: 'hybrid', p50: 500, p95: 500, failureRate: 0, publishes: true }),
  row({ isLonger: true }),
  row({ architecture: 'hybrid', p50: 500, p95: 500, failureRate: 0, publishes: true, backlog }),
];
const without = checkoutRecord();
const record = { ...without, sameOrders };
const screen = { colour: false, unicode: false, tty: false };

describe('the table at the same orders', () => {
  it.each([60, 80, 120])('fits %i columns, and says a rate once', (columns) => {
    const lines = terminalReport(record, { ...screen, columns }).split('\n');
    const from = lines.indexOf('At the same orders (predicted)');
    const table = lines.slice(from + 3, from + 7).map((line) => line.trim().replaceAll(/ {2,}/g, '|'));
    expect(Math.max(...lines.slice(from, from + 7).map((line) => line.length))).toBeLessThanOrEqual(columns);
    expect(table[0]).toMatch(columns === 120 ? /^50\|are carried at 100 users\|sync\|1\.76 s\|2\.54 s\|0%\|-\|-$/ : /^50\|sync\|/);
    expect(table[1]).toMatch(/^hybrid\|.*\|none grows/);
    expect(table[2]).toMatch(/^95\.2\|(?:100 users want to make\|)?sync\|(?:3\.50 s\|)?(?:>= 3\.50 s\|)?98\.1%\|-(?:\|-)?$/);
    expect(table[3]).toContain('|email +46.3/s');
  });

  it('is in Markdown and in HTML, and nowhere when all took the same', () => {
    expect(markdownReport(record)).toContain('| 95.2 | 100 users want to make | hybrid | 500 ms | 500 ms | 0% | email +46.3/s | 39, has 20 |');
    expect(htmlReport(record)).toContain('id="same-orders"');
    for (const text of [markdownReport(without), htmlReport(without), terminalReport(without, { ...screen, columns: 80 })]) {
      expect(text).not.toContain('At the same orders (predicted)');
    }
  });
});
