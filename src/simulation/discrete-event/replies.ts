/**
 * What consumers in a process of their own tell the server: that a delivery is done which a reply waits for (publish-and-wait), or how a
 * submission ended. Each is an event of the same bus. Its way to the server is taken to be that of any event to a consumer who is
 * free, and its publish, which the consumer waits for, that of any event.
 */
import { consumersOf, type CallGraph } from '../../scenarios/call-graph.js';
import { RANK } from '../../scenarios/turn.js';
import { turnNumber, type EventQueue } from './event-queue.js';
import { publishTime, wayTime, type AddedTime } from './machine.js';
import { EVENT, type TrialInput } from './model.js';
import type { Uptime } from './processes.js';
import { REQUEST, type RequestTable } from './request-table.js';
import type { Server } from './server.js';

/** What replies go through. */
export interface RepliesParts {
  queue: EventQueue;
  requests: RequestTable;
  server: Server;
  /** When each process works; null: always. */
  serverUptime: Uptime | null;
  consumerUptime: Uptime | null;
  brokerUptime: Uptime | null;
}

/** Takes them to the server. */
export class Replies {
  private readonly parts: RepliesParts;
  private readonly publishing: AddedTime | null;
  private readonly way: AddedTime | null;

  /** @param publishing time of their publish, and of their way from its beginning on; null: none */
  constructor(parts: RepliesParts, publishing: AddedTime | null, way: AddedTime | null) {
    this.parts = parts;
    this.publishing = publishing;
    this.way = way;
  }

  /** The server is told that a delivery is done. @param number of it among those of its request */
  tell(row: number, number: number): void {
    const { queue, requests, serverUptime, brokerUptime } = this.parts;
    const comesAt = awake(brokerUptime, queue.now) + (this.way?.(requests.get(row, REQUEST.index), number) ?? 0);
    requests.hold(row);
    queue.plan(awake(serverUptime, comesAt), turnNumber(RANK.published, requests.get(row, REQUEST.position), 0, number), EVENT.told, row);
  }

  /** It has heard that. */
  told(row: number): void {
    this.parts.server.deliveryDone(row);
    this.parts.server.release(row);
  }

  /** When the bus has taken what is told now, and its consumer goes on. */
  takenAt(row: number, number: number): number {
    const { queue, requests, consumerUptime, brokerUptime } = this.parts;
    return awake(consumerUptime, awake(brokerUptime, queue.now) + (this.publishing?.(requests.get(row, REQUEST.index), number) ?? 0));
  }
}

/** @returns null where the server hears at once: it is told within its process, nothing is known of what the bus takes, or it waits for nothing */
export function repliesOf(graph: CallGraph, input: TrialInput, parts: RepliesParts): Replies | null {
  const publishing = publishTime(input.seed, 'replies', 0, input);
  const way = wayTime(input.seed, 'replies', input);
  const isTold = consumersOf(graph.streams.filter(({ tells }) => tells !== 'nothing')).length > 0;
  return isTold && (publishing !== null || way !== null) ? new Replies(parts, publishing, way) : null;
}

function awake(uptime: Uptime | null, at: number): number {
  return uptime?.awake(at) ?? at;
}
