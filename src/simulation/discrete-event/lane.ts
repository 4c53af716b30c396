import type { Planned } from './event-queue.js';
import { doubled, FIRST_ROWS } from './tables.js';

/** How many places an event may have to go forward among those of its lane: one further ahead stands in the heap by itself. */
const NEARLY = 8;

/** Events of one source in the order of time and turn: the first of them stands in the heap, the others behind it here. */
export class Lane {
  /** Its first event stands in the heap: what happens. */
  isStanding = false;
  standing = 0;
  /** Events behind the first. */
  length = 0;
  private readonly number: number;
  private at = new Float64Array(FIRST_ROWS);
  private turn = new Float64Array(FIRST_ROWS);
  private entry = new Int32Array(FIRST_ROWS);
  private head = 0;
  private standingAt = 0;
  private standingTurn = 0;

  constructor(number: number) {
    this.number = number;
  }

  get firstAt(): number {
    return this.at[this.head]!;
  }

  get firstTurn(): number {
    return this.turn[this.head]!;
  }

  /** Its first event takes its stand in the heap. @returns what stands there for it */
  stand(at: number, turn: number, entry: number): number {
    this.isStanding = true;
    this.standing = entry;
    this.standingAt = at;
    this.standingTurn = turn;
    return ~this.number;
  }

  /** The next takes its stand; there must be one. */
  step(): void {
    const { head } = this;
    this.standingAt = this.at[head]!;
    this.standingTurn = this.turn[head]!;
    this.head = (head + 1) & (this.at.length - 1);
    this.standing = this.entry[head]!;
    this.length--;
  }

  /** Puts an event in its place behind the first. @returns false when that would be too far ahead */
  follow(moment: number, order: number, what: number): boolean {
    if (this.length === this.at.length) this.grow();
    const { at, turn, entry, head, length } = this;
    const mask = at.length - 1;
    let back = 0;
    for (; back < length; back++) {
      const other = (head + length - 1 - back) & mask;
      const otherAt = at[other]!;
      if (otherAt < moment || (otherAt === moment && turn[other]! <= order)) break;
      if (back === NEARLY) return false;
    }
    if (back === length && (moment < this.standingAt || (moment === this.standingAt && order < this.standingTurn))) return false;
    let place = head + length;
    for (let moved = 0; moved < back; moved++, place--) {
      at[place & mask] = at[(place - 1) & mask]!;
      turn[place & mask] = turn[(place - 1) & mask]!;
      entry[place & mask] = entry[(place - 1) & mask]!;
    }
    at[place & mask] = moment;
    turn[place & mask] = order;
    entry[place & mask] = what;
    this.length++;
    return true;
  }

  /** All of its events, the one in the heap first; none are left. */
  takeAll(): Planned[] {
    const { standing, standingAt, standingTurn } = this;
    const all: Planned[] = [{ at: standingAt, turn: standingTurn, entry: standing }];
    while (this.length > 0) {
      this.step();
      all.push({ at: this.standingAt, turn: this.standingTurn, entry: this.standing });
    }
    this.isStanding = false;
    return all;
  }

  private grow(): void {
    const { length } = this.at;
    this.at = doubled(this.at).copyWithin(length, 0, this.head);
    this.turn = doubled(this.turn).copyWithin(length, 0, this.head);
    this.entry = doubled(this.entry).copyWithin(length, 0, this.head);
  }
}
