import type { Step } from '../scenarios/scenario.js';
import type { PlaceOrder } from './order.js';
import type { StepRunner } from './step.js';

/**
 * `parallel`: each step as soon as all that it comes after have succeeded, the reply when all are done. The first
 * failure is the reply; what is under way then runs on, what has not begun and comes after the failed step never does.
 */
export function parallel(steps: readonly StepRunner[], plan: readonly Pick<Step, 'name' | 'after'>[]): PlaceOrder {
  const positions = new Map(steps.map((step, position) => [step.name, position]));
  const needs = plan.map(({ after }) => after.map((name) => positions.get(name) ?? -1));
  return async ({ request }) => {
    const runs: Promise<void>[] = [];
    const runOf = (position: number): Promise<void> => (runs[position] ??= begin(position));
    const begin = async (position: number): Promise<void> => {
      const before = needs[position] ?? [];
      if (before.length > 0) await Promise.all(before.map(runOf));
      await steps[position]?.run(request);
    };
    await Promise.all(steps.map((_, position) => runOf(position)));
    return 'confirmed';
  };
}
