import { describe, expect, it } from 'vitest';
import { truncate } from '../../../src/verdict/statistics/mser.js';
import { normals } from '../chance.js';

const noise = (seed: number, n: number, mean = 100, sd = 5) => {
  const normal = normals(seed);
  return Array.from({ length: n }, () => mean + sd * normal());
};

/** The definition, word for word, over batch means: d that minimises the squared deviation of the rest over its count squared. */
function byDefinition(values: readonly number[]): number {
  const means = Array.from({ length: Math.floor(values.length / 5) }, (_, i) =>
    values.slice(5 * i, 5 * i + 5).reduce((sum, value) => sum + value / 5, 0),
  );
  const errors = means.slice(0, means.length - 4).map((_, d) => {
    const rest = means.slice(d);
    const mean = rest.reduce((sum, value) => sum + value, 0) / rest.length;
    return rest.reduce((sum, value) => sum + (value - mean) ** 2, 0) / rest.length ** 2;
  });
  return 5 * errors.indexOf(Math.min(...errors));
}

describe('truncate', () => {
  it('agrees with the definition', () => {
    for (let seed = 0; seed < 50; seed++) {
      const values = [...noise(seed, 37, 150, 30), ...noise(seed + 100, 200 + seed)];
      expect(truncate(values).cut).toBe(byDefinition(values));
    }
  });

  it('cuts a ramp and little more', () => {
    const ramp = Array.from({ length: 100 }, (_, i) => 300 - 2 * i);
    const { cut, steady } = truncate([...ramp, ...noise(7, 900)]);
    expect(steady).toBe(true);
    expect(cut).toBeGreaterThanOrEqual(90);
    expect(cut).toBeLessThan(150);
  });

  it('leaves a steady series nearly whole', () => {
    const cuts = Array.from({ length: 40 }, (_, seed) => truncate(noise(seed, 500)));
    expect(cuts.filter(({ steady }) => steady).length).toBeGreaterThan(36);
    expect(cuts.filter(({ cut }) => cut < 100).length).toBeGreaterThan(28);
    expect(truncate(Array.from({ length: 100 }, () => 7))).toEqual({ cut: 0, steady: true });
  });

  it('says that what never settles is not steady', () => {
    expect(truncate(Array.from({ length: 500 }, (_, i) => i)).steady).toBe(false);
    expect(truncate([...noise(3, 300, 500), ...noise(4, 200, 100)]).steady).toBe(false);
  });

  it('cuts exactly half and no more', () => {
    const level = (n: number, value: number) => Array.from({ length: n }, () => value);
    expect(truncate([...level(50, 9), ...level(50, 1)])).toEqual({ cut: 50, steady: true });
    expect(truncate([...level(55, 9), ...level(50, 1)])).toEqual({ cut: 55, steady: false });
  });

  it('cannot tell from a few values', () => {
    expect(truncate([])).toEqual({ cut: 0, steady: false });
    expect(truncate(noise(1, 49))).toEqual({ cut: 0, steady: false });
    expect(truncate(Array.from({ length: 50 }, () => 1))).toEqual({ cut: 0, steady: true });
  });

  it('ignores a last batch that is not whole', () => {
    const values = noise(5, 200);
    expect(truncate([...values, 1e9, 1e9])).toEqual(truncate(values));
  });
});
