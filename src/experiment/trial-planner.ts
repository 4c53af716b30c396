/** Trials of a scenario that are not in its plan: any subject, at any load. */
import type { BusSettings } from '../events/settings.js';
import type { MachineTimes, TrialLoad } from '../measurement/record.js';
import type { Load } from '../scenarios/load.js';
import type { Scenario } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { planTrials, type TrialPlan } from './plan.js';

/** The trial of a subject at a load, with the windows, pauses and timeouts of a scenario. */
export type TrialPlanner = (subject: Subject, load: TrialLoad) => TrialPlan<Subject>;

/** What a trial may rest on beside its scenario. */
interface KnownWorld {
  machine?: MachineTimes | undefined;
  bus?: BusSettings | undefined;
}

/**
 * @param drain shortest time that events get after the window, ms
 * @param known what is known of the machine, where the scenario was measured; and how events travel, where that is not within the server
 */
export function trialPlanner({ load, ...scenario }: Scenario, drain: number, seed: number, { machine, bus }: KnownWorld = {}): TrialPlanner {
  const once = { ...load, rounds: 1, drain: Math.max(load.drain, drain) };
  return (subject, wanted) => {
    const [plan] = planTrials({ ...scenario, load: { ...once, ...levelsOf(wanted) } }, [subject], seed, bus).trials;
    if (!plan) throw new Error(`No trial of ${subject.name} was planned at that load`);
    return machine ? { ...plan, machine } : plan;
  };
}

/** The levels of a scenario whose only load is this one. */
function levelsOf(load: TrialLoad): Pick<Load, 'users' | 'rates' | 'stages' | 'arrivals'> {
  const stages = [...(load.ramp?.stages ?? [])];
  const level = load.ramp?.from ?? (load.model === 'closed' ? load.users : load.rate);
  const arrivals = load.model === 'open' ? (load.arrivals ?? 'even') : 'even';
  return load.model === 'closed' ? { users: [level], rates: [], stages, arrivals } : { users: [], rates: [level], stages, arrivals };
}
