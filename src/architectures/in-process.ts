/** Calls a service that is in this very process: a function call, with no HTTP hop and nothing to connect. */
import { realClock, type Clock } from '../base/clock.js';
import { parseCallPath, STATUS } from '../services/services.js';
import type { AnsweredOutcome, Call, Client, SimulatedService } from '../services/simulated.js';
import type { Exchange, ServiceConnection } from './connection.js';

/** Stands where a connection would: connection limits, timeouts and calls that are given up work alike. */
export class InProcessConnection implements ServiceConnection, Client {
  private readonly service: SimulatedService;
  private readonly clock: Clock;
  private readonly onIdle: (connection: InProcessConnection) => void;
  private exchange: Exchange | null = null;
  private call: Call | null = null;
  private isSending = false;

  /** @param onIdle told whenever the connection can carry the next exchange */
  constructor(service: SimulatedService, onIdle: (connection: InProcessConnection) => void, clock: Clock = realClock) {
    this.service = service;
    this.clock = clock;
    this.onIdle = onIdle;
  }

  send(exchange: Exchange): void {
    const path = parseCallPath(exchange.path);
    if (!path) throw new Error(`${exchange.path} is no call`);
    this.exchange = exchange;
    this.isSending = true;
    const call = this.service.take(path, this);
    this.isSending = false;
    if (!call.ended) this.call = call;
  }

  answered(outcome: AnsweredOutcome, retryAfter = 0): void {
    const { exchange, clock } = this;
    if (!exchange) return;
    const end = (): void => this.end(exchange, STATUS[outcome], retryAfter);
    // Answered at once: the caller hears of it once it has sent, as it would of any other.
    if (this.isSending) clock.at(clock.now(), end, exchange.turn);
    else clock.inTurn(end, exchange.turn);
  }

  abandon(): void {
    this.giveUp();
    this.onIdle(this);
  }

  /** An exchange under way is told 0. */
  close(): Promise<void> {
    const { exchange } = this;
    this.giveUp();
    exchange?.answered(0);
    return Promise.resolve();
  }

  private giveUp(): void {
    if (this.call) this.service.leave(this.call);
    this.call = null;
    this.exchange = null;
  }

  private end(exchange: Exchange, status: number, retryAfter: number): void {
    // Given up in the meantime.
    if (this.exchange !== exchange) return;
    this.call = null;
    this.exchange = null;
    this.onIdle(this);
    exchange.answered(status, retryAfter);
  }
}
