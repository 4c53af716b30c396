import { afterEach, describe, expect, it } from 'vitest';
import { now } from '../../src/base/clock.js';
import { startMetronome, type Metronome } from '../../src/load/metronome.js';

let metronome: Metronome | undefined;

afterEach(() => metronome?.stop());

describe('the metronome', () => {
  it('wakes at each moment, never before', async () => {
    const clock = (metronome = await startMetronome());
    const start = now() + 5;
    const late: number[] = [];
    await new Promise<void>((resolve) => {
      const wake = (): void => {
        late.push(now() - (start + late.length * 2.5));
        if (late.length === 40) resolve();
        else clock.at(start + late.length * 2.5, wake);
      };
      clock.at(start, wake);
    });
    // How late it may be is the machine's affair, which bench:generator measures.
    expect(late).toHaveLength(40);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  });

  it('waits for the moment set last', async () => {
    const clock = (metronome = await startMetronome());
    const woken: string[] = [];
    await new Promise<void>((resolve) => {
      clock.at(now() + 5000, () => woken.push('first'));
      clock.at(now() + 5, () => {
        woken.push('second');
        resolve();
      });
    });
    expect(woken).toEqual(['second']);
  });
});
