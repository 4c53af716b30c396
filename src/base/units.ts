/** How durations, shares and names are written by people. Inside, everything is milliseconds and ratios. */

const FACTORS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;

/**
 * Milliseconds of a written duration: `250ms`, `1.5s`, `2m`, `1h`.
 * @returns undefined when the text is not a duration; a bare number is not one
 */
export function parseDuration(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text.trim());
  if (!match) return undefined;
  const [, number = '', unit = ''] = match;
  // Moving the decimal point is exact where multiplying is not: 16.1 x 1000 is 16100.000000000002 in binary.
  if (unit === 's') return Number(`${number}e3`);
  return Number(number) * FACTORS[unit as keyof typeof FACTORS];
}

/**
 * Ratio of a written share: `1%` or `0.01`.
 * @returns undefined when the text is neither
 */
export function parseShare(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text.trim());
  if (!match) return undefined;
  return match[2] ? Number(match[1]) / 100 : Number(match[1]);
}

/** A duration as people write it, shortest exact form: 250 -> `250ms`, 10000 -> `10s`, 90000 -> `90s`. */
export function formatDuration(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) return `${ms / 60_000}m`;
  return ms >= 1000 && (ms / 1000) * 1000 === ms && Number.isInteger(ms / 100) ? `${ms / 1000}s` : `${ms}ms`;
}

/** The shortest form of a duration that is read as the same number. */
export function exactDuration(ms: number): string {
  const short = formatDuration(ms);
  return parseDuration(short) === ms ? short : `${ms}ms`;
}

/** A count with its regular noun: `1 request`, `2 requests`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** The known name nearest to a mistyped one, by edit distance; undefined when none is near. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known.map((candidate) => ({ candidate, distance: editDistance(name, candidate) }));
  ranked.sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best && best.distance <= Math.max(2, name.length / 3) ? best.candidate : undefined;
}

/** Levenshtein distance, by rows (Wagner and Fischer 1974). */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
