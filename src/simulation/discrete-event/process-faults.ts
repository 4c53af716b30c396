/** Stops and kills the processes of a trial on purpose, and brings them back. */
import type { BusModel } from '../buses.js';
import type { Bus } from './bus.js';
import { CALL, type CallTable } from './call-table.js';
import type { Caller } from './caller.js';
import type { Clients } from './clients.js';
import { QueuedConsumer } from './consumer.js';
import type { EventQueue } from './event-queue.js';
import { DELIVERY } from './message-table.js';
import { EVENT } from './model.js';
import type { Downtime } from './processes.js';
import { REQUEST, REQUEST_IS, TOLD, type RequestTable } from './request-table.js';
import type { Scalers } from './scalers.js';
import type { Server } from './server.js';

/** What faults happen to. */
export interface ProcessFaultParts {
  queue: EventQueue;
  requests: RequestTable;
  calls: CallTable;
  callers: readonly Caller[];
  server: Server;
  clients: Clients;
  bus: Bus | null;
  scalers: Scalers;
  /** The process that the consumers are in. */
  consumersIn: 'server' | 'consumer';
  busModel: BusModel;
}

/** A process is away, or back, before anything else of a moment; one that is killed as soon as it is back has been back. */
const BACK = -(2 ** 51);
const AWAY = -(2 ** 50);

/** What is planned for a call, for a step of the server's own, and for a consumer. */
const OF_CALLS: readonly number[] = [EVENT.answer, EVENT.callTimeout, EVENT.retry, EVENT.paced];
const OF_SERVER: readonly number[] = [EVENT.published, EVENT.submitted, EVENT.reply, EVENT.groupOver, EVENT.told];
const OF_CONSUMERS: readonly number[] = [EVENT.delivery, EVENT.taken, EVENT.resumed, EVENT.released, EVENT.repeated, EVENT.endedAtOnce, EVENT.dropped];

/** Begins and ends downtimes. Rows of what has died are not used again: there are as many as were in flight. */
export class ProcessFaults {
  private readonly downtimes: readonly Downtime[];
  private readonly parts: ProcessFaultParts;
  private left: number;

  constructor(downtimes: readonly Downtime[], parts: ProcessFaultParts) {
    this.downtimes = downtimes;
    this.parts = parts;
    this.left = downtimes.length;
  }

  /** Whether every process is back for good. */
  get areOver(): boolean {
    return this.left === 0;
  }

  /** When the last process is back; 0 where none is away. */
  get lastEnd(): number {
    return Math.max(0, ...this.downtimes.map(({ to }) => to));
  }

  plan(): void {
    const { queue } = this.parts;
    for (const [position, { from, to }] of this.downtimes.entries()) {
      queue.plan(from, AWAY, EVENT.down, position);
      queue.plan(to, BACK, EVENT.up, position);
    }
  }

  /** A process is away from now on. */
  begin(position: number): void {
    const { kind, process } = this.downtimes[position]!.fault;
    if (process === 'broker') for (const consumer of this.consumers) consumer.isCutOff();
    else if (kind === 'crash') this.kill(process);
    else if (process === 'consumer') for (const consumer of this.consumers) consumer.leave();
  }

  /** A process is back. */
  end(position: number): void {
    const { kind, process } = this.downtimes[position]!.fault;
    const { consumersIn } = this.parts;
    this.left--;
    if (process === 'broker') for (const consumer of this.consumers) consumer.isServedAgain();
    else if (process === consumersIn && (kind === 'crash' || process === 'consumer')) for (const consumer of this.consumers) consumer.comeBack();
  }

  private get consumers(): QueuedConsumer[] {
    return (this.parts.bus?.subscriptions.consumers ?? []).filter((consumer) => consumer instanceof QueuedConsumer);
  }

  private kill(process: 'server' | 'consumer'): void {
    const { consumersIn, callers, bus } = this.parts;
    if (bus !== null && process === consumersIn) for (const consumer of this.consumers) consumer.working.forEach((delivery) => bus.finishPublishing(delivery));
    const redelivered = this.takeBack(process);
    for (const caller of callers) if (caller.process === process) caller.restart();
    if (process === 'server') this.killServer();
    if (bus !== null && process === consumersIn) this.killConsumers(bus, redelivered);
  }

  /** Nothing happens any more of what a process was about to do. @returns deliveries that it was to queue again */
  private takeBack(process: 'server' | 'consumer'): number[] {
    const { queue, calls, callers, consumersIn, scalers, busModel: { isSeparate } } = this.parts;
    const redelivered: number[] = [];
    queue.cancel((kind, row) => {
      if (OF_CALLS.includes(kind)) {
        const caller = callers[calls.get(row, CALL.caller)]!;
        if (caller.process !== process) return false;
        if (kind === EVENT.answer || kind === EVENT.callTimeout) caller.die(row);
        return true;
      }
      if (OF_SERVER.includes(kind)) return process === 'server';
      if (process !== consumersIn) return false;
      if (kind === EVENT.workersUp || kind === EVENT.workersLook) return scalers.areOfConsumer(row);
      // A broker counts the time itself until a delivery comes, or comes again.
      if (kind !== EVENT.handedOver && kind !== EVENT.due) return OF_CONSUMERS.includes(kind);
      if (!isSeparate) redelivered.push(row);
      return !isSeparate;
    });
    return redelivered;
  }

  private killServer(): void {
    const { requests, clients, server } = this.parts;
    // Whoever is cut off may send at once, which is no request of the dead server's.
    for (const row of [...requests.open()].toSorted((a, b) => requests.get(a, REQUEST.position) - requests.get(b, REQUEST.position))) {
      if (!requests.is(row, REQUEST_IS.placed)) continue;
      requests.mark(row, REQUEST_IS.replied);
      if (!requests.is(row, TOLD)) clients.cutOff(row);
    }
    server.restart();
  }

  /** @param redelivered what waited for its next attempt within the process */
  private killConsumers(bus: Bus, redelivered: readonly number[]): void {
    const { isSeparate, inHandFor } = this.parts.busModel;
    bus.die();
    for (const [position, consumer] of this.consumers.entries()) {
      bus.subscriptions.faultyOf(position)?.die();
      const inHand = consumer.die(isSeparate);
      if (!isSeparate) this.loseAll(bus, inHand);
      else if (inHandFor === 0) consumer.addFirst(inHand);
      else this.handOutAgain(bus, inHand, inHandFor);
    }
    if (!isSeparate) this.loseAll(bus, redelivered);
    if (!isSeparate) bus.books.forget();
  }

  /** The bus waits for a time before it takes a consumer for dead. */
  private handOutAgain({ deliveries }: Bus, inHand: readonly number[], after: number): void {
    const { queue } = this.parts;
    for (const delivery of inHand) queue.plan(queue.now + after, deliveries.redeliveryTurn(delivery), EVENT.handedOver, delivery);
  }

  private loseAll({ books, deliveries }: Bus, lost: readonly number[]): void {
    for (const delivery of lost) {
      if (deliveries.get(delivery, DELIVERY.processed) === 0) books.lose(delivery);
      else books.finish(delivery);
    }
  }
}
