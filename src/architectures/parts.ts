/** Everything that a process of an architecture is made of, as it is made. */
import { Causes, type Cause } from '../base/causes.js';
import { realClock, type Clock } from '../base/clock.js';
import type { Bus } from '../events/bus.js';
import { fileRecorder } from '../events/durable.js';
import { withFaults } from '../events/faults.js';
import type { HistoryEntry } from '../events/history.js';
import { memoryBus } from '../events/memory.js';
import { connectTopic, historyFile, type BusPlace, type Writer } from '../events/place.js';
import { recorded } from '../events/recorded.js';
import { memoryRecorder, type EventCounts, type HistoryRecorder } from '../events/recorder.js';
import { fallbackOf, type EventStream, type ServiceCall } from '../scenarios/call-graph.js';
import { kindDraws } from '../scenarios/kinds.js';
import { limitOf } from '../scenarios/scenario.js';
import type { ServiceReport } from '../services/services.js';
import type { Scaler, ScalingFigures } from '../services/scaling.js';
import { SimulatedService } from '../services/simulated.js';
import type { ServerOptions, ServerReport } from './architecture.js';
import type { Run } from './flow.js';
import { Pool } from './pool.js';
import { RealService } from './real-service.js';
import { SpanLog } from './span-log.js';
import { StepRunner } from './step.js';
import { topicOf, type Topic } from './topics.js';
import { TraceBook } from './trace-book.js';

/** What an architecture needs to be arranged. */
export type ArrangementOptions = Omit<ServerOptions, 'port'>;

/** How topics are opened and recorded. */
export interface Wiring {
  /** @param publishes whether this process publishes on the topic */
  bus: (topic: Topic, publishes: boolean) => Bus | Promise<Bus>;
  recorder: (topic: Topic) => HistoryRecorder;
  /** Whether what is recorded can be told only by this process. */
  isEmbedded: boolean;
  /** Why calls failed, and buses refused something. */
  causes: Causes;
  clock: Clock;
  /** Services that are there already, and answer whoever calls them; without it, those of the process are its own. */
  services?: ReadonlyMap<string, SimulatedService>;
}

/** Everything in this process. @param folder where histories outlive it; without it, they do not */
export function embedded(folder?: string, clock: Clock = realClock, bus: Wiring['bus'] = embeddedBuses(clock)): Wiring {
  const recorder = (topic: Topic): HistoryRecorder =>
    folder === undefined ? memoryRecorder() : fileRecorder(historyFile(folder, topic, 'server'));
  return { bus, recorder, isEmbedded: true, causes: new Causes(), clock };
}

/** Memory buses whose consumers stand in one order. */
function embeddedBuses(clock: Clock): Wiring['bus'] {
  let consumers = 0;
  return () => memoryBus({ clock, nextPosition: () => consumers++ });
}

/** Topics at a place, and histories in its folder. */
export function wiringTo(place: BusPlace, writer: Writer): Wiring {
  const causes = new Causes();
  return {
    bus: (topic, publishes) => connectTopic(place, topic, publishes, causes),
    causes,
    recorder: (topic) => fileRecorder(historyFile(place.folder, topic, writer)),
    isEmbedded: false,
    clock: realClock,
  };
}

/** The steps and topics of one process. */
export class Parts {
  readonly steps: StepRunner[] = [];
  private readonly noFallbackYet: { runner: StepRunner; call: ServiceCall }[] = [];
  /** Services that answer within this process. */
  readonly services: ReadonlyMap<string, SimulatedService>;
  readonly traces: TraceBook;
  /** Where the spans of this process are kept; null: nobody asked for them. */
  readonly spans: SpanLog | null;
  /** What all draws are made with. */
  readonly seed: number;
  /** What decides the kind of a request. */
  readonly kindDraw: (request: number) => number;
  private readonly real: ReadonlyMap<string, RealService>;
  private readonly buses = new Map<string, Promise<Bus>>();
  private readonly histories = new Map<string, HistoryRecorder>();
  /** Flows that have failed, and whose steps are not all undone yet. */
  private failing = 0;
  /** Consumers that have been subscribed. */
  private consumers = 0;
  private readonly pools = new Map<string, Pool>();
  /** Of its consumers whose workers scale, by name. */
  private readonly scalers = new Map<string, Scaler>();
  private window: { startAt: number; endAt: number } | null = null;
  private readonly joints = new Map<string, Joint>();
  private readonly options: ArrangementOptions;
  private readonly wiring: Wiring;

