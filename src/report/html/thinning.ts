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
  return OUTCOMES.flatMap((name, position) => {
    const indices = Array.from(outcome.keys()).filter((i) => outcome[i] === position);
    if (indices.length === 0) return [];
    const each = Math.ceil(indices.length / most);
    const drawn = indices.filter((_, i) => i % each === 0).toSorted((a, b) => (start[a] ?? 0) - (start[b] ?? 0));
    // Whole ms are finer than a pixel.
    const at = (column: Float32Array): number[] => drawn.map((i) => Math.round(column[i] ?? 0));
    return [{ outcome: name, each, count: indices.length, x: at(start), y: at(time) }];
  });
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
