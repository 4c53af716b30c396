/**
 * Advice: every alternative simulated at the same orders with the same draws, the cheapest that meets the goals chosen, and
 * followed before it is given. Nothing is said that is not a number.
 */
import type { MeasuredTrial, TrialLoad } from '../measurement/record.js';
import { publishesEvents } from '../scenarios/architectures.js';
import type { Step } from '../scenarios/scenario.js';
import type { Subject } from '../scenarios/subject.js';
import type { Simulate, SimulationInput } from '../simulation/simulate.js';
import { arranged, keyOf, movable, sideBySide, singleMoves, staying, UNCHANGED, type Alternative } from './alternatives.js';
import { casesOf, type Case } from './cases.js';
import type { Decision } from './decision.js';
import { asSaid, type FollowedAdvice } from './followed.js';
import { gainOf, isWorthIt, meanShare, WORTH_IT } from './gain.js';
import type { Goals } from './goals.js';
import type { GainAtLoad, Grounds, MoveAtLoad, StepAdvice } from './grounds.js';
import { loopsOf, loopWith, type Loop } from './loops.js';
import { hindranceOf, movedWith } from './moves.js';
import { lookAt, notFew, optionOf, optionOfRequests, type Laboratory, type Option } from './option.js';
import { bottleneckOf, outlookOf, type Outlook } from './outlook.js';
import { searched } from './search.js';
import { sameOrders } from './same-orders.js';
import { sensitivitiesOf, type Sensitivity } from './sensitivity.js';

/** Everything that is advised. */
export interface Advice {
  decision: Decision;
  /** The chain as it is leaves some of its work to consumers of events already. */
  publishes?: true;
  /** What was simulated at the same orders: the chain as it is, side by side, moves. */
  options: Option[];
  /** Which of them is advised. */
  chosen: number;
  /** The advice, applied to the scenario and simulated again with other draws. */
  followed: FollowedAdvice;
  steps: StepAdvice[];
  /** Steps worth moving, the one that saves most first. */
  order: string[];
  /** Calls in a row that could be one, the most work first. */
  loops: Loop[];
  /** What calling side by side gives without any event, and what moving all that may move gives, at each load of the scenario. */
  parallel: GainAtLoad[];
  moved: GainAtLoad[];
  /** What would change the decision. */
  sensitivities: Sensitivity[];
  /** When requests are right, and when events are. */
  cases: Case[];
}

/** What the advice rests on. */
export interface AdviceOptions {
  loads: readonly TrialLoad[];
  /** The trial of a subject at a load. */
  plan: (subject: Subject, load: TrialLoad) => SimulationInput;
  simulate: Simulate;
  goals: Goals;
  /** Whether they are the user's own. */
  isAsked?: boolean;
}

/**
 * Advice about a chain, whatever architecture its subject has now; of one that publishes, about the steps that its reply waits for. Everything that waits for nothing else is simulated at once.
 */
export async function advise(subject: Subject, { loads, plan, simulate, goals, isAsked = false }: AdviceOptions): Promise<Advice> {
  const lab: Laboratory = { plan, simulate, goals };
  const run = (world: Subject, load: TrialLoad): Promise<MeasuredTrial> => simulate(notFew(plan(world, load)));
  const stay = staying(subject);
  const [beside] = sideBySide(subject);
  const moving = (moved: string[]): Subject => arranged(subject, { ...UNCHANGED, moved });
  const today = await Promise.all(loads.map((load) => run(stay.subject, load)));
  const orders = loads.map((load, i) => sameOrders(load, today[i]!, plan(subject, load).think));
  const atLoads = (world: Subject): Promise<MeasuredTrial[]> => Promise.all(loads.map((load) => run(world, load)));
  const gains = (trials: readonly MeasuredTrial[]): GainAtLoad[] => trials.map((trial, i) => ({ load: loads[i]!, gain: gainOf(today[i], trial) }));
  const loops = loopsOf(stay.subject);
  // At a rate, what is looked at until it is known counts more. Users of the chain as it is have sent the orders that all others get.
  const isKnown = loads.every((load) => load.model === 'open' && plan(stay.subject, load).until);
  const known = async ({ subject: world }: Alternative, trials: Promise<MeasuredTrial[]>): Promise<Outlook[]> =>
    (await trials).map((trial, i) => outlookOf(trial, world, loads[i]!, orders[i]!.open.rate));
  const besideAtLoads = beside ? atLoads(beside.subject) : Promise.resolve([]);
  const stayOption = async (): Promise<Option> =>
    optionOfRequests(stay, await (isKnown ? known(stay, Promise.resolve(today)) : Promise.all(orders.map((one) => lookAt(stay.subject, asSaid(one), lab)))), goals);
  const besideOption = async (its: Alternative): Promise<Option> => (isKnown ? optionOfRequests(its, await known(its, besideAtLoads), goals) : optionOf(its, orders, lab));
  const [steps, besides, all, basic, once] = await Promise.all([
    Promise.all(subject.steps.map((step) => stepOf(step, subject))),
    besideAtLoads,
    atLoads(moving(movable(subject).map(({ name }) => name))),
    Promise.all([stayOption(), ...(beside ? [besideOption(beside)] : []), ...singleMoves(subject).map((alternative) => optionOf(alternative, orders, lab))]),
    Promise.all(loops.map(({ oneCall }) => atLoads(oneCall))),
  ]);
  const [parallel, moved] = [gains(besides), gains(all)];
  const told = steps.map((step) => advised(step, basic));
  const groundsOf = (options: readonly Option[]): Grounds => ({ goals, isAsked, sync: today, parallel, moved, steps: told, options });
  const ground = { orders, subject, lab, first: new Map<string, Option>() };
  const { decision, option, followed: check, options } = await searched(basic, groundsOf, ground);
  const seen = new Set(options.map(keyOf));
  const listed = [...options, ...basic.filter((one) => !seen.has(keyOf(one)))].map((one) => (keyOf(one) === keyOf(option) ? option : one));
  const judged = told.map((step) => (option.moved.includes(step.step) ? { ...step, verdict: verdictOfMoved(step) } : step));
  const order = judged.filter(({ verdict }) => verdict !== 'keep' && verdict !== 'too-late').toSorted((a, b) => b.gain - a.gain);
  return {
    decision,
    ...(publishesEvents(subject.architecture) && { publishes: true as const }),
    options: listed,
    chosen: listed.indexOf(option),
    followed: check,
    steps: judged,
    order: order.map(({ step }) => step),
    loops: loops.map((loop, i) => loopWith(loop, loads, gains(once[i]!).map(({ gain }) => gain))),
    parallel,
    moved,
    sensitivities: await sensitivitiesOf({ decision, option }, subject, orders, lab),
    cases: casesOf(subject, { ...groundsOf(listed), steps: judged }, option),
  };

  /** What the caller sees of a step moved, with what comes after it, at the loads of the scenario. */
  async function stepOf(step: Step, { steps: chain }: Subject): Promise<StepGains> {
    const hindrance = hindranceOf(step, chain);
    const names = movedWith(step, chain);
    if (hindrance) return { step, hindrance, names, at: [] };
    const world = moving(names);
    const trials = await Promise.all(loads.map((load) => run(world, load)));
    return { step, hindrance, names, at: trials.map((trial, i) => ({ load: loads[i]!, gain: gainOf(today[i], trial), bottleneck: bottleneckOf(trial, world) })) };
  }
}

