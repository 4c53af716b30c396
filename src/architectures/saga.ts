/** Sagas: what a flow had done before it failed is undone by calls of its own. */
import type { StepRunner } from './step.js';

/** What undoes each task of a flow, by its position; null: nothing does. */
export type Compensations = readonly (Pick<StepRunner, 'run'> | null)[];

/**
 * Undoes what had succeeded, in reverse order and one after another, once all that was under way has ended (backward recovery,
 * Garcia-Molina and Salem, "Sagas", 1987). What cannot be undone stays as it is, and the next is undone all the same.
 * @param runs of the tasks: what each comes to, as `Run` says
 */
export async function undo(request: number, runs: readonly Promise<unknown>[], compensations: Compensations): Promise<void> {
  const ends = await Promise.allSettled(runs);
  const isDone = (position: number): boolean => {
    const end = ends[position];
    return end?.status === 'fulfilled' && end.value === true;
  };
  for (const [position, compensation] of [...compensations.entries()].toReversed()) {
    if (compensation && isDone(position)) await compensation.run(request).catch(() => {});
  }
}
