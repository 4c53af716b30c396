/** The predicted curve of each subject over the loads, for charts. */
import { loadSize } from '../measurement/loads.js';
import type { CurvePoint, RunRecord } from '../measurement/record.js';

/** One subject's curve, by load ascending. */
export interface Curve {
  name: string;
  points: CurvePoint[];
}

/** The curves of a record; none where there are no loads to look between. */
export function curvesIn({ curves = [] }: Pick<RunRecord, 'curves'>): Curve[] {
  const names = [...new Set(curves.map(({ architecture }) => architecture))];
  return names.map((name) => ({
    name,
    points: curves.filter(({ architecture }) => architecture === name).toSorted((a, b) => loadSize(a.load) - loadSize(b.load)),
  }));
}
