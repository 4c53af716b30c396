import { OUTCOMES } from '../../load/load.js';
import type { MeasuredTrial, Outcomes } from '../../measurement/record.js';
import { encodeSamples } from '../../measurement/samples.js';
import { doubled, FIRST_ROWS, Moments } from './tables.js';
import type { EventQueue } from './event-queue.js';
import type { VirtualWindow } from './model.js';
import { REQUEST, REQUEST_IS, type RequestTable } from './request-table.js';
import { TimesCollector } from './times.js';

/** Requests whose raw samples are kept; of a longer trial none are, so that memory does not grow with the run. */
export const MOST_SAMPLES = 1 << 20;
/** As in a measured record: a request of the warm-up keeps a start below 0. */
const LEAST_MS = 1e-3;

/** The outcomes that there are here, by their position in OUTCOMES. */
export const OK = OUTCOMES.indexOf('ok');
export const HTTP_5XX = OUTCOMES.indexOf('http5xx');
export const TIMEOUT = OUTCOMES.indexOf('timeout');

/** Little's law on the trial as a whole: what was in flight by areas, and rate times response time. */
export interface LittlesLaw {
  inFlight: number;
  rate: number;
  /** Mean response time, ms. */
  time: number;
}

/** The account of requests: one outcome for each, response times, samples, and answers that did not tell the truth. */
export class RequestLog {
  /** Requests sent, warm-up included. */
  sent = 0;
  inFlight = 0;
  private readonly queue: EventQueue;
  private readonly requests: RequestTable;
  private readonly window: VirtualWindow;
  private measured = 0;
  private readonly ends = new Int32Array(OUTCOMES.length);
  private readonly responseTime = new TimesCollector();
  private readonly responseTimeOk = new TimesCollector();
  /** From the start of a good request to the end of its last work. */
  readonly completionTime = new TimesCollector();
  /** From the reply to the end of the last work, of good answers. */
  readonly staleness = new TimesCollector();
  private goodWithin = 0;
  private orphaned = 0;
  /** When a critical step takes effect whose request has failed already. */
  private readonly orphanedAt = new Moments();
  private failedLater = 0;
  private start: Float32Array = new Float32Array(FIRST_ROWS);
  private time: Float32Array = new Float32Array(FIRST_ROWS);
  private outcome: Uint8Array = new Uint8Array(FIRST_ROWS);
  private area = 0;
  private waited = 0;
  private changedAt = 0;

  constructor(queue: EventQueue, requests: RequestTable, window: VirtualWindow) {
    this.queue = queue;
    this.requests = requests;
    this.window = window;
  }

  /** A request is sent: it gets its index. */
  begin(row: number): void {
    const { now } = this.queue;
    const { requests } = this;
    this.pass(1);
    const warming = now < this.window.startAt;
    requests.set(row, REQUEST.position, this.sent++);
    requests.set(row, REQUEST.index, warming ? this.measured - this.sent : this.measured++);
    requests.setAt(row, REQUEST.sentAt, now);
    if (this.sent > MOST_SAMPLES) return;
    if (this.sent > this.start.length) this.growSamples();
    const start = now - this.window.startAt;
    this.start[this.sent - 1] = warming ? Math.min(-LEAST_MS, start) : start;
  }

  /** A request has ended for its client. */
  end(row: number, outcome: number): void {
    const { now } = this.queue;
    const { requests, window } = this;
    this.pass(-1);
    requests.setAt(row, REQUEST.toldAt, now);
    const ms = now - requests.at(row, REQUEST.sentAt);
    this.waited += ms;
    const position = requests.get(row, REQUEST.position);
    if (position < this.time.length) {
      this.time[position] = ms;
      this.outcome[position] = outcome;
    }
    if (outcome === OK && this.isWithin(requests.at(row, REQUEST.sentAt) - window.startAt, ms)) this.goodWithin++;
    if (!requests.isMeasured(row)) return;
    this.ends[outcome]!++;
    if (outcome === TIMEOUT) this.responseTime.addAtLeast(ms);
    else this.responseTime.add(ms);
    if (outcome === OK) this.responseTimeOk.add(ms);
  }

