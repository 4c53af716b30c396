/** One trial: start the processes, load them, let the events drain, measure, stop everything. */
import { now } from '../base/clock.js';
import type { TimedJob, LoadProgress, MeasuredWindow } from '../load/load.js';
import type { MeasuredTrial } from '../measurement/record.js';
import type { Window } from '../measurement/window.js';
import { isTarget } from '../scenarios/subject.js';
import { calibrate, CALIBRATION_REQUESTS, withCalibration } from './calibration.js';
import { WindowController } from './window-controller.js';
import { isEnough, type BacklogLook, type Sight } from './stopping-rule.js';
import { Follower } from './follower.js';
import { watchLimits } from './early-abort.js';
import { answersWithin, jobOf } from './job.js';
import { headOf, type TrialPlan } from './plan.js';
import { ProcessGroup } from './process-group.js';
import { startLoad } from './processes.js';
import { isKnownTo, withSeries } from './series.js';
import { startSystem, type System } from './system.js';

/** What a trial tells while it runs. */
export interface TrialProgress {
  phase: 'predicting' | 'calibrating' | 'starting' | 'warming up' | 'measuring' | 'waiting for answers' | 'draining';
  load: LoadProgress | null;
  /** How much of the window has passed when `load` was told, ms. */
  measured: number;
  /** Events waiting, all consumers together. */
  backlog: number | null;
}

/** Runs one planned trial. Rejects when a process died or `signal` aborted; no process is left either way. */
export type RunTrial = (
  plan: TrialPlan,
  signal: AbortSignal,
  onProgress: (progress: TrialProgress) => void,
) => Promise<MeasuredTrial>;

/** From "everything is ready" to the first request, ms: the time it takes to tell all processes. */
const LEAD = 150;
const BACKLOG_EVERY = 250;

/** The real thing: processes, sockets and load. */
export const runTrial: RunTrial = async (plan, signal, onProgress) => {
  const group = new ProcessGroup();
  return group.during(signal, () => measure(group, plan, onProgress));
};

async function measure(
  group: ProcessGroup,
  plan: TrialPlan,
  onProgress: (progress: TrialProgress) => void,
): Promise<MeasuredTrial> {
  const progress: TrialProgress = { phase: 'starting', load: null, measured: 0, backlog: null };
  const tell = (change: Partial<TrialProgress>): void => onProgress(Object.assign(progress, change));
  const [system, load] = await Promise.all([startSystem(group, plan.subject, plan), startLoad(group)]);
  const { subject } = plan;
  const calibration = plan.calibrate && !isTarget(subject) ? await calibrate(system, load, subject, plan) : undefined;
  const warmed = plan.calibrate ? CALIBRATION_REQUESTS : 0;
  const longest = { ...plan, warmup: plan.maxWarmup, duration: plan.until?.within ?? plan.duration, warmed };
  const job = { ...jobOf(system.request, longest), startAt: now() + LEAD + plan.maxWarmup };
  const { calls } = load;
  const follower = new Follower(calls);
  const isFollowed = plan.until !== null || plan.maxWarmup > plan.warmup || (plan.abortOn ?? []).length > 0;
  const conducted = { begin: calls.begin, finish: calls.finish, look: () => follower.look() };
  const backlogs: BacklogLook[] = [];
  const controller: WindowController = new WindowController(plan, job, conducted, (window) => system.window(window), (times, elapsed) =>
    isKnown(plan, { times, elapsed }, progress, sinceStart(backlogs, controller.window)),
  );
  load.on('progress', (data: LoadProgress) => {
    // So that no look has more to ask for than what is new; the load may be over by now.
    if (isFollowed) follower.follow().catch(() => {});
    const { startAt, endAt } = controller.window;
    tell({ load: data, measured: Math.min(endAt - startAt, Math.max(0, now() - startAt)) });
  });
  const limits = watchLimits(plan.abortOn ?? [], async () => {
    const elapsed = now() - controller.window.startAt;
    if (elapsed < 0 || !progress.load) return null;
    return { elapsed, times: (await follower.look()).measured, ...progress.load };
  });
  const stopWatching = watchBacklog(system, (backlog) => {
    if (backlog !== null) backlogs.push({ at: now(), waiting: backlog });
    tell({ backlog });
  });
  try {
    const loading = Promise.all([
      load.calls.run(job, answersWithin(job)),
      controller.conduct({
        warming: () => tell({ phase: 'warming up' }),
        started: () => tell({ phase: 'measuring' }),
        ended: () => tell({ phase: 'waiting for answers' }),
      }),
    ]);
    const [loaded] = await Promise.race([loading, limits.hopeless]);
    limits.stop();
    tell({ phase: 'draining' });
    await system.drain(plan.drain);
    const trial = await system.measure({ head: headOf(plan), window: measuredWindow(job, controller.window), load: loaded });
    return withSeries(withCalibration(trial, calibration), plan);
  } finally {
    limits.stop();
    stopWatching();
  }
}

/** Whether a window that may end has told enough. */
function isKnown({ until }: TrialPlan, seen: Pick<Sight, 'times' | 'elapsed'>, { load }: TrialProgress, backlog: readonly BacklogLook[]): boolean {
  if (!until) return false;
  const { precision, early } = until;
  if (!early) return isKnownTo(seen.times, precision);
  return load !== null && isEnough({ ...seen, ...load, backlog }, { precision, slope: early.slope });
}

/** Of the looks at a backlog those within the window, by its time. */
function sinceStart(looks: readonly BacklogLook[], { startAt }: MeasuredWindow): BacklogLook[] {
  return looks.filter(({ at }) => at >= startAt).map(({ at, waiting }) => ({ at: at - startAt, waiting }));
}

function measuredWindow({ startAt: latest, warmup }: TimedJob, { startAt, endAt }: MeasuredWindow): Window {
  const startedAt = new Date(Date.now() + startAt - now()).toISOString();
  return { startAt, duration: endAt - startAt, warmup: warmup - (latest - startAt), endedAt: now(), startedAt };
}

function watchBacklog(system: System, onBacklog: (backlog: number | null) => void): () => void {
  const timer = setInterval(() => {
    // The death of a process is reported by its group.
    system.backlog().then(onBacklog, () => {});
  }, BACKLOG_EVERY);
  return () => clearInterval(timer);
}
