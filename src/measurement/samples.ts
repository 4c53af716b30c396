/**
 * Raw samples of a trial as compact columns. Figures are folded from these columns, not from what they were made of, so
 * that a saved record gives exactly the figures that it states.
 */
import { UserError } from '../base/errors.js';
import { OUTCOMES, type Observations } from '../load/load.js';
import type { Samples } from './record.js';

/** One row for each request sent, in the order sent. */
export interface SampleColumns {
  /** Intended start, ms from the start of the window. Below 0 exactly for requests of the warm-up. */
  start: Float32Array;
  /** Response time, ms: from the intended start to the end. */
  time: Float32Array;
  /** Position in OUTCOMES. */
  outcome: Uint8Array;
  /** Position of its kind of request, where there are several. */
  kind?: Uint8Array;
}

/** A warm-up request keeps a start below 0 however near the window it is, ms. */
const LEAST = 1e-3;

/** @param startAt start of the window on the clock of the observations, ms */
export function samplesOf(observations: Observations, startAt: number): SampleColumns {
  const { index, intendedAt, endedAt, outcome } = observations;
  const start = Float32Array.from(intendedAt, (at, row) =>
    // The index decides what is measured: a user may have been ready just before the window and sent within it.
    (index[row] ?? 0) < 0 ? Math.min(-LEAST, at - startAt) : Math.max(0, at - startAt),
  );
  const time = Float32Array.from(endedAt, (at, row) => at - (intendedAt[row] ?? 0));
  return { start, time, outcome: outcome.slice() };
}

export function encodeSamples({ start, time, outcome, kind }: SampleColumns): Samples {
  const columns = { start: encodeFloats(start), time: encodeFloats(time), outcome: bytesOf(outcome).toString('base64') };
  return kind ? { ...columns, kind: bytesOf(kind).toString('base64') } : columns;
}

/** Some of the rows. */
export function rowsOfSamples({ start, time, outcome, kind }: SampleColumns, rows: readonly number[]): SampleColumns {
  return {
    start: Float32Array.from(rows, (row) => start[row]!),
    time: Float32Array.from(rows, (row) => time[row]!),
    outcome: Uint8Array.from(rows, (row) => outcome[row]!),
    ...(kind && { kind: Uint8Array.from(rows, (row) => kind[row]!) }),
  };
}

/** @throws UserError when the columns are not of one length or hold an unknown outcome */
export function decodeSamples(samples: Samples): SampleColumns {
  const columns = {
    start: decodeFloats(samples.start),
    time: decodeFloats(samples.time),
    outcome: decodeBytes(samples.outcome),
    ...(samples.kind !== undefined && { kind: decodeBytes(samples.kind) }),
  };
  const lengths = new Set(Object.values(columns).map((column) => column.length));
  if (lengths.size !== 1 || columns.outcome.some((position) => position >= OUTCOMES.length)) {
    throw new UserError('The raw samples of the record are damaged. Make the record again, or restore the file.');
  }
  return columns;
}

/** Base64 of little-endian Float32. */
export function encodeFloats(values: Float32Array): string {
  return (IS_LITTLE_ENDIAN ? bytesOf(values) : bytesOf(values.slice()).swap32()).toString('base64');
}

/** The bytes of a column themselves, no copy of them. */
function bytesOf({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}

const IS_LITTLE_ENDIAN = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** Inverse of `encodeFloats`; bytes beyond a multiple of 4 are ignored. */
export function decodeFloats(text: string): Float32Array {
  const bytes = decodeBytes(text);
  const whole = bytes.subarray(0, bytes.length - (bytes.length % Float32Array.BYTES_PER_ELEMENT));
  if (!IS_LITTLE_ENDIAN) bytesOf(whole).swap32();
  return new Float32Array(whole.buffer, 0, whole.length / Float32Array.BYTES_PER_ELEMENT);
}

/** Into memory of their own: small buffers share theirs, and begin in it where no number may. */
function decodeBytes(text: string): Uint8Array {
  const bytes = new Uint8Array(Buffer.byteLength(text, 'base64'));
  return bytes.subarray(0, bytesOf(bytes).write(text, 'base64'));
}
