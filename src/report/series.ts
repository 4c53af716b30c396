/** Figures for services that keep a history of benchmarks: Bencher, and the action github-action-benchmark. */
import { groupTrials, type TrialGroup } from '../advice/rounds.js';
import type { RunRecord } from '../measurement/record.js';
import { medianOf, type Measured } from '../verdict/measured.js';
import { metricNamed } from '../verdict/metrics.js';
import { formatLoad, oneLine } from './format.js';

/** What is told of every trial, and its unit there. Durations in ms, shares in percent. */
const SERIES = [
  { metric: 'p50', unit: 'ms', factor: 1, smallerIsBetter: true },
  { metric: 'p95', unit: 'ms', factor: 1, smallerIsBetter: true },
  { metric: 'p99', unit: 'ms', factor: 1, smallerIsBetter: true },
  { metric: 'failure_rate', unit: '%', factor: 100, smallerIsBetter: true },
  { metric: 'throughput', unit: 'answers/s', factor: 1, smallerIsBetter: false },
  { metric: 'completion_p95', unit: 'ms', factor: 1, smallerIsBetter: true },
  { metric: 'lag_p95', unit: 'ms', factor: 1, smallerIsBetter: true },
] as const;

interface Figure {
  subject: string;
  metric: string;
  unit: string;
  smallerIsBetter: boolean;
  value: number;
  low: number;
  high: number;
}

/** Medians over the rounds of all valid trials. What is not known on both sides, or not valid, has no place in a history. */
function figuresOf(record: RunRecord): Figure[] {
  const groups = groupTrials(record.trials).filter(({ rounds, valid, measured }) => valid && measured.length === rounds.length);
  return groups.flatMap((group) =>
    SERIES.flatMap(({ metric, unit, factor, smallerIsBetter }) => {
      const measured = read(group, metric);
      if (!measured || !Number.isFinite(measured.high)) return [];
      const subject = `${oneLine(group.architecture)} at ${formatLoad(group.load)}`;
      const { value, low, high } = measured;
      return [{ subject, metric, unit, smallerIsBetter, value: value * factor, low: low * factor, high: high * factor }];
    }),
  );
}

function read(group: TrialGroup, metric: string): Measured | null {
  const rounds = group.measured.map((trial) => metricNamed(metric)?.read(trial) ?? null);
  return rounds.includes(null) ? null : medianOf(rounds as Measured[]);
}

/** JSON for the tool `customSmallerIsBetter` of github-action-benchmark, which takes no figures that should grow. */
export function benchmarkReport(record: RunRecord): string {
  const entries = figuresOf(record)
    .filter(({ smallerIsBetter }) => smallerIsBetter)
    .map(({ subject, metric, unit, value, low, high }) => ({
      name: `${oneLine(record.scenario.name)}: ${subject}: ${metric}`,
      unit,
      value,
      range: `${low} to ${high}`,
      extra: `seed ${record.seed}, ${oneLine(record.environment.cpu)}, ${record.environment.cores} cores`,
    }));
  return `${JSON.stringify(entries, null, 2)}\n`;
}

/** Bencher identifies a benchmark by a name of at most so many characters. */
const LONGEST_NAME = 1024;

/** Bencher Metric Format: a benchmark for each subject and load, a measure for each metric. */
export function bencherReport(record: RunRecord): string {
  const benchmarks = new Map<string, [string, object][]>();
  for (const { subject, metric, value, low, high } of figuresOf(record)) {
    const name = `${oneLine(record.scenario.name)}: ${subject}`.slice(0, LONGEST_NAME);
    const measure: [string, object] = [metric.replaceAll('_', '-'), { value, lower_value: low, upper_value: high }];
    benchmarks.set(name, [...(benchmarks.get(name) ?? []), measure]);
  }
  const named = [...benchmarks].map(([name, measures]) => [name, Object.fromEntries(measures)]);
  return `${JSON.stringify(Object.fromEntries(named), null, 2)}\n`;
}
