/** The capacity of the subjects of a scenario: plans the probes, runs them, and keeps their trials. */
import type { BusSettings } from '../events/settings.js';
import { idealSummary, unloadedWork } from '../measurement/ideal.js';
import { isMeasured } from '../advice/rounds.js';
import type { CapacityAnswer, CapacityProbe, Times, Trial, TrialLoad } from '../measurement/record.js';
import type { Scenario } from '../scenarios/scenario.js';
import { isTarget, type Measurable } from '../scenarios/subject.js';
import type { Hop } from '../services/services.js';
import type { Bracket, SearchRange } from '../simulation/capacity.js';
import { UserError } from '../base/errors.js';
import { measureCapacity, type CapacityQuestion, type RunProbe } from './capacity.js';
import { unloadedResponse } from './job.js';
import { planTrials, withHop, type TrialPlan } from './plan.js';
import { attemptTrial, type TrialParts } from './run.js';
import type { RunTrial } from './trial.js';

/** A limit of p95: a time in ms, or so many times the unloaded value. */
export type P95Limit = { ms: number } | { times: number };

/** What is asked of each subject. */
export interface SearchTerms {
  model: TrialLoad['model'];
  range: SearchRange;
  p95: P95Limit;
  /** Share of requests that may fail. */
  failures: number;
}

/** Hears how the search goes. */
export interface SearchListener {
  /** @param isPredicted told by the model, for the machine as it was measured */
  unloaded(subject: Measurable, p95: number, isPredicted: boolean): void;
  probed(subject: Measurable, probe: CapacityProbe, trial: Trial): void;
}

/** Growth of a backlog, as a share of what arrives, that is no more than up and down. */
const GROWTH = 0.02;
/** What is answered at once is given time to be answered at all, ms. */
const LEAST_P95 = 50;
/** Requests that the unloaded response time is taken from, about: of services that are known they only tell what the machine adds, and the model takes no time for them. */
const UNLOADED_REQUESTS = { known: 3, target: 6, model: 100 };
const ALONE: TrialLoad = { model: 'closed', users: 1 };
/** The shortest time for them, ms. */
const UNLOADED_TIME = 1000;
/**
 * What a probe lasts at least: unloaded cycles of a user, so that what piles up, or answers late, has had time to; and times
 * that the slowest consumer of a request works, since what it finishes comes in waves as long as that.
 */
interface Turns {
  cycles: number;
  works: number;
}
const PROBE_TURNS: Turns = { cycles: 10, works: 3 };
/** Of the model, which takes no time: so long that it is sure of a backlog that grows by little, between waves of requests and of work. */
const MODEL_TURNS: Turns = { cycles: 10, works: 20 };
/** Of a probe that only has to agree with the model. */
const AGREED_TURNS: Turns = { cycles: 3, works: 2 };
/** Requests that a probe has at least, about, and the longest it waits for them, ms: 59 know a p95 (`samplesNeeded`). */
const PROBE_REQUESTS = 100;
const LONGEST_FOR_REQUESTS = 600_000;

/**
 * How long a probe has to be to tell, ms: many response times, some times of the work that follows, and requests enough.
 * @param cycle mean time in which a user makes one request with nothing waiting, ms
 * @param work time of the slowest consumer of a request, ms
 * @param turns how many of these it has at least
 */
function probeLength(load: TrialLoad, cycle: number, work: number, turns: Turns): number {
  const perSecond = load.model === 'open' ? load.rate : (load.users * 1000) / Math.max(1, cycle);
  const forRequests = Math.min(LONGEST_FOR_REQUESTS, (PROBE_REQUESTS * 1000) / perSecond);
  // Whole seconds, so that they can be told.
  return Math.ceil(Math.max(turns.cycles * cycle, turns.works * work, forRequests) / 1000) * 1000;
}

/** What it takes to try a level; and to ask the model first, where it is not the model that is asked. */
export interface SearchParts extends TrialParts {
  model?: RunTrial;
  /** The model, where it knows what the machine adds: it tells what one user alone is answered. */
  unloadedModel?: RunTrial;
  /** How events travel; within the server without it. */
  bus?: BusSettings;
}

export class CapacitySearch {
  /** Every trial so far, and what was planned for it. */
  readonly trials: Trial[] = [];
  readonly plans: TrialPlan[] = [];
  /** By subject, as every probe asks. */
  private readonly works = new Map<Measurable, number>();
  private readonly scenario: Scenario;
  private readonly seed: number;
  private readonly parts: SearchParts;
  private readonly signal: AbortSignal;
  private readonly listener: SearchListener;
  private readonly hop: Hop;

  /** @param scenario its load says how long a probe lasts */
  constructor(scenario: Scenario, seed: number, parts: SearchParts, signal: AbortSignal, listener: SearchListener, hop: Hop = 'http') {
    this.scenario = scenario;
    this.seed = seed;
    this.parts = parts;
    this.signal = signal;
    this.listener = listener;
    this.hop = hop;
  }

  /** The capacity of one subject. @throws UserError when not even one user gets good answers */
  async answer(subject: Measurable, { model, range, p95, failures }: SearchTerms): Promise<CapacityAnswer> {
    const unloaded = await this.unloaded(subject);
    this.listener.unloaded(subject, unloaded.p95, unloaded.isPredicted);
    const limit = 'ms' in p95 ? p95.ms : Math.max(p95.times * unloaded.p95, LEAST_P95);
    const limits = { p95: limit, failureRate: failures, backlogGrowth: GROWTH };
    const expected = await this.expected(subject, { architecture: subject.name, model, range, unloaded, limits });
    const question = { architecture: subject.name, model, range: { ...range, expected }, unloaded, limits };
    const run: RunProbe = (load, round, isExpected) => {
      const turns = isExpected && round === 1 ? AGREED_TURNS : PROBE_TURNS;
      return this.run(subject, load, round, { duration: this.probeDuration(subject, load, unloaded.cycle, turns) });
    };
    return measureCapacity(question, run, this.signal, (probe, trial) => this.listener.probed(subject, probe, trial));
  }

