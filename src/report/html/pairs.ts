/** The pairs of blocks that a comparison was judged on, one dot for each pair and metric. */
import type { Block, PairedRun } from '../../measurement/schema/comparison.js';
import { formatLoad } from '../format.js';
import type { Chart, Series } from './chart.js';
import { figure } from './figure.js';
import type { Markup } from './markup.js';

const HEIGHT = 240;
const METRICS = ['p50', 'p95', 'throughput'] as const;

/** Change of head against base, pair by pair: what scatters around zero is noise. */
export function pairChart({ base, head, load, pairs }: PairedRun): Markup {
  const series = METRICS.map((metric, i): Series => {
    const y = pairs.map((pair) => changeOf(pair.base, pair.head, metric));
    return { label: metric, colour: `subject-${[3, 0, 2][i]}`, style: 'dots', x: pairs.map((_, pair) => pair + 1), y };
  });
  const sizes = series.flatMap(({ y }) => y.map((change) => Math.abs(change ?? 0)));
  const reach = Math.max(0.02, ...sizes) * 1.15;
  const chart: Chart = {
    x: { label: 'pair', format: 'count', scale: 'linear', min: 0, max: pairs.length + 1 },
    y: { label: 'change', format: 'change', scale: 'linear', min: -reach, max: reach },
    series,
    marks: [{ kind: 'horizontal', at: 0, label: 'no change', colour: 'ink-2' }],
    height: HEIGHT,
  };
  const about = 'Change of head against base in each pair of blocks, measured one right after the other.';
  return figure({ title: `Pairs of ${head} and ${base} at ${formatLoad(load)}`, about }, chart);
}

function changeOf(base: Block, head: Block, metric: (typeof METRICS)[number]): number | null {
  const [was, is] = [base[metric], head[metric]];
  return was && is !== null ? is / was - 1 : null;
}
