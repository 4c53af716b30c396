/** The table of buses: a new entry that lacks a part fails here. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BROKERS, BUS_NAMES, BUSES, hasPrivateBroker } from '../../src/events/buses.js';
import type { BusDescriptor } from '../../src/events/descriptor.js';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');
const { devDependencies, peerDependencies, peerDependenciesMeta } = JSON.parse(read('package.json')) as {
  devDependencies: Record<string, string>;
  peerDependencies: Record<string, string>;
  peerDependenciesMeta: Record<string, { optional: boolean }>;
};

describe.each(BUS_NAMES)('%s', (name) => {
  const { capabilities, publishes, packages, at, broker }: BusDescriptor = BUSES[name];
  const { survives, remarks, separateProcesses } = capabilities;

  it('says what it survives and what it costs', () => {
    expect(remarks.length).toBeGreaterThan(0);
    expect(survives.broker || !survives.power).toBe(true);
    expect(separateProcesses).toBe(at !== null);
    expect(new Set(publishes).size).toBe(publishes.length);
  });

  it('has its stories tried, unless it is a queue in the server', () => {
    expect(existsSync(new URL(`../experiment/stories/${name}.live.test.ts`, import.meta.url))).toBe(separateProcesses);
  });

  it('names packages that are optional, and the version that the tests run with', () => {
    for (const wanted of packages) {
      const [version = '', ...rest] = wanted.split('@').toReversed();
      const packageName = rest.toReversed().join('@');
      expect([packageName, version]).toEqual([packageName, devDependencies[packageName]]);
      expect([packageName, peerDependencies[packageName], peerDependenciesMeta[packageName]]).toEqual([packageName, expect.any(String), { optional: true }]);
    }
  });

  it('has a private broker only where there are brokers, on 127.0.0.1', () => {
    expect(hasPrivateBroker(name)).toBe(broker !== null);
    if (!broker) return;
    expect(at).toBe('broker');
    expect(new URL(broker.url({ folder: '/x', port: 4711, otherPort: 4712 }))).toMatchObject({ hostname: '127.0.0.1', port: '4711' });
    expect(broker.install).toContain('apt install');
  });

  it('has its rows in docs/events.md and its program in .ci/run', () => {
    expect(read('docs/events.md').split('\n').filter((line) => line.startsWith(`| \`${name}\` |`)).length).toBeGreaterThan(0);
    expect(read('.ci/run')).toContain(broker?.binary ?? '');
  });
});

it('the brokers are those that have one', () => {
  expect(BROKERS).toEqual(BUS_NAMES.filter((name) => BUSES[name].broker !== null));
});
