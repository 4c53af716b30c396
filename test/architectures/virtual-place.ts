/** An architecture over services in this process and a memory bus, in virtual time: every time is an exact number. */
import { arrange, type Arrangement } from '../../src/architectures/arrange.js';
import { orderOf } from '../../src/architectures/order.js';
import { embedded, type ArrangementOptions } from '../../src/architectures/parts.js';
import type { Clock } from '../../src/base/clock.js';
import type { Bus } from '../../src/events/bus.js';
import type { HistoryEntry } from '../../src/events/history.js';
import type { SimulatedService } from '../../src/services/simulated.js';
import { CALL_OUTCOMES, type CallOutcome } from '../../src/services/services.js';
import { VirtualClock } from '../support/virtual-clock.js';
import { graphOf, type ArrangedTest } from './orders.js';

/** What was said to an order, and when: `confirmed`, `accepted`, or what failed. */
export interface Said {
  said: string;
  at: number;
}

/** One call as the service saw it. */
export interface SeenCall {
  request: number;
  from: number;
  until: number;
  outcome: CallOutcome;
}

export type VirtualOptions = Partial<Omit<ArrangementOptions, 'services' | 'inProcess'>> & ArrangedTest & { bus?: (clock: Clock) => Bus };

/** Arranges an architecture at moment 0. */
export async function openVirtualPlace({ architecture, steps, event, services, kinds, deadline, bus, ...options }: VirtualOptions): Promise<VirtualPlace> {
  const clock = new VirtualClock();
  const wiring = bus ? embedded(undefined, clock, () => bus(clock)) : embedded(undefined, clock);
  const arranged = { services, ...(architecture && { architecture }), ...(steps && { steps }), ...(event && { event }), ...(kinds && { kinds }), ...(deadline !== undefined && { deadline }) };
  const complete = { graph: graphOf(arranged), seed: 1, ...options };
  return new VirtualPlace(clock, await arrange({ ...complete, services: {}, inProcess: services }, wiring));
}

export class VirtualPlace {
  readonly clock: VirtualClock;
  readonly arrangement: Arrangement;

  constructor(clock: VirtualClock, arrangement: Arrangement) {
    this.clock = clock;
    this.arrangement = arrangement;
  }

  /** Places orders at this moment, and lets time pass until each has its answer. */
  async order(...requests: number[]): Promise<Said[]> {
    const answers: Said[] = [];
    for (const [position, request] of requests.entries()) {
      const answered = (said: string): void => void (answers[position] = { said, at: this.clock.now() });
      this.arrangement.place(orderOf(request)).then(answered, ({ message }: Error) => answered(message));
    }
    await this.clock.run({ isEnough: () => Object.keys(answers).length === requests.length });
    return answers;
  }

  /** Lets time pass until no event waits. @returns the moment of it */
  async drain(): Promise<number> {
    await this.clock.run({ isEnough: () => Object.values(this.backlog).every((waiting) => waiting === 0) });
    return this.clock.now();
  }

  /** Lets time pass until nothing happens any more. */
  async rest(): Promise<void> {
    await this.clock.run();
  }

  get backlog(): Record<string, number> {
    return this.arrangement.parts.backlog();
  }

  service(name: string): SimulatedService {
    const service = this.arrangement.parts.services.get(name);
    if (!service) throw new Error(`Expected a service ${name}`);
    return service;
  }

  /** The calls that a service has ended, in that order. */
  calls(name: string): SeenCall[] {
    const { request, serviceTime, endedAt, outcome } = this.service(name).report(0).calls;
    return Array.from(request, (index, row) => ({
      request: index,
      from: endedAt[row]! - serviceTime[row]!,
      until: endedAt[row]!,
      outcome: CALL_OUTCOMES[outcome[row]!]!,
    }));
  }

  /** Calls that a service has received. */
  received(name: string): number {
    return this.service(name).report(0).received;
  }

  /** How an order stands. */
  stateOf(request: number): object | undefined {
    return this.arrangement.book.stateOf(orderOf(request).id);
  }

  /** Consumers of the events of one kind, in the order in which they were recorded. */
  recorded(kind: HistoryEntry['kind']): string[] {
    return this.arrangement.parts.history().filter((entry) => entry.kind === kind).map(({ consumer }) => consumer);
  }
}
