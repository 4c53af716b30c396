/** Counts orders as they arrive, in a way that the death of the process does not undo. */
import { fstatSync, openSync, writeSync } from 'node:fs';
import { countFile } from './survival.js';

/** A mark in the file for each measured order: its length is the count. */
const MARK = '+';

export class Arrivals {
  /** Measured orders, those of earlier lives included; and those of the warm-up. */
  received = 0;
  receivedWarmup = 0;
  /** Not replied to yet. */
  inProgress = 0;
  private readonly file: number | undefined;

  /** @param folder where the count outlives the process; without it, it does not */
  constructor(folder?: string) {
    if (folder === undefined) return;
    this.file = openSync(countFile(folder), 'a');
    this.received = fstatSync(this.file).size;
  }

  /** @param request its index: negative for warm-up */
  arrived(request: number): void {
    this.inProgress++;
    if (request < 0) {
      this.receivedWarmup++;
      return;
    }
    this.received++;
    if (this.file !== undefined) writeSync(this.file, MARK);
  }

  replied(): void {
    this.inProgress--;
  }
}
