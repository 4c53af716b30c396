import { Lane } from './lane.js';
import { grown, FIRST_ROWS } from './tables.js';
import type { Timeouts } from './client-timeouts.js';

/** Low bits of an entry: what happens. The rest: to which row. */
const KIND_BITS = 6;
const KIND_MASK = (1 << KIND_BITS) - 1;

/** What happens next: its kind, and the row it happens to. */
export const kindOf = (entry: number): number => entry & KIND_MASK;
export const rowOf = (entry: number): number => entry >> KIND_BITS;

/** Nothing happens any more. */
export const OVER = -1;

/** What is kept apart of what happens at this very moment; more goes where all the rest is. */
const MOST_SOON = 16;

/** Something that is planned. */
export interface Planned {
  at: number;
  turn: number;
  /** What happens, and to which row. */
  entry: number;
}

/** Bits of a turn: 4 of rank, 28 of request, 8 of place, 13 of call; a double holds 53. */
const REQUESTS = 2 ** 28;
const PLACES = 2 ** 8;
const CALLS = 2 ** 13;
/** What happens at once, of one rank. */
const AT_ONCE = 2 ** 40;

/**
 * A turn at one moment (`scenarios/turn.ts`) as one number, smaller ones first. Beyond 2^28 requests, 256 steps and
 * consumers, or 8,192 calls of one for a request, two things may share a turn: then the one planned first comes first.
 * @param order position of the request in the order sent, from 0
 */
export function turnNumber(rank: number, order: number, place: number, call: number): number {
  return ((rank * REQUESTS + (order % REQUESTS)) * PLACES + (place % PLACES)) * CALLS + (call % CALLS);
}

/**
 * The virtual clock and what is planned: a heap with four branches by moment and turn, beside it a short list of what
 * happens at this very moment, and the clients' timeouts, which all have one length. Times in ms from the start of the
 * warm-up.
 */
export class EventQueue {
  now = 0;
  /** Nothing happens after this moment. */
  until = Infinity;
  readonly timeouts: Timeouts;
  private at = new Float64Array(FIRST_ROWS);
  private turn = new Float64Array(FIRST_ROWS);
  /** What happens; or, below 0, in which lane it stands that is first in it: ~number. */
  private entry = new Int32Array(FIRST_ROWS);
  private readonly lanes: Lane[] = [];
  private size = 0;
  /** The first entry has been taken, and its place not filled yet. */
  private hasHole = false;
  private plannedAtOnce = 0;
  /** Last to first. */
  private readonly soonTurn = new Float64Array(MOST_SOON);
  private readonly soonEntry = new Int32Array(MOST_SOON);
  private soon = 0;

  /** @param timeouts of the clients: last in turn at any moment */
  constructor(timeouts: Timeouts) {
    this.timeouts = timeouts;
  }

  /** A source of events that come in order, or nearly so. */
  newLane(): Lane {
    const lane = new Lane(this.lanes.length);
    this.lanes.push(lane);
    return lane;
  }

  /**
   * Plans something.
   * @param at not before now
   * @param lane whose events come in order, or nearly so
   */
  plan(at: number, turn: number, kind: number, row: number, lane: Lane | null = null): void {
    const entry = (row << KIND_BITS) | kind;
    if (at === this.now && this.soon < MOST_SOON) return this.planSoon(turn, entry);
    if (lane !== null && lane.isStanding && lane.follow(at, turn, entry)) return;
    // By place, because a number with a fraction may have to become an object to be an argument.
    const place = this.hasHole ? 0 : this.newPlace();
    this.at[place] = at;
    this.turn[place] = turn;
    this.entry[place] = lane === null || lane.isStanding ? entry : lane.stand(at, turn, entry);
    if (place === 0) this.sinkFirst();
    else this.rise(place);
    this.hasHole = false;
  }

  /** Plans something for this moment, before all else that has a turn in it. @param rank below 0: of one rank in the order planned, however many they are */
  planAtOnce(rank: number, kind: number, row: number): void {
    this.plan(this.now, rank * AT_ONCE + this.plannedAtOnce++, kind, row);
  }

  /** Nothing happens any more. */
  stop(): void {
    this.until = -Infinity;
  }

  /** Takes back all that is planned and to be. */
  cancel(isOff: (kind: number, row: number) => boolean): void {
    const planned = this.takeAll().filter(({ entry }) => !isOff(kindOf(entry), rowOf(entry)));
    for (const { at, turn, entry } of planned) this.plan(at, turn, kindOf(entry), rowOf(entry));
  }

