import type { Flow, Quorum } from '../../scenarios/call-graph.js';
import { RANK } from '../../scenarios/turn.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { EVENT } from './model.js';
import { REQUEST, type RequestTable } from './request-table.js';

/** How a group stands for one request. */
interface Standing {
  row: number;
  task: number;
  came: number;
  ended: number;
  /** Number of the end of its time; 0: it has none. */
  timer: number;
}

/** What is known of a group now: nothing yet, or that it has succeeded, or failed. */
export type Decision = 'open' | 'good' | 'bad';

/** Stands for a group that is decided, some of which may still be under way. */
const DECIDED: Standing = { row: -1, task: -1, came: 0, ended: 0, timer: 0 };

/** Numbers of timers are used again after so many. */
const TIMERS = 2 ** 25;

/** Groups of steps of which not all must succeed: see `architectures/quorum.ts`. */
export class Quorums {
  private readonly quorums = new Map<number, Quorum & { members: number }>();
  private readonly length: number;
  /** By request and task, since it has begun. */
  private readonly standing = new Map<number, Standing>();
  private readonly timers = new Map<number, Standing>();
  private lastTimer = 0;
  private readonly queue: EventQueue;
  private readonly requests: RequestTable;

  constructor(flow: Flow, queue: EventQueue, requests: RequestTable) {
    this.queue = queue;
    this.requests = requests;
    this.length = flow.length;
    for (const [position, task] of flow.entries()) if (task.kind === 'quorum') this.quorums.set(position, { ...task, members: task.after.length });
  }

  /** The flow of a request begins. */
  begin(row: number): void {
    for (const task of this.quorums.keys()) this.forget(row, task);
  }

  /** A step of a group begins; with the first of them, the time of the group. @param awake when a process looks at its timers */
  memberBegins(row: number, task: number, awake: (at: number) => number): void {
    const key = row * this.length + task;
    if (this.standing.has(key)) return;
    const { within } = this.quorums.get(task)!;
    const one: Standing = { row, task, came: 0, ended: 0, timer: 0 };
    this.standing.set(key, one);
    if (within === undefined) return;
    this.lastTimer = (this.lastTimer % TIMERS) + 1;
    one.timer = this.lastTimer;
    this.timers.set(one.timer, one);
    const { queue, requests } = this;
    queue.plan(awake(queue.now + within), turnNumber(RANK.deadline, requests.get(row, REQUEST.position), task + 1, 0), EVENT.groupOver, one.timer);
  }

  /** A step of a group has ended. */
  memberEnded(row: number, task: number, ok: boolean): Decision {
    const one = this.standing.get(row * this.length + task);
    // What comes after the decision changes nothing.
    if (!one || one === DECIDED) return 'open';
    const { need, within, members } = this.quorums.get(task)!;
    one.ended++;
    if (ok) one.came++;
    if (one.ended - one.came > members - need) return this.decide(one, 'bad');
    return one.ended === members || (within === undefined && one.came >= need) ? this.decide(one, 'good') : 'open';
  }

  /** The time of a group is over, unless it was decided before. @returns of which request and which task */
  over(timer: number): { row: number; task: number; decision: Decision } | undefined {
    const one = this.timers.get(timer);
    if (!one) return undefined;
    const { row, task, came } = one;
    return { row, task, decision: this.decide(one, came >= this.quorums.get(task)!.need ? 'good' : 'bad') };
  }

  /** The process dies. */
  clear(): void {
    this.standing.clear();
    this.timers.clear();
  }

  private decide({ row, task, timer }: Standing, decision: Decision): Decision {
    this.timers.delete(timer);
    this.standing.set(row * this.length + task, DECIDED);
    return decision;
  }

  private forget(row: number, task: number): void {
    const key = row * this.length + task;
    const one = this.standing.get(key);
    if (one) this.timers.delete(one.timer);
    this.standing.delete(key);
  }
}
