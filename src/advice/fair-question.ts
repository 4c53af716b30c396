/**
 * The fair question. Users order again as soon as they are answered: in a closed loop the faster subject gets more orders, and
 * its backlog is that of more orders. The other half of such an answer is what each does with the same orders.
 */
import { isOf, type Found } from '../measurement/finding.js';
import type { MeasuredTrial, SameOrdersRow, Trial, TrialLoad } from '../measurement/record.js';
import { nounOfRequest } from '../scenarios/noun.js';
import type { Scenario } from '../scenarios/scenario.js';
import { subjectOf, type Subject } from '../scenarios/subject.js';
import { demandOf } from './demand.js';
import { failureRateOf } from './finding-compare.js';
import { bills } from './finding-bill.js';
import { longEnough, type Laboratory } from './option.js';
import { fold, groupTrials, loadKey, type TrialGroup } from './rounds.js';
import { rounded, sameOrders } from './same-orders.js';

/** Orders differ when one subject took so many times as many as another. */
const DIFFERENT = 1.1;
/** Rates that differ by less are one. */
const ALIKE = 1.05;
/** Of a load at which more than that failed, nobody says that it was carried. */
const CARRIED = 0.01;

/** The subjects at one closed load. */
interface Loop {
  load: TrialLoad;
  groups: TrialGroup[];
  /** The baseline, or the first. */
  reference: TrialGroup;
}

/** A rate, and where it comes from. */
export type SameRate = Pick<SameOrdersRow, 'rate' | 'load' | 'from'>;

/** The rates at which all are asked the same: what the reference was sent, which is where `advise` decides, and what its users would order if nothing made them wait. */
export function sameRates(trials: readonly Trial[], scenario: Scenario): SameRate[] {
  return distinct(loopsOf(trials, scenario).flatMap((loop) => ratesOf(loop, scenario)));
}

function ratesOf({ load, reference }: Loop, scenario: Scenario): SameRate[] {
  const sent = fold(reference, (trial) => sameOrders(load, trial, scenario.load.think).open.rate) ?? 0;
  return [
    { rate: rounded(sent), load, from: failureRateOf(reference) <= CARRIED ? 'carried' : 'sent' },
    { rate: rounded(demandOf(reference, scenario)), load, from: 'users' as const },
  ];
}

/** Ascending; of those that are nearly the same, the one that the users would order. */
function distinct(rates: readonly SameRate[]): SameRate[] {
  const kept: SameRate[] = [];
  for (const one of rates.toSorted((a, b) => a.rate - b.rate)) {
    const last = kept.at(-1);
    if (!last || one.rate / last.rate >= ALIKE) kept.push(one);
    else if (last.from !== 'users') kept[kept.length - 1] = one;
  }
  return kept.filter(({ rate }) => rate > 0);
}

/**
 * All subjects at the same orders, simulated; none where they took the same already. What the model does not know is not asked:
 * servers of one's own, and faults of processes and deliveries.
 */
export async function askFairly(trials: readonly Trial[], scenario: Scenario, { plan, simulate }: Pick<Laboratory, 'plan' | 'simulate'>): Promise<SameOrdersRow[]> {
  if (!loopsOf(trials, scenario).some(takesMore)) return [];
  const subjects = [...new Set(trials.map(({ architecture }) => architecture))].flatMap((name) => subjectOf(scenario, name) ?? []);
  const known = subjects.filter(({ faults }) => faults.length === 0);
  const asked = sameRates(trials, scenario).flatMap((rate) => known.map((subject) => ({ rate, subject })));
  const answer = async ({ rate, subject }: { rate: SameRate; subject: Subject }): Promise<SameOrdersRow> => {
    const trial = await simulate(longEnough(plan(subject, { model: 'open', rate: rate.rate, arrivals: 'poisson' })));
    return rowOf(rate, trial, scenario);
  };
  return Promise.all(asked.map(answer));
}

