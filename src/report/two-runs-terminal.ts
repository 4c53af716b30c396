/** Two runs side by side on a screen. */
import { footnotes } from './notes.js';
import type { Screen } from './screen.js';
import { comparisons } from './terminal-results.js';
import { list, styleOf, wrap } from './terminal-style.js';
import { drawTables } from './terminal-table.js';
import { bothProblems, changesOf, changeSentence, differenceList, runLines, twoRunTable, type TwoRuns } from './two-runs.js';

/** No line is wider than the screen, unless a single word is. Ends with a line break. */
export function twoRunsTerminal(runs: TwoRuns, screen: Screen): string {
  const style = styleOf(screen);
  const { rows, columns } = twoRunTable(runs);
  const quiet = (lines: readonly string[]): string => lines.map((line) => style.paint.quiet(wrap(line, screen, '  ', ''))).join('\n');
  const sections = [
    [style.paint.bold('Two runs side by side'), quiet(runLines(runs))].join('\n'),
    list('Problems', bothProblems(runs), style, style.paint.warn),
    ...(rows.length > 0 ? drawTables(rows, columns, style) : []),
    quiet(footnotes(rows, columns)),
    comparisons(changesOf(runs), style),
    quiet([changeSentence(runs)].filter(Boolean)),
    list('What else is different', differenceList(runs), style),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
