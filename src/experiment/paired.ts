/** Two subjects measured in pairs of blocks, one right after the other, until the pairs tell which is faster. */
import { messageOf } from '../base/errors.js';
import type { BusSettings } from '../events/settings.js';
import type { LoadRemote } from '../load/load.js';
import type { Block, PairedRun } from '../measurement/schema/comparison.js';
import { foldSamples } from '../measurement/outcomes.js';
import type { TrialLoad } from '../measurement/record.js';
import { samplesOf } from '../measurement/samples.js';
import type { Child } from '../processes/child.js';
import type { ClientRetries } from '../scenarios/load.js';
import { isTarget, type Measurable } from '../scenarios/subject.js';
import type { Hop } from '../services/services.js';
import { blockOf, blockDurations, blockOrder } from '../verdict/pairs/order.js';
import { judgePairs, PAIRED_RULES, type PairedRules } from '../verdict/pairs/sequential.js';
import { answersWithin, jobOf, unloadedResponse } from './job.js';
import { ProcessGroup } from './process-group.js';
import { startLoad } from './processes.js';
import { startSystem, type System } from './system.js';

/** What is compared with what, under one load. */
export interface PairPlan {
  base: Measurable;
  head: Measurable;
  load: TrialLoad;
  /** Client timeout, pause of a user, longest wait for a backlog between blocks: ms. */
  timeout: number;
  think: number;
  /** How clients send a request again that has failed; without it they do not. */
  retries?: ClientRetries;
  drain: number;
  seed: number;
  bus: BusSettings;
  /** How calls get to simulated services; `http` when left out. */
  hop?: Hop;
}

/** Measures one block of one side. */
export type MeasureBlock = (side: 'base' | 'head') => Promise<Block>;

/** Hears of every pair: how many there are, and how many there must be at the next look. */
export type PairListener = (pairs: number, nextLook: number) => void;

/**
 * Measures pairs of blocks, in an order drawn by seed, until they decide, the looks are used up, or `signal` aborts.
 * @param run what it is called in the record; each pair is added to it when it is measured
 */
async function runPairs(
  run: PairedRun,
  measure: MeasureBlock,
  signal: AbortSignal,
  onPair: PairListener = () => {},
  rules: PairedRules = PAIRED_RULES,
): Promise<PairedRun> {
  const { pairs } = run;
  for (const order of blockOrder(rules.looks.at(-1)?.pairs ?? 0, run.seed, 'random')) {
    if (signal.aborted) break;
    const first = order === 'base first' ? 'base' : 'head';
    const one = await measure(first);
    const other = await measure(first === 'base' ? 'head' : 'base');
    pairs.push(first === 'base' ? { order, base: one, head: other } : { order, base: other, head: one });
    const { nextLook } = judgePairs(pairs, rules);
    if (nextLook === null) break;
    onPair(pairs.length, nextLook);
  }
  return run;
}

/** Compares two sides until the pairs decide, or until it is aborted. */
export type ComparePaired = typeof comparePaired;

const LEAST_ENTRY = 100;
/** The first blocks only warm the code up, and tell how many answers come in a second. */
const CALIBRATION = 1500;

/**
 * Starts both sides, each in processes of its own, and compares them. No process is left behind.
 * @returns the pairs that were measured: with a message where a process died before they decided
 */
export async function comparePaired(plan: PairPlan, signal: AbortSignal, onPair: PairListener): Promise<PairedRun> {
  const group = new ProcessGroup();
  const { base, head, load, seed } = plan;
  const run: PairedRun = { base: base.name, head: head.name, load, seed, pairs: [] };
  try {
    const start = (side: Measurable): Promise<System> => startSystem(group, side, plan);
    return await group.during(signal, async () => {
      const [baseSystem, headSystem, generator] = await Promise.all([start(base), start(head), startLoad(group)]);
      const block = await blockMeasurer(plan, { base: baseSystem, head: headSystem }, generator);
      return runPairs(run, block, signal, onPair);
    });
  } catch (error) {
    return signal.aborted ? run : { ...run, message: messageOf(error) };
  }
}

async function blockMeasurer(
  plan: PairPlan,
  systems: Record<'base' | 'head', System>,
  generator: Child<LoadRemote>,
): Promise<MeasureBlock> {
  const entries = { base: entryOf(plan.base, plan), head: entryOf(plan.head, plan) };
  let before: System | undefined;
  const block = async (side: 'base' | 'head', duration: number): Promise<Block> => {
    // What one side left to its consumers must not slow the other side down. After the last block nobody waits for it.
    await before?.drain(plan.drain);
    before = systems[side];
    return measureBlock(plan, before, generator, { entry: entries[side], duration });
  };
  const speeds = { base: 1, head: 1 };
  for (const side of ['base', 'head'] as const) {
    const first = await block(side, CALIBRATION);
    speeds[side] = Math.max(1, first.sent / (CALIBRATION / 1000));
    if (isTarget(plan[side]) && first.p50 !== null) entries[side] = Math.max(LEAST_ENTRY, first.p50 + plan.think);
  }
  const durations = blockDurations(speeds);
  return (side) => block(side, durations[side]);
}

/** How long users are let in before a block, ms: one response time, which nobody knows of a server of one's own yet. */
function entryOf(measurable: Measurable, { think, seed }: PairPlan): number {
  return Math.max(LEAST_ENTRY, unloadedResponse(measurable, seed) + think);
}

async function measureBlock(
  { load, timeout, think, retries, seed }: PairPlan,
  system: System,
  generator: Child<LoadRemote>,
  { entry, duration }: { entry: number; duration: number },
): Promise<Block> {
  const shape = { load, warmup: entry, duration, entry, think, timeout, ...(retries && { retries }), seed };
  const job = jobOf(system.request, shape);
  const { observations, window } = await generator.calls.run(job, answersWithin(job));
  return blockOf(foldSamples(samplesOf(observations, window.startAt), duration / 1000));
}
