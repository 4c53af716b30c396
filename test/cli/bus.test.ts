/** What a user is told of buses, before anything is started. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AdviceDocument } from '../../src/advice/document.js';
import { BUS_NAMES, BUSES } from '../../src/events/buses.js';
import { main } from '../../src/cli/main.js';
import type { MeasuredTrial, RunRecord } from '../../src/measurement/record.js';
import { BUS_TIMES, MEASURED_ON } from '../../src/simulation/bus-times.js';
import { fakeIo } from '../support/fake-io.js';
import { simulations } from '../support/simulations.js';

/** The reply waits 30 ms, and for the publish. */
const SHOP = 'services: { payment: { latency: 30ms, workers: 100 }, email: { latency: 20ms, workers: 100 } }\nsteps: [payment!, email]\n';

const { PATH } = process.env;
afterEach(() => {
  process.env.PATH = PATH;
});

async function run(...args: string[]) {
  const io = fakeIo(args);
  const code = await main(io, { runTrial: () => Promise.reject(new Error('something was started')) });
  return { code, out: io.out(), err: io.err() };
}

describe('--bus', () => {
  it.each([
    ['nats', 'nats-server'],
    ['redis', 'redis-server'],
    ['bullmq', 'redis-server'],
    ['rabbitmq', 'rabbitmq-server'],
    ['kafka', 'java'],
    ['sqs', 'java'],
  ])('%s without %s on the PATH says in one line what to install', async (bus, binary) => {
    process.env.PATH = '';
    const { code, out, err } = await run('bench', '--bus', bus);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(new RegExp(`^error: --bus ${bus} needs ${binary}, which is not on the PATH \\(.*install.*\\), or --bus-url\n$`));
  });

  it('is named by a dry run with what it publishes', async () => {
    const { code, out } = await run('bench', '--bus', 'nats', '--dry-run');
    expect(code).toBe(0);
    expect(out).toContain('events by nats (private), published confirmed');
  });

  it('is named by a dry run with what its settings cost and lose', async () => {
    const { out } = await run('bench', '--bus', 'bullmq', '--dry-run');
    for (const remark of BUSES.bullmq.capabilities.remarks) expect(out).toContain(`       - ${remark}\n`);
  });
});

