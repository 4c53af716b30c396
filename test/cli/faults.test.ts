import { describe, expect, it } from 'vitest';
import { withFaults } from '../../src/cli/faults.js';
import { main } from '../../src/cli/main.js';
import { busSettings, type BusChoice } from '../../src/events/settings.js';
import { type Fault, parseFault } from '../../src/scenarios/fault.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import type { Scenario } from '../../src/scenarios/scenario.js';
import { fakeIo } from '../support/fake-io.js';

const SCENARIO = builtIn('lost-events') as Scenario;

function given(choice: BusChoice, ...sentences: string[]): Scenario {
  const faults = sentences.map((text) => (parseFault(text) as { fault: Fault }).fault);
  return withFaults(SCENARIO, faults, busSettings(choice));
}

describe('withFaults', () => {
  it('puts them in place of those of the scenario and of every variant', () => {
    const { faults, variants } = given({}, 'drop 1%');
    const drop = [{ kind: 'drop', share: 0.01 }];
    expect([faults, ...variants.map((variant) => variant.faults)]).toEqual([drop, drop, drop, drop]);
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

describe('--fault', () => {
  const told = async (...args: string[]) => {
    const io = fakeIo(['bench', ...args]);
    const code = await main(io, { runTrial: () => Promise.reject(new Error('something was started')) });
    return { code, err: io.err() };
  };

  it.each([
    [['--fault', 'crash severs at 3s'], 'Expected a process (server, consumer, broker), got "severs"; did you mean "server"?'],
    [['--fault', 'drop 1%', '--fault', 'drop 2%'], '"drop 2%" says again, in another way, "drop 1%".'],
    [['--fault', 'crash broker at 3s'], 'the memory bus has no broker. Choose --bus nats, redis, bullmq, rabbitmq, postgres, kafka or sqs.'],
    [['--fault', 'drop 1%', '--compare', 'sync,hybrid'], '--fault happens within a trial, and --compare measures steady blocks'],
  ])('%j is a mistake, told before anything is started', async (args, message) => {
    const { code, err } = await told(...args);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });
});
