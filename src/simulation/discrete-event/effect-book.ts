import { stands, type StepEffects } from '../../measurement/false-replies.js';

/** What stands of the steps of a request that can be undone: it may depend on when the trial ends. */
export interface Standing {
  /** Nothing is done or undone after that. */
  last: number;
  /** Whether something stands at a moment. */
  at: (until: number) => boolean;
}

/** When steps that can be undone were done and undone, by row of their request. */
export class EffectBook {
  private readonly rows = new Map<number, Map<number, StepEffects>>();

  /** A service does, or will do, at a moment what a step is there for, or what undoes it. @param step position of its caller */
  note(row: number, step: number, is: keyof StepEffects, at: number): void {
    const steps = this.rows.get(row) ?? new Map<number, StepEffects>();
    const moments = steps.get(step) ?? { done: [], undone: [] };
    moments[is].push(at);
    this.rows.set(row, steps.set(step, moments));
  }

  /** Takes out what is known of a request; null: none of these steps was done. */
  take(row: number): Standing | null {
    const steps = this.rows.get(row);
    if (!steps) return null;
    this.rows.delete(row);
    const all = [...steps.values()];
    return { last: Math.max(...all.flatMap(({ done, undone }) => [...done, ...undone])), at: (until) => all.some((moments) => stands(moments, until)) };
  }
}
