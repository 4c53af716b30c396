/** Runs flows of a call graph: calls and publishes, each as soon as those that it comes after have succeeded. */
import { streamOf, type CallGraph, type Flow, type Task } from '../scenarios/call-graph.js';
import { isOfKind, type KindRange } from '../scenarios/kinds.js';
import type { Order } from './order.js';
import type { Parts } from './parts.js';
import { publisher } from './publisher.js';

/**
 * Runs something for an order; rejects with a CallFailure or a PublishFailure.
 * @param attempt of what it is run for, from 0: deliveries count
 * @param message ordinal of the message that it is run for; without one it is run for the request itself
 */
export type Run = (order: Order, attempt: number, message?: number) => Promise<void>;

/** A task that can be run, and the positions of those that it comes after. */
interface RunnableTask {
  run: Run;
  after: readonly number[];
}

/** A flow with everything that it calls and publishes on. */
export async function flowRunner(flow: Flow, graph: CallGraph, parts: Parts): Promise<Run> {
  const tasks: RunnableTask[] = [];
  for (const task of flow) tasks.push({ run: onlyFor(task.only, await taskRun(task, graph, parts), parts), after: task.after });
  parts.addFallbacks();
  return runnerOf(tasks);
}

async function taskRun(task: Task, graph: CallGraph, parts: Parts): Promise<Run> {
  if (task.kind === 'publish') return publishing(task.stream, graph, parts);
  const step = parts.runner(task.call);
  return ({ request }, firstCall) => step.run(request, firstCall);
}

/** What is done for requests of one kind, and for the others is as good as done. */
function onlyFor(only: KindRange | undefined, run: Run, { kindDraw }: Parts): Run {
  if (!only) return run;
  return async (order, firstCall, message) => {
    if (isOfKind(only, kindDraw(order.request))) await run(order, firstCall, message);
  };
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
    const runs: Promise<void>[] = [];
    const runOf = (position: number): Promise<void> => (runs[position] ??= begin(tasks[position]!));
    const begin = async ({ run, after }: RunnableTask): Promise<void> => {
      if (after.length > 0) await Promise.all(after.map(runOf));
      await run(order, attempt, message);
    };
    await Promise.all(tasks.map((_, position) => runOf(position)));
  };
}
