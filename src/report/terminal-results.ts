/** What was asked of a run and what came of it, on a screen. */
import type { Check, RunRecord } from '../measurement/record.js';
import { comparedName, comparedResult } from './comparisons.js';
import { meaningOf, showable, wrap, type Style } from './terminal-style.js';

const WORDS = { pass: 'pass', fail: 'FAIL', unknown: 'unknown', inconclusive: 'unknown' } as const;

/** Checks; empty when there are none. */
export function checks({ checks: all }: Pick<RunRecord, 'checks'>, style: Style): string {
  const lines = all.map((check) => ({
    ...check,
    name: check.expression,
    detail: check.detail + (check.level === 'warn' ? ' (warning)' : ''),
  }));
  return results('Checks', lines, style);
}

/** Comparisons; empty when there are none. */
export function comparisons(record: Pick<RunRecord, 'comparisons'>, style: Style): string {
  const lines = record.comparisons.map((comparison) => ({
    state: comparison.state === 'inconclusive' ? ('unknown' as const) : comparison.state,
    level: comparison.gate ? ('error' as const) : ('warn' as const),
    name: comparedName(comparison),
    detail: comparedResult(comparison),
  }));
  return results('Comparisons', lines, style);
}

type Result = Pick<Check, 'state' | 'level' | 'detail'> & { name: string };

/** A sign, a word, what was asked and what was found; the last goes to a line of its own where there is no room. */
function results(title: string, lines: readonly Result[], style: Style): string {
  if (lines.length === 0) return '';
  const { paint, sign, screen } = style;
  const name = Math.max(...lines.map((line) => line.name.length));
  const drawn = lines.map((line) => {
    const state = `${sign[line.state]} ${WORDS[line.state].padEnd(7)}`;
    const text = `${' '.repeat(12)}${showable(line.name, screen).padEnd(name)}  ${showable(line.detail, screen)}`;
    const body =
      text.length <= screen.columns
        ? text
        : `${wrap(line.name, screen, ' '.repeat(12))}\n${wrap(line.detail, screen, ' '.repeat(14))}`;
    return `  ${paint[meaningOf(line)](state)} ${body.slice(12)}`;
  });
  return [paint.bold(title), ...drawn].join('\n');
}
