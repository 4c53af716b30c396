/** Where warming up ends: MSER-5 (White, Cobb and Spratt, Proc. Winter Simulation Conference 2000). */

/** What warming up has cost. */
export interface Truncation {
  /** Values to leave out at the start, a multiple of 5. */
  cut: number;
  /** Whether the rest is steady: no, when more than half would have to go, or there are too few values to tell. */
  steady: boolean;
}

const BATCH = 5;
/** The last few batches are left out of the search: a handful of alike means would look steadier than any long series. */
const LAST = 5;

/**
 * The cut that leaves the mean of the rest with the smallest standard error, over batches of 5 values.
 * @param values response times in order of their start; a rest of less than 5 is ignored
 */
export function truncate(values: ArrayLike<number>): Truncation {
  const means = batchMeans(values);
  if (means.length < 2 * LAST) return { cut: 0, steady: false };
  const cut = bestCut(means);
  return { cut: cut * BATCH, steady: cut <= means.length / 2 };
}

function batchMeans(values: ArrayLike<number>): number[] {
  const means: number[] = [];
  for (let from = 0; from + BATCH <= values.length; from += BATCH) {
    let sum = 0;
    for (let i = from; i < from + BATCH; i++) sum += values[i] as number;
    means.push(sum / BATCH);
  }
  return means;
}

/** Walks from the end, so that mean and squared deviation of each rest grow by one value a step (Welford 1962). */
function bestCut(means: readonly number[]): number {
  let best = { cut: 0, error: Infinity };
  let mean = 0;
  let deviation = 0;
  for (let cut = means.length - 1; cut >= 0; cut--) {
    const count = means.length - cut;
    const difference = (means[cut] as number) - mean;
    mean += difference / count;
    deviation += difference * ((means[cut] as number) - mean);
    const error = deviation / count ** 2;
    // Ties go to the shorter cut.
    if (count >= LAST && error <= best.error) best = { cut, error };
  }
  return best.cut;
}
