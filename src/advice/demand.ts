/** How much work is asked for, and how long a piece of it takes. */
import type { ConsumerResult, StepResult } from '../measurement/record.js';
import { latencyMean } from '../scenarios/draw.js';
import type { Scenario } from '../scenarios/scenario.js';
import { subjectOf } from '../scenarios/subject.js';
import { fold, type TrialGroup } from './rounds.js';

/** Beyond this ratio of measured to configured time a service did not work as configured (outage, busy machine). */
const AS_CONFIGURED = 1.1;
/** Standard errors by which the mean of times that vary as much as exponential ones, of a few dozen, is hardly ever off by chance: it is skewed, and three are not enough. */
const SURELY = 5;

/** Time in which a user who never waits for a worker makes one order, ms. */
export function replyCycle(group: TrialGroup, scenario: Scenario): number {
  return (fold(group, (trial) => trial.ideal?.mean ?? null) ?? 0) + scenario.load.think;
}

/** Orders per second that the load asks for: its rate, or what its users would order if nothing made them wait. */
export function demandOf(group: TrialGroup, scenario: Scenario): number {
  if (group.load.model === 'open') return group.load.rate;
  const cycle = replyCycle(group, scenario);
  return cycle > 0 ? (group.load.users * 1000) / cycle : 0;
}

/**
 * Mean time of one call of a service, ms: as configured where the service kept to it, or else as measured, over all that
 * called it: whoever calls draws from the same times.
 * @param step one of its callers
 */
export function meanServiceTime(group: TrialGroup, step: string, service: string, scenario: Scenario): number {
  const latency = subjectOf(scenario, group.architecture)?.services.find((it) => it.name === service)?.latency;
  const configured = latency ? latencyMean(latency) : 0;
  const callers = Object.entries(group.measured[0]?.steps ?? {}).filter(([, result]) => result.service === service);
  const names = callers.length > 0 ? callers.map(([name]) => name) : [step];
  const times = names.map((name) => ({
    count: foldStep(group, name, (result) => result.serviceTime.count) ?? 0,
    mean: foldStep(group, name, (result) => result.serviceTime.mean) ?? 0,
  }));
  const count = times.reduce((sum, one) => sum + one.count, 0);
  const measured = count > 0 ? times.reduce((sum, one) => sum + one.count * one.mean, 0) / count : configured;
  const ratio = measured / configured;
  const byChance = latency?.kind === 'constant' ? 1 : 1 + SURELY / Math.sqrt(Math.max(1, count));
  // None is faster than it was made; where one seems to be, the slow calls are those that nobody has seen the end of.
  return ratio < Math.max(AS_CONFIGURED, byChance) ? configured : measured;
}

/** Median over the rounds of one number of a step or consumer; null when none has it. */
export function foldStep(group: TrialGroup, name: string, pick: (result: StepResult) => number | null): number | null {
  return fold(group, (trial) => {
    const result = trial.steps[name];
    return result ? pick(result) : null;
  });
}

/** The same for a consumer's account of its events. */
export function foldConsumer(
  group: TrialGroup,
  name: string,
  pick: (result: ConsumerResult) => number | null,
): number | null {
  return fold(group, (trial) => {
    const result = trial.events?.consumers[name];
    return result ? pick(result) : null;
  });
}
