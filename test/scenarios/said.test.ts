import { describe, expect, it } from 'vitest';
import { builtIn, builtInEntry } from '../../src/scenarios/library/library.js';
import { resolvedYaml } from '../../src/scenarios/resolved.js';
import { saidOfLoad } from '../../src/scenarios/said.js';
import type { Scenario } from '../../src/scenarios/scenario.js';

describe('saidOfLoad', () => {
  it.each([
    ['services: { pay: 1ms }\nsteps: [pay]\n', []],
    ['load: { users: 3, duration: 7s }', ['users', 'duration']],
    ['{"load": {"until": "2%"}}', ['until']],
    ['load: 3', []],
    ['- load', []],
  ])('%j says %j', (text, said) => {
    expect([...saidOfLoad(text, 'shop.yaml')]).toEqual(said);
  });

  it('knows a default from what is written', () => {
    expect(saidOfLoad(builtInEntry('checkout')?.yaml ?? '', 'checkout').has('duration')).toBe(true);
    expect(saidOfLoad(builtInEntry('flash-sale')?.yaml ?? '', 'flash-sale').has('duration')).toBe(false);
    expect(saidOfLoad(resolvedYaml(builtIn('flash-sale') as Scenario), 'flash-sale').has('duration')).toBe(true);
  });
});
