/** The books: one row for every request, written when it begins and when it ends, in columns that grow. */
import { LATE_MS, OUTCOMES, type NewRows, type Observations, type Outcome, type Schedule } from './load.js';

/** Outcome of a row whose request is in flight. */
const PENDING = 255;

/** Position of an outcome in OUTCOMES. */
const POSITION = Object.fromEntries(OUTCOMES.map((outcome, at) => [outcome, at])) as Record<Outcome, number>;

/** The columns of the books: what is answered, and what is kept beside it. */
type Columns = Required<Observations> & {
  /** From the intended start until the request was handed to a connection, ms. */
  late: Float32Array;
  /** Rows in the order in which they ended. */
  ended: Uint32Array;
};

/** Rows of requests, in the order in which they began. */
export class Journal {
  /** Rows that have begun and not ended. */
  inFlight = 0;
  /** Rows that have begun and are measured. */
  measured = 0;
  /** Measured rows whose request was sent again because its connection had been closed for being idle. */
  retried = 0;
  /** Whether any client has sent a request again. */
  private isRepeated = false;
  private startAt: number;
  private readonly warmed: number;
  private unsent = 0;
  private columns = columnsOf(1024);
  private rows = 0;
  private ends = 0;
  /** How many of the ends were told. */
  private told = 0;

  /**
   * @param startAt start of the measured window: what should begin earlier is warm-up
   * @param warmed requests of the warm-up that were sent before these
   */
  constructor(startAt: number, warmed = 0) {
    this.startAt = startAt;
    this.warmed = warmed;
  }

  /** The measured window begins at another moment, which lies ahead. */
  startsAt(moment: number): void {
    this.startAt = moment;
  }

  /** Opens a row and gives it the next index; the number returned names the row. */
  begin(intendedAt: number, at: number): number {
    if (this.rows === this.columns.index.length) this.columns = columnsOf(this.rows * 2, this.columns);
    const row = this.rows++;
    const warming = intendedAt < this.startAt;
    this.columns.index[row] = warming ? this.measured - this.rows - this.warmed : this.measured++;
    this.columns.intendedAt[row] = intendedAt;
    this.columns.late[row] = at - intendedAt;
    this.columns.outcome[row] = PENDING;
    this.columns.attempts[row] = 1;
    this.inFlight++;
    return row;
  }

  /** Index of a row's request: 0, 1, 2 ... when measured, -1, -2 ... while warming up. */
  index(row: number): number {
    return this.columns.index[row] ?? 0;
  }

  /** Response time of a row that has ended, ms. */
  responseTime(row: number): number {
    return (this.columns.endedAt[row] ?? 0) - (this.columns.intendedAt[row] ?? 0);
  }

  /** The request was written to a connection. */
  sent(row: number, at: number): void {
    this.columns.sentAt[row] = at;
  }

  /** The first bytes of the answer have arrived. */
  answering(row: number, at: number): void {
    this.columns.firstByteAt[row] = at;
  }

  /** The request is sent again. */
  retry(row: number): void {
    if (this.index(row) >= 0) this.retried++;
  }

  /**
   * The client makes another attempt: the row goes on.
   * @param reached false when no server can have seen the one before
   */
  again(row: number, reached: boolean): void {
    const { columns } = this;
    this.isRepeated = true;
    columns.attempts[row]!++;
    columns.firstByteAt[row] = 0;
    if (!reached) columns.unreached[row]!++;
  }

  /**
   * Closes a row with the one outcome of its request.
   * @param reached false when no server can have seen its last attempt
   * @throws Error when the row is closed already
   */
  end(row: number, at: number, outcome: Outcome, status: number, reached: boolean): void {
    const { columns } = this;
    if (columns.outcome[row] !== PENDING) throw new Error(`Expected row ${row} of the journal to be in flight`);
    columns.endedAt[row] = at;
    columns.outcome[row] = POSITION[outcome];
    columns.status[row] = status;
    if (!reached) {
      columns.unreached[row]!++;
      columns.sentAt[row] = at;
    }
    columns.ended[this.ends++] = row;
    this.inFlight--;
  }

  /** Books a request that was due and for which there was no connection; the number returned names the row. */
  refuse(intendedAt: number, at: number): number {
    const row = this.begin(intendedAt, at);
    this.end(row, at, 'connection', 0, false);
    if (this.index(row) >= 0) this.unsent++;
    return row;
  }

  /** The rows so far, copied; every one should have ended. */
  observations(): Observations {
    const { late: _, ended: __, attempts, ...observations } = columnsOf(this.rows, this.columns);
    return this.isRepeated ? { ...observations, attempts } : observations;
  }

  /** What has ended since it was asked last. */
  newRows(): NewRows {
    const rows = this.columns.ended.subarray(this.told, this.ends);
    this.told = this.ends;
    return { index: Int32Array.from(rows, (row) => this.index(row)), time: Float32Array.from(rows, (row) => this.responseTime(row)) };
  }

  /** How the schedule of the measured requests was kept. */
  schedule(): Schedule {
    const { index, late } = this.columns;
    const measured = late.subarray(0, this.rows).filter((_, row) => (index[row] ?? -1) >= 0);
    measured.sort();
    const first = measured.findIndex((ms) => ms > LATE_MS);
    const lateness = { p99: measured[Math.ceil(measured.length * 0.99) - 1] ?? 0, max: measured.at(-1) ?? 0 };
    return { late: first === -1 ? 0 : measured.length - first, unsent: this.unsent, lateness };
  }
}

/** Columns of a length, filled from others as far as both reach. */
function columnsOf(length: number, from?: Columns): Columns {
  const columns: Columns = {
    index: new Int32Array(length),
    intendedAt: new Float64Array(length),
    sentAt: new Float64Array(length),
    firstByteAt: new Float64Array(length),
    endedAt: new Float64Array(length),
    outcome: new Uint8Array(length),
    status: new Uint16Array(length),
    unreached: new Uint8Array(length),
    attempts: new Uint8Array(length),
    late: new Float32Array(length),
    ended: new Uint32Array(length),
  };
  if (!from) return columns;
  for (const name of Object.keys(columns) as (keyof Columns)[]) columns[name].set(from[name].subarray(0, length));
  return columns;
}
