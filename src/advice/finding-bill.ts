/** What the event side costs: work that waits, dies or is lost after the reply. */
import type { Finding } from '../measurement/record.js';
import { isKnown } from '../measurement/times.js';
import { formatFault } from '../scenarios/fault.js';
import type { Scenario } from '../scenarios/scenario.js';
import { subjectOf } from '../scenarios/subject.js';
import { foldConsumer, foldStep, meanServiceTime } from './demand.js';
import { workersFor } from './finding-cause.js';
import { fold, type TrialGroup } from './rounds.js';

/** Growth, as a share of what arrives, below which a backlog only goes up and down. */
const GROWING = 0.02;
/** Standard deviations by which a count of independent events is hardly ever off by chance. */
const SURELY = 3;

/** For every subject that publishes events, at each load: what was lost or failed later, and whose backlog grows. */
export function bills(groups: readonly TrialGroup[], scenario: Scenario): Finding[] {
  return groups.flatMap((group) => {
    if (fold(group, (trial) => trial.events?.attempted ?? null) === null) return [];
    const growing = backlogs(group, scenario);
    return [...lost(group, scenario), ...failedLater(group), ...(growing.length > 0 ? growing : keepsUp(group))];
  });
}

function lost(group: TrialGroup, scenario: Scenario): Finding[] {
  const count = (pick: 'lost' | 'acknowledged'): number => fold(group, (trial) => trial.events?.[pick] ?? null) ?? 0;
  const faults = (subjectOf(scenario, group.architecture)?.faults ?? []).map(formatFault);
  const found = some('lost', group, { lost: count('lost'), acknowledged: count('acknowledged') }, count('lost'));
  return found.map((finding) => ({ ...finding, names: faults.length > 0 ? { faults: faults.join(', ') } : {} }));
}

function failedLater(group: TrialGroup): Finding[] {
  const count = fold(group, (trial) => trial.failedLater) ?? 0;
  return some('failed-later', group, { failedLater: count, ok: fold(group, (trial) => trial.outcomes.ok) ?? 0 }, count);
}

function some(kind: string, group: TrialGroup, numbers: Finding['numbers'], count: number): Finding[] {
  return count > 0 ? [{ kind, architecture: group.architecture, load: group.load, numbers, names: {} }] : [];
}

/** Consumers whose backlog grows for as long as the load lasts, the fastest growing first. */
function backlogs(group: TrialGroup, scenario: Scenario): Finding[] {
  const names = Object.keys(group.measured[0]?.events?.consumers ?? {});
  const all = names.map((name) => backlog(group, name, scenario));
  const seconds = fold(group, ({ window }) => window.seconds) ?? 0;
  const growing = all.filter(({ numbers }) => grows(numbers, seconds));
  return growing.toSorted((a, b) => (b.numbers.slope ?? 0) - (a.numbers.slope ?? 0));
}

/**
 * Whether a backlog grows, and not just by chance or because work has only begun: a consumer that keeps up has as many
 * events in hand as it needs workers (Little), give or take the deviation of a count, and that is no backlog yet.
 */
function grows({ slope = 0, arrivalRate = 0, end = 0, workersNeeded = 0 }: Finding['numbers'], seconds: number): boolean {
  const inHand = workersNeeded + SURELY * Math.sqrt(workersNeeded);
  return slope > GROWING * arrivalRate && end > inHand && slope * seconds > SURELY * Math.sqrt(end);
}

function backlog(group: TrialGroup, consumer: string, scenario: Scenario): Finding {
  const of = (pick: Parameters<typeof foldConsumer>[2]): number | null => foldConsumer(group, consumer, pick);
  const arrivalRate = of((result) => result.arrivalRate) ?? 0;
  const drainSeconds = of((result) => result.backlog.drainSeconds);
  const { service, workers, workersNeeded } = needOf(group, consumer, arrivalRate, scenario);
  const numbers = {
    slope: of((result) => result.backlog.slopePerSecond) ?? 0,
    arrivalRate,
    processingRate: of((result) => result.processingRate) ?? 0,
    end: of((result) => result.backlog.end) ?? 0,
    pending: of((result) => result.pending) ?? 0,
    workersNeeded,
    ...(workers === null ? {} : { workers }),
    ...(drainSeconds === null ? {} : { drainSeconds }),
  };
  const { architecture, load } = group;
  return { kind: 'backlog-grows', architecture, load, numbers, names: { consumer, service } };
}

interface Need {
  service: string;
  workers: number | null;
  workersNeeded: number;
}

/** The service that a consumer calls, its workers, and those that would keep up with what arrives. */
function needOf(group: TrialGroup, consumer: string, arrivalRate: number, scenario: Scenario): Need {
  const subject = subjectOf(scenario, group.architecture);
  const service = group.measured[0]?.events?.consumers[consumer]?.service ?? consumer;
  if (!subject || subject.services.some(({ name }) => name === service)) {
    const workersNeeded = workersFor(arrivalRate, meanServiceTime(group, consumer, service, scenario));
    return { service, workers: foldConsumer(group, consumer, (result) => result.workers), workersNeeded };
  }
  // The consumer that `event-driven` adds runs the critical steps: the scarcest of them decides.
  const needs = subject.steps
    .filter((step) => step.critical)
    .map(({ name, call }) => ({
      service: call,
      workers: foldStep(group, name, (result) => result.workers),
      workersNeeded: workersFor(arrivalRate, meanServiceTime(group, name, call, scenario)),
    }));
  const shortage = ({ workers, workersNeeded }: Need): number => (workers === null ? 0 : workersNeeded / workers);
  const [scarcest] = needs.toSorted((a, b) => shortage(b) - shortage(a));
  return scarcest ?? { service, workers: null, workersNeeded: 0 };
}

function keepsUp(group: TrialGroup): Finding[] {
  const lagP95 = fold(group, ({ events }) => (events && isKnown(events.lag, 'p95') ? events.lag.p95 : null));
  const completionP95 = fold(group, ({ events }) =>
    events && isKnown(events.completionTime, 'p95') ? events.completionTime.p95 : null,
  );
  if (lagP95 === null || completionP95 === null) return [];
  const { architecture, load } = group;
  return [{ kind: 'keeps-up', architecture, load, numbers: { lagP95, completionP95 }, names: {} }];
}
