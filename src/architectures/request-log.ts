/** When requests came and were replied to, in a file: by them the clocks of load generators are read on the server's. */
import { closeSync, openSync, writeSync } from 'node:fs';
import { giveUp, unwritable } from '../processes/give-up.js';

/** How long a line may wait to be written, ms: what is lost with a killed process is missed by no books. */
const WRITTEN_EVERY = 1000;

/** Appends a line `[request,arrivedAt,repliedAt]` for each. */
export class RequestLog {
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
