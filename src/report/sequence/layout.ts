/** An arrangement laid out in time, from its call graph: who calls whom, what goes side by side, when the reply is given. */
import { callGraphOf, type Architecture, type Transaction } from '../../scenarios/architectures.js';
import { endsOf, publishedIn, undecidedIn, type CallGraph, type Flow, type ServiceCall } from '../../scenarios/call-graph.js';
import { latencyMean } from '../../scenarios/draw.js';
import { onlyKind } from '../../scenarios/kinds.js';
import type { RequestKind, Scenario, Service } from '../../scenarios/scenario.js';
import { subjectOf } from '../../scenarios/subject.js';

/** Something that happens between two lifelines, ms from the arrival of the request. */
export interface Happening {
  at: number;
  from: string;
  to: string;
  text: string;
  /** `done`: a consumer is, and tells nobody. */
  kind: 'call' | 'answer' | 'publish' | 'deliver' | 'done';
}

/** A time in which somebody works. */
export interface Work {
  who: string;
  from: number;
  to: number;
}

/** One arrangement, laid out in time. */
export interface Sequence {
  /** What is measured, and when it replies and is done. */
  title: string;
  lifelines: string[];
  happenings: Happening[];
  works: Work[];
}

export const CLIENT = 'client';
const SERVER = 'server';
const BUS = 'events';

/** Every subject that a scenario measures, each kind of request by itself. */
export function sequencesOf(scenario: Scenario): Sequence[] {
  return scenario.subjects.flatMap((name) => {
    const subject = subjectOf(scenario, name);
    if (!subject) return [];
    const { architecture, kinds } = subject;
    const parts: [string, Transaction][] = kinds ? kinds.map((kind: RequestKind) => [`${name}[${kind.name}]`, { ...onlyKind(subject, kind), kinds: [{ ...kind, weight: 1 }] }]) : [[name, subject]];
    return parts.map(([title, part]) => sequenceOf(title, part, architecture));
  });
}

/** Everything that happens for one request whose calls all take their mean time, and none of which waits. */
function sequenceOf(title: string, transaction: Transaction, architecture: Architecture): Sequence {
  const graph = callGraphOf({ ...transaction, architecture });
  const layout = new Layout(graph, transaction.services);
  layout.happen({ at: 0, from: CLIENT, to: SERVER, text: 'request', kind: 'call' });
  const end = layout.flow(graph.request, SERVER, 0);
  const replyAt = Math.max(end, layout.waitedFor);
  layout.work({ who: SERVER, from: 0, to: replyAt });
  layout.happen({ at: replyAt, from: SERVER, to: CLIENT, text: `reply after ${milliseconds(replyAt)}`, kind: 'answer' });
  const lifelines = [...new Set([CLIENT, SERVER, ...(graph.streams.length > 0 ? [BUS] : []), ...layout.names])];
  return { title: `${title}: reply ${milliseconds(replyAt)}, all done ${milliseconds(layout.doneAt)}`, lifelines, happenings: layout.happenings, works: layout.works };
}

/** Puts flows on the line of time. */
class Layout {
  readonly happenings: Happening[] = [];
  readonly works: Work[] = [];
  readonly names: string[] = [];
  /** End of the deliveries that the reply waits for. */
  waitedFor = 0;
  doneAt = 0;
  private readonly graph: CallGraph;
  private readonly services: readonly Service[];
  /** By stream: publishes so far, for those who come after several. */
  private readonly published = new Map<string, number>();

  constructor(graph: CallGraph, services: readonly Service[]) {
    this.graph = graph;
    this.services = services;
  }

  happen(one: Happening): void {
    this.happenings.push(one);
    this.doneAt = Math.max(this.doneAt, one.at);
  }

  work(one: Work): void {
    this.works.push(one);
  }

  /** @returns when the flow ends */
  flow(flow: Flow, who: string, from: number): number {
    const timeOf = (position: number): number => {
      const task = flow[position]!;
      return task.kind === 'call' ? this.timeOf(task.call) : 0;
    };
    const ends = Array.from(endsOf(flow)(timeOf), (end) => from + end);
    for (const [position, task] of flow.entries()) {
      const end = ends[position]!;
      if (task.kind === 'publish') this.publish(task.stream, who, end);
      else if (task.kind === 'call') this.call(task.call, who, end - timeOf(position), end);
    }
    const undecided = undecidedIn(flow);
    return Math.max(from, ...ends.filter((_, position) => !undecided.has(position)));
  }

  private call(call: ServiceCall, who: string, from: number, to: number): void {
    const isOwn = this.services.find(({ name }) => name === call.call)?.own;
    if (isOwn) return;
    this.name(call.call);
    this.happen({ at: from, from: who, to: call.call, text: `${labelOf(call)} ${milliseconds(to - from)}`, kind: 'call' });
    this.work({ who: call.call, from, to });
    this.happen({ at: to, from: call.call, to: who, text: '', kind: 'answer' });
  }

  /** An event, and the consumers that hear it, once all have published that have to. */
  private publish(name: string, who: string, at: number): void {
    const stream = this.graph.streams.find((one) => one.name === name);
    if (!stream) return;
    const count = (this.published.get(name) ?? 0) + 1;
    this.published.set(name, count);
    this.happen({ at, from: who, to: BUS, text: stream.messages > 1 ? `${stream.type} ×${stream.messages}` : stream.type, kind: 'publish' });
    if (count < stream.after.length) return;
    for (const consumer of stream.consumers) {
      const isPlain = consumer.flow.filter((task) => task.kind === 'call').length === 1 && stream.tells !== 'outcome';
      const end = isPlain ? this.consume(consumer.flow, at) : this.run(consumer.name, consumer.flow, at);
      if (stream.tells === 'done') this.waitedFor = Math.max(this.waitedFor, end);
    }
  }

  /** A consumer that does nothing but call its service: the event goes there. */
  private consume(flow: Flow, at: number): number {
    const task = flow.find((one) => one.kind === 'call');
    if (task?.kind !== 'call') return at;
    const to = at + this.timeOf(task.call);
    this.name(task.call.call);
    this.happen({ at, from: BUS, to: task.call.call, text: `${labelOf(task.call)} ${milliseconds(to - at)}`, kind: 'deliver' });
    this.work({ who: task.call.call, from: at, to });
    this.happen({ at: to, from: task.call.call, to: task.call.call, text: '', kind: 'done' });
    for (const stream of publishedIn(flow)) this.publish(stream, task.call.call, to);
    return to;
  }

  private run(name: string, flow: Flow, at: number): number {
    this.name(name);
    this.happen({ at, from: BUS, to: name, text: name, kind: 'deliver' });
    const end = this.flow(flow, name, at);
    this.work({ who: name, from: at, to: end });
    return end;
  }

  private name(name: string): void {
    if (!this.names.includes(name)) this.names.push(name);
  }

  private timeOf({ call, timeout }: ServiceCall): number {
    const service = this.services.find(({ name }) => name === call);
    return service ? Math.min(timeout, latencyMean(service.latency)) : 0;
  }
}

/** What the arrow to a call says beside its time. */
function labelOf({ name, share, onError, times }: ServiceCall): string {
  const marks = [
    ...(times === undefined ? [] : ['×n']),
    ...(share < 1 ? [`${Number((100 * share).toPrecision(3))} %`] : []),
    ...(onError === 'continue' ? ['or without'] : []),
  ];
  return [name, ...marks].join(', ');
}

function milliseconds(ms: number): string {
  return `${Math.round(ms)} ms`;
}
