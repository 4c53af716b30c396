/** Pools of connections, as scenarios say them. */
import { describe, expect, it } from 'vitest';
import { resolvedYaml } from '../../src/scenarios/resolved.js';
import { mistakes, parse } from './support.js';

const HEAD = `services: { stock: 10ms, journal: 20ms }
pools: { db: 30 }
`;

describe('pools', () => {
  it('are shared by the steps that name them, in variants as these change them', () => {
    const { steps, variants } = parse(`${HEAD}steps: [{ call: stock, critical: true, pool: db }, { call: journal, pool: db, share: 50% }]
variants:
  smaller: { architecture: sync, pools: { db: 3 } }
  apart: { architecture: sync, steps: { journal: { pool: none, connections: 5 } } }
`);
    expect(steps.map(({ pool }) => pool)).toEqual([{ name: 'db', connections: 30 }, { name: 'db', connections: 30 }]);
    expect(variants[0]?.steps.map(({ pool }) => pool?.connections)).toEqual([3, 3]);
    expect(variants[1]?.steps.map(({ pool, connections }) => pool ?? connections)).toEqual([{ name: 'db', connections: 30 }, 5]);
  });

  it('are those of all kinds of request', () => {
    const text = `${HEAD}transactions:
  read: { weight: 80%, steps: [{ call: stock, critical: true, pool: db }] }
  write: { steps: [{ call: journal, critical: true, pool: db }] }
variants: { smaller: { architecture: sync, pools: { db: 3 } } }
`;
    const scenario = parse(text);
    expect([...scenario.steps, ...scenario.variants[0]!.steps].map(({ pool }) => pool?.connections)).toEqual([30, 30, 3, 3]);
    expect(parse(resolvedYaml(scenario), { file: 'my.yaml' })).toEqual(scenario);
  });

  it.each([
    ['steps: [stock!, journal]', 'my.yaml:2:10: pools.db: no step uses this pool: expected `pool: db` of those that share it'],
    ['steps: [{ call: stock, pool: bd }, { call: journal, pool: db }]', 'my.yaml:3:30: steps.0.pool: expected one of the `pools` of the scenario (db), got "bd"; did you mean "db"?'],
    ['steps: [{ call: stock, pool: db, connections: 4 }]', 'my.yaml:3:47: steps.0.connections: expected none beside the pool db, whose connections it waits for'],
    [
      'steps: [{ call: stock, pool: db }]\nvariants: { x: { architecture: sync, pools: { dd: 4 } } }',
      'my.yaml:4:47: variants.x.pools.dd: expected a pool (db), got "dd"; did you mean "db"?',
    ],
  ])('that cannot be meant are refused: %s', (steps, line) => {
    expect(mistakes(`${HEAD}${steps}\n`)).toEqual([line]);
  });

  it('cannot be called none', () => {
    expect(mistakes('services: { a: 1ms }\npools: { none: 3 }\nsteps: [{ call: a, pool: none }]\n')).toEqual([
      'my.yaml:2:8: pools: expected another name for a pool than none, which is what a step without one says',
    ]);
  });
});
