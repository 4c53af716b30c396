/** Ratios of subjects of one run, compared between two records: the machine's speed is in both terms and cancels. */
import type { Comparison } from '../../measurement/schema/comparison.js';
import type { MeasuredTrial } from '../../measurement/record.js';
import type { Figure, Missing } from './figures.js';
import { figureOf } from './figures.js';
import type { About } from './row.js';
import { recordRow, unknownRow } from './row.js';
import type { RecordRules, Sides } from './rules.js';

const METRICS = ['p50', 'p95', 'throughput'];

/** Every subject against the first. */
export function compareRatios([first, ...others]: readonly Sides[], rules: RecordRules): Comparison[] {
  if (!first) return [];
  return others.flatMap((other) => METRICS.map((metric) => compareRatio(first, other, metric, rules)));
}

function compareRatio(first: Sides, other: Sides, metric: string, rules: RecordRules): Comparison {
  const about: About = { subject: `${other.subject}/${first.subject}`, load: other.load, metric, scale: 'ratio' };
  const settings = { limits: rules.ratios, confidence: rules.confidence };
  const [base, head] = [ratio(first.base, other.base, metric), ratio(first.head, other.head, metric)];
  if ('why' in base) return unknownRow(about, settings, base.why);
  if ('why' in head) return unknownRow(about, settings, head.why);
  const row = recordRow(about, settings, base, head);
  if (row.reading !== 'faster') return row;
  // The ratio cannot say which of its terms has moved, so that the first may have got worse.
  return { ...row, state: 'inconclusive', why: `either ${other.subject} became better or ${first.subject} became worse` };
}

type Rounds = MeasuredTrial[] | Missing;

function ratio(first: Rounds, other: Rounds, metric: string): Figure | Missing {
  const below = 'why' in first ? first : figureOf(first, metric);
  const above = 'why' in other ? other : figureOf(other, metric);
  if ('why' in below) return below;
  if ('why' in above) return above;
  return { log: above.log - below.log, error: Math.hypot(above.error, below.error) };
}
