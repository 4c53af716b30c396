/** Between the loads that are measured: what the model says of twenty, so that a knee is seen where it is. */
import { isMeasured } from '../advice/rounds.js';
import { loadKey, loadSize } from '../measurement/loads.js';
import type { CurvePoint, TrialLoad } from '../measurement/record.js';
import { isTarget, type Subject } from '../scenarios/subject.js';
import type { Simulate } from '../simulation/simulate.js';
import { type TrialPlan, trialPlanner } from './plan.js';
import type { RunHead } from './record.js';

/** Loads of a curve, those that are measured beside them. */
const POINTS = 20;
/** Loads above which a trial in virtual time takes its time: there is no curve beyond, users or requests a second. */
const MOST = 5000;

/** What of a run the curves rest on. */
type Foreseeable = Pick<RunHead, 'plan' | 'scenario' | 'seed' | 'machine'>;

/**
 * The curve of each subject between its lowest and highest load: none where there is only one, where loads change, or where nobody knows
 * what is inside.
 */
export async function curvesOf({ plan: { trials }, scenario, seed, machine }: Foreseeable, simulate: Simulate): Promise<CurvePoint[]> {
  const loads = [...new Map(trials.map(({ load }) => [loadKey(load), load])).values()];
  const levels = levelsBetween(loads);
  const subjects = [...new Set(trials.map(({ subject }) => subject))].filter((subject): subject is Subject => !isTarget(subject));
  const plan = trialPlanner({ ...scenario, load: { ...scenario.load, until: null } }, 0, seed, { machine, bus: trials[0]?.bus });
  const points = subjects.flatMap((subject) => levels.map((load) => pointOf(plan(subject, load), simulate)));
  return (await Promise.all(points)).flatMap((point) => point ?? []);
}

async function pointOf(plan: TrialPlan<Subject>, simulate: Simulate): Promise<CurvePoint | null> {
  const trial = await simulate({ ...plan, until: null });
  if (!isMeasured(trial)) return null;
  const { architecture, load, responseTime: { p50, p95, p99 }, failureRate, outcomes, window } = trial;
  return { architecture, load, p50, p95, p99, failureRate, orders: outcomes.sent / window.seconds };
}

/** Twenty levels, evenly spaced as ratios, and those that are measured; ascending. */
function levelsBetween(loads: readonly TrialLoad[]): TrialLoad[] {
  const [first] = loads;
  const sizes = loads.map(loadSize);
  const [low, high] = [Math.min(...sizes), Math.max(...sizes)];
  const isSteady = loads.every(({ model, ramp }) => model === first?.model && !ramp);
  if (!first || !isSteady || low <= 0 || high <= low || high > MOST) return [];
  const between = Array.from({ length: POINTS }, (_, i) => low * (high / low) ** (i / (POINTS - 1)));
  const all = [...between.map((size) => (first.model === 'closed' ? Math.round(size) : Number(size.toPrecision(3)))), ...sizes];
  return [...new Set(all)].toSorted((a, b) => a - b).map((size) => (first.model === 'closed' ? { ...first, users: size } : { ...first, rate: size }));
}
