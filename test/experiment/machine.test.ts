import { describe, expect, it } from 'vitest';
import { idleTimesOf, measureMachine, withMachine } from '../../src/experiment/machine.js';
import { planTrials, type TrialPlan } from '../../src/experiment/plan.js';
import { summarise } from '../../src/measurement/times.js';
import type { MeasuredTrial } from '../../src/measurement/record.js';
import { builtIn } from '../../src/scenarios/library/library.js';
import { busSettings } from '../../src/events/settings.js';
import { simulateTrial } from '../../src/simulation/trial.js';
import { type Fault, isProcessFault, parseFault } from '../../src/scenarios/fault.js';
import { parseScenario } from '../../src/scenarios/parse.js';
import { isTarget, subjectOf, type Subject } from '../../src/scenarios/subject.js';

const checkout = builtIn('checkout')!;
const quick = parseScenario('services: { cache: 20ms }\nsteps: [cache!]', { file: 'quick.yaml' });
const planAt = (rates: number[], names: string[], bus: 'memory' | 'nats' = 'memory', scenario = checkout) =>
  planTrials({ ...scenario, load: { ...scenario.load, users: [], rates } }, names.map((name) => subjectOf(scenario, name)!), 1, busSettings({ bus }));
/** Under a load that keeps the machine as busy as a probe does. */
const planOf = (names: string[], bus: 'memory' | 'nats' = 'memory') => planAt([200], names, bus);
const signal = new AbortController().signal;

function faultOf(text: string): Fault {
  const parsed = parseFault(text);
  if ('mistake' in parsed) throw new Error(parsed.mistake);
  return parsed.fault;
}

/** A plan whose inside is known. */
function simulable(plan: TrialPlan): TrialPlan<Subject> {
  if (isTarget(plan.subject)) throw new Error('a server of your own');
  return { ...plan, subject: plan.subject };
}

/** What a machine adds that is the same each time. */
const MACHINE = { reply: [0.6], call: [1.1], publish: [0.9], delivery: [1.3] };

/** A machine that adds so much, measured. */
function measuring(asked: TrialPlan[]) {
  return async (plan: TrialPlan): Promise<MeasuredTrial> => {
    asked.push(plan);
    const isWithin = plan.bus.name === 'memory';
    const trial = simulateTrial({ ...simulable(plan), machine: { ...MACHINE, ...(isWithin && { publish: [], delivery: [] }) } });
    const publishing = { messagesPerOrder: 1, bytesPerOrder: 1, largestBytes: 1, latency: summarise(Array.from({ length: 100 }, () => 0.9)) };
    return { ...trial, ...(trial.events ? { events: { ...trial.events, publishing } } : {}) };
  };
}

