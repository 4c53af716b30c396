/** Where the time of one order goes: its steps laid out along a line of time. Means, because means add up. */
import { subjectOf } from '../../scenarios/subject.js';
import type { Scenario, Step } from '../../scenarios/scenario.js';
import { fold, type TrialGroup } from '../../advice/rounds.js';
import { foldConsumer, foldStep } from '../../advice/demand.js';

/** One step or consumer on the line of time, ms from the start of the request. */
export interface Bar {
  name: string;
  /** When it is asked for. */
  from: number;
  /** Waiting for a worker, then at work. */
  waiting: number;
  working: number;
  /** Share of the runs that failed; a step that always times out is only waited for. */
  failed: number;
  /** Whether the caller waits for it. */
  isBeforeReply: boolean;
  utilisation: number | null;
  workers: number | null;
  calls: number;
}

export interface Timeline {
  bars: Bar[];
  /** Mean response time. */
  reply: number;
}

/** The line of time of a subject under a load; null for a subject whose steps nobody knows. */
export function layout(row: TrialGroup, scenario: Scenario): Timeline | null {
  const subject = subjectOf(scenario, row.architecture);
  const reply = fold(row, (trial) => trial.responseTime.mean);
  if (!subject || row.base === null || reply === null) return null;
  const { steps, event } = subject;
  if (row.base === 'sync') return { bars: chain(row, steps, 0, true), reply };
  if (row.base === 'parallel') return { bars: graph(row, steps), reply };
  const critical = steps.filter((step) => step.critical);
  const accounts = Object.keys(row.measured[0]?.events?.consumers ?? {});
  const known = event.consumers.map((consumer) => consumer.name).filter((name) => accounts.includes(name));
  const first =
    row.base === 'hybrid' ? chain(row, critical, 0, true) : submission(row, critical, accounts, known, reply);
  const published = row.base === 'hybrid' ? reply : Math.max(reply, ...first.map(endOf));
  return { bars: [...first, ...known.map((name) => afterReply(row, name, published))], reply };
}

/** What `event-driven` does first: a consumer of its own takes the order and runs the critical steps. */
function submission(row: TrialGroup, critical: Step[], accounts: string[], known: string[], reply: number): Bar[] {
  const own = accounts.filter((name) => !known.includes(name)).map((name) => afterReply(row, name, reply));
  return [...own, ...chain(row, critical, Math.max(reply, ...own.map(endOf)), false)];
}

/** One after another. */
function chain(row: TrialGroup, steps: readonly Step[], start: number, isBeforeReply: boolean): Bar[] {
  let from = start;
  return steps.map((step) => {
    const bar = barOf(row, step, from, isBeforeReply);
    from = endOf(bar);
    return bar;
  });
}

/** Each as soon as the steps it needs are done. */
function graph(row: TrialGroup, steps: readonly Step[]): Bar[] {
  const bars = new Map<string, Bar>();
  for (const step of steps) {
    const needed = step.after.flatMap((name) => bars.get(name) ?? []);
    bars.set(step.name, barOf(row, step, Math.max(0, ...needed.map(endOf)), true));
  }
  return [...bars.values()];
}

/** When a step or consumer is done. */
export function endOf({ from, waiting, working }: Bar): number {
  return from + waiting + working;
}

function barOf(row: TrialGroup, step: Step, from: number, isBeforeReply: boolean): Bar {
  const of = (pick: Parameters<typeof foldStep>[2]): number => foldStep(row, step.name, pick) ?? 0;
  const [calls, timeouts] = [of((result) => result.calls), of((result) => result.timeouts)];
  // The service may never have got to a call that was given up: its caller waited for the timeout.
  const givenUp = calls > 0 ? Math.min(1, timeouts / calls) : 0;
  return {
    name: step.name,
    from,
    waiting: (1 - givenUp) * of((result) => result.queueTime.mean) + givenUp * step.timeout,
    working: (1 - givenUp) * of((result) => result.serviceTime.mean),
    failed: calls > 0 ? of((result) => result.failed) / calls : 0,
    isBeforeReply,
    utilisation: foldStep(row, step.name, (result) => result.utilisation),
    workers: foldStep(row, step.name, (result) => result.workers),
    calls,
  };
}

/** A consumer waits for the event to reach a worker of its own, then for one of the service. */
function afterReply(row: TrialGroup, name: string, reply: number): Bar {
  const of = (pick: Parameters<typeof foldStep>[2]): number => foldStep(row, name, pick) ?? 0;
  return {
    name,
    from: reply,
    waiting: (foldConsumer(row, name, (result) => result.lag.mean) ?? 0) + of((result) => result.queueTime.mean),
    working: of((result) => result.serviceTime.mean),
    failed: 0,
    isBeforeReply: false,
    utilisation: foldStep(row, name, (result) => result.utilisation),
    workers: foldConsumer(row, name, (result) => result.workers),
    calls: of((result) => result.calls),
  };
}
