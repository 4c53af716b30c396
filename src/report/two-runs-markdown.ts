/** Two runs side by side as Markdown. */
import { comparisons, escape, list, runTable, titled } from './markdown-parts.js';
import { footnotes } from './notes.js';
import { bothProblems, changesOf, changeSentence, differenceList, runLines, twoRunTable, type TwoRuns } from './two-runs.js';

/** GitHub-flavoured Markdown. Names and messages from outside stay text, whatever they contain. */
export function twoRunsMarkdown(runs: TwoRuns): string {
  const { rows, columns } = twoRunTable(runs);
  const sections = [
    '## Two runs side by side',
    list(runLines(runs)),
    titled('Problems', list(bothProblems(runs))),
    runTable(rows, columns),
    list(footnotes(rows, columns)),
    titled('Comparisons', comparisons(changesOf(runs))),
    escape(changeSentence(runs)),
    titled('What else is different', list(differenceList(runs))),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}
