import { describe, expect, it } from 'vitest';
import { FaultPlan, type Victim } from '../../src/experiment/faults.js';
import { type Fault, parseFault } from '../../src/scenarios/fault.js';
import { VirtualClock } from '../support/virtual-clock.js';

function faultsOf(...sentences: string[]): Fault[] {
  return sentences.map((text) => (parseFault(text) as { fault: Fault }).fault);
}

describe('FaultPlan', () => {
  function victim(log: string[], name: string): Victim {
    const note = (what: string) => () => void log.push(`${what} ${name}`);
    return { kill: async () => note('kill')(), restart: async () => note('restart')(), pause: note('pause'), resume: note('resume') };
  }

  it('does each at its moment, one after another for each process, and nothing after the window', async () => {
    const clock = new VirtualClock();
    const log: string[] = [];
    const faults = faultsOf('pause server at 300ms for 100ms', 'crash server at 100ms for 50ms', 'crash broker at 120ms for 10ms', 'crash broker at 2s', 'drop 1%');
    const plan = new FaultPlan(faults, { server: victim(log, 'server'), broker: victim(log, 'broker') }, () => {}, clock);
    plan.schedule({ startAt: 1000, endAt: 2000 });
    await clock.run();
    await plan.settled();
    expect(log).toEqual(['kill server', 'kill broker', 'restart broker', 'restart server', 'pause server', 'resume server']);
    expect(plan.marks).toEqual([
      { fault: 'crash server at 100ms for 50ms', kind: 'crash', process: 'server', at: 100, until: 150 },
      { fault: 'crash broker at 120ms for 10ms', kind: 'crash', process: 'broker', at: 120, until: 130 },
      { fault: 'pause server at 300ms for 100ms', kind: 'pause', process: 'server', at: 300, until: 400 },
    ]);
  });

  it('gives the trial up when a process does not come back', async () => {
    const clock = new VirtualClock();
    const failed: string[] = [];
    const broken: Victim = { ...victim([], 'server'), restart: () => Promise.reject(new Error('no port')) };
    const plan = new FaultPlan(faultsOf('crash server at 0ms'), { server: broken }, ({ message }) => failed.push(message), clock);
    plan.schedule({ startAt: 0, endAt: 2000 });
    await clock.run();
    await plan.settled();
    expect(failed).toEqual(['no port']);
    expect(plan.marks[0]?.until).toBeNull();
  });
});
