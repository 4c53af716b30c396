/** Advice as an architecture decision record (Nygard's form: status, context, decision, consequences), on one page. */
import type { AdviceDocument } from '../../advice/document.js';
import type { Case } from '../../advice/cases.js';
import { repeatCommand } from '../command.js';
import { formatLoads } from '../clause.js';
import { code, escape, line, list } from '../markdown-parts.js';
import { caseSentence, caseState } from './cases.js';
import { adviceTables, type AdviceTable } from './tables.js';
import {
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

/** The decision record, ready to be put into a repository. */
export function markdownAdvice(document: AdviceDocument): string {
  const { advice, scenario, loads, startedAt } = document;
  const [options, ...details] = adviceTables(document).map(tableText);
  const cases = (favours: Case['favours']): string =>
    list(advice.cases.filter((one) => one.favours === favours).map((one) => `${caseState(one)} - ${caseSentence(one)}`));
  const changes = advice.sensitivities.map((one) => escape(sensitivitySentence(one, document)));
  const sections = [
    `# ${escape(decisionTitle(advice))}`,
    `- Status: proposed\n- Date: ${startedAt.slice(0, 10)}`,
    '## Context',
    escape(`${scenario.name}: ${scenario.title}`),
    escape(`Loads: ${formatLoads(loads)}, ${windowWords(document)}; ${goalsSentence(document)}`),
    '## Options considered',
    ...(options === undefined ? [] : [options]),
    '## Decision',
    escape(decisionSentences(advice)),
    '## Consequences',
    escape(consequences(document).join(' ') || 'Nothing changes, and there is nothing new to run.'),
    ...details,
    '## What would change it',
    changes.length > 0 ? list(changes) : 'Nothing that was tried.',
    '### When to stay with requests',
    cases('requests'),
    '### When events are right',
    cases('events'),
    '## How it was made',
    escape(`${followedSentence(document)} ${basisSentence(document)} ${NOT_MODELLED}`),
    `Repeat with ${code(repeatCommand(document))}.`,
  ];
  return `${sections.join('\n\n')}\n`;
}

function tableText({ title, head, rows }: AdviceTable): string {
  const rule = head.map(({ align }) => (align === 'right' ? '---:' : ':---'));
  return [`### ${title}`, '', line(head.map(({ label }) => label)), line(rule), ...rows.map((row) => line(row.map(escape)))].join('\n');
}
