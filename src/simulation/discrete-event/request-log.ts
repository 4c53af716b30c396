import { OUTCOMES } from '../../load/load.js';
import type { KindResult, MeasuredTrial, Outcomes } from '../../measurement/record.js';
import { encodeSamples } from '../../measurement/samples.js';
import { AttemptBook, type AttemptEffect, type EffectBook, type Standing } from './effect-book.js';
import type { EventQueue } from './event-queue.js';
import type { VirtualWindow } from './model.js';
import { ATTEMPTS_APART, REQUEST, REQUEST_IS, type RequestTable } from './request-table.js';
import { grown, FIRST_ROWS, Moments } from './tables.js';
import { TimesCollector } from './times.js';

/** Requests whose raw samples are kept; of a longer trial none are, so that memory does not grow with the run. */
export const MOST_SAMPLES = 1 << 20;
/** As in a measured record: a request of the warm-up keeps a start below 0. */
const LEAST_MS = 1e-3;

/** The outcomes that there are here, by their position in OUTCOMES. */
export const OK = OUTCOMES.indexOf('ok');
export const HTTP_5XX = OUTCOMES.indexOf('http5xx');
export const TIMEOUT = OUTCOMES.indexOf('timeout');
/** There was no server; it died over the request. No response time is known of them. */
export const CONNECTION = OUTCOMES.indexOf('connection');
export const HANGUP = OUTCOMES.indexOf('hangup');

