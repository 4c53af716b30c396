/** Counts orders as they arrive, in a way that the death of the process does not undo. */
import { fstatSync, openSync, writeSync, closeSync } from 'node:fs';
import { giveUp, unwritable } from '../processes/give-up.js';
import { countFile, requestsFile } from './crash-files.js';

/** A mark in the file for each measured order: its length is the count. */
const MARK = '+';
/** How long a line may wait to be written, ms: what is lost with a killed process is missed by no books. */
const WRITTEN_EVERY = 1000;

export class RequestCounter {
  /** Measured orders, those of earlier lives included; and those of the warm-up. */
  received = 0;
  receivedWarmup = 0;
  /** Not replied to yet. */
  inProgress = 0;
  private readonly file: number | undefined;
  private readonly path: string;

  private readonly log: RequestLog | null;

  /**
   * @param folder where the count outlives the process; without it, it does not
   * @param keeps whether the moments of every request are written there as well
   */
  constructor(folder?: string, keeps = false) {
    this.log = folder !== undefined && keeps ? new RequestLog(requestsFile(folder)) : null;
    this.path = folder === undefined ? '' : countFile(folder);
    if (folder === undefined) return;
    this.file = openSync(this.path, 'a');
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
    if (this.file !== undefined) this.mark(this.file);
  }

  private mark(file: number): void {
    try {
      writeSync(file, MARK);
    } catch (error) {
      giveUp(unwritable(this.path, error));
    }
  }

  /** Whether anybody wants to know when a request came and was replied to. */
  get keepsMoments(): boolean {
    return this.log !== null;
  }

  /** @param arrivedAt with `repliedAt`, moments of the machine's clock, ms, where they are kept */
  replied(request: number, arrivedAt: number, repliedAt: number): void {
    this.inProgress--;
    this.log?.note(request, arrivedAt, repliedAt);
  }

  /** Writes what is not written yet. */
  close(): void {
    this.log?.close();
  }
}

/** Appends a line `[request,arrivedAt,repliedAt]` for each. */
class RequestLog {
  private readonly path: string;
  private readonly file: number;
  private readonly timer: NodeJS.Timeout;
  private lines: string[] = [];

  constructor(path: string) {
    this.path = path;
    this.file = openSync(path, 'a');
    this.timer = setInterval(() => this.write(), WRITTEN_EVERY).unref();
  }

  /** @param arrivedAt with `repliedAt`, moments of the machine's clock, ms */
  note(request: number, arrivedAt: number, repliedAt: number): void {
    this.lines.push(`[${request},${arrivedAt},${repliedAt}]\n`);
  }

  close(): void {
    clearInterval(this.timer);
    this.write();
    closeSync(this.file);
  }

  private write(): void {
    if (this.lines.length === 0) return;
    try {
      writeSync(this.file, this.lines.join(''));
      this.lines = [];
    } catch (error) {
      giveUp(unwritable(this.path, error));
    }
  }
}
