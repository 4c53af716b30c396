/** Advice on a screen. */
import type { AdviceDocument } from '../../advice/document.js';
import type { Case } from '../../advice/cases.js';
import { formatLoads } from '../clause.js';
import type { Screen } from '../screen.js';
import { styleOf, wrap, type Style } from '../terminal-style.js';
import { drawCells } from '../terminal-table.js';
import { caseSentence, caseState } from './cases.js';
import { adviceTables } from './tables.js';
import { assumptions, decisionSentences, goalsSentence, paragraph, windowWords } from './words.js';

/** Advice as text for this screen. Ends with a line break. */
export function terminalAdvice(document: AdviceDocument, screen: Screen): string {
  const style = styleOf(screen);
  const { paint } = style;
  const { advice, scenario } = document;
  const loads = formatLoads(document.loads);
  const about = `Simulated, not measured: ${loads}, ${windowWords(document)}, seed ${document.seed}; ${goalsSentence(document)}`;
  const sections = [
    [paint.bold(wrap(`${scenario.name} - ${scenario.title}`, screen)), ...[about, ...assumptions(document)].map((text) => paint.quiet(wrap(text, screen)))].join('\n'),
    wrap(decisionSentences(advice), screen),
    ...adviceTables(document).map(({ title, head, rows, starts }) => {
      const cells = rows.map((row) => row.map((text) => ({ text })));
      return `${paint.bold(title)}\n${drawCells(head, cells, starts, style)}`;
    }),
    casesText('When to stay with requests', advice.cases.filter(({ favours }) => favours === 'requests'), style),
    casesText('When events are right', advice.cases.filter(({ favours }) => favours === 'events'), style),
    `${paint.bold('For a decision record')}\n${wrap(paragraph(document), screen, '  ')}`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function casesText(title: string, cases: readonly Case[], { paint, screen }: Style): string {
  const lines = cases.map((one) => wrap(caseSentence(one), screen, ' '.repeat(7), `  ${caseState(one).padEnd(5)}`));
  return [paint.bold(title), ...lines].join('\n');
}
