/**
 * Hosts, imitated: a network namespace and a monotonic clock for each, and wires of 5 ms to some, which delay every packet
 * both ways. The truth is known all the same, because the clocks are those of one machine, moved by whole days.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { HostsRun, LAYOUT, TOKEN } from '../../benchmarks/support/hosts-run.js';
import { decodeFloats } from '../../src/measurement/samples.js';
import { needs } from '../support/needs.js';

/** Consumers that cannot keep up: a lag that any clock can measure. */
const BEHIND = `
services: { payment: { latency: 30ms }, email: { latency: 40ms, workers: 2 } }
steps: [payment!, email]
load: { users: [2], duration: 5s, warmup: 1s, drain: 30s }
`;
/** Consumers that start on an event as soon as it is there. */
const ABREAST = BEHIND.replace('workers: 2', 'workers: 50');
const RATE = ['-R', '60'];

/** What is wrong, but for machines that have no time. */
const BOOKS = /books|role|end in order|bus held|clock/;

let run: HostsRun;
beforeEach(() => void (run = new HostsRun()));
afterEach(() => run.end());

/** Ends it, and looks at the record. */
async function collected(): ReturnType<HostsRun['commands']['collected']> {
  expect(await run.finish()).toEqual([0, 0, 0, 0]);
  const made = await run.commands.collected('load');
  expect([made.trial.outcomes.sent, made.trial.server.received]).toEqual([300, 300]);
  expect(made.trial.events).toMatchObject({ acknowledged: 300, processed: 300, lost: 0, pending: 0 });
  return made;
}

describe('hosts', { timeout: 180_000, ...needs('ip', 'iptables', 'unshare', 'wire', 'nats', 'locust') }, () => {
  it('with clocks of their own become one record, whose lags are within the stated bound of the truth', async () => {
    await run.start(BEHIND);
    expect(run.url).toBe(`http://${run.hosts.address('server')}:3000`);
    await run.loadWithLocust(...RATE);
    const { trial, record } = await collected();
    expect(record.generator).toEqual({ engine: 'locust', workers: 2 });
    expect(trial.validity.problems.filter((problem) => BOOKS.test(problem))).toEqual([]);
    const { hosts, lagBound } = trial.clocks!;
    for (const role of ['server', 'consumers'] as const) expect(Math.abs(hosts[role]!.offset + run.hosts.ahead(role))).toBeLessThanOrEqual(hosts[role]!.bound);
    // There and back over each wire; half of it is as well as a clock beyond it can be known.
    for (const host of ['consumers', 'locust 0', 'locust 1']) {
      expect(hosts[host]!.roundTrip).toBeGreaterThanOrEqual(10);
      expect(hosts[host]!.bound).toBeGreaterThanOrEqual(5);
    }
    const wires = LAYOUT['worker-1'].wire! + LAYOUT.services.wire!;
    expect(trial.responseTime.min).toBeGreaterThanOrEqual(30 + 2 * wires);
    const measured = decodeFloats(trial.events!.samples!.lag);
    const truth = run.trueLags();
    expect(measured).toHaveLength(truth.length);
    const errors = truth.map((lag, i) => Math.abs(lag - measured[i]!));
    expect(Math.max(...errors)).toBeLessThanOrEqual(lagBound + 0.01);
    expect(readFileSync(path.join(run.commands.folder, 'run.json'), 'utf8')).not.toContain(TOKEN);
  });

  it('whose clocks cannot measure so short a lag say so, and leave no event out', async () => {
    // Events take the short way, and what clocks are read by the long one.
    await run.end();
    run = new HostsRun({ ...LAYOUT, control: { wire: 40 } });
    await run.start(ABREAST);
    await run.loadWithLocust(...RATE);
    const { trial } = await collected();
    const { lagBound } = trial.clocks!;
    const measured = decodeFloats(trial.events!.samples!.lag);
    expect(measured).toHaveLength(300);
    expect(Math.min(...measured)).toBeGreaterThanOrEqual(0);
    const truth = run.trueLags();
    expect(Math.max(...truth.map((lag, i) => Math.abs(lag - measured[i]!)))).toBeLessThanOrEqual(lagBound + 0.01);
    // Its wire and the one before the consumers, half of there and back each.
    expect(lagBound).toBeGreaterThanOrEqual(2 * 40 + 5);
    expect(truth[150]).toBeLessThan(lagBound);
    expect(trial.validity.problems.join('\n')).toMatch(/p50 of the event lag is below that/);
    // Only where the machine kept one of twenty events for longer than that is there a number in its place.
    const { said } = await run.commands.run('report', 'run.json');
    expect(/< \d+ ms/.test(said)).toBe(trial.events!.lag.p95! < lagBound);
  });

  it('that lose the line in the middle serve on, and all is accounted for', async () => {
    await run.start(BEHIND);
    // Written while it runs.
    const rows = path.join(run.commands.folder, 'load/rows.jsonl');
    const loading = run.loadWithLocust(...RATE);
    const written = (): number => (existsSync(rows) ? readFileSync(rows, 'utf8').split('\n').length - 1 : 0);
    const more = (than: number): Promise<boolean> => vi.waitUntil(() => written() > than, { interval: 50, timeout: 60_000 });
    await more(0);
    // The control line, and nothing else.
    const cut = (how: '-A' | '-D'): void => run.hosts.inside('control', 'iptables', how, 'INPUT', '-p', 'tcp', '--dport', '4000', '-j', 'DROP');
    cut('-A');
    // Some seconds: what Locust's workers tell of a second of requests at least comes when these have been answered meanwhile.
    await more(written() + 60);
    cut('-D');
    await loading;
    const { trial } = await collected();
    expect(trial.validity.problems.filter((problem) => BOOKS.test(problem))).toEqual([]);
  });
});
