/**
 * Common random numbers: a draw depends on the seed, the service, the request and the attempt, and on nothing else, so
 * that request 4711 meets the same latency in every architecture, live and simulated, on any machine.
 */
import type { Latency } from './scenario.js';
import { normalQuantile } from './normal.js';
import { requestOf } from './request.js';

/** What a draw decides. */
export type Purpose = 'latency' | 'error' | 'jitter' | 'share' | 'times';

/** What keeps the draws for different purposes apart. */
export const SALTS: Record<Purpose, number> = { latency: 0x9e3779b1, error: 0x85ebca77, jitter: 0xc2b2ae3d, share: 0x27d4eb2f, times: 0x165667b1 };

/** Evenly distributed numbers in (0, 1), 52 bits of them, for one service. */
export type Draws = (requestIndex: number, attempt: number, purpose: Purpose) => number;

/** The draws of one service (or step) under one seed. */
export function drawsOf(seed: number, name: string): Draws {
  const stream = streamOf(seed, name);
  return (requestIndex, attempt, purpose) => drawAt(stream, requestIndex, attempt, SALTS[purpose]);
}

/** Whether a request makes a step that only a share of the requests makes. Its own draw decides, in every architecture and every attempt alike. */
export function takesPart(draws: Draws, share: number, request: number): boolean {
  return share >= 1 || draws(requestOf(request), 0, 'share') < share;
}

/** What keeps the draws of different services and seeds apart. */
export function streamOf(seed: number, name: string): number {
  let stream = mix(seed | 0);
  for (const character of name) stream = mix(stream ^ (character.codePointAt(0) ?? 0));
  return stream;
}

/** One draw of a stream, for those who make millions. */
export function drawAt(stream: number, requestIndex: number, attempt: number, salt: number): number {
  const key = mix(mix(stream ^ requestIndex) + Math.imul(attempt + 1, 0x27d4eb2f)) ^ salt;
  const high = mix(key) >>> 6;
  const low = mix(key ^ 0x165667b1) >>> 6;
  return (high * 0x4000000 + low + 0.5) / 0x10000000000000;
}

/** Finaliser of MurmurHash3 (Appleby, public domain): every input bit changes about half of the output bits. */
function mix(value: number): number {
  let hash = value + 0x7ed55d16;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}

/** z of the 99th percentile of the normal distribution. */
export const Z99 = 2.3263478740408408;

/** Stream that rows are drawn by: no step is named so. */
const ROWS = ' rows';

/**
 * What latencies of calls under a name are drawn by: a stream of their own, or that of the rows, which every name shares, so that
 * the first calls of one request take their times from one row.
 */
export function latencyStream(seed: number, name: string, { kind }: Pick<Latency, 'kind'>): number {
  return streamOf(seed, kind === 'rows' ? ROWS : name);
}

/** The draws of that stream; null where they are those of the name. */
export function rowDraws(seed: number, { kind }: Pick<Latency, 'kind'>): Draws | null {
  return kind === 'rows' ? drawsOf(seed, ROWS) : null;
}

/** Position of the row that the first calls of a request take, of so many. */
export function rowTaken(seed: number, rows: number): (request: number) => number {
  const draws = drawsOf(seed, ROWS);
  return (request) => positionAt(rows, draws(request, 0, 'latency'));
}

function positionAt(length: number, u: number): number {
  return Math.min(length - 1, Math.floor(u * length));
}

function valueAt(values: readonly number[], u: number): number {
  return values[positionAt(values.length, u)] ?? 0;
}

const sortedOf = new WeakMap<readonly number[], number[]>();

function sortedRows({ values }: Extract<Latency, { kind: 'rows' }>): number[] {
  const sorted = sortedOf.get(values) ?? values.toSorted((a, b) => a - b);
  sortedOf.set(values, sorted);
  return sorted;
}

/** The latency below which a share `u` of the calls stay, ms (inverse of the distribution function). */
export function latencyQuantile(latency: Latency, u: number): number {
  switch (latency.kind) {
    case 'constant':
      return latency.ms;
    case 'lognormal':
      return latency.p50 * Math.exp((Math.log(latency.p99 / latency.p50) / Z99) * normalQuantile(u));
    case 'exponential':
      return -latency.mean * Math.log1p(-u);
    case 'uniform':
      return latency.min + u * (latency.max - latency.min);
    case 'values':
      return valueAt(latency.values, u);
    case 'rows':
      return valueAt(sortedRows(latency), u);
  }
}

/** Share of the calls that take longer than `ms`, to about 1e-9: the quantile function turned round by bisection. */
export function shareBeyond(latency: Latency, ms: number): number {
  let [within, beyond] = [1e-9, 1 - 1e-9];
  if (latencyQuantile(latency, within) > ms) return 1;
  if (latencyQuantile(latency, beyond) <= ms) return 0;
  while (beyond - within > 1e-9) {
    const middle = (within + beyond) / 2;
    if (latencyQuantile(latency, middle) > ms) beyond = middle;
    else within = middle;
  }
  return 1 - within;
}

