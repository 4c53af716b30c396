/** Runs flows of a call graph: calls and publishes, each as soon as those that it comes after have succeeded. */
import type { CallOff, Clock, Turn } from '../base/clock.js';
import { compensationOf, streamOf, undecidedIn, type CallGraph, type Flow, type Quorum, type Task } from '../scenarios/call-graph.js';
import { isOfKind, type KindRange } from '../scenarios/kinds.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import { CallFailure } from './failure.js';
import type { Order } from './order.js';
import type { Parts } from './parts.js';
import { publisher } from './publisher.js';
import type { StepRunner } from './step.js';

/**
 * Runs something for an order; rejects with a CallFailure or a PublishFailure.
 * @param attempt of what it is run for, from 0: deliveries count
 * @param message ordinal of the message that it is run for; without one it is run for the request itself
 * @returns of a step, whether it did by itself what it is there for; of anything else it means nothing
 */
export type Run = (order: Order, attempt: number, message?: number) => Promise<unknown>;

/** A task that can be run, and the positions of those that it comes after. */
interface RunnableTask {
  run: Run;
  after: readonly number[];
  /** Whether a quorum decides about it, so that its own failure is none of the flow. */
  isUndecided?: boolean;
  /** Of a quorum: it is run with the tasks that it decides about, as soon as they begin. */
  decide?: (order: Order, runs: readonly Promise<unknown>[], begin: Promise<unknown>) => Promise<void>;
}

/**
 * A flow with everything that it calls and publishes on.
 * @param waits whether it has failed only when what it had done is undone
 */
export async function flowRunner(flow: Flow, graph: CallGraph, parts: Parts, waits: boolean): Promise<Run> {
  const tasks: RunnableTask[] = [];
  const undecided = undecidedIn(flow);
  for (const [position, task] of flow.entries()) {
    if (task.kind === 'quorum') tasks.push({ run: async () => {}, after: task.after, decide: deciding(task, position, parts) });
    else tasks.push({ run: onlyFor(task.only, await taskRun(task, graph, parts), parts), after: task.after, isUndecided: undecided.has(position) });
  }
  parts.addFallbacks();
  const compensations = compensationsFor(flow, parts);
  return compensations.every((one) => one === null) ? runnerOf(tasks) : undoing(tasks, compensations, parts, waits);
}

function compensationsFor(flow: Flow, parts: Parts): Compensations {
  return flow.map((task) => {
    const call = task.kind === 'call' ? compensationOf(task.call) : undefined;
    return call ? parts.runner(call) : null;
  });
}

function deciding(quorum: Quorum, position: number, { clock }: Parts): NonNullable<RunnableTask['decide']> {
  return ({ request }, runs, begin) => decided(quorum, runs, begin, { clock, turn: turnOf(RANK.deadline, request, position + 1), request });
}

async function taskRun(task: Exclude<Task, Quorum>, graph: CallGraph, parts: Parts): Promise<Run> {
  if (task.kind === 'publish') return publishing(task.stream, graph, parts);
  const step = parts.runner(task.call);
  return ({ request, begunAt }, firstCall) => step.run(request, firstCall, begunAt);
}

/** What is done for requests of one kind, and for the others is as good as done. */
function onlyFor(only: KindRange | undefined, run: Run, { kindDraw }: Parts): Run {
  if (!only) return run;
  return async (order, firstCall, message) => isOfKind(only, kindDraw(order.request)) && run(order, firstCall, message);
}

async function publishing(name: string, graph: CallGraph, parts: Parts): Promise<Run> {
  const stream = streamOf(graph, name);
  const publish = publisher(await parts.bus(stream, true), stream, graph.streams.indexOf(stream), parts);
  const run: Run = (order, _firstCall, message) => publish(order, message);
  return stream.after.length > 1 ? parts.joint(stream).part(run) : run;
}

/**
 * All tasks, each as soon as those that it comes after have succeeded. Rejects with the first failure: what is under way
 * then runs on, what comes after the failed task never begins.
 */
export function runnerOf(tasks: readonly RunnableTask[]): Run {
  const only = tasks.length === 1 ? tasks[0] : undefined;
  if (only) return only.run;
  return async (order, attempt, message) => {
    await Promise.all(decisive(tasks, begun(tasks, order, attempt, message)));
  };
}

