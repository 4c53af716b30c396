/** What the model adds when trials are over: the same orders for all, and the curve between the loads; and `--same-orders`, which measures those. */
import { UserError } from '../base/errors.js';
import { askFairly, sameRates, type SameRate } from '../advice/fair-question.js';
import { type TrialPlan, trialPlanner } from '../experiment/plan.js';
import type { RunHead } from '../experiment/record.js';
import { curvesOf } from '../experiment/curves.js';
import type { CurvePoint, SameOrdersRow, Trial } from '../measurement/record.js';
import { formatList, formatLoad, formatRate } from '../report/format.js';
import { asItIs, isTarget, type Subject } from '../scenarios/subject.js';
import type { Simulate } from '../simulation/simulate.js';
import type { BenchOptions } from './prepare.js';

/** All subjects of a run at the same orders; none where they took the same, or nobody waits for it any more. */
export function sameOrdersOf({ scenario, seed, plan, machine }: RunHead, trials: readonly Trial[], simulate: Simulate, signal: AbortSignal): Promise<SameOrdersRow[]> {
  return unlessAborted(signal, () => askFairly(trials, scenario, { plan: trialPlanner(scenario, 0, seed, { machine, bus: plan.trials[0]?.bus }), simulate }));
}

/** What the model says between the loads of a run; none where nobody waits for it any more. */
export function curvesBetween(head: RunHead, simulate: Simulate, signal: AbortSignal): Promise<CurvePoint[]> {
  return unlessAborted(signal, () => curvesOf(head, simulate));
}

async function unlessAborted<T>(signal: AbortSignal, ask: () => Promise<T[]>): Promise<T[]> {
  try {
    return signal.aborted ? [] : await ask();
  } catch (error) {
    // What was measured is told all the same.
    if (signal.aborted) return [];
    throw error;
  }
}

/**
 * The options of a run with the orders of its users as rates: what the chain of requests carries of them, by the model, and what they would
 * order if nothing made them wait. Every subject gets the same arrivals, one right after the other.
 * @param say hears which rates they are, and where each comes from
 * @throws UserError where nothing tells how many orders those are, or it is the same for all already
 */
export async function asSameOrders<O extends BenchOptions>(options: O, { scenario, plan, seed }: RunHead, simulate: Simulate, say: (text: string) => void): Promise<O> {
  if (scenario.load.stages.length > 0) throw new UserError('--same-orders takes the rate of a steady load, and stages move it: give one of them.');
  const users = plan.trials.filter(({ load }) => load.model === 'closed');
  if (users.length === 0) throw new UserError('--same-orders is about users, who order again when they are answered, and a rate is the same for all already: leave it out.');
  const chain = asItIs(scenario) ?? users.map(({ subject }) => subject).find((subject): subject is Subject => !isTarget(subject));
  if (!chain) throw new UserError('--same-orders counts the orders of the simulated chain, and only servers of your own are measured: say them with --rate.');
  const planned = trialPlanner(scenario, 0, seed);
  const loads = distinctLoads(users);
  const trials = await Promise.all(loads.map((load) => simulate({ ...planned(chain, load), until: null })));
  const rates = sameRates(trials, scenario);
  say(`the same orders for all: ${formatList(rates.map(rateWords))}`);
  return { ...options, users: undefined, think: undefined, rate: rates.map(({ rate }) => rate), arrivals: options.arrivals ?? 'poisson' };
}

function rateWords({ rate, from, load }: SameRate): string {
  const many = { carried: `are carried of ${formatLoad(load)}`, sent: `${formatLoad(load)} send`, users: `${formatLoad(load)} want to make` }[from];
  return `${formatRate(rate)} a second (as many as ${many})`;
}

function distinctLoads(plans: readonly TrialPlan[]): TrialPlan['load'][] {
  return [...new Map(plans.map(({ load }) => [JSON.stringify(load), load])).values()];
}