/** Kinds of request, and which of them each is; none where there is only one. */
export interface Kinds {
  kinds?: readonly { name: string }[] | undefined;
  kindOf: (request: number) => number;
}

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
  private readonly effects: EffectBook;
  private readonly attempts: AttemptBook;
  private readonly all = new RequestTally();
  /** By kind of request, where there are several. */
  private readonly kinds: readonly RequestTally[];
  private readonly kindOf: (request: number) => number;
  private readonly kindNames: readonly string[];
  /** From the reply to the end of the last work, of good answers. */
  readonly staleness = new TimesCollector();
  private start: Float32Array = new Float32Array(FIRST_ROWS);
  private time: Float32Array = new Float32Array(FIRST_ROWS);
  private outcome: Uint8Array = new Uint8Array(FIRST_ROWS);
  private kind: Uint8Array = new Uint8Array(FIRST_ROWS);
  private area = 0;
  private waited = 0;
  private changedAt = 0;

  constructor(queue: EventQueue, requests: RequestTable, window: VirtualWindow, effects: EffectBook, { kinds = [], kindOf }: Kinds) {
    this.queue = queue;
    this.requests = requests;
    this.window = window;
    this.effects = effects;
    this.attempts = new AttemptBook(requests);
    this.kinds = kinds.map(() => new RequestTally());
    this.kindNames = kinds.map(({ name }) => name);
    this.kindOf = kindOf;
  }

  /** A request is sent: it gets its index. */
  begin(row: number): void {
    const { now } = this.queue;
    const { requests } = this;
    this.pass(1);
    const warming = now < this.window.startAt;
    requests.set(row, REQUEST.position, this.sent++);
    requests.set(row, REQUEST.index, warming ? this.all.measured - this.sent : this.all.measured++);
    if (this.kinds.length > 0) this.noteKind(row, warming);
    requests.set(row, REQUEST.attempt, 0);
    requests.setAt(row, REQUEST.sentAt, now);
    requests.setAt(row, REQUEST.begunAt, now);
    if (this.sent > MOST_SAMPLES) return this.sent === MOST_SAMPLES + 1 ? this.dropSamples() : undefined;
    if (this.sent > this.start.length) this.growSamples();
    this.kind[this.sent - 1] = this.kinds.length > 0 ? requests.get(row, REQUEST.kind) : 0;
    const start = now - this.window.startAt;
    this.start[this.sent - 1] = warming ? Math.min(-LEAST_MS, start) : start;
  }

  /** A client sends a request again. */
  again(row: number): void {
    const { requests } = this;
    requests.setAt(row, REQUEST.sentAt, this.queue.now);
    if (requests.isMeasured(row)) for (const tally of this.talliesOf(row)) tally.further++;
  }

  /** Nobody has anything more to do with an attempt that another follows. @returns row of the other */
  supersede(row: number): number {
    return this.attempts.handOver(row, this.effects.take(row));
  }

  /** A request has ended for its client. */
  end(row: number, outcome: number): void {
    const { now } = this.queue;
    const { requests } = this;
    this.pass(-1);
    requests.setAt(row, REQUEST.toldAt, now);
    const ms = now - requests.at(row, REQUEST.begunAt);
    this.waited += ms;
    const position = requests.get(row, REQUEST.position) - requests.get(row, REQUEST.attempt) * ATTEMPTS_APART;
    if (position < this.time.length) {
      this.time[position] = ms;
      this.outcome[position] = outcome;
    }
    if (!requests.isMeasured(row)) return;
    count(this.all, outcome, ms);
    if (this.kinds.length > 0) count(this.tallyOf(row), outcome, ms);
  }

  private talliesOf(row: number): RequestTally[] {
    return this.kinds.length > 0 ? [this.all, this.tallyOf(row)] : [this.all];
  }

  private tallyOf(row: number): RequestTally {
    return this.kinds[this.requests.get(row, REQUEST.kind)]!;
  }

  private noteKind(row: number, warming: boolean): void {
    const { requests } = this;
    requests.set(row, REQUEST.kind, this.kindOf(requests.get(row, REQUEST.index)));
    if (!warming) this.tallyOf(row).measured++;
  }

  /** Nobody has anything more to do with a request, or the trial is over. */
  settle(row: number, publishes: boolean): void {
    const { requests } = this;
    const standing = this.effects.take(row);
    const attempts = this.attempts.settle(row, standing);
    if (!requests.isMeasured(row)) return;
    for (const tally of this.talliesOf(row)) {
      if (attempts) tally.repeated.push(attempts);
      if (!requests.is(row, REQUEST_IS.ok)) this.noteOrphan(tally, row, standing, attempts);
      else if (publishes) this.noteWork(tally, row);
    }
    const flags = requests.get(row, REQUEST.flags);
    if (!publishes || (flags & REQUEST_IS.ok) === 0) return;
    const toldAt = requests.at(row, REQUEST.toldAt);
    const workedAt = requests.at(row, REQUEST.workedAt);
    if (flags & REQUEST_IS.pending) this.staleness.addSince(toldAt);
    else if (flags & REQUEST_IS.dead) this.staleness.addAtLeast(workedAt - toldAt);
    else this.staleness.add(Math.max(0, workedAt - toldAt));
  }

  /** What was promised in a good answer. */
  private noteWork(tally: RequestTally, row: number): void {
    const { requests } = this;
    const begunAt = requests.at(row, REQUEST.begunAt);
    if (requests.is(row, REQUEST_IS.dead)) tally.failedLater++;
    if (requests.is(row, REQUEST_IS.dead | REQUEST_IS.pending)) tally.completionTime.addSince(begunAt);
    else tally.completionTime.add(requests.at(row, REQUEST.workedAt) - begunAt);
  }

  private noteOrphan(tally: RequestTally, row: number, standing: Standing | null, attempts: AttemptEffect[] | null): void {
    const { requests, queue: { now } } = this;
    const effectiveAt = requests.at(row, REQUEST.effectiveAt);
    if (attempts) tally.standing.push((until) => attempts.some((isStanding) => isStanding(until)));
    else if (requests.is(row, REQUEST_IS.effective) || effectiveAt <= now) tally.orphaned++;
    else if (standing && standing.last > now) tally.standing.push((until) => effectiveAt <= until || standing.at(until));
    else if (standing?.at(now)) tally.orphaned++;
    else if (effectiveAt <= this.window.overBy) tally.orphanedAt.push(effectiveAt);
  }

  /** The figures of the trial once it is over, those of each kind among them where there are several. @param publishes events */
  result(publishes: boolean): Omit<KindResult, 'completionTime'> & Pick<MeasuredTrial, 'samples' | 'kinds'> {
    const { window, queue, kinds, kindNames } = this;
    const ofKind = (tally: RequestTally): KindResult => ({
      ...tally.result(window, queue.now),
      completionTime: publishes ? tally.completionTime.times : null,
    });
    return {
      ...this.all.result(window, queue.now),
      ...(kinds.length > 0 ? { kinds: Object.fromEntries(kinds.map((tally, kind) => [kindNames[kind]!, ofKind(tally)])) } : {}),
      samples: this.samples(),
    };
  }

  /** From the start of a good request to the end of its last work. */
  get completionTime(): TimesCollector {
    return this.all.completionTime;
  }

  get littlesLaw(): LittlesLaw {
    return { inFlight: this.area / this.changedAt, rate: (this.sent / this.changedAt) * 1000, time: this.waited / this.sent };
  }

  /** The trial is over: what is under way is accounted for as it stands. */
  close(publishes: boolean): void {
    const { requests } = this;
    const open = [...requests.open()];
    const superseded = open.filter((row) => requests.is(row, REQUEST_IS.superseded));
    // An attempt tells the next, and that the one after it.
    for (const row of superseded.toSorted((a, b) => requests.get(a, REQUEST.attempt) - requests.get(b, REQUEST.attempt))) this.supersede(row);
    for (const row of open) if (!requests.is(row, REQUEST_IS.superseded)) this.settle(row, publishes);
    for (const times of [...[this.all, ...this.kinds].map(({ completionTime }) => completionTime), this.staleness]) times.endAt(this.queue.now);
  }

  private samples(): MeasuredTrial['samples'] {
    if (this.sent > MOST_SAMPLES) return { start: '', time: '', outcome: '' };
    const { start, time, outcome, kind, sent } = this;
    const columns = { start: start.subarray(0, sent), time: time.subarray(0, sent), outcome: outcome.subarray(0, sent) };
    return encodeSamples(this.kinds.length > 0 ? { ...columns, kind: kind.subarray(0, sent) } : columns);
  }

  /** They are too many to be told: what is written of them from now on goes nowhere. */
  private dropSamples(): void {
    this.start = new Float32Array(0);
    this.time = new Float32Array(0);
    this.outcome = new Uint8Array(0);
    this.kind = new Uint8Array(0);
  }

  private growSamples(): void {
    this.start = grown(this.start, MOST_SAMPLES);
    this.time = grown(this.time, MOST_SAMPLES);
    this.outcome = grown(this.outcome, MOST_SAMPLES);
    this.kind = grown(this.kind, MOST_SAMPLES);
  }

  private pass(change: number): void {
    const { now } = this.queue;
    this.area += this.inFlight * (now - this.changedAt);
    this.changedAt = now;
    this.inFlight += change;
  }
}

