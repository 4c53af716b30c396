/** Stands for another load generator: sends the requests of an export on its schedule, and writes rows as the exported script for Locust does. */
import { Agent, request } from 'node:http';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

type Row = [index: number, intendedAt: number, sentAt: number, endedAt: number, outcome: string, status: number];

/** Sends `count` requests at so many a second, the first `warmup` of them with negative indices, and writes `rows.jsonl`. */
export async function loadFrom(folder: string, url: string, { count, rate, warmup = 0 }: { count: number; rate: number; warmup?: number }): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  const startAt = performance.now() + (1000 * warmup) / rate;
  const rows = await Promise.all(
    Array.from({ length: warmup + count }, async (_, i) => {
      const due = (1000 * (i - warmup)) / rate;
      await sleep(Math.max(0, startAt + due - performance.now()));
      return send(`${url}/orders`, i - warmup, due, startAt, agent);
    }),
  );
  agent.destroy();
  const told = rows.map((row) => JSON.stringify({ worker: 0, startedAt: Date.now(), row }));
  const end = JSON.stringify({ end: { engine: 'locust', rows: rows.length, requests: rows.length, workers: 1, done: 1 } });
  writeFileSync(path.join(folder, 'rows.jsonl'), `${[...told, end].join('\n')}\n`);
}

function send(url: string, index: number, due: number, startAt: number, agent: Agent): Promise<Row> {
  return new Promise((resolve) => {
    const sentAt = performance.now() - startAt;
    const row = (outcome: string, status: number): void => resolve([index, due, sentAt, performance.now() - startAt, outcome, status]);
    const sending = request(url, { method: 'POST', agent, headers: { 'x-request': String(index) } }, (answer) => {
      const status = answer.statusCode ?? 0;
      answer.resume().once('end', () => row(status < 400 ? 'ok' : 'http5xx', status));
    });
    sending.once('error', () => row('hangup', 0)).end();
  });
}
