/** As much of a terminal as progress needs: a cursor, and lines that scroll. */

/** A screen so many lines high; what leaves it at the top is kept. */
export class Terminal {
  readonly isTTY = true;
  readonly columns: number;
  readonly rows: number;
  private readonly lines: string[] = [''];
  private row = 0;
  private column = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): void {
    // oxlint-disable-next-line no-control-regex
    for (const [part] of text.matchAll(/\u001b\[(\d*)([A-Zm])|[^]/gu)) this.put(part);
  }

  /** What it shows and what has left it, without what is empty at the end. */
  shown(): string[] {
    return this.lines.map((line) => line.trimEnd()).join('\n').trimEnd().split('\n');
  }

  private put(part: string): void {
    if (part === '\r') this.column = 0;
    else if (part === '\n') this.moveTo(this.row + 1, 0);
    else if (part.length > 1) this.obey(part);
    else {
      if (this.column === this.columns) this.moveTo(this.row + 1, 0);
      const line = (this.lines[this.row] ?? '').padEnd(this.column);
      this.lines[this.row] = line.slice(0, this.column) + part + line.slice(this.column + 1);
      this.column++;
    }
  }

  private obey(sequence: string): void {
    const count = Number(/\d+/.exec(sequence)?.[0] ?? 0);
    const line = this.lines[this.row] ?? '';
    // A cursor goes no higher than the screen.
    if (sequence.endsWith('A')) this.row = Math.max(0, this.lines.length - this.rows, this.row - Math.max(1, count));
    else if (sequence.endsWith('K')) this.lines[this.row] = count === 2 ? '' : line.slice(0, this.column);
    else if (!sequence.endsWith('m')) throw new Error(`Unknown to this terminal: ${JSON.stringify(sequence)}`);
  }

  private moveTo(row: number, column: number): void {
    this.row = row;
    this.column = column;
    if (row === this.lines.length) this.lines.push('');
  }
}
