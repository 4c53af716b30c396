/** One simulated service, however it is reached: workers, queue, what becomes of calls, and the log of them. */
import { realClock, type CallOff, type Clock } from '../base/clock.js';
import { drawsOf, type Draws } from '../scenarios/draw.js';
import { limitOf, type Service } from '../scenarios/scenario.js';
import { RANK, turnOf } from '../scenarios/turn.js';
import { CallLogWriter, type LoggedCall } from './call-log.js';
import { behaviourOf, callOutcomeOf, type Behaviour } from './call-outcome.js';
import type { CallOutcome, CallPath, ServiceReport } from './services.js';
import { RateLimiter, retryAfterOf } from './rate-limiter.js';
import { busyShare, Scaler, timersOn, type ScaledWorkers } from './scaling.js';
import { Station, type Job, type Span } from './station.js';

/** Who made a call. */
export interface Client {
  /**
   * The call has ended. Not told to one that has gone away.
   * @param retryAfter time after which a call that came too soon may come again, ms
   */
  answered(outcome: AnsweredOutcome, retryAfter?: number): void;
}

/** How a call ends that somebody still waits for. */
export type AnsweredOutcome = Exclude<CallOutcome, 'dropped'>;

/** A call, from its arrival until it is logged. */
export interface Call extends Job, LoggedCall {
  client: Client;
  draws: Draws;
  arrivedAt: number;
  startedAt: number;
  fails: boolean;
  /** Calls off the end of its work; null before that is planned. */
  callOff: CallOff | null;
  ended: boolean;
}

/** Takes calls: its work is waiting. */
export class SimulatedService implements ScaledWorkers {
  private readonly service: Service;
  private readonly behaviour: Behaviour;
  private readonly seed: number;
  private readonly clock: Clock;
  private readonly station: Station<Call>;
  private readonly limiter: RateLimiter | null;
  private readonly log = new CallLogWriter();
  private readonly steps = new Map<string, { position: number; draws: Draws }>();
  private received = 0;
  private coldStarts = 0;
  private readonly scaler: Scaler | undefined;
  private window: Span = { startAt: Infinity, endAt: Infinity };

  constructor(service: Service, seed: number, clock: Clock = realClock) {
    this.service = service;
    this.behaviour = behaviourOf(service, seed);
    this.seed = seed;
    this.clock = clock;
    this.limiter = service.rate ? new RateLimiter(service.rate) : null;
    this.scaler = service.scaling && new Scaler(service.scaling, limitOf(service.workers), timersOn(clock, 'service', 0, this));
    const limits = { workers: limitOf(service.workers), queue: limitOf(service.queue), scaler: this.scaler };
    this.station = new Station(limits, (call, isCold) => this.begin(call, isCold), () => clock.now());
  }

  /** Tells the measured window: outages count from its start, utilisation is taken within it. */
  observe(window: Span): void {
    this.window = window;
    this.station.observe(window);
    this.scaler?.observe(window);
  }

  /** @param connections most that were open at any moment; 0 without any */
  report(connections: number): ServiceReport {
    return {
      name: this.service.name,
      received: this.received,
      peak: { ...this.station.peak, connections },
      now: this.station.now,
      utilisation: this.utilisation(),
      ...this.scaled(),
      calls: this.log.read([...this.steps.keys()]),
    };
  }

  /** A call arrives; what is returned is good for `leave`. */
  take({ step, request, call: number, isBackground = false }: CallPath, client: Client): Call {
    const arrivedAt = this.clock.now();
    this.received++;
    const { position, draws } = this.stepOf(step);
    const call: Call = {
      client, draws, number, request, step: position, arrivedAt, startedAt: 0, queueTime: 0, serviceTime: 0, endedAt: 0,
      fails: false, abandoned: false, ended: false, callOff: null, place: null, isLast: isBackground && this.service.priority === 'replies',
    };
    if (this.limiter?.take(arrivedAt) === false) {
      this.end(call, 'limited', arrivedAt);
      client.answered('limited', retryAfterOf(this.limiter.waitAt(arrivedAt)));
    } else if (!this.station.arrive(call)) {
      this.end(call, 'rejected', arrivedAt);
      client.answered('rejected');
    }
    return call;
  }

  workersUp(): void {
    this.station.workersUp();
  }

  stopSpare(): void {
    this.station.stopSpare();
  }

  /** The caller has gone away: whether its work is done all the same, the service decides. */
  leave(call: Call): void {
    if (call.ended) return;
    call.abandoned = true;
    if (this.service.abandoned === 'drop') this.drop(call);
  }

  /** A worker takes the call up. @returns false when there is nothing to do: it is done with it at once */
  private begin(call: Call, isCold: boolean): boolean {
    if (isCold && call.request >= 0) this.coldStarts++;
    call.startedAt = this.clock.now();
    call.queueTime = call.startedAt - call.arrivedAt;
    const sinceStart = call.startedAt - this.window.startAt;
    const { ms, fails } = callOutcomeOf(this.behaviour, call.draws, call.request, call.number, sinceStart);
    call.fails = fails;
    if (ms === 0) {
      this.answer(call, call.startedAt);
      return false;
    }
    const turn = turnOf(RANK.served, call.request, 0, call.number);
    call.callOff = this.clock.at(call.startedAt + ms, () => this.finish(call), turn);
    return true;
  }

  /** The work is done, whether or not anybody still waits for it. */
  private finish(call: Call): void {
    // The worker is free before anybody hears of it, and may send it the next call.
    this.station.end();
    this.answer(call, this.clock.now());
  }

  private answer(call: Call, at: number): void {
    const outcome = call.fails ? 'error' : 'ok';
    call.serviceTime = at - call.startedAt;
    this.end(call, outcome, at);
    if (!call.abandoned) call.client.answered(outcome);
  }

  private drop(call: Call): void {
    const at = this.clock.now();
    if (this.station.leave(call)) {
      call.queueTime = at - call.arrivedAt;
      return this.end(call, 'dropped', at);
    }
    call.callOff?.();
    call.serviceTime = at - call.startedAt;
    this.end(call, 'dropped', at);
    this.station.end();
  }

  private end(call: Call, outcome: CallOutcome, at: number): void {
    call.ended = true;
    call.endedAt = at;
    this.log.add(call, outcome);
  }

  private stepOf(name: string): { position: number; draws: Draws } {
    let step = this.steps.get(name);
    if (!step) {
      step = { position: this.steps.size, draws: drawsOf(this.seed, name) };
      this.steps.set(name, step);
    }
    return step;
  }

  /** The number of workers where they scale. */
  private scaled(): Pick<ServiceReport, 'scaled'> {
    if (!this.scaler) return {};
    return { scaled: { ...this.scaler.figures(), coldStarts: this.coldStarts } };
  }

  private utilisation(): number | null {
    const workers = limitOf(this.service.workers);
    if (this.scaler) return busyShare(this.station.busyTime(), this.scaler.counts().time);
    if (workers === Infinity) return null;
    const observed = Math.min(this.clock.now(), this.window.endAt) - this.window.startAt;
    return observed > 0 ? this.station.busyTime() / (workers * observed) : 0;
  }
}
