/** Which requests are drawn when there are more than a chart can show. */
import { OUTCOMES } from '../../load/load.js';
import type { SampleColumns } from '../../measurement/samples.js';

/** The requests drawn of one outcome, and how many there are. */
export interface Cloud {
  outcome: (typeof OUTCOMES)[number];
  /** Every `each`-th request is drawn. */
  each: number;
  count: number;
  x: number[];
  y: number[];
}

/**
 * One cloud for each outcome that occurs. Each is thinned by itself, evenly in the order sent, so that rare failures
 * are drawn all; how much was left out is told.
 * @param most dots of one outcome
 */
export function clouds({ start, time, outcome }: SampleColumns, most: number): Cloud[] {
  const counts = OUTCOMES.map(() => 0);
  for (const position of outcome) counts[position] = (counts[position] ?? 0) + 1;
  return OUTCOMES.flatMap((name, position) => {
    const count = counts[position] ?? 0;
    if (count === 0) return [];
    const each = Math.ceil(count / most);
    const drawn = everyNth(outcome, position, each).toSorted((a, b) => (start[a] ?? 0) - (start[b] ?? 0));
    // Whole ms are finer than a pixel.
    const at = (column: Float32Array): number[] => drawn.map((i) => Math.round(column[i] ?? 0));
    return [{ outcome: name, each, count, x: at(start), y: at(time) }];
  });
}

/** Rows of one outcome, one of so many: there may be millions, of which no list is made. */
function everyNth(outcome: Uint8Array, position: number, each: number): number[] {
  const rows: number[] = [];
  let seen = 0;
  for (let row = 0; row < outcome.length; row++) if (outcome[row] === position && seen++ % each === 0) rows.push(row);
  return rows;
}

/** What was left out, in words; empty when all are drawn. */
export function thinned(drawn: readonly Cloud[]): string {
  const parts = drawn
    .filter(({ each }) => each > 1)
    .map(({ outcome, each }) => `every ${ordinal(each)} request that ended ${outcome}`);
  return parts.length > 0
    ? `Drawn: ${parts.join(', ')}${parts.length < drawn.length ? ', all others' : ''}.`
    : 'Every request is drawn.';
}

function ordinal(count: number): string {
  const ending = count % 100 >= 11 && count % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th');
  return `${count}${ending}`;
}
