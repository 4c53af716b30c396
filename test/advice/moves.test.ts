/** What is left of a chain that publishes already: as it is it is arranged as it was, and what it may move is what its reply does not need. */
import { describe, expect, it } from 'vitest';
import { arranged, movable, staying, UNCHANGED } from '../../src/advice/alternatives.js';
import { leftInReply } from '../../src/advice/moves.js';
import { callGraphOf } from '../../src/scenarios/architectures.js';
import { callsIn, consumersOf } from '../../src/scenarios/call-graph.js';
import { subjectOf, type Subject } from '../../src/scenarios/subject.js';
import { scenarioOf } from './advice-for.js';

const SHOP = scenarioOf(`
services: { pay: 100ms, pack: 40ms, mail: 800ms, log: 50ms, stock: 10ms }
steps: [pay!, { call: pack, critical: true, after: [] }, { call: mail, after: [pay] }, { call: log, after: [mail] }]
event: { after: pay, wait: true, consumers: { stock: { attempts: 2 }, mail: { attempts: 7 } } }
variants:
  mail-stays: { architecture: hybrid, steps: { mail: { critical: true } } }
  all-stay: { architecture: hybrid, steps: { mail: { critical: true }, log: { critical: true } } }
`);

const left = (name: string): Subject => leftInReply(subjectOf(SHOP, name)!, SHOP);
const names = (of: readonly { name: string }[]): string[] => of.map(({ name }) => name);

describe('a chain that publishes already', () => {
  it.each(['hybrid', 'mail-stays', 'all-stay'])('is as it is what it was: %s', (name) => {
    expect(callGraphOf(staying(left(name)).subject)).toEqual(callGraphOf(subjectOf(SHOP, name)!));
  });

  it.each([['hybrid', []], ['mail-stays', ['mail']], ['all-stay', ['mail', 'log']]])('may move what the scenario says that the reply does not need: %s', (name, steps) => {
    expect(names(movable(left(name)))).toEqual(steps);
  });

  it('moves it beside what is on the event, as the consumer that the scenario has for it', () => {
    const { request, streams } = callGraphOf(arranged(left('mail-stays'), { ...UNCHANGED, moved: ['mail'] }));
    expect(names(callsIn(request))).toEqual(['pay', 'pack']);
    expect(Object.fromEntries(consumersOf(streams).map(({ name, attempts }) => [name, attempts]))).toEqual({ log: 3, mail: 7, stock: 2 });
  });
});
