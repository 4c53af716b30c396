import { describe, expect, it } from 'vitest';
import { SimulationPool, type SimulationThread } from '../../src/experiment/simulations.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { service, step, subject, trialOf } from '../simulation/worlds.js';

const world = subject([service('pay', { kind: 'exponential', mean: 100 })], [step('pay')]);
const inputs = [1, 2, 3, 4, 5, 6, 7].map((seed) => trialOf(world, { seed, load: { model: 'closed', users: 5 } }));

/** Threads that answer when they are told to, and what they were asked. */
class Workshop {
  readonly threads: { alive: boolean; stopped: boolean }[] = [];
  private readonly due: { finish: () => void; fail: (error: Error) => void }[] = [];

  readonly start = (): SimulationThread => {
    const state = { alive: true, stopped: false };
    this.threads.push(state);
    return {
      simulate: (input) =>
        new Promise((resolve, reject) => {
          this.due.push({ finish: () => resolve(simulateTrial(input)), fail: (error) => {
            state.alive = false;
            reject(error);
          } });
        }),
      isAlive: () => state.alive,
      stop: async () => {
        state.stopped = true;
        for (const { fail } of this.due.splice(0)) fail(new Error('ended'));
      },
    };
  };

  /** Lets those under way finish, the last one asked first, until nobody asks any more. */
  async finishAll(): Promise<void> {
    while (this.due.length > 0) {
      this.due.pop()?.finish();
      await settled();
    }
  }

  async killOne(): Promise<void> {
    this.due.shift()?.fail(new Error('out of memory'));
    await settled();
  }
}

async function settled(): Promise<void> {
  for (let i = 0; i < 10; i++) await Promise.resolve();
}

describe('a pool of threads', () => {
  it.each([1, 2, 3, 16])('gives the same digits in the same places with %i threads, whoever is done first', async (most) => {
    const workshop = new Workshop();
    const pool = new SimulationPool(workshop.start, most);
    pool.widen();
    const trials = Promise.all(inputs.map(pool.simulate));
    await workshop.finishAll();
    expect(await trials).toEqual(inputs.map((input) => simulateTrial(input)));
    expect(workshop.threads).toHaveLength(Math.min(most, inputs.length));
    expect(pool.progress).toEqual({ done: 7, asked: 7 });
  });

  it('starts no thread before there is work for it, and uses one again', async () => {
    const workshop = new Workshop();
    const pool = new SimulationPool(workshop.start, 8);
    expect(workshop.threads).toHaveLength(0);
    for (const input of inputs.slice(0, 3)) {
      const trial = pool.simulate(input);
      await workshop.finishAll();
      await trial;
    }
    expect(workshop.threads).toHaveLength(1);
  });

  it('starts the others only where there is more to do than a moment takes', async () => {
    const workshop = new Workshop();
    const pool = new SimulationPool(workshop.start, 3);
    let busy = 0;
    pool.onBusy = () => (busy += 1);
    const trials = Promise.all(inputs.map(pool.simulate));
    expect(workshop.threads).toHaveLength(1);
    expect(busy).toBeGreaterThan(0);
    pool.widen();
    expect(workshop.threads).toHaveLength(3);
    await workshop.finishAll();
    expect(await trials).toHaveLength(7);
  });

  it('tells of every trial', async () => {
    const workshop = new Workshop();
    const told: string[] = [];
    const pool = new SimulationPool(workshop.start, 2, ({ done, asked }) => told.push(`${done}/${asked}`));
    const trials = Promise.all(inputs.slice(0, 3).map(pool.simulate));
    await workshop.finishAll();
    await trials;
    expect(told).toEqual(['1/3', '2/3', '3/3']);
  });

  it('ends in the midst of trials: what is under way and what waits rejects, and so does what is asked later', async () => {
    const workshop = new Workshop();
    const pool = new SimulationPool(workshop.start, 2);
    pool.widen();
    const trials = Promise.allSettled(inputs.map(pool.simulate));
    await pool.end();
    const reasons = (await trials).map((one) => (one.status === 'rejected' ? (one.reason as Error).message : one.status));
    expect(reasons).toEqual(inputs.map(() => 'interrupted'));
    await expect(pool.simulate(inputs[0]!)).rejects.toThrow('interrupted');
    expect(workshop.threads.map(({ stopped }) => stopped)).toEqual([true, true]);
    expect(pool.progress.done).toBe(0);
  });

  it('goes on with another thread where one has died, and says of its trial why', async () => {
    const workshop = new Workshop();
    const pool = new SimulationPool(workshop.start, 1);
    const [first, second] = inputs.slice(0, 2).map((input): Promise<MeasuredTrial> => pool.simulate(input));
    first?.catch(() => {});
    await workshop.killOne();
    await workshop.finishAll();
    await expect(first).rejects.toThrow('out of memory');
    expect((await second)?.state).toBe('simulated');
    expect(workshop.threads).toHaveLength(2);
  });
});
