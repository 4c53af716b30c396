/** Virtual time: nothing waits, and what happens at one moment happens in the one written order. */
import type { CallOff, Clock, Turn } from '../../src/base/clock.js';
import { RANK, turnOf } from '../../src/scenarios/turn.js';

/** Which of two turns at one moment comes first: below 0 when `a` does. */
export function compareTurns(a: Turn, b: Turn): number {
  return a.rank - b.rank || a.request - b.request || a.place - b.place || a.call - b.call;
}

interface Plan {
  moment: number;
  turn: Turn;
  /** Order of planning: decides only where a turn does not. */
  position: number;
  run: () => void;
  isOff: boolean;
}

const SOMETIME = turnOf(RANK.windowEnd, 0);

/** A clock that goes on when it is told to. */
export class VirtualClock implements Clock {
  private time = 0;
  private planned = 0;
  private readonly heap: Plan[] = [];

  now(): number {
    return this.time;
  }

  date(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.time);
  }

  at(moment: number, run: () => void, turn: Turn = SOMETIME): CallOff {
    const plan: Plan = { moment: Math.max(moment, this.time), turn, position: this.planned++, run, isOff: false };
    this.push(plan);
    return () => {
      plan.isOff = true;
    };
  }

  inTurn(run: () => void, turn: Turn): void {
    this.at(this.time, run, turn);
  }

  /** Runs what is planned, letting promises settle in between, until nothing is, or past a moment, or until it is enough. */
  async run({ until = Infinity, isEnough = () => false }: { until?: number; isEnough?: () => boolean } = {}): Promise<void> {
    await settle();
    for (let next = this.heap[0]; next && next.moment <= until && !isEnough(); next = this.heap[0]) {
      this.pop();
      if (next.isOff) continue;
      this.time = next.moment;
      next.run();
      await settle();
    }
    if (until < Infinity && !isEnough()) this.time = Math.max(this.time, until);
  }

  /** Lets so many ms pass. */
  advance(ms: number): Promise<void> {
    return this.run({ until: this.time + ms });
  }

  private push(plan: Plan): void {
    const { heap } = this;
    let child = heap.push(plan) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (!isBefore(plan, heap[parent]!)) break;
      heap[child] = heap[parent]!;
      child = parent;
    }
    heap[child] = plan;
  }

  private pop(): void {
    const { heap } = this;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let parent = 0;
    for (;;) {
      let child = 2 * parent + 1;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (child >= heap.length || !isBefore(heap[child]!, last)) break;
      heap[parent] = heap[child]!;
      parent = child;
    }
    heap[parent] = last;
  }
}

function isBefore(a: Plan, b: Plan): boolean {
  return (a.moment - b.moment || compareTurns(a.turn, b.turn) || a.position - b.position) < 0;
}

/** Once every promise that can settle now has settled: a tick that is asked for by a promise comes after all of them. */
async function settle(): Promise<void> {
  await Promise.resolve();
  await new Promise<void>((resolve) => process.nextTick(resolve));
}
