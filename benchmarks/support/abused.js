// The commands that bench:abuse interrupts, and what has to be there for them.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { BROKERS } from '../../dist/events/buses.js';
import { findBroker } from '../../dist/events/brokers/find.js';

const SHOP = `
services: { payment: { latency: 30ms, workers: 10 }, email: { latency: 20ms, workers: 5 } }
steps: [payment!, email]
load: { users: 5, duration: 1s, warmup: 300ms, drain: 500ms }
`;

const SERVER = "require('http').createServer((_, response) => response.end('ok')).listen(Number(process.argv[2]), '127.0.0.1');\n";

/** Zipkin spans of orders, each with a call of a payment service. */
function traces() {
  return Array.from({ length: 40 }, (_, i) => {
    const [traceId, timestamp] = [(i + 1).toString(16).padStart(16, '0'), 1.7e15 + i * 1e6];
    const shop = { serviceName: 'shop' };
    return [
      { traceId, id: traceId, name: 'post /orders', kind: 'SERVER', timestamp, duration: 50_000 + i * 100, localEndpoint: shop },
      { traceId, id: `a${traceId.slice(1)}`, parentId: traceId, name: 'pay', kind: 'CLIENT', timestamp: timestamp + 5000, duration: 30_000 + i * 50, localEndpoint: shop, remoteEndpoint: { serviceName: 'payment' } },
    ];
  }).flat();
}

/** Writes what the commands read. @param port free one for the server that a target's command starts */
export function furnish(folder, port) {
  writeFileSync(path.join(folder, 'shop.yaml'), SHOP);
  writeFileSync(path.join(folder, 'server.cjs'), SERVER);
  writeFileSync(path.join(folder, 'traces.json'), JSON.stringify(traces()));
  const target = `targets: { mine: { url: "http://127.0.0.1:${port}/", command: "exec ${process.execPath} server.cjs ${port}" } }\nload: { users: 3, duration: 1s, warmup: 300ms }\n`;
  writeFileSync(path.join(folder, 'mine.yaml'), target);
}

const RECORD = ['-o', 'json=run.json'];

/** Private brokers that start quickly, of those whose programs are here. */
const QUICK = ['nats', 'redis'].filter((bus) => {
  try {
    return BROKERS.includes(bus) && findBroker(bus) !== '';
  } catch {
    return false;
  }
});

/** @param saved a record that is there already @param exported a folder with a script, whose load was never made */
export function commandsOf(saved, exported) {
  return [
    ['bench', 'shop.yaml', '-a', 'sync,hybrid', ...RECORD],
    ['bench', 'shop.yaml', '-a', 'hybrid', '--bus', 'outbox', ...RECORD],
    ...QUICK.map((bus) => ['bench', 'shop.yaml', '-a', 'hybrid', '--bus', bus, ...RECORD]),
    ['bench', 'shop.yaml', '-a', 'sync', '--services', 'unix', ...RECORD],
    ['bench', 'shop.yaml', '-a', 'event-driven', '--fault', 'crash server at 300ms', ...RECORD],
    ['bench', 'mine.yaml', ...RECORD],
    ['bench', 'shop.yaml', '--compare', 'sync,hybrid', '-c', '5', ...RECORD],
    ['capacity', 'shop.yaml', '-a', 'sync', '--most', '20', '-d', '1s', ...RECORD],
    ['capacity', 'shop.yaml', '--simulate', ...RECORD],
    ['noise', 'shop.yaml', '--aa', '1', '-a', 'sync', '-c', '5'],
    ['simulate', 'shop.yaml', ...RECORD],
    ['simulate', 'shop.yaml', '--sweep', 'email.workers=1,2,3,4,5,6', ...RECORD],
    ['advise', 'shop.yaml', '-o', 'json=run.json'],
    ['serve', 'hybrid', 'shop.yaml'],
    ...QUICK.map((bus) => ['serve', 'hybrid', 'shop.yaml', '--bus', bus]),
    ['compare', saved, saved, ...RECORD],
    ['report', saved, '-o', 'html=run.html'],
    ['import', 'traces.json', '-o', 'traced.yaml', '--force'],
    ['report', saved, '-o', 'markdown=run.md'],
    ['report', saved, saved, '-o', 'html=two.html'],
    ['advise', saved, '-o', 'json=run.json'],
    ['export', 'locust', 'shop.yaml', '-a', 'hybrid', '--target', 'http://127.0.0.1:9', '-o', 'script'],
    ['export', 'k6', 'shop.yaml', '-a', 'sync', '--target', 'http://127.0.0.1:9', '-o', 'script'],
    ['collect', exported, ...RECORD],
    ['validate', 'shop.yaml'],
    ['scenarios'],
    ['init', 'new.yaml', '--force'],
    ['schema'],
  ];
}
