/** One trial in virtual time: the parts put together, and what happens handed to them until nothing happens any more. */
import { orderWorkers } from '../../architectures/event-driven.js';
import type { StepOptions } from '../../architectures/step.js';
import { limitOf, ORDERS_CONSUMER, publishesEvents, type Consumer, type Service } from '../../scenarios/scenario.js';
import { Bus } from './bus.js';
import { CALL, CallTable } from './call-table.js';
import { Caller } from './caller.js';
import { Clients } from './clients.js';
import { SimulatedConsumer } from './consumer.js';
import { CallDraws } from './draws.js';
import { EventQueue, kindOf, OVER, rowOf, Timeouts } from './event-queue.js';
import { EVENT, handlingOf, type TrialInput, type VirtualWindow } from './model.js';
import type { Owner } from './owner.js';
import { RequestLog } from './request-log.js';
import { RequestTable } from './request-table.js';
import { Server } from './server.js';
import { DroppingStation, FifoStation, type Station } from './station.js';

/** A step or consumer and everything that makes its calls. */
export interface NamedCaller {
  name: string;
  caller: Caller;
}

/** The virtual world of one trial. */
export class Simulation {
  readonly log: RequestLog;
  readonly bus: Bus | null;
  /** Steps first, then consumers. */
  readonly named: NamedCaller[] = [];
  readonly queue: EventQueue;
  readonly window: VirtualWindow;
  private readonly input: TrialInput;
  private readonly calls = new CallTable();
  private readonly requests = new RequestTable();
  private readonly stations: Map<string, Station>;
  private readonly callers: Caller[] = [];
  private readonly server: Server;
  private readonly clients: Clients;
  /** The last request has ended: what is left is waited for. */
  private isDraining = false;

  constructor(input: TrialInput) {
    this.input = input;
    this.window = { startAt: input.warmup, endAt: input.warmup + input.duration };
    this.queue = new EventQueue(new Timeouts(EVENT.clientTimeout, input.timeout, this.requests));
    const { queue, requests, window, callers, calls } = this;
    const { services, steps, architecture, event } = input.subject;
    const parts = { queue, calls, callers, window };
    this.stations = new Map(
      services.map((service) => [service.name, service.abandoned === 'drop' ? new DroppingStation(service, parts) : new FifoStation(service, parts)]),
    );
    this.log = new RequestLog(queue, requests, window);
    this.server = new Server({ queue, requests, callers, steps, architecture, event, handling: handlingOf(input) });
    this.bus = publishesEvents(architecture) ? new Bus({ queue, requests, server: this.server, window, messages: event.messages }) : null;
    this.addCallers();
    this.clients = new Clients(input, { queue, requests, window, log: this.log, server: this.server });
    this.connect();
  }

  /** Lets everything happen. */
  run(): void {
    const { queue } = this;
    this.clients.start();
    for (let entry = queue.next(); entry !== OVER; entry = queue.next()) {
      this.happen(kindOf(entry), rowOf(entry));
      if (this.isDraining && this.isQuiet) queue.stop();
    }
    this.close();
  }

  private happen(kind: number, row: number): void {
    switch (kind) {
      case EVENT.answer:
        return this.callerOf(row).answered(row);
      case EVENT.request:
        return this.server.place(row);
      case EVENT.reply:
        return this.clients.replied(row);
      case EVENT.delivery:
        return this.bus!.consumers[row]!.deliver();
      case EVENT.callTimeout:
        return this.callerOf(row).timedOut(row);
      case EVENT.lateEnd:
        return this.callerOf(row).lateEnd(row);
      case EVENT.lateStart:
        return this.callers[row]!.lateStart();
      case EVENT.served:
        return (this.callerOf(row).station as DroppingStation).served(row);
      case EVENT.retry:
        return this.callerOf(row).attempt(row);
      case EVENT.redelivery:
        return this.bus!.again(row);
      case EVENT.clientTimeout:
        return this.clients.timedOut(row);
      case EVENT.ready:
        return this.clients.ready(row);
      case EVENT.arrival:
        return this.clients.arrive();
      case EVENT.windowEnd:
        return this.clients.endWindow();
    }
  }

  private callerOf(call: number): Caller {
    return this.callers[this.calls.get(call, CALL.caller)]!;
  }

  /** Nothing is under way on a server that publishes, and no event waits. */
  private get isQuiet(): boolean {
    return this.bus === null || (this.server.inProgress === 0 && this.bus.isIdle);
  }

  /** What is under way when the trial ends is accounted for as it stands. */
  private close(): void {
    this.bus?.close();
    for (const row of this.requests.open()) this.log.settle(row, this.bus !== null);
  }

  private addCallers(): void {
    const { bus, input } = this;
    const { steps, services, event, architecture } = input.subject;
    for (const step of steps) this.addCaller(step, this.server, !bus || step.critical);
    if (!bus) return;
    for (const consumer of event.consumers) {
      const caller = this.addCaller(callOf(consumer), bus, true);
      const work = (delivery: number): void => bus.callFor(delivery, caller);
      bus.subscribe(this.newConsumer(consumer.name, limitOf(consumer.workers), consumer, work), true);
    }
    if (architecture !== 'event-driven') return;
    const workers = limitOf(orderWorkers(steps, services));
    const work = (delivery: number): void => bus.stepsFor(delivery);
    bus.subscribe(this.newConsumer(ORDERS_CONSUMER, workers, { attempts: 1, backoff: 0 }, work), false);
  }

  private newConsumer(
    name: string,
    workers: number,
    { attempts, backoff }: Pick<Consumer, 'attempts' | 'backoff'>,
    work: (delivery: number) => void,
  ): SimulatedConsumer {
    const { bus, queue, window } = this;
    return new SimulatedConsumer({ name, workers, attempts, backoff, work }, bus!.consumers.length, queue, window);
  }

  /** @param used it will be called at all */
  private addCaller(options: StepOptions, owner: Owner, used: boolean): Caller {
    const { queue, calls, callers, input } = this;
    const station = this.stations.get(options.call);
    if (!station) throw new Error(`No service ${options.call} for step ${options.name}`);
    const { latency }: Service = station.service;
    const draws = new CallDraws(input.seed, options.name, latency);
    const caller = new Caller(options, { queue, calls, station, draws, owner, position: callers.length });
    callers.push(caller);
    if (used) this.named.push({ name: options.name, caller });
    return caller;
  }

  /** Who tells whom. */
  private connect(): void {
    const { server, clients, bus, log, queue, input } = this;
    server.bus = bus;
    server.settled = (row) => log.settle(row, bus !== null);
    clients.over = () => {
      this.isDraining = true;
      queue.until = queue.now + input.drain;
    };
  }
}

/** A consumer's calls: redelivery by the bus takes the place of retries. */
function callOf({ name, call, timeout }: Consumer): StepOptions {
  const retries = { attempts: 1, backoff: 0, jitter: 'none', budget: 1 } as const;
  return { name, call, timeout, breaker: null, connections: 'unlimited', retries };
}
