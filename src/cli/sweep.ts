/** `simulate --sweep`: the same trials again and again with one thing changed. */
import { UserError } from '../base/errors.js';
import type { TrialPlan } from '../experiment/plan.js';
import { makeRecord, type RunHead } from '../experiment/record.js';
import { sweepReport } from '../report/sweep.js';
import { openOutputs } from '../report/writer.js';
import type { Variant } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { LOAD_KNOBS, parseSweep, simulateSweep, turned, type Sweep } from '../simulation/sweep.js';
import { prepare, type BenchOptions } from './bench.js';
import { EXIT } from './exit-codes.js';
import type { Io } from './io.js';
import { screenFor } from './print.js';
import { simulable } from './simulable.js';

/** Options of a sweep, as commander gives them. */
export type SweepOptions = Omit<BenchOptions, 'progress'> & { sweep: string };

/**
 * Simulates every trial once for each value, and reports them in their order. In the record each value is a variant of
 * the scenario, but for users and rates, which are loads.
 * @returns the exit code
 * @throws UserError for any mistake
 */
export function simulateSwept(name: string, options: SweepOptions, io: Io): number {
  const sweep = parseSweep(options.sweep);
  if (options.threshold) throw new UserError('--sweep looks at many values and judges none: leave out --threshold.');
  const head = prepare(name, { ...options, progress: false }, io);
  const outputs = openOutputs(options.output ?? [], io);
  const swept = sweptPlans(head, sweep).map((plan) => ({
    plan,
    points: simulateSweep(plan, sweep).map(({ value, trial }) => ({ value, trial: { ...trial, architecture: labelOf(plan, sweep, value) } })),
  }));
  const plans = swept.flatMap(({ plan, points }) =>
    points.map(({ value, trial }) => ({ ...plan, ...turned(plan, sweep.knob, value), architecture: trial.architecture, load: trial.load })),
  );
  const variants = isLoad(sweep) ? [] : plans.map(variantOf);
  const scenario = { ...head.scenario, variants: [...head.scenario.variants, ...unique(variants)] };
  const plan = { trials: plans, estimatedSeconds: 0 };
  const trials = swept.flatMap(({ points }) => points.map(({ trial }) => trial));
  outputs.write(makeRecord({ ...head, scenario, plan, thresholds: [] }, trials));
  if (!options.quiet && !outputs.ownStdout) {
    const series = swept.map(({ plan: { subject, load }, points }) => ({ subject: subject.name, load: isLoad(sweep) ? null : load, points }));
    io.stdout.write(sweepReport({ scenario, knob: sweep.knob, seed: head.seed, series }, screenFor(options, io)));
  }
  return EXIT.passed;
}

/** One round; where the load itself is swept, each subject once. */
function sweptPlans({ plan }: RunHead, sweep: Sweep): TrialPlan<Subject>[] {
  const once = plan.trials.filter(({ round }) => round === 1).map(simulable);
  return isLoad(sweep) ? once.filter(({ subject }, i) => once.findIndex((other) => other.subject === subject) === i) : once;
}

function isLoad({ knob }: Sweep): boolean {
  return LOAD_KNOBS.some((one) => one === knob && one !== 'think');
}

/** The name under which one value is recorded. */
function labelOf({ subject }: TrialPlan<Subject>, sweep: Sweep, value: number): string {
  return isLoad(sweep) ? subject.name : `${subject.name} ${sweep.knob}=${value}`;
}

function variantOf({ architecture: name, subject }: TrialPlan<Subject>): Variant {
  const { architecture, services, steps, event, faults } = subject;
  return { name, title: name, architecture, services, steps, event, faults };
}

function unique(variants: readonly Variant[]): Variant[] {
  return [...new Map(variants.map((variant) => [variant.name, variant])).values()];
}
