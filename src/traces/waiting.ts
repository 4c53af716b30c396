/** Whether times that were traced hold waiting: then they are those of a load, and not of the work. */

/** When a call of one step began and ended. */
export interface CallTimes {
  start: number;
  end: number;
}

/** That calls take longer the more of them are under way. */
export interface Waiting {
  /** Mean of the half that began with few others under way, and of the other half, in the unit of the calls. */
  few: number;
  many: number;
}

/** Calls below which nothing is said. */
const ENOUGH = 59;
/** Standard deviations by which a rank correlation is hardly ever off by chance: steps are many, and a warning has weight. */
const SURELY = 4;
/** Shares of waiting below this are no matter. */
const MATTERS = 1.1;

/**
 * Whether calls take longer the more others are under way when they begin (Spearman's rank correlation, which under
 * independence has a standard deviation of 1 / sqrt(n - 1)): how long a call takes itself has no part in how many others it
 * finds. Null when they do not, or nobody can tell. Traces must be whole: of sampled ones nobody knows what was under way.
 */
export function waitingOf(calls: readonly CallTimes[]): Waiting | null {
  if (calls.length < ENOUGH) return null;
  const found = underWay(calls);
  if (new Set(found).size < 2) return null;
  const lengths = calls.map(({ start, end }) => end - start);
  const correlation = pearson(ranks(found), ranks(lengths));
  if (!(correlation * Math.sqrt(calls.length - 1) > SURELY)) return null;
  const byFound = [...calls.keys()].toSorted((a, b) => found[a]! - found[b]!);
  const half = byFound.length >> 1;
  const mean = (rows: readonly number[]): number => rows.reduce((sum, row) => sum + lengths[row]!, 0) / rows.length;
  const [few, many] = [mean(byFound.slice(0, half)), mean(byFound.slice(-half))];
  return many > MATTERS * few ? { few, many } : null;
}

/** How many others were under way when each call began. */
function underWay(calls: readonly CallTimes[]): number[] {
  const ends = calls.map(({ end }) => end).toSorted((a, b) => a - b);
  const begun = [...calls.keys()].toSorted((a, b) => calls[a]!.start - calls[b]!.start);
  const found: number[] = [];
  let ended = 0;
  for (const [before, row] of begun.entries()) {
    while (ended < ends.length && ends[ended]! <= calls[row]!.start) ended++;
    // A call that takes no time has ended when it begins.
    found[row] = Math.max(0, before - ended);
  }
  return found;
}

/** Ranks, those of equal values averaged. */
function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].toSorted((a, b) => values[a]! - values[b]!);
  const ranked: number[] = [];
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (const row of order.slice(from, to)) ranked[row] = (from + to - 1) / 2;
    from = to;
  }
  return ranked;
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [product, squareA, squareB] = [0, 0, 0];
  for (const [row, value] of a.entries()) {
    const [da, db] = [value - meanA, b[row]! - meanB];
    product += da * db;
    squareA += da * da;
    squareB += db * db;
  }
  return squareA === 0 || squareB === 0 ? 0 : product / Math.sqrt(squareA * squareB);
}
