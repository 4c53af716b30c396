/** The formats that advice can be written in. */
import type { Case } from '../../advice/cases.js';
import type { AdviceDocument } from '../../advice/document.js';
import { formatLoads } from '../clause.js';
import { repeatCommand } from '../command.js';
import type { Format } from '../formats.js';
import { code, escape, line, list } from '../markdown-parts.js';
import type { Screen } from '../screen.js';
import { styleOf, wrap, type Style } from '../terminal-style.js';
import { drawCells } from '../terminal-table.js';
import { caseSentence, caseState } from './cases.js';
import { worstTable, type AdviceTable, adviceTables } from './tables.js';
import { assumptions, basisSentence, consequences, decisionSentences, decisionTitle, followedSentence, goalsSentence, NOT_MODELLED, sensitivitySentence, windowWords, paragraph } from './words.js';

export const ADVICE_FORMATS: readonly Format<AdviceDocument>[] = [
  { name: 'markdown', about: 'an architecture decision record', render: markdownAdvice },
  { name: 'json', about: 'every number', render: (document) => `${JSON.stringify(document, null, 2)}\n` },
];

/** The decision record, ready to be put into a repository. What is more than a page is on the terminal and in the JSON. */
function markdownAdvice(document: AdviceDocument): string {
  const { advice, scenario, loads, startedAt } = document;
  const cases = advice.cases.filter(({ state }) => state !== 'fails').map((one) => `${caseState(one)} - ${caseSentence(one)}`);
  const changes = advice.sensitivities.map((one) => escape(sensitivitySentence(one, document)));
  const sections = [
    `# ${escape(decisionTitle(advice))}`,
    `- Status: proposed\n- Date: ${startedAt.slice(0, 10)}`,
    '## Context',
    escape(`${scenario.name}: ${scenario.title}`),
    escape(`Loads: ${formatLoads(loads)}, ${windowWords(document)}; ${goalsSentence(document)}`),
    list(cases),
    '## Options considered',
    tableText(worstTable(document)),
    '## Decision',
    escape(decisionSentences(advice)),
    '## Consequences',
    escape(consequences(document).join(' ') || 'Nothing changes, and there is nothing new to run.'),
    '## What would change it',
    changes.length > 0 ? list(changes) : 'Nothing that was tried.',
    '## How it was made',
    escape([followedSentence(document), basisSentence(document), ...assumptions(document), NOT_MODELLED].join(' ')),
    `Repeat with ${code(repeatCommand(document))}.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function tableText({ title, head, rows }: AdviceTable): string {
  const rule = head.map(({ align }) => (align === 'right' ? '---:' : ':---'));
  return [escape(title), '', line(head.map(({ label }) => label)), line(rule), ...rows.map((row) => line(row.map(escape)))].join('\n');
}

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
      return `${paint.bold(wrap(title, screen))}\n${drawCells(head, cells, starts, style)}`;
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