describe('what a machine adds', () => {
  it('is told apart by whether a request made a call', async () => {
    const asked: TrialPlan[] = [];
    const machine = await measureMachine(planOf(['sync', 'hybrid']), measuring(asked), signal);
    // A reply publishes where it does so in the trials, and within its process that is part of it.
    expect(asked.map(({ base }) => base)).toEqual(['hybrid']);
    expect(machine).toMatchObject({ publish: [], delivery: [], rate: 150 });
    for (const [times, ms] of [[machine?.reply, 0.6], [machine?.call, 1.1]] as const) {
      expect(times?.length).toBeGreaterThan(30);
      expect(times?.[0]).toBeCloseTo(ms, 2);
      expect(times?.at(-1)).toBeCloseTo(ms, 2);
    }
  });

  it('is the time that a killed process is away as well, where a fault of the plan kills one', async () => {
    const asked: TrialPlan[] = [];
    const run = async (plan: TrialPlan): Promise<MeasuredTrial> => {
      const faults = simulable(plan).subject.faults.filter(isProcessFault);
      const marks = faults.map(({ kind, process, at, for: ms }) => ({ fault: 'it', kind, process, at: at + 2, until: at + 2 + ms + (process === 'server' ? 120 : 180) }));
      return { ...(await measuring(asked)({ ...plan, subject: { ...simulable(plan).subject, faults: [] } })), faults: marks };
    };
    const crashing = (bus: 'memory' | 'nats', ...faults: string[]) => {
      const { trials, ...plan } = planOf(['hybrid'], bus);
      return { ...plan, trials: trials.map((trial) => ({ ...trial, subject: { ...simulable(trial).subject, faults: faults.map(faultOf) } })) };
    };
    expect((await measureMachine(crashing('nats', 'crash server at 1s', 'crash consumer at 2s', 'crash server at 3s', 'crash broker at 4s', 'pause server at 5s'), run, signal))?.restart).toEqual({ server: 120, consumer: 180 });
    // Its consumers are within the server, and there is no broker.
    expect((await measureMachine(crashing('memory', 'crash server at 1s', 'crash consumer at 2s'), run, signal))?.restart).toEqual({ server: 120 });
    expect(await measureMachine(crashing('nats', 'pause server at 1s'), run, signal)).not.toHaveProperty('restart');
  });

  it('is a publish and the way of an event as well, where something is published on a bus that takes time', async () => {
    const asked: TrialPlan[] = [];
    const machine = await measureMachine(planOf(['hybrid'], 'nats'), measuring(asked), signal);
    expect(machine?.publish).toEqual(Array.from({ length: 50 }, () => 0.9));
    expect(machine?.delivery).toEqual(Array.from({ length: 50 }, () => 1.3));
    expect(asked.map(({ base, bus }) => `${base} ${bus.name}`)).toEqual(['sync memory', 'hybrid nats']);
    asked.length = 0;
    await measureMachine(planOf(['sync'], 'nats'), measuring(asked), signal);
    expect(asked.map(({ base }) => base)).toEqual(['sync']);
  });

  it('is measured at the paces of the trials', async () => {
    const rates = async (paces: number[], scenario = quick): Promise<(number | undefined)[]> => {
      const asked: TrialPlan[] = [];
      const machine = await measureMachine(planAt(paces, ['sync'], 'memory', scenario), measuring(asked), signal);
      const told = [machine?.rate, machine?.slower?.rate].filter((rate) => rate !== undefined);
      expect(asked.map(({ load }) => (load.model === 'open' ? load.rate : null))).toEqual(told);
      return told;
    };
    expect(await rates([20, 60])).toEqual([60, 20]);
    expect(await rates([50, 60])).toEqual([60]);
    expect(await rates([2, 1000])).toEqual([150, 20]);
    // Of replies of a second a millisecond is nothing.
    expect(await rates([2, 1000], checkout)).toEqual([150]);
    const asked: TrialPlan[] = [];
    const users = planTrials({ ...quick, load: { ...quick.load, users: [2], think: 20 } }, [subjectOf(quick, 'sync')!], 1);
    // 2 users, each every 40 ms.
    expect((await measureMachine(users, measuring(asked), signal))?.rate).toBe(50);
    const { subject } = users.trials[0]!;
    expect((await measureMachine({ trials: [{ subject, bus: busSettings({}) }] }, measuring(asked), signal))?.rate).toBe(150);
  });

  it('is known at one pace alone where the other says nothing of the machine', async () => {
    const measure = measuring([]);
    const validity = { valid: false, problems: ['The ledger does not balance.'], notes: [] };
    const disturbed = async (plan: TrialPlan): Promise<MeasuredTrial> => ({ ...(await measure(plan)), ...(plan.load.model === 'open' && plan.load.rate < 150 && { validity }) });
    const machine = await measureMachine(planAt([20, 150], ['sync'], 'memory', quick), disturbed, signal);
    expect([machine?.rate, machine?.slower]).toEqual([150, undefined]);
  });

  it.each([
    ['is tried again where something else kept the machine busy', [25, 25, 2], 3],
    ['is tried no more when it was idle', [25, 2, 1], 2],
    ['is that of the least disturbed where that does not end', [25, 22, 23], 2],
  ])('%s', async (_, delays, best) => {
    const asked: TrialPlan[] = [];
    const busy = async (plan: TrialPlan): Promise<MeasuredTrial> => {
      asked.push(plan);
      const usage = { eventLoop: 0.2, delayP99: delays[asked.length - 1]!, cpu: 1, elapsed: 1, rss: 1 };
      return { ...simulateTrial({ ...simulable(plan), machine: { reply: [asked.length], call: [0], publish: [] } }), processes: { server: usage } };
    };
    expect((await measureMachine(planOf(['sync']), busy, signal))?.reply.at(-1)).toBeCloseTo(best);
    expect(asked).toHaveLength(delays.findIndex((ms) => ms < 20) + 1 || 3);
  });

  it.each([
    ['is not known where something else went wrong each time', [2, 2, 2], null],
    ['is known where the machine alone made every trial invalid', [150, 120, 130], 0.6],
  ])('%s', async (_, delays, reply) => {
    const asked: TrialPlan[] = [];
    const measure = measuring(asked);
    const run = async (plan: TrialPlan): Promise<MeasuredTrial> => {
      const trial = await measure(plan);
      const usage = { eventLoop: 0.2, delayP99: delays[asked.length - 1]!, cpu: 1, elapsed: 1, rss: 1 };
      return { ...trial, processes: { server: usage }, validity: { valid: false, problems: ['It is wrong.'], notes: [] } };
    };
    const machine = await measureMachine(planOf(['sync']), run, signal);
    expect(machine && Number(machine.reply[0]!.toFixed(2))).toBe(reply);
    expect(asked).toHaveLength(3);
  });

  it('is not known where too few requests tell', () => {
    const { samples } = simulateTrial({ ...simulable(planOf(['sync']).trials[0]!), duration: 100, load: { model: 'open', rate: 20 } });
    expect(idleTimesOf({ samples }, 1)).toBeNull();
  });

  it('is known to every trial of the plan', () => {
    const plan = planOf(['sync', 'hybrid']);
    expect(withMachine(plan, MACHINE).trials.every(({ machine }) => machine === MACHINE)).toBe(true);
    expect(withMachine(plan, null)).toBe(plan);
  });
});