/** The end of a measured request. */
function count(tally: RequestTally, outcome: number, ms: number): void {
  tally.ends[outcome]!++;
  if (outcome === CONNECTION || outcome === HANGUP) return;
  if (outcome === TIMEOUT) tally.responseTime.addAtLeast(ms);
  else tally.responseTime.add(ms);
  if (outcome === OK) tally.responseTimeOk.add(ms);
}

/** The account of measured requests, of all or of one kind. */
class RequestTally {
  /** Sent within the window. */
  measured = 0;
  /** Attempts beyond the first ones. */
  further = 0;
  /** Of each request that had several, what its attempts did. */
  readonly repeated: AttemptEffect[][] = [];
  orphaned = 0;
  failedLater = 0;
  readonly ends = new Int32Array(OUTCOMES.length);
  readonly responseTime = new TimesCollector();
  readonly responseTimeOk = new TimesCollector();
  /** From the start of a good request to the end of its last work. */
  readonly completionTime = new TimesCollector();
  /** When a critical step takes effect whose request has failed already. */
  readonly orphanedAt = new Moments();
  /** Of requests that have failed and of which something was done that can be undone: whether something stands at a moment. */
  readonly standing: ((until: number) => boolean)[] = [];

  /** The figures once the trial is over, at `now`. */
  result({ startAt, endAt }: VirtualWindow, now: number): Omit<KindResult, 'completionTime'> {
    const outcomes = this.outcomes();
    return {
      outcomes,
      failureRate: outcomes.sent === 0 ? 0 : (outcomes.sent - outcomes.ok) / outcomes.sent,
      throughput: outcomes.ok / ((endAt - startAt) / 1000),
      responseTime: this.responseTime.times,
      responseTimeOk: this.responseTimeOk.times,
      orphaned: this.orphaned + this.orphanedAt.countUpTo(now) + this.standing.filter((isStanding) => isStanding(now)).length,
      failedLater: this.failedLater,
      ...(this.further > 0 && { attempts: this.measured + this.further, repeatedEffects: this.repeated.filter((effects) => effects.filter((isStanding) => isStanding(now)).length > 1).length }),
    };
  }

  private outcomes(): Outcomes {
    const ends = Object.fromEntries(OUTCOMES.map((outcome, position) => [outcome, this.ends[position]]));
    return { sent: this.measured, ...ends } as Outcomes;
  }
}
