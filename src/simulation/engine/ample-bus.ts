import { deliveryCall, redeliveryWait } from '../../services/fate.js';
import type { AmpleStation } from './ample-station.js';
import type { Backlog } from './backlog.js';
import { Bus, type BusParts } from './bus.js';
import type { Caller } from './caller.js';
import type { SimulatedConsumer } from './consumer.js';
import { ForeseenBacklog } from './foreseen-backlog.js';
import type { Lookahead } from './lookahead.js';
import { EVENT } from './model.js';
import { REQUEST } from './request-table.js';

/** Beginning and end of a call, or of what it is part of; and the end of the last call of a delivery, waited for or not. */
const BEGIN = 0;
const END = 1;
const LAST = 2;

/** A consumer whose deliveries all begin at once. */
interface ForeseenConsumer {
  consumer: SimulatedConsumer;
  caller: Caller;
  station: AmpleStation;
  backlog: ForeseenBacklog;
}

/**
 * A bus whose consumers are taken to have a worker for every delivery, and those a worker of the service: when a message
 * is published, it is known when each consumer will be done with it, and no event is needed for it. Messages that will
 * not be done within the window are still delivered step by step: the trial may end before they are.
 */
export class AmpleBus extends Bus {
  private readonly lookahead: Lookahead;
  private readonly mistaken: () => void;
  private readonly foreseen: ForeseenConsumer[] = [];
  private readonly all: ForeseenBacklog;
  /** When the last call ends that was foreseen, whether the consumer waited for it or not. */
  private worksUntil = 0;
  /** Of one delivery, and of all of a message. */
  private readonly moments = new Float64Array(3);
  private readonly whole = new Float64Array(2);

  /** @param mistaken told when something is not as it was taken to be */
  constructor(parts: BusParts, lookahead: Lookahead, mistaken: () => void) {
    super(parts);
    this.lookahead = lookahead;
    this.mistaken = mistaken;
    this.all = this.newBacklog();
  }

  override subscribe(consumer: SimulatedConsumer, caller: Caller): void {
    super.subscribe(consumer, caller);
    this.foreseen.push({ consumer, caller, station: caller.station as AmpleStation, backlog: this.newBacklog() });
  }

  override get backlog(): Backlog {
    return this.all;
  }

  override backlogOf(consumer: SimulatedConsumer): Backlog {
    return this.foreseen.find((one) => one.consumer === consumer)!.backlog;
  }

  override endOnceDrained(): void {
    super.endOnceDrained();
    if (!this.isIdle) this.kernel.plan(this.all.endsAt, EVENT.drained, 0);
  }

  override close(): void {
    super.close();
    if (this.kernel.now < this.worksUntil) this.mistaken();
  }

  protected override get isIdle(): boolean {
    return this.all.endsAt <= this.kernel.now;
  }

  protected override publishOne(request: number, ordinal: number): void {
    const { requests, kernel, foreseen, whole, lookahead } = this;
    const index = requests.get(request, REQUEST.index);
    const { endAt } = this.parts.window;
    const isLate = kernel.now + lookahead.longest > endAt && !this.endsBy(endAt, index, ordinal);
    whole[BEGIN] = whole[END] = kernel.now;
    for (let i = 0; i < foreseen.length; i++) this.deliverAhead(foreseen[i]!, index, ordinal, !isLate);
    this.all.add(whole, BEGIN);
    if (isLate) return super.publishOne(request, ordinal);
    if (index >= 0) this.tally.countForeseen();
    requests.noteWork(request, whole[END]);
  }

  /** Whether nobody has to do with a message any more at a moment. */
  private endsBy(at: number, index: number, ordinal: number): boolean {
    return this.foreseen.every((one) => {
      const { moments } = this;
      return this.attemptAhead(one, index, ordinal, false) && moments[LAST]! <= at;
    });
  }

  /** @param counts what comes of it is counted at once */
  private deliverAhead(one: ForeseenConsumer, index: number, ordinal: number, counts: boolean): void {
    const { moments, whole } = this;
    if (!this.attemptAhead(one, index, ordinal, counts)) return this.mistaken();
    moments[BEGIN] = whole[BEGIN]!;
    if (moments[END]! > whole[END]!) whole[END] = moments[END]!;
    one.backlog.add(moments, BEGIN);
    if (counts && index >= 0) one.consumer.tally.countForeseen();
  }

  /**
   * Delivers, and again after each timeout, up to the end of the delivery, which is left in `moments`.
   * @param counts what comes of it is counted at once
   * @returns false when it is given up in the end, or something else comes of it that cannot be told ahead
   */
  private attemptAhead(one: ForeseenConsumer, index: number, ordinal: number, counts: boolean): boolean {
    const { moments, kernel, lookahead } = this;
    const { attempts, backoff } = one.consumer.options;
    const { draws, timeouts } = one.caller;
    moments[BEGIN] = moments[LAST] = kernel.now;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      draws.addLatency(index, deliveryCall(ordinal, attempt, attempts), moments, BEGIN);
      if (moments[END]! > kernel.now + lookahead.longest) return false;
      const isAnswered = moments[END]! - moments[BEGIN] <= timeouts.delay;
      // A message that is delivered again may be overtaken by one that was published later.
      if (!isAnswered && this.parts.messages > 1) return false;
      if (moments[END]! > moments[LAST]) moments[LAST] = moments[END]!;
      if (counts) this.count(one, index, isAnswered);
      if (isAnswered) return true;
      moments[BEGIN] += timeouts.delay;
      moments[BEGIN] += redeliveryWait(backoff, attempt);
    }
    return false;
  }

  /** @param isAnswered otherwise the service goes on although the consumer waits no longer */
  private count({ caller: { tally, timeouts }, station }: ForeseenConsumer, index: number, isAnswered: boolean): void {
    const { moments } = this;
    station.foresee(moments, BEGIN);
    if (moments[END]! > this.worksUntil) this.worksUntil = moments[END]!;
    if (!isAnswered) station.unhear(moments[BEGIN]! + timeouts.delay, moments[END]!);
    if (index < 0) return;
    if (isAnswered) tally.addServed(moments, BEGIN);
    else tally.addTimedOut(moments, BEGIN);
  }

  private newBacklog(): ForeseenBacklog {
    const { kernel, parts, lookahead } = this;
    return new ForeseenBacklog(kernel, parts.window, parts.longest, { longest: lookahead.longest, waiting: lookahead.calls });
  }
}
