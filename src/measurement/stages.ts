/** What a trial did in each stage of a load that changes, folded from its samples and the curve of its backlog. Pure. */
import type { Ramp } from '../scenarios/load.js';
import { foldSamples } from './outcomes.js';
import type { BacklogResult, StageResult } from './record.js';
import { rowsOfSamples, type SampleColumns } from './samples.js';

/** What a stage is told from. */
interface StageSources {
  ramp: Ramp | undefined;
  samples: SampleColumns;
  /** Of all events; null where none are published. */
  backlog: BacklogResult | null;
}

/** One result for each stage, in order; undefined without stages, or without samples of what was sent. */
export function stageResults({ ramp, samples, backlog }: StageSources): StageResult[] | undefined {
  if (!ramp || ramp.stages.length === 0 || samples.start.length === 0) return undefined;
  let [end, level] = [0, ramp.from];
  return ramp.stages.map(({ duration, target }) => {
    const [from, begins] = [end, level];
    [end, level] = [end + duration, target];
    return { from, to: end, begins, target, ...figuresWithin(samples, from, end), backlog: backlog && backlogWithin(backlog, from, end) };
  });
}

/** Of the requests that began within. */
function figuresWithin(samples: SampleColumns, from: number, to: number): Pick<StageResult, 'outcomes' | 'failureRate' | 'throughput' | 'responseTime'> {
  const rows = [...samples.start.keys()].filter((row) => samples.start[row]! >= from && samples.start[row]! < to);
  const { outcomes, failureRate, throughput, responseTime } = foldSamples(rowsOfSamples(samples, rows), (to - from) / 1000);
  return { outcomes, failureRate, throughput: to > from ? throughput : 0, responseTime };
}

/** By the points of the curve. */
function backlogWithin({ series }: BacklogResult, from: number, to: number): StageResult['backlog'] {
  const within = series.waiting.filter((_, i) => series.at[i]! >= from && series.at[i]! <= to);
  return { peak: Math.max(0, ...within), end: within.at(-1) ?? 0 };
}