describe('--bus in virtual time', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'));
    writeFileSync(path.join(folder, 'shop.yaml'), SHOP);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function predicted(...args: string[]) {
    const io = fakeIo(args, folder);
    io.stdout.columns = 400;
    const code = await main(io, { simulations });
    return { code, out: io.out(), err: io.err() };
  }

  /** What is simulated of one hybrid trial. */
  async function hybrid(...args: string[]): Promise<{ record: RunRecord; trial: MeasuredTrial; out: string }> {
    const { code, out, err } = await predicted('simulate', 'shop.yaml', '-a', 'hybrid', '-R', '50', '-d', '20s', '-o', 'json=run.json', ...args);
    expect([code, err]).toEqual([0, '']);
    const record = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
    return { record, trial: record.trials[0] as MeasuredTrial, out };
  }

  const SAYS = /^bus: kafka, publish .* ms \(.* to .* ms\), lag .* ms \(.* to .* ms\): measured defaults of this tool on .*; `bench` measures yours$/m;

  it('takes the times that this tool knows of a bus, says so, and records it', async () => {
    const [memory, kafka] = [await hybrid(), await hybrid('--bus', 'kafka')];
    const { publish, lag } = BUS_TIMES.kafka;
    expect(kafka.trial.responseTime.p50! - memory.trial.responseTime.p50!).toBeCloseTo(publish.p50, 0);
    expect(kafka.trial.events!.lag.p50!).toBeCloseTo(lag.p50, 0);
    expect(kafka.trial.events!.lag.min!).toBeGreaterThanOrEqual(lag.min);
    expect(kafka.out).toMatch(SAYS);
    expect(kafka.record.plan.bus).toEqual({ name: 'kafka', publish: 'confirmed', private: null, times: { publish, lag, said: 0, measuredOn: MEASURED_ON } });
    expect(memory.out).not.toContain('bus:');
    expect(memory.record.plan.bus).toEqual({ name: 'memory', publish: 'confirmed', private: null });
  });

  it('says nothing of the bus in the server, which takes no time', async () => {
    const [without, named] = [await hybrid(), await hybrid('--bus', 'memory')];
    expect(named.trial).toEqual(without.trial);
  });

  it('gives way to what the scenario says of a publish', async () => {
    writeFileSync(path.join(folder, 'shop.yaml'), `${SHOP}event: { publish: 60ms }\n`);
    const { trial, out, record } = await hybrid('--bus', 'kafka');
    expect(trial.responseTime.min).toBeCloseTo(30 + 60, 9);
    expect(out).toContain('bus: kafka, publish 60 ms, as the scenario says, lag ');
    expect(record.plan.bus?.times?.said).toBe(60);
  });

  it.each([
    ['simulate', 'shop.yaml', '-a', 'hybrid', '--sweep', 'users=2,4', '-d', '1s'],
    ['capacity', 'shop.yaml', '-a', 'hybrid', '--simulate', '--most', '20', '-d', '1s'],
    ['advise', 'shop.yaml', '-c', '5', '-d', '2s'],
  ])('is said by %s %s %s %s', async (...args) => {
    const { code, out } = await predicted(...args, '--bus', 'kafka');
    expect(code).toBe(0);
    expect(out).toMatch(SAYS);
  });

  it('is in the document of advice, and in its decision record', async () => {
    await predicted('advise', 'shop.yaml', '-c', '5', '-d', '2s', '--bus', 'postgres', '-o', 'json=a.json', '-o', 'markdown=a.md');
    const document = JSON.parse(readFileSync(path.join(folder, 'a.json'), 'utf8')) as AdviceDocument;
    expect(document.bus).toMatchObject({ name: 'postgres', publish: 'outbox', times: BUS_TIMES.postgres });
    expect(readFileSync(path.join(folder, 'a.md'), 'utf8')).toContain('bus: postgres, publish ');
  });

  it('of a simulated record is that of the advice on it, unless another is named', async () => {
    await hybrid('--bus', 'kafka');
    expect((await predicted('advise', 'run.json', '-d', '2s')).out).toMatch(SAYS);
    expect((await predicted('advise', 'run.json', '-d', '2s', '--bus', 'nats')).out).toContain('bus: nats, ');
    expect((await predicted('advise', 'run.json', '-d', '2s', '--bus', 'memory')).out).not.toContain('bus: ');
  });

  it('makes the same orders wait as well', async () => {
    const sameOrders = async (...args: string[]) => {
      await predicted('simulate', 'shop.yaml', '-c', '50', '-d', '5s', '-o', 'json=run.json', ...args);
      const { sameOrders: rows } = JSON.parse(readFileSync(path.join(folder, 'run.json'), 'utf8')) as RunRecord;
      return rows!.find(({ architecture }) => architecture === 'hybrid')!.p50!;
    };
    expect((await sameOrders('--bus', 'kafka')) - (await sameOrders())).toBeCloseTo(BUS_TIMES.kafka.publish.p50, 0);
  });

  it.each([
    [['simulate', 'shop.yaml', '-a', 'sync', '--bus', 'kafka'], '--bus is about events, and nothing here publishes any'],
    [['capacity', 'shop.yaml', '-a', 'hybrid', '--bus', 'kafka'], '--bus is of the model here, and what is measured has the memory bus: give --simulate'],
    [['capacity', 'shop.yaml', '-a', 'sync', '--simulate', '--bus', 'kafka'], '--bus is about events, and nothing here publishes any'],
    [['simulate', 'late.yaml', '--bus', 'kafka'], 'which the memory bus can do and --bus kafka cannot'],
    [['advise', 'late.yaml', '--bus', 'kafka'], 'which the memory bus can do and --bus kafka cannot'],
    [['simulate', 'shop.yaml', '--bus', 'carrier-pigeon'], "argument 'carrier-pigeon' is invalid"],
  ])('%j is refused', async (args, message) => {
    writeFileSync(path.join(folder, 'late.yaml'), `${SHOP}event: { consumers: { email: { delay: 1s } } }\n`);
    const { code, err } = await predicted(...args);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

it('knows times of every bus, each as order statistics are', () => {
  for (const bus of BUS_NAMES) {
    for (const { min, p50, p95 } of Object.values(BUS_TIMES[bus])) {
      const ascending = [0, min, p50, p95, 1000];
      expect(ascending).toEqual(ascending.toSorted((a, b) => a - b));
      expect(p50).toBeGreaterThan(0);
    }
  }
});
