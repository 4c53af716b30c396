/** Distributions of times. */
import type * as v from 'valibot';
import { count, ms, object, orNull, plainNumber, section, type Part } from '../../base/described.js';

const at = (share: string, example: number): Part<number | null> => orNull(ms(`The shortest that at least ${share} of them do not exceed (nearest rank); null without any.`, example));

export const times = section('Times', 'Distribution of times. Percentiles are order statistics (nearest rank), each a time that occurred; all are null when `count` is 0.', {
  count: count('How many there are, `censored` ones included.', 952),
  mean: orNull(ms('Arithmetic mean; null without any.', 1052.4)),
  min: orNull(ms('The shortest; null without any.', 1049.8)),
  p50: at('50 %', 1051.9),
  p75: at('75 %', 1053.2),
  p90: at('90 %', 1055.1),
  p95: at('95 %', 1056.7),
  p99: at('99 %', 1061.3),
  p999: at('99.9 %', 1069.8),
  max: orNull(ms('The longest; null without any.', 1070.2)),
  censored: count('Of them, those known to be at least as long only: still waiting, or timed out.', 0),
});
/** A summary of times, ms: how many, their mean and percentiles. Percentiles are null where nothing was measured. */
export type Times = v.InferOutput<typeof times>;

export const range = object('From, and to.', {
  low: plainNumber('Where it begins, in the unit of the figure.', 1040.2),
  high: plainNumber('Where it ends, in the unit of the figure.', 1068.1),
});
/** Where something lies. */
export type Range = v.InferOutput<typeof range>;
