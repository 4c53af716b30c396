import { describe, expect, it } from 'vitest';
import { withFaults } from '../../src/cli/faults.js';
import { busSettings, type BusChoice } from '../../src/events/settings.js';
import type { Fault } from '../../src/scenarios/fault.js';
import { parseFault } from '../../src/scenarios/fault-sentence.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';

const SCENARIO = builtIn('lost-events') as Scenario;

function given(choice: BusChoice, ...sentences: string[]): Scenario {
  const faults = sentences.map((text) => (parseFault(text) as { fault: Fault }).fault);
  return withFaults(SCENARIO, faults, busSettings(choice));
}

describe('withFaults', () => {
  it('puts them in place of those of the scenario and of every variant', () => {
    const { faults, variants } = given({}, 'drop 1%');
    expect([faults, ...variants.map((variant) => variant.faults)]).toEqual(Array(4).fill([{ kind: 'drop', share: 0.01 }]));
    expect(given({}).variants.map((variant) => variant.faults)).toEqual([[], [], []]);
    expect(withFaults(SCENARIO, undefined, busSettings({}))).toBe(SCENARIO);
  });

  it('refuses what there is no process for', () => {
    expect(() => given({}, 'crash consumer at 1s')).toThrow(
      '--fault "crash consumer at 1s for 500ms" cannot happen: with the memory bus the consumers live in the server\'s process. Name the server, or choose another --bus.',
    );
    expect(() => given({ bus: 'outbox' }, 'pause broker at 1s')).toThrow('the outbox bus has no broker.');
    expect(() => given({ bus: 'nats', busUrl: 'nats://x' }, 'crash broker at 1s')).toThrow('is not ours to kill');
    expect(given({ bus: 'nats' }, 'crash broker at 1s', 'crash consumer at 1s', 'crash server at 1s').faults).toHaveLength(3);
  });
});