interface StepGains extends Pick<StepAdvice, 'hindrance'> {
  step: Step;
  names: string[];
  at: Pick<MoveAtLoad, 'load' | 'gain' | 'bottleneck'>[];
}

/** What is said of a step: its gains, and what its consumer has to do at the same orders. */
function advised({ step, hindrance, names, at }: StepGains, options: readonly Option[]): StepAdvice {
  const alone = options.find(({ kind, moved }) => kind === 'move' && moved.join() === names.join());
  const sized = alone?.workers.find(({ consumer }) => consumer === step.name);
  const loads = at.map((gains, i): MoveAtLoad => ({ ...gains, ...consumerAt(step.name, alone?.loads[i], sized?.needs[i] ?? null) }));
  const workers = sized?.has ?? null;
  return {
    step: step.name,
    service: step.call,
    hindrance,
    with: names.filter((name) => name !== step.name),
    workers,
    ...(sized?.scales && { scales: true }),
    loads,
    gain: meanShare(at),
    verdict: verdictOf(loads, workers, alone),
  };
}

function consumerAt(name: string, outlook: Outlook | undefined, workersNeeded: number | null): Omit<MoveAtLoad, 'load' | 'gain' | 'bottleneck'> {
  return {
    orders: outlook?.orders ?? 0,
    arrivalRate: outlook?.arrivals[name] ?? 0,
    workersNeeded,
    lag: outlook?.lag ?? null,
    staleness: outlook?.staleness ?? null,
    unfinished: outlook?.unfinished ?? false,
    failedLater: outlook?.failedLater ?? 0,
    drainSeconds: outlook?.isPeak ? outlook.drainSeconds : null,
    atRisk: outlook?.atRisk ?? 0,
  };
}

function verdictOf(loads: readonly MoveAtLoad[], workers: number | null, alone: Option | undefined): StepAdvice['verdict'] {
  const isQuicker = loads.some(({ gain }) => gain.share >= WORTH_IT);
  const isGain = loads.some((at) => isWorthIt(at.gain));
  if (!alone || !(isGain || isQuicker)) return 'keep';
  if (alone.missed.includes('within') || loads.some(({ workersNeeded }) => workersNeeded === null)) return 'too-late';
  if (!isGain) return 'keep';
  return verdictByWorkers(loads, workers);
}

/** Of a step that the decision moves: what it does not gain by itself it gains with the others, or in failures. */
function verdictOfMoved({ verdict, loads, workers }: StepAdvice): StepAdvice['verdict'] {
  return verdict === 'keep' ? verdictByWorkers(loads, workers) : verdict;
}

function verdictByWorkers(loads: readonly MoveAtLoad[], workers: number | null): StepAdvice['verdict'] {
  const short = loads.filter(({ workersNeeded }) => (workersNeeded ?? Infinity) > (workers ?? Infinity)).length;
  if (short === 0) return 'move';
  return short < loads.length ? 'with-workers' : 'only-with-workers';
}