/** Pieces that a range of shares is cut into, and how many of them at its steep end are left to the next range, or to the formula. */
const PIECES = 256;
const STEEP = 10;
/** Each range at an end is so many times as narrow as the one before. */
const NARROWER = 16;
const TAIL = STEEP / PIECES;
const FAR_TAIL = TAIL / NARROWER;
const SQRT_2PI = Math.sqrt(2 * Math.PI);

/**
 * The inverse of a latency's distribution function, for those who ask often: a lognormal one is interpolated, and within
 * a few millionths; of rows it is the value in the row, since one draw takes the same row of every column. Live and simulated calls are drawn by it.
 */
export class LatencyQuantile {
  private readonly latency: Latency;
  /** The latency when it is always the same; below 0 otherwise. */
  private readonly constant: number;
  private readonly rows: readonly number[] | null;
  /** Of a lognormal one: see `LognormalPieces`. */
  private readonly middle: Float64Array | null = null;
  private readonly lower: Float64Array | null = null;
  private readonly upper: Float64Array | null = null;

  constructor(latency: Latency) {
    this.latency = latency;
    this.constant = latency.kind === 'constant' ? latency.ms : -1;
    this.rows = latency.kind === 'rows' ? latency.values : null;
    if (latency.kind !== 'lognormal') return;
    const { middle, lower, upper } = lognormalPieces(latency);
    this.middle = middle;
    this.lower = lower;
    this.upper = upper;
  }

  /** Nothing is drawn. */
  get isConstant(): boolean {
    return this.constant >= 0;
  }

  /** The latency below which a share `u` of the calls stay, ms. */
  at(u: number): number {
    if (this.constant >= 0) return this.constant;
    if (this.rows !== null) return valueAt(this.rows, u);
    if (this.middle === null || u < FAR_TAIL || u >= 1 - FAR_TAIL) return latencyQuantile(this.latency, u);
    if (u < TAIL) return interpolated(this.lower!, u * NARROWER);
    return u < 1 - TAIL ? interpolated(this.middle, u) : interpolated(this.upper!, 1 - (1 - u) * NARROWER);
  }
}

/** @param share of the range that the pieces cover */
function interpolated(pieces: Float64Array, share: number): number {
  const place = share * PIECES;
  const piece = place | 0;
  const x = place - piece;
  const at = piece << 2;
  return pieces[at]! + x * (pieces[at + 1]! + x * (pieces[at + 2]! + x * pieces[at + 3]!));
}

type Lognormal = Extract<Latency, { kind: 'lognormal' }>;

/** Coefficients of the interpolation of a lognormal latency: of the whole range, and of its lower and upper end. */
interface LognormalPieces {
  middle: Float64Array;
  lower: Float64Array;
  upper: Float64Array;
}

/** Those worked out, by latency: trial after trial asks for the same ones again. The oldest is left out. */
const worked = new Map<string, LognormalPieces>();
const MOST_KEPT = 100;

function lognormalPieces(latency: Lognormal): LognormalPieces {
  const key = `${latency.p50} ${latency.p99}`;
  const pieces = worked.get(key) ?? {
    middle: piecesOf(latency, 0, 1),
    lower: piecesOf(latency, 0, 1 / NARROWER),
    upper: piecesOf(latency, 1 - 1 / NARROWER, 1),
  };
  worked.set(key, pieces);
  if (worked.size > MOST_KEPT) worked.delete(worked.keys().next().value!);
  return pieces;
}

/** Coefficients of a cubic Hermite interpolation of the lognormal quantile, which takes a logarithm and an exponential. */
function piecesOf({ p50, p99 }: Lognormal, begin: number, end: number): Float64Array {
  const sigma = Math.log(p99 / p50) / Z99;
  const width = (end - begin) / PIECES;
  const value = (u: number): number => p50 * Math.exp(sigma * normalQuantile(u));
  const rise = (u: number): number => width * sigma * value(u) * SQRT_2PI * Math.exp(normalQuantile(u) ** 2 / 2);
  const pieces = new Float64Array(4 * PIECES);
  for (let piece = 0; piece < PIECES; piece++) {
    const [from, to] = [begin + piece * width, begin + (piece + 1) * width];
    // The ends of the distribution have no slope: nobody asks for these pieces.
    if (from <= 0 || to >= 1) continue;
    const [a, b, slope, next] = [value(from), value(to), rise(from), rise(to)];
    pieces.set([a, slope, 3 * (b - a) - 2 * slope - next, 2 * (a - b) + slope + next], 4 * piece);
  }
  return pieces;
}

/** Mean latency, ms. */
export function latencyMean(latency: Latency): number {
  switch (latency.kind) {
    case 'constant':
      return latency.ms;
    case 'lognormal':
      return latency.p50 * Math.exp((Math.log(latency.p99 / latency.p50) / Z99) ** 2 / 2);
    case 'exponential':
      return latency.mean;
    case 'uniform':
      return (latency.min + latency.max) / 2;
    case 'values':
    case 'rows':
      return latency.values.reduce((sum, value) => sum + value, 0) / latency.values.length;
  }
}
