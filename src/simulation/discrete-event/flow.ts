import { callsIn, isOneCall, type EventStream, type Flow, type ServiceCall, type Task } from '../../scenarios/call-graph.js';
import { grown } from './tables.js';

/** What comes after what in a flow, by the positions of its tasks. Its calls are made by callers, numbered as the calls are. */
export class FlowOrder {
  readonly length: number;
  /** Tasks that come after no other. */
  readonly first: readonly number[];
  /** By caller: its task, whether what it does is an effect on the order, and whether the flow outlives its failure. */
  readonly taskOf: readonly number[];
  readonly isEffect: readonly boolean[];
  readonly isBestEffort: readonly boolean[];
  /** By caller: whether what it does is undone when the flow fails. */
  readonly isUndone: readonly boolean[];
  /** Whether any is. */
  readonly hasCompensations: boolean;
  /** By task: its caller; -1 where it publishes. */
  readonly callerOf: readonly number[];
  /** By task: position of the stream that it publishes on; -1 where it calls. */
  readonly streamOf: readonly number[];
  /** Tasks that are the end of a group; by task: that of the group that it belongs to, else -1. */
  readonly quorums: readonly number[];
  readonly quorumOf: readonly number[];
  /** Tasks with which a flow has succeeded: all but those of groups. */
  readonly required: number;
  /** Tasks are done for one kind of request each; by task: the position of that. */
  readonly hasKinds: boolean;
  readonly only: readonly number[];
  /** By caller: the caller that goes on for it, when that is all that its end brings about; else -1. */
  readonly passesOnTo: readonly number[];
  /** By kind of request: time from its beginning to its deadline, ms; Infinity where there is none. */
  readonly deadlines: readonly number[];
  private readonly followers: readonly (readonly number[])[];
  private readonly needs: readonly number[];
  private readonly hasJoins: boolean;
  /** By request and task: tasks that must still succeed before it begins. */
  private missing = new Uint8Array(1024);
  /** By request and task that publishes: messages that the bus has taken. */
  private taken = new Int32Array(1024);

  /**
   * @param streams those of the graph, in its order
   * @param kinds names of the kinds of request, where there are several
   */
  constructor(flow: Flow, streams: readonly EventStream[], kinds: readonly string[] = []) {
    const tasks = flow.map((_, position) => position);
    this.length = flow.length;
    this.needs = flow.map(({ after }) => after.length);
    this.hasJoins = this.needs.some((count) => count > 1);
    this.first = tasks.filter((position) => this.needs[position] === 0);
    this.quorums = tasks.filter((position) => flow[position]!.kind === 'quorum');
    this.quorumOf = tasks.map((position) => this.quorums.find((quorum) => flow[quorum]!.after.includes(position)) ?? -1);
    this.required = tasks.filter((position) => this.quorumOf[position]! < 0).length;
    // Who belongs to a group leaves what follows to that.
    this.followers = tasks.map((position) => (this.quorumOf[position]! >= 0 ? [] : tasks.filter((later) => flow[later]!.after.includes(position))));
    this.taskOf = tasks.filter((position) => flow[position]!.kind === 'call');
    this.callerOf = tasks.map((position) => this.taskOf.indexOf(position));
    this.streamOf = flow.map((task) => (task.kind === 'publish' ? streams.findIndex(({ name }) => name === task.stream) : -1));
    this.hasKinds = kinds.length > 0;
    this.only = flow.map(({ only }) => (only ? kinds.indexOf(only.name) : -1));
    const deadlineOf = (task: Task | undefined): number => (task?.kind === 'call' ? task.call.deadline : task?.kind === 'publish' ? task.deadline : undefined) ?? Infinity;
    this.deadlines = this.hasKinds ? kinds.map((kind) => deadlineOf(flow.find(({ only }) => only?.name === kind))) : [deadlineOf(flow[0])];
    const calls = callsIn(flow);
    this.isEffect = calls.map(({ critical, effect }) => critical && effect);
    this.isBestEffort = calls.map(({ onError }) => onError === 'continue');
    this.isUndone = calls.map(({ compensate }) => compensate !== undefined);
    this.hasCompensations = this.isUndone.includes(true);
    this.passesOnTo = this.taskOf.map((position) => (this.hasCompensations || this.hasDeadlines ? -1 : this.onlyFollower(position, calls)));
  }

  get hasDeadlines(): boolean {
    return this.deadlines.some((deadline) => deadline < Infinity);
  }

  /** A request begins, in this row: none of its tasks has succeeded. */
  begin(row: number): void {
    if (!this.hasJoins) return;
    const { needs, length } = this;
    while (this.missing.length < (row + 1) * length) this.missing = grown(this.missing);
    for (let task = 0; task < length; task++) this.missing[row * length + task] = needs[task]!;
  }

  /** Tasks that come after a task, by position. */
  followersOf(task: number): readonly number[] {
    return this.followers[task]!;
  }

  /** One of those that a task comes after has succeeded. @returns whether it was the last */
  meet(row: number, task: number): boolean {
    return this.needs[task] === 1 || --this.missing[row * this.length + task]! === 0;
  }

  /** A task begins to publish. @returns row of it, by which it is told from all others */
  beginPublishing(row: number, task: number): number {
    const publishing = row * this.length + task;
    while (this.taken.length <= publishing) this.taken = grown(this.taken);
    this.taken[publishing] = 0;
    return publishing;
  }

  /** The bus has taken one message more. @returns how many it has */
  take(publishing: number): number {
    return ++this.taken[publishing]!;
  }

  private onlyFollower(task: number, calls: readonly ServiceCall[]): number {
    const [next, ...others] = this.followers[task]!;
    if (next === undefined || others.length > 0 || this.needs[next] !== 1) return -1;
    const caller = this.callerOf[next]!;
    return caller >= 0 && this.quorumOf[next]! < 0 && calls[caller]!.share >= 1 && isOneCall(calls[caller]!) ? caller : -1;
  }
}
