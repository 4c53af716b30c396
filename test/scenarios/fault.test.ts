import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contradiction, type Fault, FAULT_PATTERN, FAULT_PROCESSES, formatFault, parseFault } from '../../src/scenarios/fault.js';
import { mistakes, parse, SMALL } from './support.js';

const ms = fc.integer({ min: 1, max: 86_400_000 });
const share = fc.integer({ min: 1, max: 10_000 }).map((n) => n / 10_000);
const anyFault: fc.Arbitrary<Fault> = fc.oneof(
  fc.record({ kind: fc.constantFrom('crash', 'pause'), process: fc.constantFrom(...FAULT_PROCESSES), at: ms, for: ms }),
  fc.record({ kind: fc.constantFrom('duplicate', 'drop', 'reorder'), share }),
  fc.record({ kind: fc.constant('delay'), share, by: ms }),
  fc.record({ kind: fc.constant('poison'), share }),
  fc.record({ kind: fc.constant('poison'), order: fc.nat(999_999_999) }),
);

describe('parseFault', () => {
  it.each([
    ['crash server at 3s', { kind: 'crash', process: 'server', at: 3000, for: 500 }],
    ['crash: consumer at 0ms for 2s', { kind: 'crash', process: 'consumer', at: 0, for: 2000 }],
    ['  pause  broker at 1.5s for 1m ', { kind: 'pause', process: 'broker', at: 1500, for: 60_000 }],
    ['duplicate 5%', { kind: 'duplicate', share: 0.05 }],
    ['drop 0.01', { kind: 'drop', share: 0.01 }],
    ['reorder 100%', { kind: 'reorder', share: 1 }],
    ['delay 10% by 300ms', { kind: 'delay', share: 0.1, by: 300 }],
    ['poison 1%', { kind: 'poison', share: 0.01 }],
    ['poison order 17', { kind: 'poison', order: 17 }],
  ])('reads %s', (text, fault) => {
    expect(parseFault(text)).toEqual({ fault });
    expect(text).toMatch(new RegExp(FAULT_PATTERN));
  });

  it.each([
    ['', 'expected a fault (crash, pause, duplicate, drop, reorder, delay, poison), got nothing'],
    ['crush server at 3s', 'expected a fault (crash, pause, duplicate, drop, reorder, delay, poison), got "crush"; did you mean "crash"?'],
    ['crash severs at 3s', 'expected a process (server, consumer, broker), got "severs"; did you mean "server"? (as in "crash server at 3s for 500ms")'],
    ['crash server in 3s', 'expected a word (at), got "in"; did you mean "at"? (as in "crash server at 3s for 500ms")'],
    ['crash server at 3', 'expected a duration such as 500ms or 3s, got "3" (as in "crash server at 3s for 500ms")'],
    ['crash server at 3s for 0ms', 'expected a duration such as 500ms or 3s, got "0ms" (as in "crash server at 3s for 500ms")'],
    ['crash server at 3s twice', 'expected nothing more, got "twice" (as in "crash server at 3s for 500ms")'],
    ['duplicate', 'expected a share from 0.01% to 100%, got nothing (as in "duplicate 5%")'],
    ['drop 0%', 'expected a share from 0.01% to 100%, got "0%" (as in "drop 1%")'],
    ['drop 101%', 'expected a share from 0.01% to 100%, got "101%" (as in "drop 1%")'],
    ['delay 5%', 'expected a word (by), got nothing (as in "delay 10% by 300ms")'],
    ['poison order -1', 'expected the number of an order, from 0, got "-1" (as in "poison 1%" or "poison order 17")'],
  ])('refuses %s', (text, mistake) => {
    expect(parseFault(text)).toEqual({ mistake });
  });

  it('reads what formatFault writes, whatever the fault', () => {
    fc.assert(fc.property(anyFault, (fault) => {
      expect(parseFault(formatFault(fault))).toEqual({ fault });
    }));
  });

  it('finds a fault or a mistake in any text', () => {
    fc.assert(fc.property(fc.string(), (text) => {
      expect(Object.keys(parseFault(text))).toHaveLength(1);
    }));
  });
});

describe('contradiction', () => {
  it('is two faults of one process at a time, and two shares of one kind', () => {
    const found = (...texts: string[]) => contradiction(texts.map((text) => (parseFault(text) as { fault: Fault }).fault));
    expect(found('crash server at 1s', 'pause server at 1.5s', 'crash broker at 1s')).toBeUndefined();
    expect(found('crash server at 1s', 'pause server at 1.4s')).toEqual({
      position: 1,
      message: '"pause server at 1.4s for 500ms" overlaps "crash server at 1s for 500ms"',
    });
    expect(found('drop 1%', 'duplicate 1%', 'drop 2%')?.message).toBe('"drop 2%" says again, in another way, "drop 1%"');
    expect(found('poison 1%', 'poison order 1', 'poison order 2')).toBeUndefined();
  });
});

describe('faults of a scenario', () => {
  it('are sentences or mappings of one, and those of a variant take their place', () => {
    const { faults, variants } = parse(
      `${SMALL}faults: [crash: server at 3s, duplicate 5%]\nvariants: { same: { architecture: hybrid }, none: { architecture: hybrid, faults: [] } }\n`,
    );
    expect(faults).toEqual([
      { kind: 'crash', process: 'server', at: 3000, for: 500 },
      { kind: 'duplicate', share: 0.05 },
    ]);
    expect(variants.map((variant) => variant.faults)).toEqual([faults, []]);
  });

  it('are refused with their place', () => {
    expect(mistakes(`${SMALL}faults:\n  - crash sever at 3s\n  - 5\n  - { crash: server at 1s, pause: server at 2s }\n`)).toEqual([
      'my.yaml:4:5: faults.0: expected a process (server, consumer, broker), got "sever"; did you mean "server"? (as in "crash server at 3s for 500ms")',
      'my.yaml:5:5: faults.1: expected a fault such as "crash server at 3s", got 5',
      'my.yaml:6:5: faults.2: expected a fault such as "crash server at 3s", got a mapping',
    ]);
    expect(mistakes(`${SMALL}faults: [drop 1%]\nvariants: { v: { architecture: hybrid, faults: [drop 1%, drop 2%] } }\n`)).toEqual([
      'my.yaml:4:58: variants.v.faults.1: "drop 2%" says again, in another way, "drop 1%"',
    ]);
  });
});
