/** One at a time for each key, in order. */
import { Fifo } from './fifo.js';

/** Who has the turn of a key must pass it on; nobody waits for another key. */
export class Turns {
  private readonly keys = new Map<string, Fifo<() => void>>();
  private count = 0;
  private changed: (() => void)[] = [];

  /** How many wait, all keys together. */
  get waiting(): number {
    return this.count;
  }

  /** Starts at once, or when all who came before with the same key have passed. */
  take(key: string, start: () => void): void {
    const queue = this.keys.get(key);
    if (queue) {
      queue.push(start);
      this.count++;
      return;
    }
    this.keys.set(key, new Fifo());
    start();
  }

  pass(key: string): void {
    const next = this.keys.get(key)?.shift();
    for (const tell of this.changed.splice(0)) tell();
    if (!next) {
      this.keys.delete(key);
      return;
    }
    this.count--;
    next();
  }

  /** Resolves when a turn is passed. */
  change(): Promise<void> {
    return new Promise((resolve) => this.changed.push(resolve));
  }
}
