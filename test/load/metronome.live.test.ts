/** The metronome with its thread, in real time. How late it wakes is the machine's affair, which bench:generator measures. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { now } from '../../src/base/clock.js';
import { startMetronome, type Metronome } from '../../src/load/metronome.js';

let clock: Metronome;

beforeEach(async () => {
  clock = await startMetronome();
});

afterEach(async () => {
  vi.restoreAllMocks();
  await clock.stop();
});

/** Lets everything that reaches the thread come so late, ms: the main thread is as if it had lost its core. */
function notifyLate(ms: number): void {
  const notify = Atomics.notify;
  vi.spyOn(Atomics, 'notify').mockImplementation((...args: Parameters<typeof notify>) => {
    for (const until = now() + ms; now() < until; );
    return notify(...args);
  });
}

describe('the metronome', () => {
  it('wakes at each moment, never before', async () => {
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
    expect(late).toHaveLength(40);
    expect(Math.min(...late)).toBeGreaterThanOrEqual(0);
  });

  it('waits for the moment set last', async () => {
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

  it('wakes at once for a moment that is past', async () => {
    const woken: string[] = [];
    await new Promise<void>((resolve) => {
      clock.at(now() + 5000, () => woken.push('later'));
      clock.at(now() - 1000, () => {
        woken.push('at once');
        resolve();
      });
    });
    expect(woken).toEqual(['at once']);
  });

  it('loses no wake-up when the thread is notified of what it sleeps for already', async () => {
    const woken: string[] = [];
    await new Promise<void>((resolve) => {
      clock.at(now() + 10, () => woken.push('first'));
      // The first moment comes between number and notification: the thread wakes by itself, and goes to sleep for the second.
      notifyLate(40);
      clock.at(now() + 80, () => {
        woken.push('second');
        resolve();
      });
    });
    expect(woken).toEqual(['second']);
  });
});
