/** The advice is followed before it is given: applied to the scenario as a reader would, and simulated with other draws. */
import type { Subject } from '../scenarios/subject.js';
import type { SimulationInput } from '../simulation/simulate.js';
import { arranged, keyOf, type Change } from './alternatives.js';
import { decide, isPlainParallel, type Decided } from './decision.js';
import type { Goal } from './goals.js';
import type { Grounds } from './grounds.js';
import { isBound, longEnough, lookAt, missedAt, type Laboratory, type Option } from './option.js';
import type { Outlook } from './outlook.js';
import type { SameOrders } from './same-orders.js';
import { withWorkers, type WorkersAdvice } from './workers.js';

/** What came of following it, twice. */
export interface FollowedAdvice {
  /** Seed of its draws; those of the second time are of the next seed. */
  seed: number;
  /** The worse of both at each load; what the option promises is the worse of this and of what was found before. */
  loads: Outlook[];
  /** What had been chosen before, and did not keep a goal with these draws: named as options are. */
  rejected: (Pick<Option, 'kind' | keyof Change> & { missed: Goal[] })[];
}

/** What it is applied to. */
export interface Ground {
  orders: readonly SameOrders[];
  subject: Subject;
  lab: Laboratory;
  /** Options as they were seen before they were followed, by what they change: what was added to a promise is not added again. */
  first: Map<string, Option>;
}

/** Windows are so many times as long at least: what grows slowly is seen. */
const LONGER = 3;
const FAR_LONGER = 6;
/** Where a goal is missed by no more than what runs differ by, they are held against it for so much longer. */
const SURELY = 30;
/** Times that workers are added before an option is given up. */
const TRIES = 4;

/** The decision, its check, and the options as they turned out to be. */
export type Followed = Decided & { followed: FollowedAdvice; options: readonly Option[] };

/** Decides, follows what was decided, and decides again where that does not keep what it promises. */
export async function followed(grounds: Grounds, ground: Ground): Promise<Followed> {
  const rejected: FollowedAdvice['rejected'] = [];
  let { options } = grounds;
  for (let tries = 0; ; tries++) {
    const [stay] = options as [Option];
    // Each option may turn out to be less than it was thought to be, and then what is left is the chain as it is.
    const isOver = tries > options.length;
    const { option } = decide({ ...grounds, options: isOver ? [stay] : options });
    // What only comes closer to the goals has to do so for longer: what collapses fails more the longer it lasts, and so does the chain as it is.
    const isCloser = option.missed.length > 0 && option !== stay;
    const kept = await keptBy(option, ground, isCloser ? FAR_LONGER : LONGER);
    const still = isCloser ? (await keptBy(stay, ground, FAR_LONGER)).option : stay;
    const { kind, moved, beside, caught } = option;
    const replaced = options.map((one) => (one === option ? kept.option : one === stay && isCloser ? still : one));
    const again = decide({ ...grounds, options: onlyWith(kept.option, replaced) });
    // One that was to meet the goals and does not is held against all others anew.
    const isBroken = option.missed.length === 0 && kept.option.missed.length > 0;
    const check = { followed: { seed: kept.seed, loads: kept.loads, rejected }, options: replaced };
    if (isOver) return { ...decide({ ...grounds, options: [kept.option] }), ...check };
    if (again.option === kept.option && !isBroken) return { ...again, ...check };
    rejected.push({ kind, moved, beside, caught, missed: kept.option.missed });
    // What was promised counts no more: the option stays among the others as what it turned out to be.
    options = replaced;
  }
}

/** The chain as it is and this option, beside what a free gain is held against. */
function onlyWith(option: Option, [stay, ...others]: readonly Option[]): Option[] {
  return [stay, ...others.filter((one) => one === option || isPlainParallel(one))].filter((one) => one !== undefined);
}

interface Kept {
  option: Option;
  loads: Outlook[];
  seed: number;
}

/** The option as it comes out with other draws; longer runs differ less, where that alone makes it miss its goal. */
async function keptBy(option: Option, ground: Ground, longer: number): Promise<Kept> {
  const { subject, orders, lab, first } = ground;
  const seen = first.get(keyOf(option)) ?? option;
  first.set(keyOf(option), seen);
  const kept = await keptFor(seen, ground, longer);
  const isOpen = kept.option.loads.some(({ p95 }, i) => isByChance(p95, [seen.loads[i], kept.loads[i]], lab.goals.p95));
  if (!isOpen) return kept;
  const world = applied(subject, seen);
  const plan = withDraws(lab, SURELY, 0);
  const loads = await Promise.all(orders.map((one) => lookAt(world, seen.kind === 'stay' ? asSaid(one) : one, plan, seen.caught)));
  return keptFor({ ...seen, loads }, ground, SURELY);
}