/** All tasks, by their position: each begins as soon as those that it comes after have succeeded. */
function begun(tasks: readonly RunnableTask[], ...what: Parameters<Run>): Promise<unknown>[] {
  const runs: Promise<unknown>[] = [];
  const runOf = (position: number): Promise<unknown> => (runs[position] ??= begin(tasks[position]!));
  const allOf = (after: readonly number[]): Promise<unknown> => Promise.all(after.map(runOf));
  const begin = async ({ run, after, decide }: RunnableTask): Promise<unknown> => {
    if (decide) return decide(what[0], after.map(runOf), allOf(tasks[after[0]!]!.after));
    if (after.length > 0) await allOf(after);
    return run(...what);
  };
  return tasks.map((_, position) => runOf(position));
}

/** The runs that a flow succeeds or fails with. */
function decisive(tasks: readonly RunnableTask[], runs: readonly Promise<unknown>[]): Promise<unknown>[] {
  return runs.filter((_, position) => !tasks[position]!.isUndecided);
}

/** All tasks, as `runnerOf` runs them; when one fails, what had succeeded is undone once all that was under way has ended. */
function undoing(tasks: readonly RunnableTask[], compensations: Compensations, parts: Parts, waits: boolean): Run {
  return async (order, attempt, message) => {
    const runs = begun(tasks, order, attempt, message);
    try {
      await Promise.all(decisive(tasks, runs));
    } catch (failure) {
      const undone = parts.whileUndoing(undo(order.request, runs, compensations));
      if (waits) await undone;
      throw failure;
    }
  };
}

/** What a group is decided by. */
interface QuorumParts {
  clock: Clock;
  /** Of the end of its time. */
  turn: Turn;
  /** Index of the request that it is run for. */
  request: number;
}

/**
 * Resolves when so many have succeeded, or with those that have within its time, or with all; rejects with the failure beyond which fewer can
 * succeed than have to, or when fewer have in time. Whatever is under way runs on.
 * @param begin resolves when they begin
 */
function decided({ name, need, within }: Quorum, runs: readonly Promise<unknown>[], begin: Promise<unknown>, { clock, turn, request }: QuorumParts): Promise<void> {
  return new Promise((resolve, reject) => {
    let [came, ended, isOver] = [0, 0, false];
    let callOff: CallOff = () => {};
    const decide = (failure?: unknown): void => {
      isOver = true;
      callOff();
      if (failure === undefined) resolve();
      else reject(failure);
    };
    const look = (failure?: unknown): void => {
      if (isOver) return;
      if (ended - came > runs.length - need) decide(failure);
      else if (ended === runs.length || (within === undefined && came >= need)) decide();
    };
    const succeeded = (): void => {
      [came, ended] = [came + 1, ended + 1];
      look();
    };
    const failed = (failure: unknown): void => {
      ended++;
      look(failure);
    };
    for (const run of runs) run.then(succeeded, failed);
    const over = (): void => decide(came >= need ? undefined : new CallFailure(name, 'timeout', request));
    const startTimer = (): void => {
      if (!isOver && within !== undefined) callOff = clock.at(clock.now() + within, over, turn);
    };
    // Steps that never begin say why themselves.
    begin.then(startTimer, () => {});
  });
}

/** What undoes each task of a flow, by its position; null: nothing does. */
type Compensations = readonly (Pick<StepRunner, 'run'> | null)[];

/**
 * Undoes what had succeeded, in reverse order and one after another, once all that was under way has ended (backward recovery,
 * Garcia-Molina and Salem, "Sagas", 1987). What cannot be undone stays as it is, and the next is undone all the same.
 * @param runs of the tasks: what each comes to, as `Run` says
 */
async function undo(request: number, runs: readonly Promise<unknown>[], compensations: Compensations): Promise<void> {
  const ends = await Promise.allSettled(runs);
  const isDone = (position: number): boolean => {
    const end = ends[position];
    return end?.status === 'fulfilled' && end.value === true;
  };
  for (const [position, compensation] of [...compensations.entries()].toReversed()) {
    if (compensation && isDone(position)) await compensation.run(request).catch(() => {});
  }
}
