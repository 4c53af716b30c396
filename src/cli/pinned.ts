/** Lines that stay in place at the bottom of a terminal, with one more below them that changes all the time. */
import type { Output } from './io.js';

const CLEAR_LINE = '\r\u001b[2K';
const CLEAR_REST = '\u001b[K';

/** What is pinned to the end of an output. */
export class Pinned {
  private readonly output: Output;
  private lines: readonly string[] = [];
  private last = '';

  constructor(output: Output) {
    this.output = output;
  }

  /** Replaces the lines. */
  show(lines: readonly string[]): void {
    const left = this.height() - lines.length;
    const fresh = [...lines, this.last].map((line) => line + CLEAR_REST).join('\n');
    this.output.write(this.back() + fresh + (left > 0 ? below(left) : ''));
    this.lines = lines;
  }

  /** Replaces the one below them. */
  say(last: string): void {
    this.output.write(CLEAR_LINE + last);
    this.last = last;
  }

  /** Clears all of it. */
  clear(): void {
    const height = this.height();
    this.output.write(this.back() + CLEAR_LINE + (height > 0 ? below(height) : ''));
    this.lines = [];
    this.last = '';
  }

  /** Back to where it begins. */
  private back(): string {
    const height = this.height();
    return height === 0 ? '\r' : `\r\u001b[${height}A`;
  }

  /** Lines above the last: a terminal that has become narrower since has broken them. */
  private height(): number {
    // A terminal whose width nobody has set says 0.
    const columns = this.output.columns || Infinity;
    return this.lines.reduce((sum, line) => sum + Math.max(1, Math.ceil(visible(line) / columns)), 0);
  }
}

/** Clears so many lines below and comes back: one by one, because a terminal that is told to clear all may keep what it showed. */
function below(lines: number): string {
  return `${'\n\u001b[2K'.repeat(lines)}\u001b[${lines}A`;
}

/** Characters of a line without its colours. */
function visible(line: string): number {
  // oxlint-disable-next-line no-control-regex
  return line.replace(/\u001b\[\d+m/g, '').length;
}
