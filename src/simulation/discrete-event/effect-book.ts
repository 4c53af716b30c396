import { stands, type StepEffects } from '../../measurement/false-replies.js';
import { REQUEST, REQUEST_IS, type RequestTable } from './request-table.js';

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

/** Whether something that an attempt did stands at a moment. */
export type AttemptEffect = (until: number) => boolean;

/** What has taken effect in each attempt of the requests that their clients have sent several times. */
export class AttemptBook {
  private readonly requests: RequestTable;
  /** Of the attempts before, by row of the one that follows. */
  private readonly earlier = new Map<number, AttemptEffect[]>();

  constructor(requests: RequestTable) {
    this.requests = requests;
  }

  /** Nobody has anything more to do with an attempt that another follows: what it did is kept for that. @returns row of the other */
  handOver(row: number, standing: Standing | null): number {
    const next = this.requests.get(row, REQUEST.next);
    this.earlier.set(next, this.take(row, standing));
    return next;
  }

  /** What took effect in a request that is done with, attempt by attempt; null where it had one. */
  settle(row: number, standing: Standing | null): AttemptEffect[] | null {
    return this.earlier.has(row) ? this.take(row, standing) : null;
  }

  private take(row: number, standing: Standing | null): AttemptEffect[] {
    const { earlier, requests } = this;
    const isEffective = requests.is(row, REQUEST_IS.effective);
    const effectiveAt = requests.at(row, REQUEST.effectiveAt);
    const before = earlier.get(row) ?? [];
    earlier.delete(row);
    return [...before, (until) => isEffective || effectiveAt <= until || (standing?.at(until) ?? false)];
  }
}
