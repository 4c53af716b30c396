/** `simulate --sweep`: the same trials again and again with one thing changed. */
import { UserError } from '../base/errors.js';
import { busOf, type TrialPlan } from '../experiment/plan.js';
import { makeRecord, type RunHead } from '../experiment/record.js';
import type { MeasuredTrial } from '../measurement/record.js';
import { sweepReport } from '../report/sweep.js';
import { openOutputs } from '../report/writer.js';
import type { Variant } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { formatValue, LEVEL_KNOBS, parseSweep, turned, type Sweep } from '../simulation/sweep.js';
import { EXIT } from './exit-codes.js';
import type { Io } from './io.js';
import { screenFor } from './print.js';
import type { Parts } from './parts.js';
import { simulable, startSimulating } from './simulating.js';
import { prepareSimulation, type SimulateOptions } from './simulate.js';

/** Options of a sweep, as commander gives them. */
export type SweepOptions = SimulateOptions & { sweep: string };

/** The options, with the first of the rates that are swept where it is said how the requests of one are spaced. */
function loadOf(options: SweepOptions, { knob, values }: Sweep): SweepOptions {
  return knob === 'rate' && options.arrivals && !options.stages ? { ...options, rate: values.slice(0, 1) } : options;
}

/** One value of the knob, and the trial that it makes. */
interface Point {
  value: number;
  plan: TrialPlan<Subject>;
}

/**
 * Simulates every trial once for each value, and reports them in their order; after an abort those that were done. In the
 * record each value is a variant of the scenario, but for users and rates, which are loads.
 * @returns the exit code
 * @throws UserError for any mistake
 */
export async function simulateSwept(name: string, options: SweepOptions, io: Io, parts: Parts): Promise<number> {
  const sweep = parseSweep(options.sweep);
  const head = prepareSimulation(name, loadOf(options, sweep), io);
  const isOpen = head.plan.trials.some(({ load }) => load.model === 'open');
  if (sweep.knob === 'think' && isOpen) throw new UserError('--sweep think is the pause of a user, and a rate has none: give --users as well.');
  const outputs = openOutputs(options.output ?? [], io);
  const swept = sweptPlans(head, sweep).map((plan) => ({ plan, points: pointsOf(plan, sweep) }));
  const plans = swept.flatMap(({ points }) => points.map(({ plan }) => plan));
  const { trials, aborted } = await simulateAll(plans, options, io, parts);
  const variants = isLoad(sweep) ? [] : plans.map(variantOf);
  const scenario = { ...head.scenario, variants: [...head.scenario.variants, ...unique(variants)] };
  const plan = { trials: plans, estimatedSeconds: 0 };
  if (!options.quiet && !outputs.ownStdout) {
    const series = swept.map(({ plan: { subject, load }, points }) => ({
      subject: subject.name,
      load: isLoad(sweep) ? null : load,
      points: points.flatMap(({ value, plan: { architecture }, plan: point }) => {
        const trial = trials.get(point);
        return trial ? [{ value: formatValue(sweep, value), trial: { ...trial, architecture } }] : [];
      }),
    }));
    io.stdout.write(sweepReport({ scenario, bus: busOf(head.plan, scenario.event.publish).bus, knob: sweep.knob, seed: head.seed, series: series.filter(({ points }) => points.length > 0) }, screenFor(options, io)));
  }
  // Told before it is written, as everywhere.
  outputs.write(makeRecord({ ...head, scenario, plan, thresholds: [] }, [...trials.values()]));
  return aborted ? EXIT.interrupted : EXIT.passed;
}

/** Every value of the knob as a trial of its own, under the name by which it is recorded. @throws UserError for a knob or value that cannot be */
function pointsOf(plan: TrialPlan<Subject>, sweep: Sweep): Point[] {
  return sweep.values.map((value) => ({ value, plan: { ...turned(plan, sweep.knob, value), architecture: labelOf(plan, sweep, value) } }));
}

/** Those that were done, in the order of the plan. A trial that fails ends the sweep. */
async function simulateAll(
  plans: readonly TrialPlan<Subject>[],
  options: SweepOptions,
  io: Io,
  parts: Parts,
): Promise<{ trials: Map<TrialPlan, MeasuredTrial>; aborted: boolean }> {
  const { simulate, signal, end } = startSimulating(options, io, parts);
  try {
    const isRecorded = (options.output ?? []).length > 0;
    // A table needs no samples, up to 12 MB of them a trial.
    const simulated = async (plan: TrialPlan<Subject>): Promise<MeasuredTrial> => {
      const trial = await simulate(plan);
      return isRecorded ? trial : { ...trial, samples: { start: '', time: '', outcome: '' } };
    };
    const settled = await Promise.allSettled(plans.map(simulated));
    const failed = settled.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected' && !signal.aborted) throw failed.reason;
    const done = plans.flatMap((plan, i): [TrialPlan, MeasuredTrial][] => {
      const one = settled[i];
      return one?.status === 'fulfilled' ? [[plan, one.value]] : [];
    });
    return { trials: new Map(done), aborted: signal.aborted };
  } finally {
    await end();
  }
}

/** One round; where the load itself is swept, each subject once. */
function sweptPlans({ plan }: RunHead, sweep: Sweep): TrialPlan<Subject>[] {
  const once = plan.trials.filter(({ round }) => round === 1).map(simulable);
  return isLoad(sweep) ? once.filter(({ subject }, i) => once.findIndex((other) => other.subject === subject) === i) : once;
}

function isLoad({ knob }: Sweep): boolean {
  return LEVEL_KNOBS.includes(knob);
}

/** The name under which one value is recorded. */
function labelOf({ subject }: TrialPlan<Subject>, sweep: Sweep, value: number): string {
  return isLoad(sweep) ? subject.name : `${subject.name} ${sweep.knob}=${formatValue(sweep, value)}`;
}

function variantOf({ architecture: name, subject }: TrialPlan<Subject>): Variant {
  return { ...subject, name, title: name };
}

function unique(variants: readonly Variant[]): Variant[] {
  return [...new Map(variants.map((variant) => [variant.name, variant])).values()];
}
