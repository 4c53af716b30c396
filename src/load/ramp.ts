/** A load that changes, as pure functions of the time since its start: users, or requests per second, at any moment. */
import type { Ramp } from '../scenarios/load.js';

/** One straight piece of a ramp. Times in ms from the start; the first has no beginning and the last no end. */
interface Piece {
  begin: number;
  end: number;
  from: number;
  to: number;
}

/**
 * The earliest moment from `elapsed` on at which a user is there; Infinity when it never is again. Users come in order
 * and go in the opposite one.
 * @param user from 0
 */
export function presentFrom(ramp: Ramp, user: number, elapsed: number): number {
  for (const piece of piecesOf(ramp)) {
    if (piece.end <= elapsed) continue;
    const first = Math.max(piece.begin, elapsed);
    if (levelWithin(piece, first) > user) return first;
    const { begin, end, from, to } = piece;
    if (to > user) return Math.max(first, begin + ((user - from) / (to - from)) * (end - begin));
  }
  return Infinity;
}

/** The moment at which a request is due when the level is a rate: when the requests due so far have grown to `before`. */
export function dueAt(ramp: Ramp, before: number): number {
  let left = before;
  for (const piece of piecesOf(ramp).slice(1)) {
    const requests = requestsWithin(piece);
    if (left < requests) return piece.begin + timeFor(piece, left);
    left -= requests;
  }
  return Infinity;
}

function piecesOf({ from, stages }: Ramp): Piece[] {
  const pieces: Piece[] = [{ begin: -Infinity, end: 0, from, to: from }];
  let last = { end: 0, to: from };
  for (const { duration, target } of stages) {
    const piece = { begin: last.end, end: last.end + duration, from: last.to, to: target };
    pieces.push(piece);
    last = piece;
  }
  return [...pieces, { begin: last.end, end: Infinity, from: last.to, to: last.to }];
}

function levelWithin({ begin, end, from, to }: Piece, elapsed: number): number {
  return from === to ? from : from + ((to - from) * (elapsed - begin)) / (end - begin);
}

function requestsWithin({ begin, end, from, to }: Piece): number {
  return from + to === 0 ? 0 : (((from + to) / 2) * (end - begin)) / 1000;
}

/** Time from the beginning of a piece until a number of requests was due, ms. */
function timeFor({ begin, end, from, to }: Piece, requests: number): number {
  if (from === to) return (requests * 1000) / from;
  if (requests === 0) return 0;
  // The root of from t + (to - from) t^2 / 2T = requests, in the form in which nothing cancels.
  const root = Math.sqrt(from ** 2 + (2000 * (to - from) * requests) / (end - begin));
  return (2000 * requests) / (from + root);
}
