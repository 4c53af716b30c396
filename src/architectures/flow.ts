/** Runs flows of a call graph: calls and publishes, each as soon as those that it comes after have succeeded. */
import { streamOf, type CallGraph, type Flow } from '../scenarios/call-graph.js';
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
  for (const task of flow) {
    if (task.kind === 'publish') tasks.push({ run: await publishing(task.stream, graph, parts), after: task.after });
    else {
      const step = parts.runner(task.call);
      tasks.push({ run: ({ request }, attempt) => step.run(request, attempt), after: task.after });
    }
  }
  return runnerOf(tasks);
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
