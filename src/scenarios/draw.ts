/**
 * Common random numbers: a draw depends on the seed, the service, the request and the attempt, and on nothing else, so
 * that request 4711 meets the same latency in every architecture, live and simulated, on any machine.
 */
import type { Latency } from './scenario.js';
import { normalQuantile } from './normal.js';

/** What a draw decides. */
export type Purpose = 'latency' | 'error' | 'jitter';

/** What keeps the draws for different purposes apart. */
export const SALTS: Record<Purpose, number> = { latency: 0x9e3779b1, error: 0x85ebca77, jitter: 0xc2b2ae3d };

/** Evenly distributed numbers in (0, 1), 52 bits of them, for one service. */
export type Draws = (requestIndex: number, attempt: number, purpose: Purpose) => number;

/** The draws of one service (or step) under one seed. */
export function drawsOf(seed: number, name: string): Draws {
  const stream = streamOf(seed, name);
  return (requestIndex, attempt, purpose) => drawAt(stream, requestIndex, attempt, SALTS[purpose]);
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
      return latency.values[Math.min(latency.values.length - 1, Math.floor(u * latency.values.length))] ?? 0;
  }
}

/** Pieces that the range from 0 to 1 is cut into, and how many of them at either end are too steep for a cubic. */
const PIECES = 256;
const STEEP = 10;
const SQRT_2PI = Math.sqrt(2 * Math.PI);

/**
 * The inverse of a latency's distribution function, for those who ask often: a lognormal one is interpolated, and within
 * a few millionths. Live and simulated calls are drawn by it.
 */
export function quantileFunction(latency: Latency): (u: number) => number {
  if (latency.kind === 'constant') return () => latency.ms;
  if (latency.kind !== 'lognormal') return (u) => latencyQuantile(latency, u);
  const pieces = lognormalPieces(latency);
  return (u) => {
    if (u < STEEP / PIECES || u >= 1 - STEEP / PIECES) return latencyQuantile(latency, u);
    const place = u * PIECES;
    const piece = place | 0;
    const x = place - piece;
    const at = piece << 2;
    return pieces[at]! + x * (pieces[at + 1]! + x * (pieces[at + 2]! + x * pieces[at + 3]!));
  };
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
      return latency.values.reduce((sum, value) => sum + value, 0) / latency.values.length;
  }
}
