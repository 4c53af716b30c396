import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startBroker, type Broker } from '../../../src/events/brokers/broker.js';
import { startChild, type Child } from '../../../src/processes/child.js';
import { BROKERS, BUSES } from '../../../src/events/buses.js';
import { answers } from '../../../src/events/brokers/probe.js';
import { needs } from '../../support/needs.js';

// Folders of the brokers of this file only: others may run at the same time.
let folder = '';
let before: string | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'brokers-'));
  // A broker that does not run as root has to get at its own in it.
  chmodSync(folder, 0o755);
  before = process.env['TMPDIR'];
  process.env['TMPDIR'] = folder;
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(folder, { recursive: true, force: true });
});

function isAnswering({ kind, url }: Pick<Broker, 'kind' | 'url'>): Promise<boolean> {
  return answers(Number(new URL(url).port), BUSES[kind].broker.probe);
}

/** Waits until something is so, at most 5 s. */
async function until(condition: () => boolean | Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + 5000; Date.now() < end; await sleep(10)) if (await condition()) return true;
  return false;
}

/** One line of `ps`. */
interface Process {
  state: string;
  id: string;
  parent: string;
  command: string;
}

function processes(): Process[] {
  const lines = execFileSync('ps', ['-ww', '-A', '-o', 'stat=', '-o', 'pid=', '-o', 'ppid=', '-o', 'args='], { encoding: 'utf8' }).trim().split('\n');
  return lines.map((line) => {
    const [state = '', id = '', parent = '', ...args] = line.trim().split(/\s+/);
    return { state, id, parent, command: args.join(' ') };
  });
}

/** States of the processes that a broker of this file has started. */
function helpers(): string[] {
  const all = processes();
  const leaders = all.filter(({ command }) => command.includes(folder)).map(({ id }) => id);
  return all.flatMap(({ state, parent }) => (leaders.includes(parent) ? [state] : []));
}

for (const kind of BROKERS) {
  describe(`startBroker ${kind}`, needs(kind), () => {
    it('serves on a free port, comes back after its death with its folder, and leaves nothing', { timeout: 90_000 }, async () => {
      const broker = await startBroker(kind);
      try {
        expect(await isAnswering(broker)).toBe(true);
        expect(new URL(broker.url).hostname).toBe('127.0.0.1');
        await broker.kill();
        expect(await isAnswering(broker)).toBe(false);
        expect(readdirSync(folder)).toHaveLength(1);
        await broker.restart();
        expect(await isAnswering(broker)).toBe(true);
      } finally {
        await broker.stop();
      }
      expect(await isAnswering(broker)).toBe(false);
      expect(readdirSync(folder)).toEqual([]);
    });
  });
}

describe('startBroker', () => {
  it('stops answering while paused and goes on afterwards', needs('redis'), async () => {
    const broker = await startBroker('redis');
    try {
      await broker.pause();
      expect(await isAnswering(broker)).toBe(false);
      await broker.resume();
      expect(await until(() => isAnswering(broker))).toBe(true);
    } finally {
      await broker.stop();
    }
  });

  it('stops with every helper that it starts meanwhile', needs('postgres'), async () => {
    const broker = await startBroker('postgres');
    // Each connection is a helper more. What the end of the broker does to them is nobody's concern.
    const connect = (): void => {
      const client = new Client(broker.url).on('error', () => {});
      client.connect().catch(() => {});
    };
    const calling = setInterval(connect, 2);
    try {
      expect(await until(() => helpers().length > 10)).toBe(true);
      await broker.pause();
      const states = helpers();
      expect(states.length).toBeGreaterThan(10);
      expect(states.filter((state) => !/^[TZ]/.test(state))).toEqual([]);
    } finally {
      clearInterval(calling);
      await broker.stop();
    }
  });

  // The helpers of the second are no members of its group.
  for (const kind of ['redis', 'postgres'] as const) {
    it(`ends ${kind} with the process that minds it, though that is killed, and removes its folder`, needs(kind), async () => {
      let minder: Child<never> | undefined;
      const broker = await startBroker(kind, async (entry) => (minder = await startChild(entry)));
      expect(readdirSync(folder)).toHaveLength(1);
      minder?.kill('SIGKILL');
      await minder?.exited;
      const isGone = async (): Promise<boolean> => !(await isAnswering(broker)) && readdirSync(folder).length === 0;
      expect(await until(isGone)).toBe(true);
      expect(processes().filter(({ command }) => command.includes(folder))).toEqual([]);
    });
  }

  it('ends with its parent, though that is killed', needs('nats'), async () => {
    const script = join(folder, 'parent.mjs');
    const module = new URL('../../../dist/events/brokers/broker.js', import.meta.url).href;
    writeFileSync(
      script,
      `import { startBroker } from ${JSON.stringify(module)};
       const { kind, url } = await startBroker('nats');
       process.send({ kind, url });`,
    );
    const parent = fork(script, { env: { ...process.env, TMPDIR: folder } });
    const [broker] = (await once(parent, 'message')) as [Pick<Broker, 'kind' | 'url'>];
    expect(await isAnswering(broker)).toBe(true);
    parent.kill('SIGKILL');
    expect(await until(async () => !(await isAnswering(broker)))).toBe(true);
    expect(await until(() => readdirSync(folder).length === 1)).toBe(true);
    expect(existsSync(script)).toBe(true);
  });
});