/** Every run is within the goal, and what is promised beyond it. */
function isByChance(promised: number | null, runs: readonly (Outlook | undefined)[], goal: number): boolean {
  return promised !== null && promised > goal && runs.every((run) => run?.p95 != null && run.p95 <= goal);
}

/** The option as it comes out with other draws in windows so many times as long, with more workers where those found are too few for them. */
async function keptFor(option: Option, { orders, subject, lab }: Ground, longer: number): Promise<Kept> {
  const others = [1, 2].map((more) => withDraws(lab, longer, more));
  const seed = others[0]!.plan(subject, orders[0]!.open).seed;
  let { workers } = option;
  for (let tries = 0; ; tries++) {
    const world = applied(subject, { ...option, workers });
    const isToday = option.kind === 'stay';
    const runs = await Promise.all(others.map((other) => Promise.all(orders.map((one) => lookAt(world, isToday ? asSaid(one) : one, other, option.caught)))));
    const loads = orders.map((_, i) => worse(runs[0]![i]!, runs[1]![i]));
    const found = { ...option, workers, loads: loads.map((outlook, i) => apart(worse(outlook, option.loads[i]), [option.loads[i], runs[0]![i], runs[1]![i]])) };
    const kept = { ...found, missed: missedAt(found.loads, lab.goals) };
    const isShort = kept.missed.includes('within') && !option.missed.includes('within') && workers.some(({ has }) => has !== null);
    if (!isShort || tries === TRIES) return { option: kept, loads, seed };
    workers = workers.map(oneMore);
  }
}

/** The scenario changed as the advice says, from its words alone: what is caught, side by side, moved, and how many workers. */
export function applied(subject: Subject, { workers, ...change }: Change & Pick<Option, 'workers'>): Subject {
  return workers.reduce((world, { consumer, has, needs }) => {
    const most = Math.max(...needs.map((count) => count ?? 0));
    return has !== null && most > has ? withWorkers(world, consumer, most) : world;
  }, arranged(subject, change));
}

/** The chain as it is is followed by leaving it as it is, with its own users. */
export function asSaid({ load, open }: SameOrders): { load: SameOrders['load']; open: SameOrders['load']; orders: number } {
  return { load, open: load, orders: open.rate };
}

/** With draws of its own, in windows so many times as long where they may be longer. */
function withDraws({ plan, ...lab }: Laboratory, longer: number, draws: number): Laboratory {
  const other = (input: SimulationInput): SimulationInput => ({ ...input, seed: input.seed + draws, duration: isBound(input) ? input.duration : longEnough(input).duration * longer });
  return { ...lab, plan: (world, load) => other(plan(world, load)) };
}

function oneMore(one: WorkersAdvice): WorkersAdvice {
  return { ...one, needs: one.needs.map((count) => (count === null ? null : count + Math.max(1, Math.ceil(count * 0.03)))) };
}

/** A p95 that comes out differently each time may come out that much later still. */
function apart(outlook: Outlook, runs: readonly (Outlook | undefined)[]): Outlook {
  const found = runs.flatMap((one) => (one?.p95 == null ? [] : [one.p95]));
  return outlook.p95 === null || found.length < runs.length ? outlook : { ...outlook, p95: outlook.p95 + Math.max(...found) - Math.min(...found) };
}

/** Nothing is promised that one of the two does not keep. */
function worse(a: Outlook, b: Outlook | undefined): Outlook {
  if (!b) return a;
  const most = (key: 'p50' | 'p95' | 'completionP95' | 'staleness' | 'lag' | 'drainSeconds'): number | null =>
    a[key] === null || b[key] === null ? null : Math.max(a[key], b[key]);
  return {
    ...a,
    p50: most('p50'),
    p95: most('p95'),
    completionP95: most('completionP95'),
    staleness: most('staleness'),
    lag: most('lag'),
    drainSeconds: most('drainSeconds'),
    failureRate: Math.max(a.failureRate, b.failureRate),
    failedLater: Math.max(a.failedLater, b.failedLater),
    undone: Math.max(a.undone, b.undone),
    isLonger: a.isLonger || b.isLonger,
    unfinished: a.unfinished || b.unfinished,
    atRisk: Math.max(a.atRisk, b.atRisk),
    growing: [...new Set([...a.growing, ...b.growing])],
  };
}
