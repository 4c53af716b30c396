/** Advice as an architecture decision record (Nygard's form: status, context, decision, consequences), on one page. */
import type { AdviceDocument } from '../../advice/document.js';
import { repeatCommand } from '../command.js';
import { formatLoads } from '../clause.js';
import { code, escape, line, list } from '../markdown-parts.js';
import { caseSentence, caseState } from './cases.js';
import { worstTable, type AdviceTable } from './tables.js';
import {
  assumptions,
  basisSentence,
  consequences,
  decisionSentences,
  decisionTitle,
  followedSentence,
  goalsSentence,
  NOT_MODELLED,
  sensitivitySentence,
  windowWords,
} from './words.js';

/** The decision record, ready to be put into a repository. What is more than a page is on the terminal and in the JSON. */
export function markdownAdvice(document: AdviceDocument): string {
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
