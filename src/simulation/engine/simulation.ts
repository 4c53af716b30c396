/** One trial in virtual time: the parts put together, and what happens handed to them until nothing happens any more. */
import { orderWorkers } from '../../architectures/event-driven.js';
import type { StepOptions } from '../../architectures/step.js';
import { limitOf, ORDERS_CONSUMER, publishesEvents, type Consumer, type Service } from '../../scenarios/scenario.js';
import { Books } from './books.js';
import { Bus } from './bus.js';
import { AmpleBus } from './ample-bus.js';
import { AmpleStation } from './ample-station.js';
import { CALL, CallTable } from './call-table.js';
import { Caller } from './caller.js';
import { Clients } from './client.js';
import { SimulatedConsumer } from './consumer.js';
import { courseOf } from './course.js';
import { CallDraws } from './draws.js';
import { Kernel, kindOf, OVER, rowOf } from './kernel.js';
import { lookaheadOf, type Lookahead } from './lookahead.js';
import { EVENT, handlingOf, type TrialInput, type VirtualWindow } from './model.js';
import type { Owner } from './owner.js';
import { RequestTable } from './request-table.js';
import { Server } from './server.js';
import { Station } from './station.js';

/** A step or consumer and everything that makes its calls. */
export interface NamedCaller {
  name: string;
  caller: Caller;
}

/** The virtual world of one trial. */
export class Simulation {
  readonly books: Books;
  readonly bus: Bus | null;
  /** Steps first, then consumers. */
  readonly named: NamedCaller[] = [];
  readonly kernel = new Kernel();
  readonly window: VirtualWindow;
  private readonly input: TrialInput;
  private readonly calls = new CallTable();
  private readonly requests = new RequestTable();
  private readonly stations: Map<string, Station>;
  private readonly callers: Caller[] = [];
  private readonly server: Server;
  private readonly clients: Clients;
  private readonly lookahead: Lookahead | null;
  /** What was taken to be known ahead was not. */
  private wasMistaken = false;

  /** @param looksAhead whether what is sure to come is done at once, where that is possible; the result is the same */
  constructor(input: TrialInput, looksAhead: boolean) {
    this.input = input;
    this.lookahead = looksAhead ? lookaheadOf(input) : null;
    this.window = { startAt: input.warmup, endAt: input.warmup + input.duration };
    const { kernel, requests, window, callers } = this;
    const { services, steps, architecture, event } = input.subject;
    this.stations = new Map(services.map((service) => [service.name, this.newStation(service)]));
    this.books = new Books(kernel, requests, window);
    this.server = new Server({
      kernel, requests, callers, steps, architecture, event,
      handling: handlingOf(input),
    });
    this.bus = publishesEvents(architecture) ? this.newBus() : null;
    this.addCallers();
    this.clients = new Clients(input, { kernel, requests, window, books: this.books, server: this.server });
    this.connect();
  }

  /** Lets everything happen. @returns false when it cannot be looked ahead, and has to be simulated step by step */
  run(): boolean {
    this.clients.start();
    for (let entry = this.kernel.next(); entry !== OVER; entry = this.kernel.next()) this.happen(kindOf(entry), rowOf(entry));
    if (!this.wasMistaken) this.close();
    return !this.wasMistaken;
  }

  private happen(kind: number, row: number): void {
    switch (kind) {
      case EVENT.served:
        return this.callers[this.calls.get(row, CALL.caller)]!.served(row);
      case EVENT.through:
        return this.server.through(row);
      case EVENT.callTimeout:
        return this.callers[this.calls.get(row, CALL.caller)]!.timedOut(row);
      case EVENT.retry:
        return this.callers[this.calls.get(row, CALL.caller)]!.attempt(row);
      case EVENT.reply:
        return this.server.replyNow(row);
      case EVENT.clientTimeout:
        return this.clients.timedOut(row);
      case EVENT.arrival:
        return this.clients.arrive();
      case EVENT.ready:
        return this.clients.ready(row);
      case EVENT.drained:
        return this.bus?.endOnceDrained();
      default:
        return this.bus?.again(row);
    }
  }