  /** Where the model says that the answer lies; null where it is the model that is asked, or what it does not know. */
  private async expected(subject: Measurable, question: CapacityQuestion): Promise<Bracket | null> {
    const { model } = this.parts;
    if (!model || isTarget(subject)) return null;
    const run: RunProbe = (load, round) => this.asked(subject, load, { duration: this.probeDuration(subject, load, question.unloaded.cycle, MODEL_TURNS) }, model, round);
    const { most, beyond, end } = await measureCapacity({ ...question, range: { ...question.range, decide: [] } }, run, this.signal);
    return end === 'limit' || end === 'asked' ? { carried: most, tooMuch: beyond ?? Infinity } : null;
  }

  private probeDuration(subject: Measurable, load: TrialLoad, cycle: number, turns: Turns): number {
    return Math.max(this.scenario.load.duration, probeLength(load, cycle, this.workOf(subject), turns));
  }

  /** One user alone: p95, and the time between two of their requests, ms. */
  private async unloaded(subject: Measurable): Promise<{ p95: number; cycle: number; isPredicted: boolean }> {
    const model = isKnown(subject) ? this.parts.unloadedModel : undefined;
    const requests = UNLOADED_REQUESTS[isTarget(subject) ? 'target' : model ? 'model' : 'known'];
    const length = { duration: Math.max(UNLOADED_TIME, requests * unloadedResponse(subject, this.seed)), until: null, think: 0 };
    const trial = model ? await this.asked(subject, ALONE, length, model) : await this.run(subject, ALONE, 1, length);
    if (!isMeasured(trial)) throw new UserError(`${subject.name} could not be measured with one user: ${trial.message}`);
    const { responseTimeOk: times } = trial;
    if (times.mean === null || times.p95 === null) {
      const why = trial.causes?.find(({ call }) => call === 'answer')?.reason;
      throw new UserError(`${subject.name} gave one user alone no good answer${why === undefined ? '' : ` (${why})`}: there is no load that it carries.`);
    }
    return { p95: this.unloadedP95(subject, times), cycle: times.mean + this.scenario.load.think, isPredicted: model !== undefined };
  }

  /**
   * A few requests know no p95: where the services are known, it is that of their latencies and what the machine adds.
   */
  private unloadedP95(subject: Measurable, { p50, p95, max }: Times): number {
    if (isTarget(subject)) return p95 ?? max ?? 0;
    const ideal = idealSummary(subject, this.seed);
    return ideal.p95 + Math.max(0, (p50 ?? 0) - ideal.p50);
  }

  /** What a model says of a trial, which is kept nowhere. */
  private asked(subject: Measurable, load: TrialLoad, length: Partial<Scenario['load']>, model: RunTrial, round = 1): Promise<Trial> {
    return attemptTrial(this.planOf(subject, load, round, length), { ...this.parts, runTrial: model }, this.signal, () => {});
  }

  /** @param length how long it is. A trial that only asks how long a request takes is as long as it says: nobody has to pause for that */
  private async run(subject: Measurable, load: TrialLoad, round: number, length: Partial<Scenario['load']>): Promise<Trial> {
    const plan = this.planOf(subject, load, round, length);
    const trial = await attemptTrial(plan, this.parts, this.signal, () => {});
    this.plans.push(plan);
    this.trials.push(trial);
    return trial;
  }

  /** Time of the slowest consumer of a request, ms; 0 where nobody knows of any. */
  private workOf(subject: Measurable): number {
    if (isTarget(subject)) return 0;
    const work = this.works.get(subject) ?? unloadedWork(subject, this.seed);
    this.works.set(subject, work);
    return work;
  }

  /** A warm-up that nobody has said goes on until consumers have as much in hand as they ever will: what still comes to its level is no growth. */
  private levelled({ subject, entry, warmup, maxWarmup }: TrialPlan): Pick<TrialPlan, 'warmup' | 'maxWarmup'> {
    const work = this.workOf(subject);
    if (this.scenario.load.warmup !== 'auto') return { warmup, maxWarmup };
    const level = work > 0 ? Math.ceil(entry + unloadedResponse(subject, this.seed) + work) : 0;
    return { warmup: Math.max(warmup, level), maxWarmup: Math.max(maxWarmup, level) };
  }

  private planOf(subject: Measurable, load: TrialLoad, round: number, length: Partial<Scenario['load']>): TrialPlan {
    const amount = load.model === 'closed' ? { users: [load.users], rates: [] } : { users: [], rates: [load.rate] };
    const scenario = { ...this.scenario, load: { ...this.scenario.load, ...amount, ...length } };
    const [planned] = withHop(planTrials(scenario, [subject], this.seed, this.parts.bus), this.hop).trials;
    if (!planned) throw new Error(`Nothing to run for ${subject.name}`);
    return { ...planned, ...this.levelled(planned), round, calibrate: false };
  }
}

/** Whether nothing in it is a server that only a measurement knows. */
function isKnown(subject: Measurable): boolean {
  return !isTarget(subject) && !subject.services.some(({ endpoint }) => endpoint);
}
