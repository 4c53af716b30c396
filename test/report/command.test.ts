import { describe, expect, it } from 'vitest';
import { repeatCommand } from '../../src/report/command.js';

const repeat = (command: string[]): string =>
  repeatCommand({ tool: { name: 'sync-vs-events', version: '1' }, command, seed: 7 });

describe('repeatCommand', () => {
  it('adds the seed, unless it was said', () => {
    expect(repeat(['bench', 'checkout'])).toBe('sync-vs-events bench checkout --seed 7');
    expect(repeat(['bench', '--seed', '7'])).toBe('sync-vs-events bench --seed 7');
    expect(repeat(['bench', '--seed=7'])).toBe('sync-vs-events bench --seed=7');
  });

  it('quotes what a shell would take apart', () => {
    expect(repeat(['bench', '--threshold', 'hybrid: p95 < 600ms', '--seed', '7'])).toBe(
      "sync-vs-events bench --threshold 'hybrid: p95 < 600ms' --seed 7",
    );
  });
});