  constructor(options: ArrangementOptions, wiring: Wiring) {
    this.options = options;
    this.wiring = wiring;
    const { inProcess = [], real = [], seed, run, keepsSpans = false } = options;
    this.real = new Map(real.map((one) => [one.name, new RealService(one)]));
    this.traces = new TraceBook(run);
    this.spans = keepsSpans ? new SpanLog() : null;
    this.seed = seed;
    this.kindDraw = kindDraws(seed);
    this.services = wiring.services ?? new Map(inProcess.map((service) => [service.name, new SimulatedService(service, seed, wiring.clock)]));
  }

  get clock(): Clock {
    return this.wiring.clock;
  }

  /** Gives the steps made since the last time what they fall back on: that stands behind all of them. */
  addFallbacks(): void {
    for (const { runner, call } of this.noFallbackYet.splice(0)) {
      const fallback = fallbackOf(call);
      if (fallback) runner.fallBackOn(this.runner(fallback));
    }
  }

  runner(step: ServiceCall): StepRunner {
    const origin = this.real.get(step.call) ?? this.services.get(step.call) ?? this.options.services[step.call];
    if (origin === undefined) throw new Error(`No service ${step.call} for step ${step.name}`);
    const { traces, spans, wiring: { clock, causes }, options: { seed } } = this;
    const pool = this.poolOf(step);
    const runner = new StepRunner(step, origin, { seed, position: this.steps.length, clock, traces, spans, causes, ...(pool && { pool }) });
    this.steps.push(runner);
    this.noFallbackYet.push({ runner, call: step });
    if (runner.scaler) this.watchScaler(step.name, runner.scaler);
    return runner;
  }

  /** Counts the workers of a consumer. */
  watchScaler(consumer: string, scaler: Scaler): void {
    this.scalers.set(consumer, scaler);
    if (this.window) scaler.observe(this.window);
  }

  /** Tells the measured window, in which workers of consumers are counted. */
  observe(window: { startAt: number; endAt: number }): void {
    this.window = window;
    for (const scaler of this.scalers.values()) scaler.observe(window);
  }

  /** The workers of consumers that scale; undefined where none do. */
  scaled(): Record<string, ScalingFigures> | undefined {
    return this.scalers.size > 0 ? Object.fromEntries(Array.from(this.scalers, ([name, scaler]) => [name, scaler.figures()])) : undefined;
  }

  /** The pool that a step shares with others of this process. */
  private poolOf({ pool }: ServiceCall): Pool | undefined {
    if (!pool) return undefined;
    const shared = this.pools.get(pool.name) ?? new Pool(limitOf(pool.connections));
    this.pools.set(pool.name, shared);
    return shared;
  }

  /** Whether something that was done for an order is still to be undone. */
  get isUndoing(): boolean {
    return this.failing > 0;
  }

  /** Counts a flow that has failed until what it had done is undone. */
  async whileUndoing(undone: Promise<void>): Promise<void> {
    this.failing++;
    await undone;
    this.failing--;
  }

  /**
   * The bus of a stream, with its history; the same one whenever it is asked for.
   * @param publishes whether this process publishes on it: as the first to ask says
   */
  bus(stream: EventStream, publishes: boolean): Promise<Bus> {
    const topic = topicOf(stream);
    return this.once(topic, async () => {
      const { inbox } = stream;
      const { faults = [], seed } = this.options;
      const history = this.wiring.recorder(topic);
      this.histories.set(topic.name, history);
      const bus = await this.wiring.bus(topic, publishes);
      const { clock } = this.wiring;
      return withFaults(bus, faults, (delivering) => recorded(delivering, history, { inbox, clock: () => clock.now() }), { seed, clock, nextPosition: () => this.consumers++ });
    });
  }

