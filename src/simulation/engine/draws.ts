/** The draws of one step or consumer: those of the live run. */
import { drawAt, latencyQuantile, SALTS, streamOf, Z99 } from '../../scenarios/draw.js';
import { normalQuantile } from '../../scenarios/normal.js';
import type { Latency } from '../../scenarios/scenario.js';

/** Pieces that the range from 0 to 1 is cut into, and how many of them at either end are too steep for a cubic. */
const PIECES = 256;
const STEEP = 10;
const SQRT_2PI = Math.sqrt(2 * Math.PI);

/** Latency, errors and jitter of the calls made under one name. */
export class CallDraws {
  private readonly stream: number;
  private readonly latencyOf: Latency;
  /** The latency when it is always the same; below 0 otherwise. */
  private readonly constant: number;
  private readonly pieces: Float64Array | null;
  private readonly errors: number;

  /**
   * @param name of the step or consumer
   * @param errors share of calls that fail
   */
  constructor(seed: number, name: string, latency: Latency, errors: number) {
    this.stream = streamOf(seed, name);
    this.latencyOf = latency;
    this.constant = latency.kind === 'constant' ? latency.ms : -1;
    this.pieces = latency.kind === 'lognormal' ? lognormalPieces(latency) : null;
    this.errors = errors;
  }

  /** Latency of a call, ms: that of the live run, a lognormal one within a few millionths. */
  latency(request: number, call: number): number {
    if (this.constant >= 0) return this.constant;
    return this.quantile(drawAt(this.stream, request, call, SALTS.latency));
  }

  /**
   * Adds the latency of a call to a moment. From array to array: as an argument or a result, a number with a fraction may
   * have to become an object.
   * @param moments the call begins at the one at `i`; its end goes next to it
   */
  addLatency(request: number, call: number, moments: Float64Array, i: number): void {
    const { pieces } = this;
    const u = this.constant >= 0 ? 0 : drawAt(this.stream, request, call, SALTS.latency);
    if (pieces !== null && isFlat(u)) moments[i + 1] = moments[i]! + interpolated(pieces, u);
    else moments[i + 1] = moments[i]! + latencyQuantile(this.latencyOf, u);
  }

  fails(request: number, call: number): boolean {
    return this.errors > 0 && drawAt(this.stream, request, call, SALTS.error) < this.errors;
  }

  jitter(request: number, call: number): number {
    return drawAt(this.stream, request, call, SALTS.jitter);
  }

  /** Latency at a share `u` of the distribution, ms. */
  quantile(u: number): number {
    const { pieces } = this;
    return pieces !== null && isFlat(u) ? interpolated(pieces, u) : latencyQuantile(this.latencyOf, u);
  }
}

function isFlat(u: number): boolean {
  return u >= STEEP / PIECES && u < 1 - STEEP / PIECES;
}

function interpolated(pieces: Float64Array, u: number): number {
  const place = u * PIECES;
  const piece = place | 0;
  const x = place - piece;
  const at = piece << 2;
  return pieces[at]! + x * (pieces[at + 1]! + x * (pieces[at + 2]! + x * pieces[at + 3]!));
}

/** Coefficients of a cubic Hermite interpolation of the lognormal quantile, which takes a logarithm and an exponential. */
function lognormalPieces({ p50, p99 }: Extract<Latency, { kind: 'lognormal' }>): Float64Array {
  const sigma = Math.log(p99 / p50) / Z99;
  const value = (u: number): number => p50 * Math.exp(sigma * normalQuantile(u));
  const slope = (u: number): number => sigma * value(u) * SQRT_2PI * Math.exp(normalQuantile(u) ** 2 / 2);
  const pieces = new Float64Array(4 * PIECES);
  for (let piece = STEEP; piece < PIECES - STEEP; piece++) {
    const [from, to] = [value(piece / PIECES), value((piece + 1) / PIECES)];
    const [rise, next] = [slope(piece / PIECES) / PIECES, slope((piece + 1) / PIECES) / PIECES];
    pieces.set([from, rise, 3 * (to - from) - 2 * rise - next, 2 * (from - to) + rise + next], 4 * piece);
  }
  return pieces;
}