  /** What is under way when the trial ends is accounted for as it stands. */
  private close(): void {
    const publishes = this.bus !== null;
    this.bus?.close();
    for (const row of this.requests.open()) {
      this.server.noteEffect(row);
      this.books.settleOpen(row, publishes);
    }
    for (const call of this.calls.inProgress()) this.callers[this.calls.get(call, CALL.caller)]!.station.settle(call);
    for (const station of this.stations.values()) if (station instanceof AmpleStation) station.close();
  }

  private newStation(service: Service): Station {
    const { kernel, calls, callers, window, lookahead } = this;
    if (!lookahead?.services.has(service.name)) return new Station(service, kernel, calls, callers, window);
    return new AmpleStation(service, { kernel, calls, callers, window }, lookahead, this.mistaken);
  }

  /** What was taken to be known ahead was not: nothing more happens here. */
  private readonly mistaken = (): void => {
    this.wasMistaken = true;
    this.kernel.until = -Infinity;
  };

  private newBus(): Bus {
    const { timeout, duration, drain } = this.input;
    const { kernel, requests, server, window, lookahead } = this;
    const longest = duration + timeout + drain;
    const parts = { kernel, requests, server, window, longest, messages: this.input.subject.event.messages };
    return lookahead?.deliveries ? new AmpleBus(parts, lookahead, this.mistaken) : new Bus(parts);
  }

  private addCallers(): void {
    const { bus, input } = this;
    const { steps, services, event } = input.subject;
    for (const step of steps) this.addCaller(step, this.server, !bus || step.critical);
    if (!bus) return;
    if (input.subject.architecture === 'event-driven') {
      const workers = limitOf(orderWorkers(steps, services));
      const work = (delivery: number): void => bus.stepsFor(delivery);
      bus.subscribe(this.newConsumer(ORDERS_CONSUMER, workers, { attempts: 1, backoff: 0 }, work), null);
    }
    for (const consumer of event.consumers) {
      const caller = this.addCaller(callOf(consumer), bus, true);
      const work = (delivery: number): void => bus.callFor(delivery, caller);
      bus.subscribe(this.newConsumer(consumer.name, limitOf(consumer.workers), consumer, work), caller);
    }
  }

  private newConsumer(
    name: string,
    workers: number,
    { attempts, backoff }: Pick<Consumer, 'attempts' | 'backoff'>,
    work: (delivery: number) => void,
  ): SimulatedConsumer {
    const { timeout, duration, drain } = this.input;
    return new SimulatedConsumer({ name, workers, attempts, backoff, work }, this.window, duration + timeout + drain);
  }

  /** @param used it will be called at all */
  private addCaller(options: StepOptions, owner: Owner, used: boolean): Caller {
    const { kernel, calls, callers, input } = this;
    const station = this.stations.get(options.call);
    if (!station) throw new Error(`No service ${options.call} for step ${options.name}`);
    const { latency, errors }: Service = station.service;
    const draws = new CallDraws(input.seed, options.name, latency, errors);
    const caller = new Caller(options, { kernel, calls, station, draws, owner, position: callers.length });
    callers.push(caller);
    if (used) this.named.push({ name: options.name, caller });
    return caller;
  }

  /** Who tells whom. */
  private connect(): void {
    const { server, clients, bus, books, kernel, input } = this;
    server.bus = bus;
    server.linkSequence();
    if (this.lookahead) server.course = courseOf(kernel, server.unbroken, this.lookahead.longest);
    server.clients = clients;
    server.settled = (row) => books.settle(row, bus !== null);
    let isOver = false;
    const end = (): void => {
      if (isOver) kernel.until = kernel.now;
    };
    clients.over = () => {
      isOver = true;
      kernel.until = kernel.now + input.drain;
      if (bus) bus.endOnceDrained();
      else end();
    };
    if (bus) bus.drained = end;
  }
}

/** A consumer's calls: redelivery by the bus takes the place of retries. */
function callOf({ name, call, timeout }: Consumer): StepOptions {
  const retries = { attempts: 1, backoff: 0, jitter: 'none', budget: 1 } as const;
  return { name, call, timeout, breaker: null, connections: 'unlimited', retries };
}