  /** Nobody has anything more to do with a request, or the trial is over. */
  settle(row: number, publishes: boolean): void {
    const { requests } = this;
    if (!requests.isMeasured(row)) return;
    const flags = requests.get(row, REQUEST.flags);
    const isGood = (flags & REQUEST_IS.ok) !== 0;
    if (!isGood) this.noteOrphan(flags, requests.at(row, REQUEST.effectiveAt));
    if (!isGood || !publishes) return;
    const toldAt = requests.at(row, REQUEST.toldAt);
    const sentAt = requests.at(row, REQUEST.sentAt);
    const workedAt = requests.at(row, REQUEST.workedAt);
    if (flags & REQUEST_IS.pending) this.staleness.addSince(toldAt);
    else if (flags & REQUEST_IS.dead) this.staleness.addAtLeast(workedAt - toldAt);
    else this.staleness.add(Math.max(0, workedAt - toldAt));
    if (flags & REQUEST_IS.dead) this.failedLater++;
    if (flags & (REQUEST_IS.dead | REQUEST_IS.pending)) this.completionTime.addSince(sentAt);
    else this.completionTime.add(workedAt - sentAt);
  }

  private noteOrphan(flags: number, effectiveAt: number): void {
    if (flags & REQUEST_IS.effective || effectiveAt <= this.queue.now) this.orphaned++;
    else if (effectiveAt <= this.window.overBy) this.orphanedAt.push(effectiveAt);
  }

  /** The figures of the trial once it is over. */
  result(): Pick<
    MeasuredTrial,
    'outcomes' | 'failureRate' | 'throughput' | 'responseTime' | 'responseTimeOk' | 'orphaned' | 'failedLater' | 'samples'
  > {
    const { window } = this;
    const outcomes = this.outcomes();
    return {
      outcomes,
      failureRate: outcomes.sent === 0 ? 0 : (outcomes.sent - outcomes.ok) / outcomes.sent,
      throughput: this.goodWithin / ((window.endAt - window.startAt) / 1000),
      responseTime: this.responseTime.times,
      responseTimeOk: this.responseTimeOk.times,
      orphaned: this.orphaned + this.orphanedAt.countUpTo(this.queue.now),
      failedLater: this.failedLater,
      samples: this.samples(),
    };
  }

  get littlesLaw(): LittlesLaw {
    return { inFlight: this.area / this.changedAt, rate: (this.sent / this.changedAt) * 1000, time: this.waited / this.sent };
  }

  /** Whether an answer comes within the window, as the record tells it, which keeps times as 32-bit floats. */
  private isWithin(start: number, ms: number): boolean {
    const at = Math.fround(start) + Math.fround(ms);
    return at >= 0 && at < this.window.endAt - this.window.startAt;
  }

  private outcomes(): Outcomes {
    const ends = Object.fromEntries(OUTCOMES.map((outcome, position) => [outcome, this.ends[position]]));
    return { sent: this.measured, ...ends } as Outcomes;
  }

  /** The trial is over. */
  close(): void {
    for (const times of [this.completionTime, this.staleness]) times.endAt(this.queue.now);
  }

  private samples(): MeasuredTrial['samples'] {
    if (this.sent > MOST_SAMPLES) return { start: '', time: '', outcome: '' };
    const { start, time, outcome, sent } = this;
    return encodeSamples({ start: start.slice(0, sent), time: time.slice(0, sent), outcome: outcome.slice(0, sent) });
  }

  private growSamples(): void {
    this.start = doubled(this.start);
    this.time = doubled(this.time);
    this.outcome = doubled(this.outcome);
  }

  private pass(change: number): void {
    const { now } = this.queue;
    this.area += this.inFlight * (now - this.changedAt);
    this.changedAt = now;
    this.inFlight += change;
  }
}
