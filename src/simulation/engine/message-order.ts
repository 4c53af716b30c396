import { doubled } from './tables.js';

/** The order in which the messages of one request begin at one consumer; a place for each pair of them. */
export class MessageOrder {
  /** By place: ordinal of the latest message begun, plus one. */
  private latest = new Int32Array(1024);

  /** Nothing has begun yet at so many places. */
  forget(place: number, count: number): void {
    while (this.latest.length < place + count) this.latest = doubled(this.latest);
    this.latest.fill(0, place, place + count);
  }

  /** A message begins. @returns false when a later one of its order has begun before */
  begin(place: number, ordinal: number): boolean {
    if (ordinal + 1 < this.latest[place]!) return false;
    this.latest[place] = ordinal + 1;
    return true;
  }
}