  /** Where those meet who have to be done before there is an event on a stream. */
  joint({ name, after }: EventStream): Joint {
    const joint = this.joints.get(name) ?? new Joint(after.length);
    this.joints.set(name, joint);
    return joint;
  }

  /** The bus of a topic that is in no history. */
  plainBus(topic: Topic, publishes: boolean): Promise<Bus> {
    return this.once(topic, async () => this.wiring.bus(topic, publishes));
  }

  /** Events acknowledged and not yet finished, by consumer, as far as this process has seen. */
  backlog(): Record<string, number> {
    return Object.assign({}, ...Array.from(this.histories.values(), (history) => history.backlog())) as Record<string, number>;
  }

  /** What this process has seen of each topic, counted. */
  counts(): Record<string, EventCounts> {
    return Object.fromEntries(Array.from(this.histories, ([topic, history]) => [topic, history.counts()]));
  }

  /** Events that its buses hold, by consumer. */
  async held(): Promise<Record<string, string[]>> {
    return heldBy(await Promise.all(this.buses.values()));
  }

  /**
   * What was recorded here and what its buses hold, both of one moment: consumers that publish go on meanwhile. Nothing of either where it
   * is in files that others can read, and at a broker.
   */
  async eventsSeen(): Promise<Pick<ServerReport, 'history' | 'held'>> {
    if (!this.wiring.isEmbedded) return { history: [], held: {} };
    const buses = await Promise.all(this.buses.values());
    // A bus within this process says at once what it holds, though it answers later.
    const held = heldBy(buses);
    return { history: this.history(), held: await held };
  }

  /** What was recorded here; nothing where it is in files that others can read. */
  history(): HistoryEntry[] {
    return this.wiring.isEmbedded ? [...this.histories.values()].flatMap((history) => history.entries()) : [];
  }

  /** What the services of this process saw, and what it saw of real ones. */
  serviceReports(): ServiceReport[] {
    return [...Array.from(this.services.values(), (service) => service.report(0)), ...Array.from(this.real.values(), (service) => service.report())];
  }

  /** Why calls failed and buses refused something, and how often. */
  causes(): Cause[] {
    return this.wiring.causes.report();
  }

  /** Takes no more deliveries and publishes no more; resolves when what is in progress is done. */
  async close(): Promise<void> {
    await Promise.all(Array.from(this.buses.values(), async (bus) => (await bus).close()));
    await Promise.all(this.steps.map((step) => step.close()));
  }

  private once(topic: Topic, open: () => Promise<Bus>): Promise<Bus> {
    const bus = this.buses.get(topic.name) ?? open();
    this.buses.set(topic.name, bus);
    return bus;
  }
}

/** Identities of the events that buses hold, by consumer; each is asked at once. */
async function heldBy(buses: readonly Bus[]): Promise<Record<string, string[]>> {
  return Object.assign({}, ...(await Promise.all(buses.map((bus) => bus.held())))) as Record<string, string[]>;
}

/**
 * Counts, for each message of an order, who has done. It is kept in the process of the consumers and dies with it: what
 * waits for another consumer then waits for ever, as with every join that is not stored.
 */
export class Joint {
  private readonly needs: number;
  private readonly waiting = new Map<string, Set<object>>();

  /** @param needs how many have to be done */
  constructor(needs: number) {
    this.needs = needs;
  }

  /** What one of them runs when it has done: the last of them publishes. */
  part(publish: Run): Run {
    const who = {};
    return async (order, firstCall, message = 0) => {
      const key = `${order.id} ${message}`;
      const done = this.waiting.get(key) ?? new Set();
      this.waiting.set(key, done.add(who));
      if (done.size < this.needs) return;
      await publish(order, firstCall, message);
      // Until then whoever tries again is still the last.
      this.waiting.delete(key);
    };
  }
}
