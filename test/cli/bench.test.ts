import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/main.js';
import { fakeIo } from '../support/fake-io.js';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), 'sync-vs-events-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** What is said of the first window. */
async function windowOf(...args: string[]): Promise<string | undefined> {
  const io = fakeIo(['bench', ...args, '--dry-run'], folder);
  expect(await main(io)).toBe(0);
  return /window ([^,]+),/.exec(io.out())?.[1];
}

const SHOP = 'services: { pay: 20ms, mail: 30ms }\nsteps: [pay!, mail]\nload: { users: 5';

describe('how long a window is', () => {
  it('is a matter of what is known, where nobody says it', async () => {
    expect(await windowOf()).toBe('3s to 10s');
    expect(await windowOf('checkout', '-c', '20', '--rounds', '3')).toBe('3s to 10s');
    writeFileSync(path.join(folder, 'shop.yaml'), `${SHOP} }\n`);
    expect(await windowOf('shop.yaml')).toBe('3s to 10s');
  });

  it('is what an option says, or a file', async () => {
    expect(await windowOf('-d', '10s')).toBe('10s');
    expect(await windowOf('--quick')).toBe('2s');
    writeFileSync(path.join(folder, 'shop.yaml'), `${SHOP}, duration: 8s }\n`);
    expect(await windowOf('shop.yaml')).toBe('8s');
    expect(await windowOf('shop.yaml', '-d', '4s')).toBe('4s');
  });

  it('is fixed where a verdict rests on counts, or something happens at a moment of it', async () => {
    expect(await windowOf('--threshold', 'hybrid: failure_rate < 1%')).toBe('10s');
    expect(await windowOf('-a', 'sync', '--fault', 'crash server at 3s')).toBe('10s');
    expect(await windowOf('email-outage')).not.toContain(' to ');
  });
});
