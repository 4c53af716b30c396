/** Sorting of many numbers, several times as fast as by comparison. */

/** Digits of a double's 64 bits, the lowest first: the half that each is in, its place there, and the values it may have. */
const DIGIT_BITS = 11;
const DIGITS = 1 << DIGIT_BITS;
const MASK = DIGITS - 1;
const SHIFTS = [0, DIGIT_BITS, 2 * DIGIT_BITS];
/** Fewer are sorted faster by comparison. */
const MANY = 2048;

/** Which half of a double this machine keeps first. */
const HALVES = new Uint32Array(Float64Array.of(1).buffer)[0] === 0 ? ['low', 'high'] : ['high', 'low'];
const LOW = HALVES.indexOf('low');
const HIGH = HALVES.indexOf('high');

/** Numbers in ascending order, as `toSorted` gives them. The input is not modified. */
export function sortedNumbers(values: Float64Array | Float32Array | readonly number[]): Float64Array {
  const copy = new Float64Array(values);
  return copy.length < MANY || hasSigns(copy) ? copy.toSorted() : sortedByDigits(copy);
}

/** Whether the sign of any is set. */
function hasSigns(values: Float64Array): boolean {
  const words = new Int32Array(values.buffer);
  for (let i = HIGH; i < words.length; i += 2) if (words[i]! < 0) return true;
  return false;
}

/**
 * Radix sort by the bits of doubles: those that are not negative stand in the order of their bits (IEEE 754). A function of its own,
 * as each pass below is, so that its loop is compiled.
 */
function sortedByDigits(values: Float64Array): Float64Array {
  let from: Float64Array = values;
  let to: Float64Array = new Float64Array(values.length);
  for (const half of [LOW, HIGH]) {
    for (const shift of SHIFTS) {
      const places = placesOf(from, half, shift);
      if (places === null) continue;
      distribute(from, to, places, half, shift);
      [from, to] = [to, from];
    }
  }
  return from;
}

/** By digit: where the first of those that have it goes; null where all have the same. */
function placesOf(values: Float64Array, half: number, shift: number): Uint32Array | null {
  const words = new Uint32Array(values.buffer);
  const places = new Uint32Array(DIGITS);
  for (let i = half; i < words.length; i += 2) places[(words[i]! >>> shift) & MASK]!++;
  let before = 0;
  for (let digit = 0; digit < DIGITS; digit++) {
    const count = places[digit]!;
    if (count === values.length) return null;
    places[digit] = before;
    before += count;
  }
  return places;
}

function distribute(from: Float64Array, to: Float64Array, places: Uint32Array, half: number, shift: number): void {
  const words = new Uint32Array(from.buffer);
  for (let i = 0; i < from.length; i++) to[places[(words[2 * i + half]! >>> shift) & MASK]!++] = from[i]!;
}