function rowOf(from: SameRate, trial: MeasuredTrial, scenario: Scenario): SameOrdersRow {
  const { responseTime: { p50, p95, censored }, failureRate, throughput, architecture, events } = trial;
  const [worst] = bills(groupTrials([trial]), scenario).filter((bill) => isOf(bill, 'backlog-grows'));
  const backlog = worst ? backlogOf(worst) : null;
  return { ...from, architecture, p50, p95, isLonger: censored > 0, failureRate, throughput, publishes: events !== null, backlog };
}

function backlogOf({ numbers: { slope, workers, workersNeeded, scales }, names: { consumer } }: Found<'backlog-grows'>): SameOrdersRow['backlog'] {
  return { consumer, slope, workers: workers ?? null, workersNeeded: workersNeeded ?? null, ...(scales && { scales: true }) };
}

/** Closed loads whose users are always as many, with the subjects that were measured well. */
function loopsOf(trials: readonly Trial[], { baseline }: Pick<Scenario, 'baseline'>): Loop[] {
  const valid = groupTrials(trials, baseline).filter((group) => group.valid && group.load.model === 'closed' && !group.load.ramp);
  const loads = [...new Map(valid.map(({ load }) => [loadKey(load), load])).values()];
  return loads.flatMap((load) => {
    const groups = valid.filter((group) => loadKey(group.load) === loadKey(load));
    const reference = groups.find(({ isBaseline }) => isBaseline) ?? groups[0];
    return reference ? [{ load, groups, reference }] : [];
  });
}

/** Orders a second that a subject was sent. */
function ordersOf(group: TrialGroup): number {
  return fold(group, ({ outcomes, window }) => outcomes.sent / window.seconds) ?? 0;
}

function takesMore(loop: Loop): boolean {
  return ratioOf(loop) >= DIFFERENT;
}

function ratioOf({ groups, reference }: Loop): number {
  const orders = ordersOf(reference);
  const most = Math.max(...groups.map(ordersOf));
  return orders > 0 ? most / orders : most > 0 ? Infinity : 1;
}

function mostDifferent(loops: readonly Loop[]): Loop | undefined {
  return loops.filter(takesMore).toSorted((a, b) => ratioOf(b) - ratioOf(a))[0];
}

/** That they took different orders, where they differ most, with what both do at the same. */
export function sameOrdersFindings(trials: readonly Trial[], rows: readonly SameOrdersRow[], scenario: Scenario): Found<'same-orders'>[] {
  // Hybrid where it took more: what only accepts orders takes more than any other, and nobody asks for that first.
  const loops = loopsOf(trials, scenario);
  const asked = loops.map((loop) => ({ ...loop, groups: loop.groups.filter((group) => group.base === 'hybrid' || group === loop.reference) }));
  const [loop] = [asked, loops].map(mostDifferent).filter((found) => found !== undefined);
  if (!loop) return [];
  const { load, groups, reference } = loop;
  const most = groups.toSorted((a, b) => ordersOf(b) - ordersOf(a))[0] as TrialGroup;
  // Those of its own users, or of others who order as many.
  const wanted = rows.findLast((row) => row.from === 'users' && loadKey(row.load) === loadKey(load)) ?? rows.at(-1);
  const at = (name: string): SameOrdersRow | undefined => rows.find((row) => row.rate === wanted?.rate && row.architecture === name);
  const [its, other] = [at(most.architecture), at(reference.architecture)];
  if (!its || !other) return [];
  const numbers = {
    orders: ordersOf(most),
    otherOrders: ordersOf(reference),
    rate: its.rate,
    failureRate: its.failureRate,
    otherFailureRate: other.failureRate,
    ...(its.p50 === null ? {} : { time: its.p50 }),
    ...(other.p50 === null ? {} : { otherTime: other.p50 }),
    ...(its.backlog ? { slope: its.backlog.slope } : {}),
    ...(its.backlog?.workersNeeded == null ? {} : { workersNeeded: its.backlog.workersNeeded }),
    ...(its.backlog?.workers == null ? {} : { workers: its.backlog.workers }),
    ...(its.backlog?.scales && { scales: 1 as const }),
  };
  const names = { than: reference.architecture, noun: nounOfRequest(scenario), ...(its.backlog ? { consumer: its.backlog.consumer } : {}) };
  return [{ kind: 'same-orders', architecture: most.architecture, load, numbers, names }];
}
