import { grown } from './tables.js';

/**
 * The order in which the messages of one request begin at one consumer; a place for each pair of them. What begins at one
 * moment is in order.
 */
export class MessageOrder {
  /** By place: ordinal of the latest message begun before the moment, plus one; of the latest begun at it; the moment. */
  private before = new Int32Array(1024);
  private latest = new Int32Array(1024);
  private moment = new Float64Array(1024);

  /** Nothing has begun yet at so many places. */
  forget(place: number, count: number): void {
    while (this.latest.length < place + count) {
      this.before = grown(this.before);
      this.latest = grown(this.latest);
      this.moment = grown(this.moment);
    }
    this.before.fill(0, place, place + count);
    this.latest.fill(0, place, place + count);
  }

  /** A message begins. @returns false when a later one of its order has begun before */
  begin(place: number, ordinal: number, at: number): boolean {
    if (at > this.moment[place]!) this.before[place] = this.latest[place]!;
    this.moment[place] = at;
    if (ordinal + 1 > this.latest[place]!) this.latest[place] = ordinal + 1;
    return ordinal + 1 >= this.before[place]!;
  }
}
