/** Rows of numbers as typed columns that double when they are full, so that a row costs no object. */

type NumberArray = Int32Array | Uint16Array | Uint8Array | Float64Array;

/** Columns that grow. */
export class GrowingColumns<C extends { [K in keyof C]: NumberArray }> {
  /** The columns as they are now, longer than what is in use. */
  columns: C;
  private length = 0;
  private capacity: number;
  private readonly make: (length: number) => C;

  /** @param make columns of a length */
  constructor(make: (length: number) => C, capacity = 1024) {
    this.make = make;
    this.capacity = capacity;
    this.columns = make(capacity);
  }

  /** A new row, to be filled in `columns` by whoever asks. */
  next(): number {
    if (this.length === this.capacity) this.columns = this.copied((this.capacity *= 2));
    return this.length++;
  }

  /** A copy of the rows so far. */
  read(): C {
    return this.copied(this.length);
  }

  private copied(length: number): C {
    const copy = this.make(length);
    for (const name of Object.keys(copy) as (keyof C)[]) copy[name].set(this.columns[name].subarray(0, length));
    return copy;
  }
}