  /** All that is planned but for the clients' timeouts; nothing is left. */
  private takeAll(): Planned[] {
    const planned: Planned[] = [];
    for (let place = this.hasHole ? 1 : 0; place < this.size; place++) {
      const entry = this.entry[place]!;
      if (entry < 0) planned.push(...this.lanes[~entry]!.takeAll());
      else planned.push({ at: this.at[place]!, turn: this.turn[place]!, entry });
    }
    for (let place = 0; place < this.soon; place++) planned.push({ at: this.now, turn: this.soonTurn[place]!, entry: this.soonEntry[place]! });
    this.size = 0;
    this.soon = 0;
    this.hasHole = false;
    return planned;
  }

  /** Goes on to what happens next, and tells it: `OVER`, or the entry. */
  next(): number {
    if (this.hasHole) this.fillHole();
    const at = this.size > 0 ? this.at[0]! : Infinity;
    if (this.soon > 0 && this.until >= this.now && (at > this.now || this.turn[0]! > this.soonTurn[this.soon - 1]!)) {
      return this.soonEntry[--this.soon]!;
    }
    if (this.timeouts.next < at) {
      const row = this.timeouts.before(Math.min(at, this.until));
      if (row >= 0) {
        this.now = this.timeouts.at;
        return (row << KIND_BITS) | this.timeouts.kind;
      }
    }
    if (at > this.until || at === Infinity) return this.over();
    this.now = at;
    const entry = this.entry[0]!;
    if (entry < 0) return this.advance(this.lanes[~entry]!);
    this.hasHole = true;
    return entry;
  }

  /** Takes the first of a lane, and the next takes its place. */
  private advance(lane: Lane): number {
    const { standing } = lane;
    if (lane.length === 0) {
      lane.isStanding = false;
      this.hasHole = true;
      return standing;
    }
    this.at[0] = lane.firstAt;
    this.turn[0] = lane.firstTurn;
    lane.step();
    this.sinkFirst();
    return standing;
  }

  /** Time goes on to the end, when there is one ahead. */
  private over(): number {
    if (this.until < Infinity) this.now = Math.max(this.now, this.until);
    return OVER;
  }

  private planSoon(turn: number, entry: number): void {
    const { soonTurn, soonEntry } = this;
    let place = this.soon++;
    while (place > 0 && soonTurn[place - 1]! <= turn) {
      soonTurn[place] = soonTurn[place - 1]!;
      soonEntry[place] = soonEntry[place - 1]!;
      place--;
    }
    soonTurn[place] = turn;
    soonEntry[place] = entry;
  }

  private newPlace(): number {
    if (this.size === this.at.length) this.grow();
    return this.size++;
  }

  private fillHole(): void {
    this.hasHole = false;
    const last = --this.size;
    if (last === 0) return;
    this.at[0] = this.at[last]!;
    this.turn[0] = this.turn[last]!;
    this.entry[0] = this.entry[last]!;
    this.sinkFirst();
  }

  /** Lets an entry rise to its place. */
  private rise(from: number): void {
    const { at, turn, entry } = this;
    const moment = at[from]!;
    const order = turn[from]!;
    const what = entry[from]!;
    let place = from;
    while (place > 0) {
      const parent = (place - 1) >> 2;
      const other = at[parent]!;
      if (other < moment || (other === moment && turn[parent]! <= order)) break;
      at[place] = other;
      turn[place] = turn[parent]!;
      entry[place] = entry[parent]!;
      place = parent;
    }
    at[place] = moment;
    turn[place] = order;
    entry[place] = what;
  }

  /** Lets the entry in the first place sink to its own. */
  private sinkFirst(): void {
    const { at, turn, entry, size } = this;
    const moment = at[0]!;
    const order = turn[0]!;
    const what = entry[0]!;
    let place = 0;
    for (;;) {
      const first = (place << 2) + 1;
      if (first >= size) break;
      let child = first;
      let least = at[first]!;
      const end = first + 4 < size ? first + 4 : size;
      for (let other = first + 1; other < end; other++) {
        const otherAt = at[other]!;
        if (otherAt < least || (otherAt === least && turn[other]! < turn[child]!)) {
          child = other;
          least = otherAt;
        }
      }
      if (least > moment || (least === moment && turn[child]! >= order)) break;
      at[place] = least;
      turn[place] = turn[child]!;
      entry[place] = entry[child]!;
      place = child;
    }
    at[place] = moment;
    turn[place] = order;
    entry[place] = what;
  }

  private grow(): void {
    this.at = grown(this.at);
    this.turn = grown(this.turn);
    this.entry = grown(this.entry);
  }
}
