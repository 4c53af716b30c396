/** The search for the cheapest alternative that meets the goals: what costs less is tried first. */
import type { Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import { alternativeOf, combinations, keyOf, movable, sideBySide, UNCHANGED, type Alternative, type Change } from './alternatives.js';
import { compareCosts, MOST } from './decision.js';
import { followed, type Followed, type Ground } from './followed.js';
import type { Grounds } from './grounds.js';
import { movedWith } from './moves.js';
import type { Outlook } from './outlook.js';
import { glanceAt, optionOf, type Option } from './option.js';

/**
 * Tries one alternative after another, and follows the cheapest that meets the goals; where it does not keep them, goes on.
 * Where none does, the one that comes closest.
 * @param basic the chain as it is, side by side, and single moves: simulated already
 */
export async function searched(basic: readonly Option[], groundsOf: (options: readonly Option[]) => Grounds, ground: Ground): Promise<Followed> {
  const { subject, orders, lab } = ground;
  const known = new Map(basic.map((option) => [keyOf(option), option]));
  const rejected: Followed['followed']['rejected'] = [];
  const follow = async (options: readonly Option[]): Promise<Followed> => {
    const found = await followed(groundsOf(options), ground);
    rejected.push(...found.followed.rejected);
    // What is advised in the end is not among what was turned down, nor is anything twice.
    const others = new Map(rejected.filter((one) => keyOf(one) !== keyOf(found.option)).map((one) => [keyOf(one), one]));
    return { ...found, followed: { ...found.followed, rejected: [...others.values()] } };
  };
  let seen: readonly Option[] = basic.filter(({ moved }) => moved.length === 0);
  let decided = seen.some(isGood) ? await follow(seen) : null;
  const isKept = (): boolean => decided !== null && decided.decision.missed.length === 0;
  if (isKept()) return decided!;
  for (const some of await classesOf(basic, ground)) {
    const options = await Promise.all(some.map(async (one) => known.get(keyOf(one)) ?? (await optionOf(one, orders, lab, false))));
    seen = [...(decided?.options ?? seen), ...options];
    if (options.some(isGood)) decided = await follow(seen);
    else if (decided) decided = { ...decided, options: seen };
    if (isKept()) return withWhole(decided!);
  }
  return follow(await Promise.all(seen.map(async (one) => (isUnsized(one) ? optionOf(alternativeOf(subject, one), orders, lab) : one))));

  /** Beside what leaves work undone, what does it all: the caught steps moved too. */
  async function withWhole(found: Followed): Promise<Followed> {
    const { caught, moved, beside } = found.option;
    const all = [...moved, ...caught.map(({ step }) => step)];
    const whole = { caught: [], beside, moved: subject.steps.map(({ name }) => name).filter((name) => all.includes(name)) };
    if (caught.length === 0 || found.options.some((one) => keyOf(one) === keyOf(whole))) return found;
    const option = known.get(keyOf(whole)) ?? (await optionOf(alternativeOf(subject, whole), orders, lab, false));
    return { ...found, options: [...found.options, option] };
  }

  /** What is left to try, as cheap ones together. */
  async function classesOf([stay]: readonly Option[], { subject: chain }: Ground): Promise<Alternative[][]> {
    const nothingHelps = await isReplyHopeless();
    const others = combinations(chain, nothingHelps ? [] : troubledOf(chain, stay!)).filter(
      (one) => one.moved.length + one.caught.length > 0 && !(nothingHelps && one.beside) && !(one.caught.length > 0 && surelyFailed(one, chain) > 2 * lab.goals.failures),
    );
    const classes: Alternative[][] = [];
    for (const one of others.toSorted(compareCosts)) {
      const last = classes.at(-1);
      if (last && compareCosts(last[0]!, one) === 0) last.push(one);
      else classes.push([one]);
    }
    return classes;
  }

  /**
   * So many fail with the shortest reply there is, where all that may move has moved and what stays is side by side, that nothing helps. Where few
   * fail in one that is known already, that is known too.
   */
  async function isReplyHopeless(): Promise<boolean> {
    if (basic.some(({ loads }) => !loads.some(isHopeless))) return false;
    const moved = movable(subject).map(({ name }) => name);
    const shortest = alternativeOf(subject, { ...UNCHANGED, beside: sideBySide(subject).length > 0, moved });
    const outlooks = await Promise.all(orders.map((one) => glanceAt(shortest.subject, one, lab)));
    return outlooks.some(isHopeless);
  }

  function isHopeless({ failureRate }: Outlook): boolean {
    return failureRate > 2 * lab.goals.failures + POINT;
  }
}

/** By so much two runs may differ. */
const POINT = 0.01;
/** Share of the requests that a step fails in, beyond which to catch it would leave too much undone. */
const TOO_MANY = 0.06;
/** So many steps are caught together. */
const MOST_CAUGHT = 4;

/** Steps whose errors are worth catching: they fail requests, and not so many that too much would be left undone. */
function troubledOf(subject: Subject, { loads, missed }: Option): Step[] {
  if (!missed.includes('failures')) return [];
  const failing = (step: Step): number => Math.max(0, ...loads.map((one) => one.failing[step.name] ?? 0));
  // What comes after a step needs it to have succeeded.
  const isNeeded = (step: Step): boolean => movedWith(step, subject.steps).length > 1;
  const troubled = movable(subject).filter((step) => step.onError === 'fail' && !isNeeded(step) && failing(step) > 0 && failing(step) <= TOO_MANY);
  const most = new Set(troubled.toSorted((a, b) => failing(b) - failing(a)).slice(0, MOST_CAUGHT));
  return troubled.filter((step) => most.has(step));
}

/** Share of the requests that fail whatever is caught: by the errors of services whose steps stay, retries that have all failed. */
function surelyFailed({ moved, caught }: Change, { steps, services }: Subject): number {
  const staying = steps.filter(({ name, onError }) => onError === 'fail' && !moved.includes(name) && !caught.some(({ step }) => step === name));
  const succeeded = staying.map(({ call, share, retries }) => 1 - share * (services.find(({ name }) => name === call)?.errors ?? 0) ** retries.attempts);
  return 1 - succeeded.reduce((product, one) => product * one, 1);
}

function isGood({ missed }: Option): boolean {
  return missed.length === 0;
}

/** Nobody has looked for the workers that its consumers need, as its reply misses a goal; and too few fail in it for it not to be advised. */
function isUnsized({ kind, workers, loads }: Option): boolean {
  return kind === 'move' && workers.length === 0 && loads.every(({ failureRate }) => failureRate <= MOST);
}
