/** What was asked of the run and what came of it: checks, comparisons, and the prediction. */
import { fold } from '../../advice/rounds.js';
import { knownFailureRate } from '../../measurement/outcomes.js';
import type { Check, RunRecord } from '../../measurement/record.js';
import type { Comparison } from '../../measurement/schema/comparison.js';
import { changeOf, comparedName, comparedResult, comparedValue } from '../comparisons.js';
import { predictionsOf } from '../columns.js';
import { predictedCell } from '../predicted.js';
import { formatLoad, formatRate, formatShare, formatTime } from '../format.js';
import { sideTablesOf } from '../side-tables.js';
import type { Context } from './context.js';
import { table, type Cell } from './figure.js';
import { pairChart } from './pairs.js';
import { html, type Markup } from './markup.js';

const SIGNS = { pass: '✓ pass', fail: '✗ fail', unknown: '? unknown', inconclusive: '? unsure' } as const;

const LEFT = { align: 'left' as const };

/** Checks; nothing when there are none. */
export function checkList({ record: { checks } }: Context): Markup | null {
  if (checks.length === 0) return null;
  const head = [
    { label: 'result', ...LEFT },
    { label: 'check', ...LEFT },
    { label: 'found', ...LEFT },
  ];
  const rows = checks.map(({ state, level, expression, detail }): Cell[] => [
    stateCell(state, level),
    html`<code>${expression}</code>`,
    detail,
  ]);
  return html`<section id="checks"><h2>Checks</h2>${table('Checks', head, rows)}</section>`;
}

/** Comparisons with the pairs of blocks behind them; nothing when there are none. */
export function comparisonList({ comparisons, paired = [] }: Pick<RunRecord, 'comparisons' | 'paired'>): Markup | null {
  if (comparisons.length === 0) return null;
  const head = [
    { label: 'result', ...LEFT },
    { label: 'compared', ...LEFT },
    { label: 'base' },
    { label: 'head' },
    { label: 'change', about: 'Change of head against base.' },
    { label: 'interval' },
    { label: 'reading', ...LEFT },
  ];
  const compared = table('Comparisons', head, comparisons.map(comparisonRow));
  const charts = paired.map(pairChart);
  return html`<section id="comparisons"><h2>Comparisons</h2>${compared}${charts}</section>`;
}

function stateCell(state: keyof typeof SIGNS, level: Check['level']): Cell {
  const isBad = state === 'fail' && level === 'error';
  const meaning = state === 'pass' ? 'good' : isBad ? 'bad' : 'warn';
  return { text: SIGNS[state] + (level === 'warn' ? ' (warning)' : ''), meaning };
}

function comparisonRow(comparison: Comparison): Cell[] {
  const { low, high, change } = comparison;
  return [
    stateCell(comparison.state, comparison.gate ? 'error' : 'warn'),
    comparedName(comparison),
    comparedValue(comparison.base, comparison),
    comparedValue(comparison.head, comparison),
    changeOf(change, comparison),
    low === null || high === null ? '' : `${changeOf(low, comparison)} to ${changeOf(high, comparison)}`,
    comparedResult(comparison),
  ];
}

/** The tables beside that of the run. */
export function sideTables({ record }: Context): Markup[] {
  return sideTablesOf(record).map(
    ({ id, title, columns, rows }) =>
      html`<section id="${id}">
        <h2>${title}</h2>
        ${table(title, columns, rows)}
      </section>`,
  );
}

/** Measured against predicted; nothing where nothing was predicted. */
export function prediction({ rows }: Context): Markup | null {
  const predicted = rows.filter((row) => row.measured.some((trial) => trial.predicted));
  if (predicted.length === 0) return null;
  const head = [
    { label: 'subject', align: 'left' as const },
    { label: 'load' },
    ...['p50', 'p95', 'throughput', 'failed'].flatMap((label) => [{ label }, { label: 'predicted' }]),
    { label: 'error', about: 'Largest of the errors of p50, p95 and throughput.' },
    { label: 'remark', align: 'left' as const },
  ];
  const cells = predicted.map((row): Cell[] => {
    const of = (pick: Parameters<typeof fold>[1]): number | null => fold(row, pick);
    const error = of((trial) => trial.predicted?.errorPercent ?? null);
    return [
      row.architecture,
      formatLoad(row.load),
      formatTime(of((trial) => trial.responseTime.p50)),
      predictedCell('p50', predictionsOf(row)),
      formatTime(of((trial) => trial.responseTime.p95)),
      predictedCell('p95', predictionsOf(row)),
      formatRate(of((trial) => trial.throughput)),
      predictedCell('throughput', predictionsOf(row)),
      formatShare(of(knownFailureRate)),
      predictedCell('failureRate', predictionsOf(row)),
      { text: formatShare(error === null ? null : error / 100), meaning: (error ?? 0) > 5 ? 'warn' : 'plain' },
      predictionsOf(row).find(({ breaks }) => breaks !== null)?.breaks ?? '',
    ];
  });
  return html`<section id="prediction">
    <h2>Measured against predicted</h2>
    ${table('Measured and predicted', head, cells)}
  </section>`;
}
