/** Advice as an architecture decision record (Nygard's form: status, context, decision, consequences). */
import type { AdviceDocument } from '../../advice/document.js';
import type { Case } from '../../advice/cases.js';
import { formatDuration } from '../../base/units.js';
import { repeatCommand } from '../command.js';
import { formatLoads } from '../clause.js';
import { code, escape, line, list } from '../markdown-parts.js';
import { caseSentence, caseState } from './cases.js';
import { adviceTables, type AdviceTable } from './tables.js';
import { basisSentence, decisionSentence, decisionTitle, paragraph, windowWords } from './words.js';

/** The decision record, ready to be put into a repository. */
export function markdownAdvice(document: AdviceDocument): string {
  const { advice, scenario, loads, drainWithin, startedAt } = document;
  const tables = adviceTables(document).map(tableText);
  const cases = (favours: Case['favours']): string =>
    list(advice.cases.filter((one) => one.favours === favours).map((one) => `${caseState(one)} - ${caseSentence(one)}`));
  const sections = [
    `# ${escape(decisionTitle(advice))}`,
    `- Status: proposed\n- Date: ${startedAt.slice(0, 10)}`,
    '## Context',
    escape(`${scenario.name}: ${scenario.title}`),
    escape(
      `Loads: ${formatLoads(loads)}, ${windowWords(document)}; the events of a window are to be done within ` +
        `${formatDuration(drainWithin)} after it. ${basisSentence(document)}`,
    ),
    ...tables.slice(0, 1),
    '## Decision',
    escape(decisionSentence(advice)),
    escape(paragraph(document)),
    '## Consequences',
    ...tables.slice(1),
    '## Considered',
    '### When to stay with requests',
    cases('requests'),
    '### When events are right',
    cases('events'),
    `Repeat with ${code(repeatCommand(document))}.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function tableText({ title, head, rows }: AdviceTable): string {
  const rule = head.map(({ align }) => (align === 'right' ? '---:' : ':---'));
  return [`### ${title}`, '', line(head.map(({ label }) => label)), line(rule), ...rows.map((row) => line(row.map(escape)))].join('\n');
}
